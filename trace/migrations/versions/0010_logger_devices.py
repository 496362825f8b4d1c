"""Logger devices"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logger_devices",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("serial", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("used_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("used_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_logger_devices_enterprise_id")),
        sa.ForeignKeyConstraint(["used_by"], ["persons.id"], name=op.f("fk_logger_devices_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logger_devices")),
        sa.UniqueConstraint("enterprise_id", "serial", name=op.f("uq_logger_devices_enterprise_id_serial")),
    )
