"""The log of guidance, norms and services given to enterprises; rows are only ever added."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Guidance(SQLModel, table=True):
    """One act: ``kind`` is a value of GuidanceKind; norms and services name the enterprise's own brand."""

    __tablename__ = "guidance"

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    brand_id: str | None = Field(default=None, foreign_key="brands.id", index=True)
    kind: str = Field(max_length=10)
    held_on: date
    topic: str = Field(max_length=120)
    words: str = Field(max_length=2000)
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
