"""Lairage"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    moment = brand.kernel.records.Moment
    op.create_table(
        "lairages",
        sa.Column("id", text(), nullable=False),
        sa.Column("abattoir_id", text(), nullable=False),
        sa.Column("producer_id", text(), nullable=False),
        sa.Column("product_id", text(), nullable=False),
        sa.Column("lot", text(length=20), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("announced_head", sa.Integer(), nullable=False),
        sa.Column("announced_tags", sa.JSON(), nullable=False),
        sa.Column("certificate_id", text(), nullable=True),
        sa.Column("state", text(length=12), nullable=False),
        sa.Column("announced_by", text(), nullable=False),
        sa.Column("announced_at", moment(timezone=True), nullable=False),
        sa.Column("read_at", moment(timezone=True), nullable=True),
        sa.Column("examined_at", moment(timezone=True), nullable=True),
        sa.Column("examined_by", text(), nullable=True),
        sa.Column("note", text(length=300), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("batch_id", text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("announced_head > 0", name=op.f("ck_lairages_head")),
        sa.CheckConstraint("state IN ('announced', 'read', 'examined', 'slaughtered')", name=op.f("ck_lairages_state")),
        sa.CheckConstraint("(state = 'slaughtered') = (batch_id IS NOT NULL)", name=op.f("ck_lairages_batch")),
        sa.ForeignKeyConstraint(["abattoir_id"], ["enterprises.id"], name=op.f("fk_lairages_abattoir_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["enterprises.id"], name=op.f("fk_lairages_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_lairages_product_id")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["quarantine_certificates.id"], name=op.f("fk_lairages_certificate_id")
        ),
        sa.ForeignKeyConstraint(["announced_by"], ["persons.id"], name=op.f("fk_lairages_announced_by")),
        sa.ForeignKeyConstraint(["examined_by"], ["persons.id"], name=op.f("fk_lairages_examined_by")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_lairages_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lairages")),
        sa.UniqueConstraint("abattoir_id", "lot", name=op.f("uq_lairages_abattoir_id_lot")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_lairages_batch_id")),
    )
    for column in ("abattoir_id", "producer_id"):
        op.create_index(op.f(f"ix_lairages_{column}"), "lairages", [column])
    op.create_table(
        "lairage_tags",
        sa.Column("id", text(), nullable=False),
        sa.Column("lairage_id", text(), nullable=False),
        sa.Column("tag", text(length=15), nullable=False),
        sa.Column("read_at", moment(timezone=True), nullable=False),
        sa.Column("read_by", text(), nullable=False),
        sa.Column("fit", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["lairage_id"], ["lairages.id"], name=op.f("fk_lairage_tags_lairage_id")),
        sa.ForeignKeyConstraint(["read_by"], ["persons.id"], name=op.f("fk_lairage_tags_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lairage_tags")),
        sa.UniqueConstraint("lairage_id", "tag", name=op.f("uq_lairage_tags_lairage_id_tag")),
    )
    op.create_index(op.f("ix_lairage_tags_tag"), "lairage_tags", ["tag"])
