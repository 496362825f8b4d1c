"""Hidden second codes, and labels without a signature for the smallest packs"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "second_codes",
        sa.Column("serial", _TEXT(length=16), nullable=False),
        sa.Column("digest", _TEXT(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=True),
        sa.Column("opened_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0 AND tries <= 5", name=op.f("ck_second_codes_five_a_day")),
        sa.CheckConstraint("tries = 0 OR tried_on IS NOT NULL", name=op.f("ck_second_codes_tried_on_a_day")),
        sa.ForeignKeyConstraint(["serial"], ["labels.serial"], name=op.f("fk_second_codes_serial")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_second_codes")),
    )
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.add_column(sa.Column("signed", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("second_code", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("label_orders", schema=None) as table:
        for one in ("signed", "second_code"):
            table.alter_column(one, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("label_orders", schema=None) as table:
        for one in ("second_code", "signed"):
            table.drop_column(one)
    op.drop_table("second_codes")
