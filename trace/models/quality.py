"""Laboratory reports and their items, «declared» until the issuer or an inspector confirms them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id


class LabReport(SQLModel, table=True):
    """One report of one laboratory on one batch; a report number counts once."""

    __tablename__ = "lab_reports"
    __table_args__ = (UniqueConstraint("laboratory", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    event_id: str = Field(foreign_key="events.id", unique=True)
    laboratory: str
    number: str
    tested_on: date
    passed: bool
    status: str = Field(default="declared", max_length=12)
    digest: str


class LabItem(SQLModel, table=True):
    """One substance or property; ``passed`` is computed from result and limit, never typed."""

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
