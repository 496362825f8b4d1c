"""What happened to goods: events that are only ever added, each with somebody responsible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Event(SQLModel, table=True):
    """One step of a chain. The database refuses UPDATE and DELETE (see the migration); corrections point back."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject", "subject", "subject_id"),
        CheckConstraint("(subject = 'batch') = (batch_id IS NOT NULL)", name="batch_named"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    subject: str = Field(max_length=12, description="A value of rules.goods.Subject")
    subject_id: str
    batch_id: str | None = Field(default=None, foreign_key="batches.id", index=True)
    kind: str = Field(max_length=20, description="A value of rules.events.EventKind")
    biz_step: str = Field(max_length=40, description="CBV 2.0 business step")
    event_time: datetime = Field(sa_type=Moment)
    record_time: datetime = Field(sa_type=Moment)
    enterprise_id: str = Field(foreign_key="enterprises.id", description="Responsible enterprise")
    person_id: str = Field(foreign_key="persons.id", description="Responsible person")
    account_id: str
    on_behalf_of: str | None = None
    county_code: str = Field(max_length=6)
    place_id: str | None = Field(default=None, foreign_key="places.id", description="Where, if a record says it")
    corrects_id: str | None = Field(default=None, foreign_key="events.id")
    late: bool = Field(default=False, description="Written down later than its kind allows")
    operation: str | None = Field(default=None, index=True, description="The same for all events of one act")
    data: dict[str, Any] = Field(sa_type=JSON)


class ChillingLog(SQLModel, table=True):
    """The logger file behind a chilling event and what the limits found in it; of which journey or stay, if of one.

    ``readings``: [seconds since ``started_at``, room °C, core °C], null where nobody measured; ``breaches``: {kind,
    start, end, worst_c, limit_c}; ``gaps`` {start, end}: temperatures as text, moments ISO 8601 UTC. ``curve``: the
    fields of ``formats/curves.Curve``, drawn from the readings when they were kept; null where there are too few.
    """

    __tablename__ = "chilling_logs"
    __table_args__ = (CheckConstraint("shipment_id IS NULL OR stay_id IS NULL", name="one_binding"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    event_id: str = Field(foreign_key="events.id", unique=True)
    shipment_id: str | None = Field(default=None, foreign_key="shipments.id", index=True)
    stay_id: str | None = Field(default=None, foreign_key="batch_stays.id", index=True)
    file_name: str
    digest: str
    started_at: datetime = Field(sa_type=Moment)
    readings: list[Any] = Field(sa_type=JSON)
    breaches: list[Any] = Field(sa_type=JSON)
    gaps: list[Any] = Field(sa_type=JSON)
    curve: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
