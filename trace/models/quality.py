"""Test reports with items and papers, «declared» until the issuer or an inspector confirms them, and their retests."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_COUNTS = text("status <> 'withdrawn'")


class LabReport(SQLModel, table=True):
    """One report of one laboratory, or one rapid test, on one batch; a report number counts once however it is written.

    ``passed`` and its items are computed and never change. ``status`` says whose word it is, ``relief`` what took the
    effect of a failing one away; both move by ``rules/lab_reports.py``.
    """

    __tablename__ = "lab_reports"
    __table_args__ = (
        Index(
            "uq_lab_reports_number",
            "laboratory_key",
            "number_key",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
        CheckConstraint("kind IN ('laboratory', 'rapid')", name="kind"),
        CheckConstraint("decided_by IS NULL OR decided_by <> recorded_by", name="not_ones_own"),
        CheckConstraint("status IN ('declared', 'withdrawn') OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint(
            "relief NOT IN ('released') OR (relief_by IS NOT NULL AND relief_by <> relief_asked_by)", name="two_persons"
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    event_id: str = Field(foreign_key="events.id", unique=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", description="Whose batch it was when it was written down")
    kind: str = Field(default="laboratory", max_length=12, description="A value of rules.lab_reports.TestKind")
    laboratory: str
    laboratory_key: str = Field(index=True, description="The laboratory's name in one spelling, for comparing")
    number: str
    number_key: str
    sample_id: str | None = Field(default=None, foreign_key="samples.id")
    official: bool = Field(default=False, description="Written down by an inspector: a test by the authority")
    tested_on: date
    tested_at: datetime | None = Field(default=None, sa_type=Moment, description="The minute of a rapid test")
    received_at: datetime = Field(sa_type=Moment, description="From here the term for a retest runs")
    passed: bool
    status: str = Field(default="declared", max_length=12)
    relief: str = Field(default="none", max_length=12)
    digest: str = Field(description="SHA-256 of the sheet or of the words typed")
    version: int = 1
    recorded_by: str = Field(foreign_key="persons.id")
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_as: str = Field(default="", max_length=12, description="laboratory or inspector")
    comment: str = Field(default="", max_length=500)
    relief_asked_by: str | None = Field(default=None, foreign_key="persons.id")
    relief_asked_at: datetime | None = Field(default=None, sa_type=Moment)
    relief_by: str | None = Field(default=None, foreign_key="persons.id")
    relief_at: datetime | None = Field(default=None, sa_type=Moment)
    relief_reason: str = Field(default="", max_length=500)


class LabItem(SQLModel, table=True):
    """One substance or property; ``passed`` is computed from result and limits, never typed.

    ``judged_by`` is printed, register or report; ``doubtful``: outside a limit of the register still to be checked.
    """

    __tablename__ = "lab_items"

    id: str = Field(default_factory=new_id, primary_key=True)
    report_id: str = Field(foreign_key="lab_reports.id", index=True)
    position: int
    name: str
    method: str
    result: str
    unit: str
    limit: str
    passed: bool
    judged_by: str = Field(default="printed", max_length=10)
    register_limit: str = ""
    register_source: str = ""
    register_source_en: str = ""
    register_checked: bool = True
    doubtful: bool = False


class ReportFile(SQLModel, table=True):
    """The paper behind a report; rows are only ever added, and only while the report is declared."""

    __tablename__ = "report_files"
    __table_args__ = (UniqueConstraint("report_id", "digest"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    report_id: str = Field(foreign_key="lab_reports.id")
    name: str = Field(max_length=120, description="The sender's file name, for people to read only")
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Moment)
    added_by: str = Field(foreign_key="persons.id")


class Retest(SQLModel, table=True):
    """A retest asked for in time: one per failing report; ``result_id`` is the report it led to."""

    __tablename__ = "retests"

    id: str = Field(default_factory=new_id, primary_key=True)
    report_id: str = Field(foreign_key="lab_reports.id", unique=True)
    deadline_at: datetime = Field(sa_type=Moment)
    asked_at: datetime = Field(sa_type=Moment)
    asked_by: str = Field(foreign_key="persons.id")
    sample_received_on: date | None = None
    report_due: date | None = None
    result_id: str | None = Field(default=None, foreign_key="lab_reports.id", unique=True)
    version: int = 1
