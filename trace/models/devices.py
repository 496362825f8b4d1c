"""Temperature recorders of an enterprise and how their files are to be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class LoggerDevice(SQLModel, table=True):
    """One recorder by its serial number; ``columns`` are those a clerk confirmed last (empty: our own headings)."""

    __tablename__ = "logger_devices"
    __table_args__ = (UniqueConstraint("enterprise_id", "serial"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id")
    serial: str = Field(max_length=40)
    columns: dict[str, str] = Field(sa_type=JSON)
    used_at: datetime = Field(sa_type=Moment)
    used_by: str = Field(foreign_key="persons.id")
