"""Since when a raise of a capacity and the release of failed goods wait for a second person"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Moment

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_ENTRIES = sa.table("audit_entries", sa.column("action"), sa.column("object_id"), sa.column("at", Moment()))


def upgrade() -> None:
    with op.batch_alter_table("capacities", schema=None) as table:
        table.add_column(sa.Column("wanted_at", Moment(timezone=True), nullable=True))
    with op.batch_alter_table("lab_reports", schema=None) as table:
        table.add_column(sa.Column("relief_asked_at", Moment(timezone=True), nullable=True))
    _from_the_trail("capacities", "wanted_at", "wanted_by", "capacities.verify")
    _from_the_trail("lab_reports", "relief_asked_at", "relief_asked_by", "lab_reports.ask_release")
    with op.batch_alter_table("capacities", schema=None) as table:
        table.create_check_constraint(op.f("ck_capacities_wanted_since"), "(wanted IS NULL) = (wanted_at IS NULL)")


def _from_the_trail(name: str, since: str, asker: str, action: str) -> None:
    """Every asking stands in the audit trail, written in its own transaction: the last one is the one that waits."""
    rows = sa.table(name, sa.column("id"), sa.column(asker), sa.column(since, Moment()))
    asked = sa.select(sa.func.max(_ENTRIES.c.at)).where(_ENTRIES.c.object_id == rows.c.id, _ENTRIES.c.action == action)
    op.execute(rows.update().where(rows.c[asker].is_not(None)).values({since: asked.scalar_subquery()}))


def downgrade() -> None:
    with op.batch_alter_table("lab_reports", schema=None) as table:
        table.drop_column("relief_asked_at")
    with op.batch_alter_table("capacities", schema=None) as table:
        table.drop_constraint(op.f("ck_capacities_wanted_since"), type_="check")
        table.drop_column("wanted_at")
