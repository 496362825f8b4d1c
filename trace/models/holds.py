"""Goods that stand still: what is held, why, since when and on whose word, and who let it go again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_OPEN = text("lifted_at IS NULL")


class Hold(SQLModel, table=True):
    """One hold. What it bears on is worked out when asked, over the history of the goods; it is lifted once."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_whole"),
        Index(
            "uq_holds_open",
            "scope",
            "key",
            "origin",
            "reason_code",
            "cause",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    scope: str = Field(max_length=10, description="A value of rules.holds.Scope")
    key: str = Field(max_length=60, description="The record in that scope")
    enterprise_id: str | None = Field(default=None, foreign_key="enterprises.id", index=True)
    origin: str = Field(max_length=10, description="A value of rules.holds.Origin")
    reason_code: str = Field(max_length=20, description="A value of rules.holds.HoldReason")
    words: str = Field(default="", max_length=500)
    cause: str = Field(default="", max_length=60, description="What set it off by itself, e.g. test:…")
    placed_by: str = Field(foreign_key="persons.id")
    placed_at: datetime = Field(sa_type=Moment, index=True)
    lifted_by: str | None = Field(default=None, foreign_key="persons.id")
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)
    lift_words: str = Field(default="", max_length=500)
