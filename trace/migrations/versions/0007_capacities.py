"""Capacities"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "capacities",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("season_from", sa.Date(), nullable=False),
        sa.Column("season_to", sa.Date(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("declared", brand.kernel.records.Grams(), nullable=False),
        sa.Column("allowed", brand.kernel.records.Grams(), nullable=False),
        sa.Column("used", brand.kernel.records.Grams(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("mu", brand.kernel.records.Hundredths(), nullable=True),
        sa.Column("per_mu", brand.kernel.records.Grams(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declared_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("declared_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("wanted", brand.kernel.records.Grams(), nullable=True),
        sa.Column("wanted_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("verified_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("verified_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("verified_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("agreed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "declared > 0 AND (wanted IS NULL) = (wanted_by IS NULL)", name=op.f("ck_capacities_figures")
        ),
        sa.CheckConstraint("season_to >= season_from", name=op.f("ck_capacities_season")),
        sa.CheckConstraint("used >= 0 AND used <= allowed", name=op.f("ck_capacities_used_within_allowed")),
        sa.CheckConstraint("verified_by IS NULL OR verified_by <> declared_by", name=op.f("ck_capacities_two_persons")),
        sa.ForeignKeyConstraint(["agreed_by"], ["persons.id"], name=op.f("fk_capacities_agreed_by")),
        sa.ForeignKeyConstraint(["declared_by"], ["persons.id"], name=op.f("fk_capacities_declared_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_capacities_enterprise_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_capacities_place_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_capacities_product_id")),
        sa.ForeignKeyConstraint(["verified_by"], ["persons.id"], name=op.f("fk_capacities_verified_by")),
        sa.ForeignKeyConstraint(["wanted_by"], ["persons.id"], name=op.f("fk_capacities_wanted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacities")),
    )
    with op.batch_alter_table("capacities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capacities_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_capacities_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_capacities_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_capacities_live",
            ["scope", "product_id", "season_from"],
            unique=True,
            sqlite_where=sa.text("state IN ('declared', 'verified')"),
            postgresql_where=sa.text("state IN ('declared', 'verified')"),
        )

    op.create_table(
        "capacity_uses",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("capacity_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("amount", brand.kernel.records.Grams(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_capacity_uses_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_capacity_uses_batch_id")),
        sa.ForeignKeyConstraint(["capacity_id"], ["capacities.id"], name=op.f("fk_capacity_uses_capacity_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_capacity_uses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_uses")),
    )
    with op.batch_alter_table("capacity_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capacity_uses_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_capacity_uses_capacity_id"), ["capacity_id"], unique=False)
    guards.forbid_changes("capacity_uses")
