"""Feed, vaccines and medicines: what each asks for, and what was given to which animals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Medicine(SQLModel, table=True):
    """A medicine, vaccine or feed with the withdrawal period its label or prescription states.

    Rows are never changed: another period is another row, and the old one is retired. ``scope`` is the enterprise that
    wrote it down for itself, empty for the county's list.
    """

    __tablename__ = "medicines"
    __table_args__ = (CheckConstraint("withdrawal_days >= 0", name="withdrawal_days"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scope: str = Field(default="", max_length=20, index=True)
    kind: str = Field(max_length=10, description="A value of rules.care.CareKind")
    name: str = Field(max_length=80)
    maker: str = Field(default="", max_length=80)
    species: str = Field(max_length=10)
    withdrawal_days: int
    source: str = Field(max_length=12, description="A value of rules.care.Source")
    source_note: str = Field(max_length=200, description="What is written where, e.g. the approval number on the label")
    written_at: datetime = Field(sa_type=Moment)
    written_by: str = Field(foreign_key="persons.id")
    retired_on: date | None = None


class CareRecord(SQLModel, table=True):
    """One treatment, vaccination or feeding; ``closed_until`` was counted when it was written and stays.

    ``person`` is the name of who gave it and never leaves the enterprise and the office. A record that was wrong is
    struck with a reason by the office, never rubbed out.
    """

    __tablename__ = "care_records"
    __table_args__ = (
        CheckConstraint("last_dose_on >= given_on", name="order"),
        CheckConstraint("closed_until IS NULL OR closed_until > last_dose_on", name="closed_until"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    herd_id: str = Field(foreign_key="herds.id", index=True)
    event_id: str = Field(foreign_key="events.id", unique=True)
    medicine_id: str = Field(foreign_key="medicines.id", index=True)
    kind: str = Field(max_length=10)
    name: str = Field(max_length=80)
    lot: str = Field(max_length=40, index=True)
    dose: str = Field(max_length=20, description="Decimal text; the unit beside it")
    unit: str = Field(max_length=20)
    route: str = Field(max_length=20, description="A value of rules.care.Route")
    given_on: date
    last_dose_on: date
    withdrawal_days: int
    closed_until: date | None = None
    person: str = Field(max_length=40)
    reason: str = Field(default="", max_length=200)
    whole_herd: bool = False
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: str = Field(foreign_key="persons.id")
    import_id: str | None = Field(default=None, foreign_key="sheet_imports.id", index=True)
    struck_at: datetime | None = Field(default=None, sa_type=Moment)
    struck_by: str | None = Field(default=None, foreign_key="persons.id")
    struck_reason: str = Field(default="", max_length=200)


class CaredAnimal(SQLModel, table=True):
    """Which animals a care record is about."""

    __tablename__ = "cared_animals"
    __table_args__ = (UniqueConstraint("care_id", "animal_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    care_id: str = Field(foreign_key="care_records.id", index=True)
    animal_id: str = Field(foreign_key="animals.id", index=True)
