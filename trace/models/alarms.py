"""Alarms: things that must not pass unseen, kept even where the act itself was refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Alarm(SQLModel, table=True):
    """One thing per day and enterprise; ``subject_id`` is what it is about (a tag, an animal). Open until answered."""

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "enterprise_id", "day"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=30, description="A value of rules.alarms.AlarmKind")
    subject_id: str = Field(max_length=40, index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    day: date
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(description="Who tried")
    data: dict[str, Any] = Field(sa_type=JSON)
    answered_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    answered_by: str | None = Field(default=None, foreign_key="persons.id")
    answer: str = Field(default="", max_length=500)
