"""Herds, their animals, the numbers these bear, and how long each was in which herd; head counts are never stored."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Herd(SQLModel, table=True):
    """Animals of one species that an enterprise or household keeps together; ``code`` is its own short name."""

    __tablename__ = "herds"
    __table_args__ = (UniqueConstraint("enterprise_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    code: str = Field(max_length=20)
    name: str = Field(max_length=60)
    species: str = Field(max_length=10, description="A value of rules.ear_tags.Species")
    breed: str = Field(default="", max_length=40)
    township_code: str = Field(max_length=9, description="Where it is kept; nothing finer is shown to the public")
    since: date
    closed_on: date | None = None
    written_at: datetime = Field(sa_type=Moment)
    written_by: str = Field(foreign_key="persons.id")
    version: int = 1


class Animal(SQLModel, table=True):
    """One animal for all its life, whatever tags it bears and whoever keeps it."""

    __tablename__ = "animals"
    __table_args__ = (
        CheckConstraint("state IN ('alive', 'slaughtered', 'dead', 'sold', 'lost')", name="state"),
        CheckConstraint("sex IN ('male', 'female', 'castrated')", name="sex"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    species: str = Field(max_length=10)
    sex: str = Field(max_length=10)
    breed: str = Field(default="", max_length=40)
    born_on: date | None = None
    birth: str = Field(default="day", max_length=10, description="A value of rules.animals.Birth")
    origin: str = Field(max_length=10, description="A value of rules.animals.Coming: how it came to be known")
    origin_note: str = Field(default="", max_length=120, description="From whom it was bought; never public")
    state: str = Field(default="alive", max_length=12, index=True)
    state_on: date
    sold_to: str | None = Field(default=None, foreign_key="enterprises.id")
    registered_at: datetime = Field(sa_type=Moment)
    registered_by: str = Field(foreign_key="persons.id")
    import_id: str | None = Field(default=None, foreign_key="sheet_imports.id", index=True)
    version: int = 1


class AnimalId(SQLModel, table=True):
    """A number an animal bears or bore. ``scope`` is empty for ear tags, which stand for one animal in the whole
    country for ever; other numbers are unique within the enterprise that gave them. ``current`` repeats the kind
    while the number is borne, so that the database keeps one of each kind.
    """

    __tablename__ = "animal_ids"
    __table_args__ = (
        UniqueConstraint("kind", "scope", "value"),
        UniqueConstraint("animal_id", "current"),
        CheckConstraint("(until IS NULL) = (current IS NOT NULL)", name="current"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    animal_id: str = Field(foreign_key="animals.id", index=True)
    kind: str = Field(max_length=12, description="A value of rules.animals.IdKind")
    scope: str = Field(default="", max_length=20)
    value: str = Field(max_length=40, index=True)
    since: date
    until: date | None = None
    current: str | None = Field(default=None, max_length=12)


class Stay(SQLModel, table=True):
    """An animal in a herd from one day up to, not including, another; ``current`` is 1 while it is there."""

    __tablename__ = "stays"
    __table_args__ = (
        UniqueConstraint("animal_id", "current"),
        CheckConstraint("(until IS NULL) = (current IS NOT NULL)", name="current"),
        CheckConstraint("until IS NULL OR until >= since", name="order"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    animal_id: str = Field(foreign_key="animals.id", index=True)
    herd_id: str = Field(foreign_key="herds.id", index=True)
    since: date
    until: date | None = None
    current: int | None = None
    came: str = Field(max_length=10, description="A value of rules.animals.Coming")
    left: str | None = Field(
        default=None, max_length=12, description="A value of rules.animals.Leaving, move or slaughter"
    )
    came_event_id: str = Field(foreign_key="events.id")
    left_event_id: str | None = Field(default=None, foreign_key="events.id")


class Grazing(SQLModel, table=True):
    """A herd on a place from one day up to, not including, another; ``current`` is 1 while it is there."""

    __tablename__ = "grazings"
    __table_args__ = (
        UniqueConstraint("herd_id", "current"),
        CheckConstraint("(until IS NULL) = (current IS NOT NULL)", name="current"),
        CheckConstraint("until IS NULL OR until >= since", name="order"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    herd_id: str = Field(foreign_key="herds.id", index=True)
    place_id: str = Field(foreign_key="places.id", index=True)
    since: date
    until: date | None = None
    current: int | None = None
    event_id: str = Field(foreign_key="events.id")
