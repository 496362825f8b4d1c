"""Places where goods come from or pass through, and the outlines of their land as they stood on each day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Hundredths, Moment


class Place(SQLModel, table=True):
    """One place of an enterprise; its life is ``trace/rules/places.py``. Its names are not for the public."""

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "name"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="term"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        CheckConstraint("declared_mu IS NULL OR declared_mu > 0", name="declared_area"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=8, description="Its public name, /f/{code}")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    kind: str = Field(max_length=20, index=True, description="A value of rules.places.PlaceKind")
    name: str = Field(max_length=80)
    name_en: str = Field(default="", max_length=80)
    name_mn: str = Field(default="", max_length=80)
    county_code: str = Field(max_length=6)
    township_code: str = Field(default="", max_length=9)
    declared_mu: Decimal | None = Field(default=None, sa_type=Hundredths, description="What its holder says, in 亩")
    site_id: str | None = Field(default=None, foreign_key="sites.id", description="The register's entry it belongs to")
    import_id: str | None = Field(default=None, index=True, description="The sheet that brought it")
    opened_on: date
    closed_on: date | None = None
    state: str = Field(max_length=20, index=True)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id", description="Who last wrote an entry or an outline")
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    reason_code: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=500)


class PlaceOutline(SQLModel, table=True):
    """The land of a place from one day on; a later outline ends it and never replaces it.

    ``geometry`` is a GeoJSON Polygon or MultiPolygon in WGS 84, checked and turned by ``trace/formats/geojson.py``.
    """

    __tablename__ = "place_outlines"
    __table_args__ = (
        UniqueConstraint("place_id", "position"),
        CheckConstraint("area_m2 >= 0", name="area"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="term"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    place_id: str = Field(foreign_key="places.id", index=True)
    position: int = Field(description="1 for the first outline of the place")
    geometry: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64, description="SHA-256 of the outline; see formats.geojson")
    points: int
    area_m2: int = Field(sa_type=BigInteger, description="Geodesic, see rules.areas")
    valid_from: date
    valid_until: date | None = Field(default=None, description="The day the next outline begins")
    drawn_by: str = Field(foreign_key="persons.id")
    drawn_at: datetime = Field(sa_type=Moment)
    confirmed_by: str | None = Field(default=None, foreign_key="persons.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
