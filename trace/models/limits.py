"""Limits of tested items as the office entered them, each by two persons; the latest approved one of a day counts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_OPEN = text("state = 'open'")


class TestLimit(SQLModel, table=True):
    """One limit for one kind of product from one day on; its life is ``rules/limits.py``. Empty ``limit``: none."""

    __test__ = False  # not a test of ours
    __tablename__ = "test_limits"
    __table_args__ = (
        CheckConstraint("state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> written_by)", name="two"),
        Index("uq_test_limits_one_open", "kind", "item_key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=20, index=True)
    item: str = Field(max_length=60)
    item_key: str = Field(max_length=120)
    aliases: list[str] = Field(sa_type=JSON)
    limit: str = Field(max_length=40)
    unit: str = Field(max_length=20)
    source: str = Field(max_length=300)
    source_en: str = Field(default="", max_length=300)
    confidence: str = Field(max_length=2)
    valid_from: date
    state: str = Field(default="open", max_length=10)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id")
    written_by_name: str
    written_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_by_name: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
