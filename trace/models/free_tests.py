"""Programmes of free tests with their window and quota, and the requests made under them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class TestProgramme(SQLModel, table=True):
    """One year's free tests: window, quota and where they come from; in force once a second person said yes."""

    __test__ = False  # not a test of ours
    __tablename__ = "test_programmes"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= quota", name="quota"),
        CheckConstraint("closes_on >= opens_on", name="term"),
        CheckConstraint(
            "state IN ('proposed', 'refused') OR (decided_by IS NOT NULL AND decided_by <> written_by)", name="two"
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    opens_on: date
    closes_on: date
    online_only: bool = True
    quota: int
    used: int = 0
    source: str = Field(max_length=300)
    source_en: str = Field(default="", max_length=300)
    confidence: str = Field(max_length=2)
    state: str = Field(default="proposed", max_length=10)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id")
    written_by_name: str
    written_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_by_name: str = ""


class FreeTest(SQLModel, table=True):
    """One request; its life is ``rules/free_tests.py``. ``sold_at``: where on-line the goods are sold."""

    __tablename__ = "free_tests"
    __table_args__ = (
        CheckConstraint("state <> 'refused' OR reason_code <> ''", name="reason"),
        CheckConstraint("state <> 'done' OR report_id IS NOT NULL", name="report"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    programme_id: str = Field(foreign_key="test_programmes.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    items: str = Field(max_length=300, description="What is to be tested, in words")
    sold_at: str = Field(max_length=200)
    state: str = Field(default="asked", max_length=10, index=True)
    reason_code: str = Field(default="", max_length=30)
    comment: str = Field(default="", max_length=500)
    report_id: str | None = Field(default=None, foreign_key="lab_reports.id")
    version: int = 1
    asked_at: datetime = Field(sa_type=Moment)
    asked_by: str = Field(foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
