"""Treatments of plots with their safe interval, and purchases with their sellers."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = brand.kernel.records.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plot_treatments",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("enterprise_id", _TEXT(), nullable=False),
        sa.Column("place_id", _TEXT(), nullable=False),
        sa.Column("event_id", _TEXT(), nullable=False),
        sa.Column("kind", _TEXT(length=10), nullable=False),
        sa.Column("name", _TEXT(length=80), nullable=False),
        sa.Column("approval", _TEXT(length=60), nullable=False),
        sa.Column("lot", _TEXT(length=40), nullable=False),
        sa.Column("dose", _TEXT(length=20), nullable=False),
        sa.Column("unit", _TEXT(length=20), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=False),
        sa.Column("safe_days", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("person", _TEXT(length=40), nullable=False),
        sa.Column("reason", _TEXT(length=200), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", _TEXT(), nullable=False),
        sa.Column("struck_at", _MOMENT, nullable=True),
        sa.Column("struck_by", _TEXT(), nullable=True),
        sa.Column("struck_reason", _TEXT(length=200), nullable=False),
        sa.CheckConstraint("last_used_on >= used_on", name=op.f("ck_plot_treatments_order")),
        sa.CheckConstraint("safe_days >= 0", name=op.f("ck_plot_treatments_safe_days")),
        sa.CheckConstraint(
            "closed_until IS NULL OR closed_until > last_used_on", name=op.f("ck_plot_treatments_closed_until")
        ),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_by IS NULL)", name=op.f("ck_plot_treatments_struck")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_plot_treatments_enterprise_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_plot_treatments_place_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_plot_treatments_event_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_plot_treatments_recorded_by")),
        sa.ForeignKeyConstraint(["struck_by"], ["persons.id"], name=op.f("fk_plot_treatments_struck_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot_treatments")),
        sa.UniqueConstraint("event_id", name=op.f("uq_plot_treatments_event_id")),
    )
    with op.batch_alter_table("plot_treatments", schema=None) as batch_op:
        for column in ("enterprise_id", "lot", "place_id"):
            batch_op.create_index(batch_op.f(f"ix_plot_treatments_{column}"), [column], unique=False)
    _purchases()


def _purchases() -> None:
    op.create_table(
        "purchases",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("batch_id", _TEXT(), nullable=False),
        sa.Column("buyer_id", _TEXT(), nullable=False),
        sa.Column("seller_id", _TEXT(), nullable=False),
        sa.Column("paper_number", _TEXT(length=40), nullable=False),
        sa.Column("consent", _TEXT(length=200), nullable=False),
        sa.Column("name", _TEXT(length=120), nullable=False),
        sa.Column("media_type", _TEXT(length=40), nullable=False),
        sa.Column("digest", _TEXT(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", _TEXT(), nullable=False),
        sa.CheckConstraint("seller_id <> buyer_id", name=op.f("ck_purchases_two_parties")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_purchases_batch_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["enterprises.id"], name=op.f("fk_purchases_buyer_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["enterprises.id"], name=op.f("fk_purchases_seller_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_purchases_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_purchases_batch_id")),
    )
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        for column in ("buyer_id", "seller_id"):
            batch_op.create_index(batch_op.f(f"ix_purchases_{column}"), [column], unique=False)
    guards.forbid_changes("purchases")
