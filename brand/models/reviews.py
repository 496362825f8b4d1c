"""What the office wrote down between the application and the notice: recommendation, desk, site, experts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Review(SQLModel, table=True):
    """One record; rows are only ever added. ``scores`` are points by item of its sheet, ``score`` their percentage."""

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    application_id: str = Field(foreign_key="applications.id", index=True)
    position: int = Field(description="The application's version after this step")
    kind: str = Field(max_length=20, description="A value of ReviewKind")
    held_on: date
    opinion: str = Field(max_length=10, description="A value of Opinion")
    scores: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    score: int | None = None
    sheet: str = Field(default="", max_length=40, description="Edition of the score sheet")
    present: str = Field(default="", max_length=500, description="Who was there, in the writer's words")
    comment: str = Field(max_length=2000)
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
