"""Looks at codes by device and day, what they add up to, alarms, sales and areas of sale"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, brand.kernel.records.Moment(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _day(name: str = "day", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def upgrade() -> None:
    _create_codes()
    # Looks of earlier releases told no device and no place: their number and their moments are all there was to keep.
    op.execute(
        "INSERT INTO scan_codes (serial, looks, devices, first_at, first_place, last_at, last_place, last_token, jumps, "
        "score, signals, warning) SELECT serial, count(*), count(*), min(at), '', max(at), '', '', '', 0, '', '' "
        "FROM scans WHERE known GROUP BY serial"
    )
    op.drop_index("ix_scans_serial_at", table_name="scans")
    op.drop_table("scans")
    _create_looks()
    _create_alarms()
    _create_sales()


def _create_codes() -> None:
    op.create_table(
        "scan_codes",
        _text("serial", 16),
        _number("looks"),
        _number("devices"),
        _moment("first_at"),
        _text("first_place", 6),
        _moment("last_at"),
        _text("last_place", 6),
        _text("last_token", 16),
        _text("jumps"),
        _number("score"),
        _text("signals", 200),
        _text("warning", 200),
        _day("explained", nullable=True),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_scan_codes")),
    )
    op.create_index("ix_scan_codes_last_at", "scan_codes", ["last_at"])


def _create_looks() -> None:
    op.create_table(
        "scans",
        _text("serial", 16),
        _day(),
        _text("token", 16),
        _text("batch_code", 8),
        _text("place", 6),
        sa.Column("known", sa.Boolean(), nullable=False),
        _text("colour", 6),
        _text("reason", 60),
        _moment("first_at"),
        _moment("last_at"),
        _number("looks"),
        sa.PrimaryKeyConstraint("serial", "day", "token", name=op.f("pk_scans")),
    )
    op.create_index("ix_scans_day", "scans", ["day"])
    op.create_table(
        "scan_places",
        _text("serial", 16),
        _text("place", 6),
        _day(),
        _number("devices"),
        _number("looks"),
        _moment("first_at"),
        _moment("last_at"),
        sa.PrimaryKeyConstraint("serial", "place", "day", name=op.f("pk_scan_places")),
    )
    op.create_index("ix_scan_places_day", "scan_places", ["day"])
    op.create_table(
        "scan_totals",
        _day(),
        _text("place", 6),
        _text("colour", 6),
        _number("looks"),
        _number("devices"),
        sa.PrimaryKeyConstraint("day", "place", "colour", name=op.f("pk_scan_totals")),
    )


def _create_alarms() -> None:
    op.create_table(
        "scan_alarms",
        _text("id"),
        _text("serial", 16),
        _text("enterprise_id"),
        _moment("at"),
        _number("score"),
        _text("signals", 200),
        _moment("closed_at", nullable=True),
        sa.Column("closed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        _text("outcome", 20),
        _text("words", 500),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome = '')", name=op.f("ck_scan_alarms_closed")),
        sa.ForeignKeyConstraint(["serial"], ["labels.serial"], name=op.f("fk_scan_alarms_serial")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_scan_alarms_enterprise_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["persons.id"], name=op.f("fk_scan_alarms_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_alarms")),
    )
    op.create_index("ix_scan_alarms_serial", "scan_alarms", ["serial"])
    op.create_index("ix_scan_alarms_enterprise_id", "scan_alarms", ["enterprise_id"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_scan_alarms_open",
        "scan_alarms",
        ["serial"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _create_sales() -> None:
    op.create_table(
        "label_sales",
        _text("serial", 16),
        _day("sold_on"),
        _moment("at"),
        _text("by"),
        sa.ForeignKeyConstraint(["serial"], ["labels.serial"], name=op.f("fk_label_sales_serial")),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_label_sales_by")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_label_sales")),
    )
    guards.forbid_changes("label_sales")
    op.create_table(
        "sales_areas",
        _text("order_id"),
        sa.Column("places", sa.JSON(), nullable=False),
        _moment("stated_at"),
        _text("stated_by"),
        sa.ForeignKeyConstraint(["order_id"], ["label_orders.id"], name=op.f("fk_sales_areas_order_id")),
        sa.ForeignKeyConstraint(["stated_by"], ["persons.id"], name=op.f("fk_sales_areas_stated_by")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_sales_areas")),
    )
