"""Batches and their carcasses: one slaughter day of one producer's animals, weighed and graded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Hundredths, Moment


class Batch(SQLModel, table=True):
    """A quantity of one product with one history. Weights are sums over its carcasses, in kilograms."""

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("abattoir_id", "lot"),
        CheckConstraint("hot_kg < live_kg AND cold_kg <= hot_kg", name="weights"),
        CheckConstraint("packed_kg >= 0 AND packed_kg <= cold_kg", name="mass_balance"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=8)
    lot: str = Field(max_length=20, description="The abattoir's own lot number, e.g. 20260912A")
    product_id: str = Field(foreign_key="products.id")
    producer_id: str = Field(foreign_key="enterprises.id", index=True)
    abattoir_id: str = Field(foreign_key="enterprises.id", index=True)
    licence_id: str = Field(foreign_key="licences.id", index=True)
    slaughtered_on: date
    head: int
    live_kg: Decimal = Field(sa_type=Grams)
    hot_kg: Decimal = Field(sa_type=Grams)
    cold_kg: Decimal = Field(sa_type=Grams)
    packed_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    grade_table: str
    grade_edition: str
    registered_at: datetime = Field(sa_type=Moment)
    registered_by: str = Field(foreign_key="persons.id")
    version: int = 1


class Carcass(SQLModel, table=True):
    """One animal after slaughter. An ear tag belongs to one carcass for ever."""

    __tablename__ = "carcasses"
    __table_args__ = (
        UniqueConstraint("batch_id", "carcass_no"),
        CheckConstraint("hot_kg < live_kg AND cold_kg <= hot_kg AND cold_kg > 0", name="weights"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    ear_tag: str = Field(unique=True, max_length=15)
    carcass_no: str = Field(max_length=40)
    breed: str
    sex: str
    age_months: Decimal = Field(sa_type=Hundredths)
    incisor_pairs: int
    live_kg: Decimal = Field(sa_type=Grams)
    hot_kg: Decimal = Field(sa_type=Grams)
    cold_kg: Decimal = Field(sa_type=Grams)
    backfat_cm: Decimal = Field(sa_type=Hundredths)
    marbling: str
    firmness: str
    lean_colour: str
    fat_colour: str
    slaughtered_at: datetime = Field(sa_type=Moment)
    grader: str
    remark: str = ""
    animal_class: str
    grade: str = Field(index=True)
    decided_by: str
    not_assessed: list[str] = Field(sa_type=JSON)
    to_be_checked: bool = False
    grade_table: str
    grade_edition: str
    graded_on: str = Field(default="cold_kg", description="Which weight the grade was read from")


class PackLine(SQLModel, table=True):
    """Packs of one cut and size made from a batch on one day; ``ordered`` counts labels issued against them."""

    __tablename__ = "pack_lines"
    __table_args__ = (
        UniqueConstraint("batch_id", "cut", "net_kg", "packed_on"),
        CheckConstraint("ordered >= 0 AND ordered <= packs AND packs > 0 AND net_kg > 0", name="ordered_within_packs"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    cut: str
    net_kg: Decimal = Field(sa_type=Grams)
    packs: int
    ordered: int = 0
    packed_on: date
    shelf_life_days: int
    storage: str
