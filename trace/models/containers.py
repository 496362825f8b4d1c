"""Packs in custody: how many of a line each holder has loose, and which lie in cases and pallets."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment

_ON_THE_WAY = _INSIDE = text("ended_at IS NULL")


class PackStock(SQLModel, table=True):
    """Packs of one line that one holder has outside any case; moved by guarded updates only."""

    __tablename__ = "pack_stocks"
    __table_args__ = (
        UniqueConstraint("pack_line_id", "holder_id"),
        CheckConstraint("packs >= 0", name="none_missing"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    pack_line_id: str = Field(foreign_key="pack_lines.id")
    holder_id: str = Field(foreign_key="enterprises.id", index=True)
    packs: int


class PackMove(SQLModel, table=True):
    """Packs an act took out of the books: sold, destroyed, lost or missing on arrival. Rows are only ever added."""

    __tablename__ = "pack_moves"
    __table_args__ = (CheckConstraint("packs <> 0", name="something"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    operation_id: str = Field(foreign_key="operations.id", index=True)
    pack_line_id: str = Field(foreign_key="pack_lines.id", index=True)
    packs: int


class Container(SQLModel, table=True):
    """A case of packs, or a pallet of cases. ``holder_id`` is who has it, whoever made its goods."""

    __tablename__ = "containers"
    __table_args__ = (
        CheckConstraint("kind IN ('case', 'pallet')", name="kind"),
        CheckConstraint("state IN ('packed', 'emptied', 'sold', 'destroyed', 'lost')", name="state"),
        CheckConstraint("kind = 'case' OR parent_id IS NULL", name="cases_on_pallets"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=8)
    kind: str = Field(max_length=8, description="A value of rules.containers.ContainerKind")
    state: str = Field(default="packed", max_length=10, description="A value of rules.containers.ContainerState")
    maker_id: str = Field(foreign_key="enterprises.id", index=True)
    holder_id: str = Field(foreign_key="enterprises.id", index=True)
    parent_id: str | None = Field(default=None, foreign_key="containers.id", index=True)
    packed_at: datetime = Field(sa_type=Moment)
    packed_by: str = Field(foreign_key="persons.id")
    version: int = 1


class ContainerLine(SQLModel, table=True):
    """Packs of one line in a case; what was once in it stays written. Rows are only ever added."""

    __tablename__ = "container_lines"
    __table_args__ = (UniqueConstraint("container_id", "pack_line_id"), CheckConstraint("packs > 0", name="something"))

    id: str = Field(default_factory=new_id, primary_key=True)
    container_id: str = Field(foreign_key="containers.id")
    pack_line_id: str = Field(foreign_key="pack_lines.id", index=True)
    packs: int


class ContainerLabel(SQLModel, table=True):
    """One labelled pack in a case; a label is in one case at a time, and in a case that was sold or lost for good."""

    __tablename__ = "container_labels"
    __table_args__ = (
        Index("uq_container_labels_inside", "serial", unique=True, sqlite_where=_INSIDE, postgresql_where=_INSIDE),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    container_id: str = Field(foreign_key="containers.id", index=True)
    serial: str = Field(foreign_key="labels.serial", max_length=16)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ContainerBatch(SQLModel, table=True):
    """Loose goods in a case: a batch of their own that stands still in it, in one case at a time."""

    __tablename__ = "container_batches"
    __table_args__ = (
        Index("uq_container_batches_inside", "batch_id", unique=True, sqlite_where=_INSIDE, postgresql_where=_INSIDE),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    container_id: str = Field(foreign_key="containers.id", index=True)
    batch_id: str = Field(foreign_key="batches.id")
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ShipmentBox(SQLModel, table=True):
    """One case or pallet on board, kg of its packs; it is on one journey at a time and arrives whole or not at all."""

    __tablename__ = "shipment_boxes"
    __table_args__ = (
        UniqueConstraint("shipment_id", "container_id"),
        CheckConstraint("kg > 0", name="something"),
        Index(
            "uq_shipment_boxes_on_the_way",
            "container_id",
            unique=True,
            sqlite_where=_ON_THE_WAY,
            postgresql_where=_ON_THE_WAY,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    shipment_id: str = Field(foreign_key="shipments.id")
    container_id: str = Field(foreign_key="containers.id", index=True)
    kg: Decimal = Field(sa_type=Grams)
    arrived: bool | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
