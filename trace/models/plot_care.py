"""What was put on plots: pesticides, fertilisers and the like, each with the last day it keeps the harvest closed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class PlotTreatment(SQLModel, table=True):
    """One treatment of one place; ``closed_until`` was counted when it was written and stays.

    ``person`` is the name of who did it and never leaves the enterprise and the office. A record that was wrong is
    struck with a reason by the office, never rubbed out.
    """

    __tablename__ = "plot_treatments"
    __table_args__ = (
        CheckConstraint("last_used_on >= used_on", name="order"),
        CheckConstraint("safe_days >= 0", name="safe_days"),
        CheckConstraint("closed_until IS NULL OR closed_until > last_used_on", name="closed_until"),
        CheckConstraint("(struck_at IS NULL) = (struck_by IS NULL)", name="struck"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    place_id: str = Field(foreign_key="places.id", index=True)
    event_id: str = Field(foreign_key="events.id", unique=True)
    kind: str = Field(max_length=10, description="A value of rules.plot_care.PlotCareKind")
    name: str = Field(max_length=80)
    approval: str = Field(default="", max_length=60, description="The registration number on the label")
    lot: str = Field(max_length=40, index=True)
    dose: str = Field(max_length=20, description="Per mu, decimal text; the unit beside it")
    unit: str = Field(max_length=20)
    used_on: date
    last_used_on: date
    safe_days: int = Field(description="The safe interval the label states, days")
    closed_until: date | None = None
    person: str = Field(max_length=40)
    reason: str = Field(default="", max_length=200)
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: str = Field(foreign_key="persons.id")
    struck_at: datetime | None = Field(default=None, sa_type=Moment)
    struck_by: str | None = Field(default=None, foreign_key="persons.id")
    struck_reason: str = Field(default="", max_length=200)
