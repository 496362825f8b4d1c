"""Recalls and drills, shipments"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recalls",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("level", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("starts", sa.JSON(), nullable=False),
        sa.Column("width", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("proposed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("opened_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("opened_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("done_by", sa.Date(), nullable=True),
        sa.Column("closed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("closed_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("difference_words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state IN ('open', 'closed')) = (opened_at IS NOT NULL)", name=op.f("ck_recalls_opened")),
        sa.CheckConstraint("state IN ('proposed', 'open', 'closed', 'discarded')", name=op.f("ck_recalls_state")),
        sa.CheckConstraint(
            "drill OR opened_by IS NULL OR opened_by <> proposed_by", name=op.f("ck_recalls_two_persons")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["persons.id"], name=op.f("fk_recalls_closed_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_recalls_enterprise_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["persons.id"], name=op.f("fk_recalls_opened_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["persons.id"], name=op.f("fk_recalls_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
        sa.UniqueConstraint("number", name=op.f("uq_recalls_number")),
    )
    with op.batch_alter_table("recalls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recalls_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recalls_state"), ["state"], unique=False)

    op.create_table(
        "shipments",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("from_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("carrier_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("vehicle", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("seal_found", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("seal_words", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("sent_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("sent_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ended_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("ended_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'on_the_way') = (ended_at IS NULL)", name=op.f("ck_shipments_ended")),
        sa.CheckConstraint("state IN ('on_the_way', 'received', 'called_off')", name=op.f("ck_shipments_state")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_shipments_somewhere_else")),
        sa.ForeignKeyConstraint(["carrier_id"], ["enterprises.id"], name=op.f("fk_shipments_carrier_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["persons.id"], name=op.f("fk_shipments_ended_by")),
        sa.ForeignKeyConstraint(["from_id"], ["enterprises.id"], name=op.f("fk_shipments_from_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["persons.id"], name=op.f("fk_shipments_sent_by")),
        sa.ForeignKeyConstraint(["to_id"], ["enterprises.id"], name=op.f("fk_shipments_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("number", name=op.f("uq_shipments_number")),
    )
    with op.batch_alter_table("shipments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipments_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shipments_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_shipments_to_id"), ["to_id"], unique=False)

    op.create_table(
        "recall_notices",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recall_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("due_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("acknowledged_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["persons.id"], name=op.f("fk_recall_notices_acknowledged_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_recall_notices_enterprise_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_notices_recall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_notices")),
        sa.UniqueConstraint("recall_id", "enterprise_id", name=op.f("uq_recall_notices_recall_id_enterprise_id")),
    )
    with op.batch_alter_table("recall_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_notices_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "recall_reports",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("notice_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("found_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("destroyed_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("returned_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("gone_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "found_kg >= 0 AND destroyed_kg >= 0 AND returned_kg >= 0 AND gone_kg >= 0",
            name=op.f("ck_recall_reports_figures"),
        ),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_recall_reports_by")),
        sa.ForeignKeyConstraint(["notice_id"], ["recall_notices.id"], name=op.f("fk_recall_reports_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_reports")),
        sa.UniqueConstraint("notice_id", "position", name=op.f("uq_recall_reports_notice_id_position")),
    )
    op.create_table(
        "recall_batches",
        sa.Column("recall_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("holder_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_recall_batches_batch_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["enterprises.id"], name=op.f("fk_recall_batches_holder_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_batches_recall_id")),
        sa.PrimaryKeyConstraint("recall_id", "batch_id", name=op.f("pk_recall_batches")),
    )
    with op.batch_alter_table("recall_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_batches_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "shipment_lines",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("shipment_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("received_kg", brand.kernel.records.Grams(), nullable=True),
        sa.Column("shortage", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("ended_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("kg > 0 AND parcels >= 0", name=op.f("ck_shipment_lines_something")),
        sa.CheckConstraint(
            "received_kg IS NULL OR (received_kg >= 0 AND received_kg <= kg)",
            name=op.f("ck_shipment_lines_no_more_than_sent"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_shipment_lines_batch_id")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_lines_shipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_lines")),
        sa.UniqueConstraint("shipment_id", "batch_id", name=op.f("uq_shipment_lines_shipment_id_batch_id")),
    )
    with op.batch_alter_table("shipment_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_lines_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "uq_shipment_lines_on_the_way",
            ["batch_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    guards.forbid_changes("recall_reports")
    guards.forbid_changes("recall_batches")
