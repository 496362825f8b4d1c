"""Label orders, the labels issued against them, and the keys that signed them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment
from trace.rules.labels import Profile


class SigningKey(SQLModel, table=True):
    """The public half of a label key: one licensee, one quarter, the ``number``-th of it; the private half is sealed.

    ``distrusted_from``: codes whose issue has this place in the log, or a later one, are not trusted.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (UniqueConstraint("enterprise_id", "quarter", "number"),)

    kid: str = Field(primary_key=True, max_length=3)
    thumbprint: str = Field(unique=True)
    algorithm: str = Field(default="Ed25519", max_length=20)
    public_key: str
    enterprise_id: str = Field(foreign_key="enterprises.id")
    quarter: str = Field(max_length=6, description="e.g. 2026Q4")
    created_at: datetime = Field(sa_type=Moment)
    number: int = 1
    state: str = Field(default="active", max_length=12, description="active, retired or distrusted")
    distrusted_from: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class LabelOrder(SQLModel, table=True):
    """A request for ``packs`` labels of one pack line, paid for out of the licence's yearly allowance."""

    __tablename__ = "label_orders"
    __table_args__ = (
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("controls BETWEEN 0 AND packs", name="controls"),
        CheckConstraint("state IN ('reserved', 'signed', 'released', 'called_off')", name="state"),
        CheckConstraint("(gtin IS NULL) = (gtin_source = 'none')", name="gtin_has_source"),
        CheckConstraint("expiry IS NULL OR gtin IS NOT NULL", name="expiry_needs_gtin"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    pack_line_id: str = Field(foreign_key="pack_lines.id", index=True)
    licence_id: str = Field(foreign_key="licences.id", index=True)
    licence_year_id: str = Field(foreign_key="licence_years.id")
    kid: str = Field(foreign_key="signing_keys.kid")
    gtin: str | None = Field(default=None, max_length=14, description="The codes name these goods; none: the batch")
    gtin_source: str = Field(default="none", max_length=12, description="A value of rules.gtins.GtinSource")
    expiry: str | None = Field(
        default=None, max_length=6, description="YYMMDD where tills are to read it from the code"
    )
    signed: bool = Field(default=True, description="False for the compact profile: checked on line only")
    second_code: bool = Field(default=False, description="Each pack has a hidden second code")
    replaces_id: str | None = Field(
        default=None, foreign_key="label_orders.id", index=True, description="The order whose void labels these replace"
    )
    packs: int
    controls: int = Field(default=0, description="Labels beyond these that never go onto a pack: rules.control_labels")
    kg: Decimal = Field(sa_type=Grams)
    ordered_at: datetime = Field(sa_type=Moment)
    ordered_by: str = Field(foreign_key="persons.id")
    state: str = Field(default="signed", max_length=10, description="A value of rules.label_flow.OrderState")
    version: int = Field(default=1, description="Grows when the order or labels of it change state")

    @property
    def profile(self) -> Profile:
        """What the symbols of the order say."""
        if not self.signed:
            return Profile.COMPACT
        return Profile.UNIT if self.gtin is None else Profile.GTIN_EXPIRY if self.expiry else Profile.GTIN

    @property
    def size(self) -> int:
        """Labels of the order and its files, those included that never go onto a pack."""
        return self.packs + self.controls


class Label(SQLModel, table=True):
    """One issued code. ``position`` counts from 1 within its order.

    A ``control`` label never goes onto a pack, which the database holds to; whoever scans one holds a leaked file.
    """

    __tablename__ = "labels"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("state IN ('issued', 'activated', 'void')", name="state"),
        CheckConstraint("NOT control OR state <> 'activated'", name="control_on_no_pack"),
        Index("ix_labels_batch_state", "batch_id", "state", "control"),
        Index("ix_labels_void", "serial", sqlite_where=text("state = 'void'"), postgresql_where=text("state = 'void'")),
    )

    serial: str = Field(primary_key=True, max_length=16)
    order_id: str = Field(foreign_key="label_orders.id")
    batch_id: str = Field(foreign_key="batches.id")
    position: int
    signature: str = Field(max_length=86)
    control: bool = False
    state: str = Field(default="issued", max_length=10)
    activated_at: datetime | None = Field(default=None, sa_type=Moment)
    voided_at: datetime | None = Field(default=None, sa_type=Moment)
    void_reason: str = ""


class PrintRun(SQLModel, table=True):
    """Each time sheets of an order were made: who, when, which labels."""

    __tablename__ = "print_runs"

    id: str = Field(default_factory=new_id, primary_key=True)
    order_id: str = Field(foreign_key="label_orders.id", index=True)
    at: datetime = Field(sa_type=Moment)
    person_id: str
    first: int
    last: int
    layout: str
