"""Batches of any goods: the slaughter day's own figures get a table, flows join batches, events tell of anything."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _slaughters()
    _batches()
    _flows()
    _events()


def _slaughters() -> None:
    op.create_table(
        "slaughters",
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("live_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("hot_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("cold_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("grade_table", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade_edition", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("head > 0", name=op.f("ck_slaughters_head")),
        sa.CheckConstraint(
            "hot_kg < live_kg AND cold_kg <= hot_kg AND cold_kg > 0", name=op.f("ck_slaughters_weights")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_slaughters_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_slaughters")),
    )
    op.execute(
        "INSERT INTO slaughters (batch_id, head, live_kg, hot_kg, cold_kg, grade_table, grade_edition) "
        "SELECT id, head, live_kg, hot_kg, cold_kg, grade_table, grade_edition FROM batches"
    )


def _batches() -> None:
    with op.batch_alter_table("batches") as table:
        table.drop_constraint(op.f("ck_batches_weights"), type_="check")
        table.drop_constraint(op.f("ck_batches_mass_balance"), type_="check")
        table.drop_index(op.f("ix_batches_abattoir_id"))
        table.drop_constraint(op.f("uq_batches_abattoir_id_lot"), type_="unique")
        table.drop_constraint(op.f("fk_batches_abattoir_id"), type_="foreignkey")
        for column in ("head", "live_kg", "hot_kg", "grade_table", "grade_edition"):
            table.drop_column(column)
        table.alter_column("abattoir_id", new_column_name="maker_id")
        table.alter_column("slaughtered_on", new_column_name="made_on")
        table.alter_column("cold_kg", new_column_name="total_kg")
        table.alter_column("packed_kg", new_column_name="used_kg")
        table.alter_column("licence_id", existing_type=sqlmodel.sql.sqltypes.AutoString(), nullable=True)
        text = sqlmodel.sql.sqltypes.AutoString
        table.add_column(sa.Column("kind", text(length=12), nullable=False, server_default="slaughter"))
        table.add_column(sa.Column("form", text(length=20), nullable=False, server_default="carcass"))
        table.add_column(sa.Column("holder_id", text(), nullable=True))
        table.add_column(sa.Column("place_id", text(), nullable=True))
        table.add_column(sa.Column("unit", text(length=8), nullable=False, server_default="kg"))
        table.add_column(sa.Column("quantity", brand.kernel.records.Thousandths(), nullable=True))
        table.add_column(sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE batches SET holder_id = maker_id, quantity = total_kg")
    with op.batch_alter_table("batches") as table:
        for column in ("kind", "form", "unit", "withdrawn"):
            table.alter_column(column, server_default=None)
        table.alter_column("holder_id", existing_type=sqlmodel.sql.sqltypes.AutoString(), nullable=False)
        table.alter_column("quantity", existing_type=brand.kernel.records.Thousandths(), nullable=False)
        table.create_unique_constraint(op.f("uq_batches_maker_id_lot"), ["maker_id", "lot"])
        table.create_foreign_key(op.f("fk_batches_maker_id"), "enterprises", ["maker_id"], ["id"])
        table.create_foreign_key(op.f("fk_batches_holder_id"), "enterprises", ["holder_id"], ["id"])
        table.create_check_constraint(op.f("ck_batches_mass_balance"), "used_kg >= 0 AND used_kg <= total_kg")
        table.create_check_constraint(op.f("ck_batches_withdrawn_is_empty"), "NOT withdrawn OR used_kg = total_kg")
        table.create_check_constraint(op.f("ck_batches_something"), "total_kg > 0 AND quantity > 0")
        for column in ("maker_id", "holder_id", "place_id"):
            table.create_index(op.f(f"ix_batches_{column}"), [column])


def _flows() -> None:
    op.create_table(
        "flows",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("input_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("output_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("kg > 0 AND input_id <> output_id", name=op.f("ck_flows_forward")),
        sa.ForeignKeyConstraint(["input_id"], ["batches.id"], name=op.f("fk_flows_input_id")),
        sa.ForeignKeyConstraint(["output_id"], ["batches.id"], name=op.f("fk_flows_output_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_flows_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flows")),
        sa.UniqueConstraint("input_id", "output_id", name=op.f("uq_flows_input_id_output_id")),
    )
    op.create_index(op.f("ix_flows_output_id"), "flows", ["output_id"])
    guards.forbid_changes("flows")


def _events() -> None:
    guards.allow_changes("events")
    text = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("events") as table:
        table.alter_column("batch_id", existing_type=text(), nullable=True)
        table.add_column(sa.Column("subject", text(length=12), nullable=False, server_default="batch"))
        table.add_column(sa.Column("subject_id", text(), nullable=True))
        table.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("operation", text(), nullable=True))
    op.execute("UPDATE events SET subject_id = batch_id")
    with op.batch_alter_table("events") as table:
        table.alter_column("subject", server_default=None)
        table.alter_column("subject_id", existing_type=text(), nullable=False)
        table.alter_column("late", server_default=None)
        table.create_check_constraint(op.f("ck_events_batch_named"), "(subject = 'batch') = (batch_id IS NOT NULL)")
        table.create_index("ix_events_subject", ["subject", "subject_id"])
    guards.forbid_changes("events")
