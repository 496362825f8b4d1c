"""Proposed moves of a brand's life and the steps two persons agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_OPEN = text("state = 'open'")


class BrandMove(SQLModel, table=True):
    """One proposed move and what became of it; its life is ``brand/rules/brand_flow.MOVE``."""

    __tablename__ = "brand_moves"
    __table_args__ = (
        CheckConstraint(
            "state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)", name="two_persons"
        ),
        Index("uq_brand_moves_one_open", "brand_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    brand_id: str = Field(foreign_key="brands.id")
    action: str = Field(max_length=10, description="An action of rules.brand_flow.BRAND")
    reason_code: str = Field(default="", max_length=20)
    comment: str = Field(max_length=1000)
    state: str = Field(default="open", max_length=10)
    version: int = 1
    proposed_by: str = Field(foreign_key="persons.id")
    proposed_by_name: str
    proposed_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_by_name: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: str = Field(default="", max_length=1000)
    edition: int | None = Field(default=None, description="The scheme's edition this move led to")


class BrandStep(SQLModel, table=True):
    """One step of a brand's life, so that its state on any day can be told; rows are only ever added."""

    __tablename__ = "brand_steps"
    __table_args__ = (UniqueConstraint("brand_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    brand_id: str = Field(foreign_key="brands.id")
    position: int = Field(description="The brand's version after this step")
    move_id: str = Field(foreign_key="brand_moves.id", unique=True)
    action: str
    from_state: str
    to_state: str
    at: datetime = Field(sa_type=Moment)
    proposed_by_name: str
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
    reason_code: str = ""
    comment: str = Field(default="", max_length=1000)
