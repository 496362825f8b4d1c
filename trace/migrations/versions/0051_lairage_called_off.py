"""An announced lot that never came is called off, and its number is free again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Moment

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_STATES = "'announced', 'read', 'examined', 'slaughtered'"
_STANDING = sa.text("state <> 'called_off'")


def upgrade() -> None:
    with op.batch_alter_table("lairages", schema=None) as table:
        table.add_column(sa.Column("called_off_at", Moment(timezone=True), nullable=True))
        table.add_column(sa.Column("called_off_by", sa.String(), nullable=True))
        table.create_foreign_key(op.f("fk_lairages_called_off_by"), "persons", ["called_off_by"], ["id"])
        table.drop_constraint(op.f("uq_lairages_abattoir_id_lot"), type_="unique")
        table.drop_constraint(op.f("ck_lairages_state"), type_="check")
        table.create_check_constraint(op.f("ck_lairages_state"), f"state IN ({_STATES}, 'called_off')")
        table.create_check_constraint(
            op.f("ck_lairages_called_off"), "(state = 'called_off') = (called_off_at IS NOT NULL)"
        )
    op.create_index(
        "uq_lairages_standing_lot",
        "lairages",
        ["abattoir_id", "lot"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def downgrade() -> None:
    op.drop_index("uq_lairages_standing_lot", "lairages")
    op.execute("DELETE FROM lairage_tags WHERE lairage_id IN (SELECT id FROM lairages WHERE state = 'called_off')")
    op.execute("DELETE FROM lairages WHERE state = 'called_off'")
    with op.batch_alter_table("lairages", schema=None) as table:
        table.drop_constraint(op.f("ck_lairages_called_off"), type_="check")
        table.drop_constraint(op.f("ck_lairages_state"), type_="check")
        table.create_check_constraint(op.f("ck_lairages_state"), f"state IN ({_STATES})")
        table.create_unique_constraint(op.f("uq_lairages_abattoir_id_lot"), ["abattoir_id", "lot"])
        table.drop_constraint(op.f("fk_lairages_called_off_by"), type_="foreignkey")
        table.drop_column("called_off_by")
        table.drop_column("called_off_at")
