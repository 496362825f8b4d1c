"""Grades that persons gave to carcasses, beside the grade the table gave: rows that are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class GradeDecision(SQLModel, table=True):
    """One grade of one carcass by one person, with what stood after it. The database refuses UPDATE and DELETE.

    ``standing`` and ``disputed`` follow from all decisions up to this one (``rules/grading``); the newest row of a
    carcass is what counts.
    """

    __tablename__ = "grade_decisions"
    __table_args__ = (
        UniqueConstraint("carcass_id", "position"),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("method IN ('table', 'eye', 'instrument')", name="method"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    carcass_id: str = Field(foreign_key="carcasses.id")
    batch_id: str = Field(foreign_key="batches.id", index=True)
    position: int = Field(description="1 for the first decision of this carcass")
    grade: str = Field(max_length=10, description="What this person gave, a value of grade_tables.Grade")
    method: str = Field(max_length=12, description="A value of rules.grading.Method")
    reason: str = Field(default="", max_length=300)
    standing: str = Field(max_length=10, description="The grade that stands after this decision")
    disputed: bool = Field(description="Graders differ after this decision")
    waiting: bool = Field(description="One hand proposed a grade where none stands; a second is to come")
    grader_id: str = Field(foreign_key="persons.id")
    decided_at: datetime = Field(sa_type=Moment)
    event_id: str = Field(foreign_key="events.id")


class AxisStatement(SQLModel, table=True):
    """What a person states of a batch on one of the six axes; the newest counts. Rows are never changed or deleted."""

    __tablename__ = "axis_statements"
    __table_args__ = (
        UniqueConstraint("batch_id", "axis", "position"),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("method IN ('table', 'eye', 'instrument')", name="method"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id")
    axis: str = Field(max_length=12, description="A value of rules.axes.Axis")
    position: int = Field(description="1 for the first statement on this axis")
    value: str = Field(max_length=120)
    method: str = Field(max_length=12, description="A value of rules.grading.Method")
    reason: str = Field(default="", max_length=300)
    stated_by: str = Field(foreign_key="persons.id")
    stated_at: datetime = Field(sa_type=Moment)
