"""Labels and loose goods in cases, ways a container ends; no sheets in proposals"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INSIDE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("containers", schema=None) as table:
        table.drop_constraint(op.f("ck_containers_state"), type_="check")
        table.alter_column(
            "state",
            existing_type=sqlmodel.sql.sqltypes.AutoString(length=8),
            type_=sqlmodel.sql.sqltypes.AutoString(length=10),
            existing_nullable=False,
        )
        table.create_check_constraint(
            op.f("ck_containers_state"), "state IN ('packed', 'emptied', 'sold', 'destroyed', 'lost')"
        )
    _inside("container_labels", "serial", 16, "labels.serial")
    _inside("container_batches", "batch_id", None, "batches.id")
    with op.batch_alter_table("flow_proposals", schema=None) as table:
        table.drop_column("sheet")


def _inside(name: str, what: str, length: int | None, target: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("container_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(what, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False),
        sa.Column("ended_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["container_id"], ["containers.id"], name=op.f(f"fk_{name}_container_id")),
        sa.ForeignKeyConstraint([what], [target], name=op.f(f"fk_{name}_{what}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_container_id"), name, ["container_id"])
    op.create_index(f"uq_{name}_inside", name, [what], unique=True, sqlite_where=_INSIDE, postgresql_where=_INSIDE)
