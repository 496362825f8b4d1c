"""Inspector kit: telephones, their lists, what they hand in"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_devices",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("licences", sa.JSON(), nullable=False),
        sa.Column("offered_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("offer_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("public_key", sqlmodel.sql.sqltypes.AutoString(length=87), nullable=True),
        sa.Column("enrolled_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("seen_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("revoked_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("revoked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("revoke_words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint("state IN ('offered', 'active', 'revoked')", name=op.f("ck_field_devices_state")),
        sa.CheckConstraint("state <> 'active' OR public_key IS NOT NULL", name=op.f("ck_field_devices_active_has_key")),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)", name=op.f("ck_field_devices_revoked_whole")
        ),
        sa.CheckConstraint("counter >= 0 AND findings >= 0", name=op.f("ck_field_devices_counted")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_field_devices_account_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["persons.id"], name=op.f("fk_field_devices_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_devices")),
        sa.UniqueConstraint("offer_digest", name=op.f("uq_field_devices_offer_digest")),
        sa.UniqueConstraint("public_key", name=op.f("uq_field_devices_public_key")),
    )
    op.create_index(op.f("ix_field_devices_account_id"), "field_devices", ["account_id"])
    op.create_table(
        "field_lists",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("choice", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("kid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=86), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kid"], ["statement_keys.kid"], name=op.f("fk_field_lists_kid")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_field_lists")),
    )
    op.create_index(op.f("ix_field_lists_choice"), "field_lists", ["choice"])
    _findings()


def _findings() -> None:
    op.create_table(
        "field_statements",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("device_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=86), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("received_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["field_devices.id"], name=op.f("fk_field_statements_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_statements")),
        sa.UniqueConstraint("device_id", "sequence", name=op.f("uq_field_statements_device_id_sequence")),
    )
    op.create_table(
        "field_findings",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("statement_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("found_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("found_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("found_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("received_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("clock_doubtful", sa.Boolean(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("colour", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("registry_colour", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("severity", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("compared", sa.JSON(), nullable=False),
        sa.Column("market", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("decided_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decision_words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint("state IN ('received', 'taken_up', 'set_aside')", name=op.f("ck_field_findings_state")),
        sa.CheckConstraint(
            "(state = 'taken_up') = (inspection_id IS NOT NULL)", name=op.f("ck_field_findings_taken_up_whole")
        ),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_field_findings_enterprise_id")),
        sa.ForeignKeyConstraint(["found_by"], ["persons.id"], name=op.f("fk_field_findings_found_by")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_field_findings_inspection_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_field_findings_licence_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["field_statements.id"], name=op.f("fk_field_findings_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_findings")),
        sa.UniqueConstraint("number", name=op.f("uq_field_findings_number")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_field_findings_statement_id")),
    )
    for column in ("licence_id", "received_at", "state"):
        op.create_index(op.f(f"ix_field_findings_{column}"), "field_findings", [column])
    op.create_table(
        "field_photos",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("finding_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("original_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sent_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["field_findings.id"], name=op.f("fk_field_photos_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_photos")),
    )
    op.create_index(op.f("ix_field_photos_finding_id"), "field_photos", ["finding_id"])
    for table in ("field_statements", "field_photos"):
        guards.forbid_changes(table)
