"""Recalls and drills: what is called back and why, which goods, who has them, and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment


class Recall(SQLModel, table=True):
    """One recall, or a drill of one, which nobody outside ever sees; its life is ``rules/recalls.py``."""

    __tablename__ = "recalls"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'open', 'closed', 'discarded')", name="state"),
        CheckConstraint("(state IN ('open', 'closed')) = (opened_at IS NOT NULL)", name="opened"),
        CheckConstraint("drill OR opened_by IS NULL OR opened_by <> proposed_by", name="two_persons"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    drill: bool
    state: str = Field(default="proposed", max_length=10, index=True)
    level: str = Field(max_length=10, description="A value of rules.recalls.Level")
    reason_code: str = Field(max_length=20, description="A value of rules.recalls.RecallReason")
    words: str = Field(max_length=500, description="What the public reads: the danger and what to do")
    starts: list[list[str]] = Field(sa_type=JSON, description="The starting points: kind and key of each")
    width: str = Field(max_length=10, description="A value of rules.recalls.Width")
    enterprise_id: str | None = Field(default=None, foreign_key="enterprises.id", index=True)
    proposed_by: str = Field(foreign_key="persons.id")
    proposed_at: datetime = Field(sa_type=Moment)
    opened_by: str | None = Field(default=None, foreign_key="persons.id")
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    done_by: date | None = None
    closed_by: str | None = Field(default=None, foreign_key="persons.id")
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    difference_words: str = Field(default="", max_length=500)
    version: int = 1


class RecallBatch(SQLModel, table=True):
    """One batch within a recall: who had it at that moment, and the goods that were made of it as such, kg.

    What had flowed from it into other batches by then is counted with those. ``drill`` is that of the recall, so that a
    scan need not look further.
    """

    __tablename__ = "recall_batches"

    recall_id: str = Field(foreign_key="recalls.id", primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", primary_key=True, index=True)
    holder_id: str = Field(foreign_key="enterprises.id")
    kg: Decimal = Field(sa_type=Grams)
    drill: bool


class RecallNotice(SQLModel, table=True):
    """What one holder is told and when it answered; its figures are those of its latest report."""

    __tablename__ = "recall_notices"
    __table_args__ = (UniqueConstraint("recall_id", "enterprise_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    recall_id: str = Field(foreign_key="recalls.id")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    kg: Decimal = Field(sa_type=Grams, description="What the records say it has or had")
    due_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_by: str | None = Field(default=None, foreign_key="persons.id")
    version: int = 1


class RecallReport(SQLModel, table=True):
    """What a holder said became of its goods, kg; the latest stands. With a paper or picture; only ever added."""

    __tablename__ = "recall_reports"
    __table_args__ = (
        UniqueConstraint("notice_id", "position"),
        CheckConstraint("found_kg >= 0 AND destroyed_kg >= 0 AND returned_kg >= 0 AND gone_kg >= 0", name="figures"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    notice_id: str = Field(foreign_key="recall_notices.id")
    position: int
    found_kg: Decimal = Field(sa_type=Grams)
    destroyed_kg: Decimal = Field(sa_type=Grams)
    returned_kg: Decimal = Field(sa_type=Grams)
    gone_kg: Decimal = Field(sa_type=Grams)
    words: str = Field(default="", max_length=500)
    file_name: str = Field(default="", max_length=120)
    media_type: str = Field(default="", max_length=40)
    digest: str = Field(default="", max_length=64)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")
