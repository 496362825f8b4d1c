"""Visits and yearly reviews of licensees, every step a finding took, and the papers of a licence."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Inspection(SQLModel, table=True):
    """What was found on one day, the measure the table named for it, and when the party must know."""

    __tablename__ = "inspections"

    id: str = Field(default_factory=new_id, primary_key=True)
    licence_id: str = Field(foreign_key="licences.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    kind: str = Field(max_length=10, description="A value of InspectionKind")
    visited_on: date
    severity: str = Field(max_length=10, description="A value of Severity")
    reason_code: str = Field(default="", max_length=60)
    earlier: int = Field(default=0, description="Findings with the same reason before this one")
    measure: str = Field(max_length=10, description="A value of Measure")
    rectify_by: date | None = None
    result_due: date
    result_provisional: bool = False
    rulebook: str = Field(default="", max_length=10)
    clause: str = Field(default="", max_length=20)
    words: str = Field(max_length=2000)
    origin: str = Field(default="", max_length=30, description="Number of the finding from a market it was made of")
    state: str = Field(default="recorded", max_length=10, index=True)
    version: int = 1
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: str = Field(foreign_key="persons.id")
    recorded_by_name: str


class InspectionStep(SQLModel, table=True):
    """One step of a finding; rows are only ever added."""

    __tablename__ = "inspection_steps"
    __table_args__ = (UniqueConstraint("inspection_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    inspection_id: str = Field(foreign_key="inspections.id")
    position: int
    action: str
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
    comment: str = Field(default="", max_length=1000)


class LicenceFile(SQLModel, table=True):
    """A paper of a licence: the signed contract, or a test report or picture of an inspection. Rows only grow."""

    __tablename__ = "licence_files"

    id: str = Field(default_factory=new_id, primary_key=True)
    licence_id: str = Field(foreign_key="licences.id", index=True)
    inspection_id: str | None = Field(default=None, foreign_key="inspections.id", index=True)
    kind: str = Field(max_length=20, description="contract or inspection")
    signed_on: date | None = None
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Moment)
    added_by_name: str
