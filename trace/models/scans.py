"""Looks at codes as the server saw them: devices of a day, what they add up to, alarms, sales and areas of sale.

No address, no person, and no device beyond its day: the token of a device is keyed anew each day and the key destroyed.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_OPEN = text("closed_at IS NULL")


class Scan(SQLModel, table=True):
    """One device that looked at one code on one day, however often. Kept ``rules.scans.DAYS_KEPT`` days.

    ``place``: coarse, a code of GB/T 2260, empty where the server cannot know. An empty ``token`` stands for all
    devices beyond those that are told apart. ``colour`` and ``reason``: what was answered last.
    """

    __tablename__ = "scans"

    serial: str = Field(primary_key=True, max_length=16)
    day: date = Field(primary_key=True, index=True)
    token: str = Field(primary_key=True, max_length=16)
    batch_code: str = Field(max_length=8)
    place: str = Field(max_length=6)
    known: bool
    colour: str = Field(max_length=6)
    reason: str = Field(max_length=60)
    first_at: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment)
    looks: int


class ScanPlace(SQLModel, table=True):
    """A day of one code at one place, added up; kept as long as single looks."""

    __tablename__ = "scan_places"

    serial: str = Field(primary_key=True, max_length=16)
    place: str = Field(primary_key=True, max_length=6)
    day: date = Field(primary_key=True, index=True)
    devices: int
    looks: int
    first_at: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment)


class ScanCode(SQLModel, table=True):
    """One code added up: so a scan costs one row however hot the code is.

    ``devices`` counts device-days. ``jumps``: pairs of places between which it moved faster than anybody travels, as
    ``a-b`` with spaces between. ``signals``: what speaks for copies, as ``name:number``; ``warning`` is the same where
    the public is told. ``explained``: last day whose looks the office has an innocent reason for.
    """

    __tablename__ = "scan_codes"

    serial: str = Field(primary_key=True, max_length=16)
    looks: int
    devices: int
    first_at: datetime = Field(sa_type=Moment)
    first_place: str = Field(max_length=6)
    last_at: datetime = Field(sa_type=Moment, index=True)
    last_place: str = Field(max_length=6)
    last_token: str = Field(max_length=16)
    jumps: str = ""
    score: int = 0
    signals: str = Field(default="", max_length=200)
    warning: str = Field(default="", max_length=200)
    explained: date | None = None


class ScanTotal(SQLModel, table=True):
    """All looks of a week at a place by the colour of the answer; names no code and is kept for good.

    ``day`` is the Monday of the week: few rows however many looks there are.
    """

    __tablename__ = "scan_totals"

    day: date = Field(primary_key=True)
    place: str = Field(primary_key=True, max_length=6)
    colour: str = Field(primary_key=True, max_length=6)
    looks: int
    devices: int


class ScanAlarm(SQLModel, table=True):
    """A code that somebody should look at; one open at a time for each code, closed with what was found."""

    __tablename__ = "scan_alarms"
    __table_args__ = (
        Index("uq_scan_alarms_open", "serial", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("(closed_at IS NULL) = (outcome = '')", name="closed"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    serial: str = Field(foreign_key="labels.serial", index=True, max_length=16)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True, description="Whose goods they are")
    at: datetime = Field(sa_type=Moment)
    score: int
    signals: str = Field(max_length=200)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str | None = Field(default=None, foreign_key="persons.id")
    outcome: str = Field(default="", max_length=20, description="A value of rules.scans.Outcome")
    words: str = Field(default="", max_length=500)


class LabelSale(SQLModel, table=True):
    """A pack that went over the counter to its buyer. Rows are only ever added."""

    __tablename__ = "label_sales"

    serial: str = Field(foreign_key="labels.serial", primary_key=True, max_length=16)
    sold_on: date
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")


class SalesArea(SQLModel, table=True):
    """Where the packs of an order are meant to be sold: leading digits of place codes, two, four or six."""

    __tablename__ = "sales_areas"

    order_id: str = Field(foreign_key="label_orders.id", primary_key=True)
    places: list[str] = Field(sa_type=JSON)
    stated_at: datetime = Field(sa_type=Moment)
    stated_by: str = Field(foreign_key="persons.id")
