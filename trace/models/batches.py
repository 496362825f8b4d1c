"""Batches, what flowed from one into another, and the carcasses and packs they consist of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Hundredths, Moment, Thousandths
from trace.rules.goods import Unit

_STANDING = text("NOT withdrawn")


class Batch(SQLModel, table=True):
    """A quantity of one product, or of one stage of it, with one history.

    ``total_kg`` is what there was, ``used_kg`` what was taken out of it: by a split, a transformation, packing, a sale,
    a loss. ``quantity`` in ``unit`` is how it was stated. Who may act on it is its holder.
    """

    __tablename__ = "batches"
    __table_args__ = (
        Index(
            "uq_batches_standing_lot",
            "maker_id",
            "lot",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_batches_holder_lot", "holder_id", "lot"),
        CheckConstraint("used_kg >= 0 AND used_kg <= total_kg", name="mass_balance"),
        CheckConstraint("NOT withdrawn OR used_kg = total_kg", name="withdrawn_is_empty"),
        CheckConstraint("total_kg > 0 AND quantity > 0", name="something"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=8)
    lot: str = Field(max_length=20, description="The maker's own lot number, e.g. 20260912A")
    kind: str = Field(max_length=12, description="A value of rules.goods.BatchKind")
    form: str = Field(max_length=20, description="The stage of the goods, a key of rules/data/flows.json")
    product_id: str = Field(foreign_key="products.id")
    producer_id: str = Field(foreign_key="enterprises.id", index=True, description="Whose goods they are")
    licensee_id: str = Field(
        foreign_key="enterprises.id",
        index=True,
        description="Who holds the licence behind it and answers for its labels; without one, whose goods they are",
    )
    maker_id: str = Field(foreign_key="enterprises.id", index=True, description="Who made this batch")
    holder_id: str = Field(foreign_key="enterprises.id", description="Who has it and answers for it now")
    place_id: str | None = Field(
        default=None, foreign_key="places.id", index=True, description="Where it came to be: the plot, the station"
    )
    licence_id: str | None = Field(default=None, foreign_key="licences.id", index=True)
    made_on: date = Field(description="The day it came to be: of slaughter, of harvest, of making")
    unit: str = Field(default=Unit.KG.value, max_length=8, description="A value of rules.goods.Unit")
    quantity: Decimal = Field(sa_type=Thousandths)
    total_kg: Decimal = Field(sa_type=Grams)
    used_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    withdrawn: bool = Field(default=False, description="The act that made it was taken back; nothing is left of it")
    registered_at: datetime = Field(sa_type=Moment)
    registered_by: str = Field(foreign_key="persons.id")
    operation_id: str | None = Field(
        default=None, foreign_key="operations.id", index=True, description="The act that made it"
    )
    version: int = 1


class Slaughter(SQLModel, table=True):
    """What a batch of carcasses has beside other batches. Weights are sums over its carcasses, in kilograms.

    ``alike``: what they have in common and how many the table gave each grade; see ``rules/alike``.
    """

    __tablename__ = "slaughters"
    __table_args__ = (
        CheckConstraint("head > 0", name="head"),
        CheckConstraint("hot_kg < live_kg AND cold_kg <= hot_kg AND cold_kg > 0", name="weights"),
    )

    batch_id: str = Field(foreign_key="batches.id", primary_key=True)
    head: int
    live_kg: Decimal = Field(sa_type=Grams)
    hot_kg: Decimal = Field(sa_type=Grams)
    cold_kg: Decimal = Field(sa_type=Grams)
    grade_table: str
    grade_edition: str
    alike: dict[str, Any] = Field(sa_type=JSON)


class Flow(SQLModel, table=True):
    """So many kilograms of one batch went into another. Only ever added: an output is always a new batch."""

    __tablename__ = "flows"
    __table_args__ = (
        UniqueConstraint("input_id", "output_id"),
        CheckConstraint("kg > 0 AND input_id <> output_id", name="forward"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    input_id: str = Field(foreign_key="batches.id")
    output_id: str = Field(foreign_key="batches.id", index=True)
    kg: Decimal = Field(sa_type=Grams)
    event_id: str = Field(foreign_key="events.id")


class Carcass(SQLModel, table=True):
    """One animal after slaughter. An ear tag belongs to one carcass for ever; a carcass taken back never was one."""

    __tablename__ = "carcasses"
    __table_args__ = (
        UniqueConstraint("batch_id", "carcass_no"),
        *(
            Index(f"uq_carcasses_standing_{one}", one, unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING)
            for one in ("ear_tag", "animal_id")
        ),
        CheckConstraint("hot_kg < live_kg AND cold_kg <= hot_kg AND cold_kg > 0", name="weights"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    ear_tag: str = Field(max_length=15, index=True)
    animal_id: str | None = Field(
        default=None, foreign_key="animals.id", index=True, description="The registered animal; none: only declared"
    )
    withdrawn: bool = Field(default=False, description="Its batch was taken back; the tag is free for the true sheet")
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
        CheckConstraint("gone >= 0 AND gone <= packs", name="gone_within_packs"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    operation_id: str | None = Field(
        default=None, foreign_key="operations.id", index=True, description="The packing that made them"
    )
    cut: str
    net_kg: Decimal = Field(sa_type=Grams)
    packs: int
    ordered: int = 0
    gone: int = Field(default=0, description="Sold, destroyed or lost")
    packed_on: date
    shelf_life_days: int
    storage: str
