"""The books of goods: operations with their sums, what they drew, acts that wait for a second person, custody of packs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from brand.kernel.ids import new_id
from trace.migrations import guards

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: Tables whose rows are only ever added.
_GROWING = ("operations", "draws", "pack_moves", "container_lines")


def upgrade() -> None:
    _books()
    _waiting()
    _custody()
    _columns()
    _fill()
    for table in _GROWING:
        guards.forbid_changes(table)


def _books() -> None:
    op.create_table(
        "operations",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("process", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("recorded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("agreed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("in_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("out_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("gone_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("loss_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("buyer", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("undoes_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint(
            "(kind <> 'undone' AND in_kg >= 0 AND out_kg >= 0 AND gone_kg >= 0 AND loss_kg >= 0) OR (kind = 'undone' AND in_kg <= 0 AND out_kg <= 0 AND gone_kg <= 0 AND loss_kg <= 0)",
            name=op.f("ck_operations_direction"),
        ),
        sa.CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name=op.f("ck_operations_undoes")),
        sa.CheckConstraint(
            "in_kg = out_kg + gone_kg + loss_kg OR (kind IN ('commission', 'undone') AND in_kg = 0 AND gone_kg = 0 AND loss_kg = 0)",
            name=op.f("ck_operations_balance"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('split', 'merge', 'pack') OR (loss_kg = 0 AND gone_kg = 0)",
            name=op.f("ck_operations_nothing_lost"),
        ),
        sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> person_id", name=op.f("ck_operations_two_persons")),
        sa.ForeignKeyConstraint(["agreed_by"], ["persons.id"], name=op.f("fk_operations_agreed_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_operations_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_operations_person_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["operations.id"], name=op.f("fk_operations_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_operations_undoes_id")),
    )
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "draws",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("operation_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.CheckConstraint("kg <> 0", name=op.f("ck_draws_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_draws_batch_id")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.id"], name=op.f("fk_draws_operation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draws_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draws_operation_id"), ["operation_id"], unique=False)


def _waiting() -> None:
    op.create_table(
        "flow_proposals",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("operation_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_flow_proposals_decided")),
        sa.CheckConstraint("state IN ('open', 'agreed', 'refused', 'withdrawn')", name=op.f("ck_flow_proposals_state")),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'refused') OR decided_by <> proposed_by",
            name=op.f("ck_flow_proposals_two_persons"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_flow_proposals_batch_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_flow_proposals_decided_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_flow_proposals_enterprise_id")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.id"], name=op.f("fk_flow_proposals_operation_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["persons.id"], name=op.f("fk_flow_proposals_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_proposals")),
    )
    with op.batch_alter_table("flow_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flow_proposals_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flow_proposals_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flow_proposals_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_flow_proposals_open",
            ["digest"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "batch_stays",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("until", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_batch_stays_forward")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_stays_batch_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_batch_stays_event_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_batch_stays_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_stays")),
    )
    with op.batch_alter_table("batch_stays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_stays_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_stays_place_id"), ["place_id"], unique=False)
        batch_op.create_index(
            "uq_batch_stays_here",
            ["batch_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )


def _custody() -> None:
    op.create_table(
        "containers",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("maker_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("holder_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parent_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("packed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("packed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind = 'case' OR parent_id IS NULL", name=op.f("ck_containers_cases_on_pallets")),
        sa.CheckConstraint("kind IN ('case', 'pallet')", name=op.f("ck_containers_kind")),
        sa.CheckConstraint("state IN ('packed', 'emptied', 'lost')", name=op.f("ck_containers_state")),
        sa.ForeignKeyConstraint(["holder_id"], ["enterprises.id"], name=op.f("fk_containers_holder_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["enterprises.id"], name=op.f("fk_containers_maker_id")),
        sa.ForeignKeyConstraint(["packed_by"], ["persons.id"], name=op.f("fk_containers_packed_by")),
        sa.ForeignKeyConstraint(["parent_id"], ["containers.id"], name=op.f("fk_containers_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_containers")),
        sa.UniqueConstraint("code", name=op.f("uq_containers_code")),
    )
    with op.batch_alter_table("containers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_containers_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_containers_maker_id"), ["maker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_containers_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "container_lines",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("container_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pack_line_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_container_lines_something")),
        sa.ForeignKeyConstraint(["container_id"], ["containers.id"], name=op.f("fk_container_lines_container_id")),
        sa.ForeignKeyConstraint(["pack_line_id"], ["pack_lines.id"], name=op.f("fk_container_lines_pack_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container_lines")),
        sa.UniqueConstraint("container_id", "pack_line_id", name=op.f("uq_container_lines_container_id_pack_line_id")),
    )
    with op.batch_alter_table("container_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_container_lines_pack_line_id"), ["pack_line_id"], unique=False)

    op.create_table(
        "pack_stocks",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pack_line_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("holder_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs >= 0", name=op.f("ck_pack_stocks_none_missing")),
        sa.ForeignKeyConstraint(["holder_id"], ["enterprises.id"], name=op.f("fk_pack_stocks_holder_id")),
        sa.ForeignKeyConstraint(["pack_line_id"], ["pack_lines.id"], name=op.f("fk_pack_stocks_pack_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_stocks")),
        sa.UniqueConstraint("pack_line_id", "holder_id", name=op.f("uq_pack_stocks_pack_line_id_holder_id")),
    )
    with op.batch_alter_table("pack_stocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_stocks_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "pack_moves",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("operation_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pack_line_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs <> 0", name=op.f("ck_pack_moves_something")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.id"], name=op.f("fk_pack_moves_operation_id")),
        sa.ForeignKeyConstraint(["pack_line_id"], ["pack_lines.id"], name=op.f("fk_pack_moves_pack_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_moves")),
    )
    with op.batch_alter_table("pack_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_moves_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pack_moves_pack_line_id"), ["pack_line_id"], unique=False)

    op.create_table(
        "shipment_boxes",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("shipment_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("container_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("arrived", sa.Boolean(), nullable=True),
        sa.Column("ended_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("kg > 0", name=op.f("ck_shipment_boxes_something")),
        sa.ForeignKeyConstraint(["container_id"], ["containers.id"], name=op.f("fk_shipment_boxes_container_id")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_boxes_shipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_boxes")),
        sa.UniqueConstraint("shipment_id", "container_id", name=op.f("uq_shipment_boxes_shipment_id_container_id")),
    )
    with op.batch_alter_table("shipment_boxes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_boxes_container_id"), ["container_id"], unique=False)
        batch_op.create_index(
            "uq_shipment_boxes_on_the_way",
            ["container_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def _columns() -> None:
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operation_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_index(batch_op.f("ix_batches_operation_id"), ["operation_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_batches_operation_id"), "operations", ["operation_id"], ["id"])

    with op.batch_alter_table("pack_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_pack_lines_gone_within_packs"), "gone >= 0 AND gone <= packs")
    with op.batch_alter_table("pack_lines", schema=None) as batch_op:
        batch_op.alter_column("gone", server_default=None)


def _fill() -> None:
    """What was done before the books were kept: each batch as made, its packs as packed, the rest as short on arrival."""
    bind = op.get_bind()
    packed: dict[str, int] = {}
    lines = (
        "SELECT l.id, l.batch_id, l.packs, l.net_kg, b.holder_id FROM pack_lines l JOIN batches b ON b.id = l.batch_id"
    )
    for line, batch, packs, net, holder in bind.execute(sa.text(lines)).all():
        packed[batch] = packed.get(batch, 0) + packs * net
        stock = "INSERT INTO pack_stocks (id, pack_line_id, holder_id, packs) VALUES (:id, :line, :holder, :packs)"
        bind.execute(sa.text(stock), {"id": new_id(), "line": line, "holder": holder, "packs": packs})
    batches = "SELECT id, maker_id, holder_id, total_kg, used_kg, registered_at, registered_by FROM batches"
    for batch, maker, holder, total, used, at, person in bind.execute(sa.text(batches)).all():
        said = {"at": at, "person": person}
        made = _operation(bind, "commission", enterprise=maker, out=total, **said)
        bind.execute(sa.text("UPDATE batches SET operation_id = :made WHERE id = :id"), {"made": made, "id": batch})
        in_packs = min(packed.get(batch, 0), used)
        if in_packs:
            _draw(
                bind, _operation(bind, "pack", enterprise=maker, into=in_packs, out=in_packs, **said), batch, in_packs
            )
        if used - in_packs:
            short = used - in_packs
            _draw(bind, _operation(bind, "shortage", enterprise=holder, into=short, gone=short, **said), batch, short)


def _operation(
    bind: Any, kind: str, *, enterprise: str, at: Any, person: str, into: int = 0, out: int = 0, gone: int = 0
) -> str:
    row = new_id()
    statement = (
        "INSERT INTO operations (id, kind, process, enterprise_id, at, recorded_at, person_id, in_kg, out_kg, gone_kg,"
        " loss_kg, buyer, words)"
        " VALUES (:id, :kind, '', :enterprise, :at, :at, :person, :into, :out, :gone, 0, '', '')"
    )
    values = {"id": row, "kind": kind, "enterprise": enterprise, "at": at, "person": person}
    bind.execute(sa.text(statement), {**values, "into": into, "out": out, "gone": gone})
    return row


def _draw(bind: Any, operation: str, batch: str, kg: int) -> None:
    statement = "INSERT INTO draws (id, operation_id, batch_id, kg) VALUES (:id, :operation, :batch, :kg)"
    bind.execute(sa.text(statement), {"id": new_id(), "operation": operation, "batch": batch, "kg": kg})
