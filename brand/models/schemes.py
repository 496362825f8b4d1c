"""A brand scheme: tiers with slots, brands, the products they may carry, and policy values with their sources."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Sourced(SQLModel):
    """What a row of a scheme says of itself: where its values come from, and how sure that is (a mark of the notes)."""

    source: str
    source_en: str = ""
    confidence: str = Field(default="D", max_length=2)


class Scheme(Sourced, table=True):
    """A county's brand scheme as loaded from a preset file; ``source`` names the plan and line."""

    __tablename__ = "schemes"

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    edition: str = Field(max_length=20)
    name: str
    name_en: str
    county_code: str = Field(max_length=6)
    owner: str
    owner_en: str
    loaded_at: datetime = Field(sa_type=Moment)


class Tier(Sourced, table=True):
    """One level of a scheme; a maximum of None means open. ``process`` is a ``rules/presets.Process``."""

    __tablename__ = "tiers"
    __table_args__ = (
        UniqueConstraint("scheme_id", "level"),
        CheckConstraint("slots_used >= 0 AND (slots_max IS NULL OR slots_used <= slots_max)", name="slots"),
        CheckConstraint("heroes_used >= 0 AND (heroes_max IS NULL OR heroes_used <= heroes_max)", name="heroes"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id")
    level: int
    name: str
    name_en: str
    slots_min: int = 0
    slots_max: int | None = None
    slots_used: int = 0
    heroes_min: int = 0
    heroes_max: int | None = None
    heroes_used: int = 0
    allowed_uses: list[str] = Field(sa_type=JSON)
    process: str = Field(max_length=10)


class Brand(Sourced, table=True):
    """A mark of the scheme; it takes one slot of its tier."""

    __tablename__ = "brands"
    __table_args__ = (UniqueConstraint("scheme_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id")
    tier_id: str = Field(foreign_key="tiers.id")
    parent_id: str | None = Field(default=None, foreign_key="brands.id")
    code: str = Field(max_length=40)
    name: str
    name_en: str
    name_mn: str = ""
    state: str = Field(default="in_force", max_length=10, description="A value of rules.brand_flow.BrandState")
    version: int = 1
    exception_id: str | None = Field(
        default=None, foreign_key="scheme_changes.id", unique=True, description="The approved place beyond the limit"
    )


class Product(Sourced, table=True):
    """A kind of goods that an industry brand may carry; a licence is for one of these."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        Index("uq_products_hero_exception_id", "hero_exception_id", unique=True),
        CheckConstraint("hero_exception_id IS NULL OR hero", name="hero_exception"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    brand_id: str = Field(foreign_key="brands.id")
    code: str = Field(max_length=40)
    name: str
    name_en: str
    name_mn: str = ""
    standard: str = ""
    unit: str = "kg"
    hero: bool = Field(default=False, description="One of the few products the county makes known first")
    hero_exception_id: str | None = Field(
        default=None, foreign_key="scheme_changes.id", description="The approved place beyond the tier's limit"
    )


class PolicyValue(SQLModel, table=True):
    """One number the office's rules rest on, with where it comes from and how sure that is.

    A change adds a row: the one with the latest ``edition`` is in force, older ones keep what earlier days rested on.
    """

    __tablename__ = "policy_values"
    __table_args__ = (UniqueConstraint("scheme_id", "key", "edition"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id")
    key: str = Field(max_length=60)
    value: int
    unit: str = Field(max_length=20)
    provenance: str
    provenance_en: str = ""
    confidence: str = Field(max_length=2)
    edition: int = Field(default=1, description="The scheme's edition that brought it")
    valid_from: date


class CalendarYear(SQLModel, table=True):
    """A year of the work calendar; not ``gazetted`` means the State Council has not published its days yet."""

    __tablename__ = "calendar_years"

    year: int = Field(primary_key=True)
    gazetted: bool
    source: str


class CalendarDay(SQLModel, table=True):
    """A day that differs from its weekday: ``off`` on a weekday or ``work`` on a weekend."""

    __tablename__ = "calendar_days"

    day: str = Field(primary_key=True, max_length=10, description="ISO date")
    kind: str = Field(max_length=4)
    name: str = ""
