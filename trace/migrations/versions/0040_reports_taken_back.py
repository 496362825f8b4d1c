"""Test reports that were written down wrongly are taken back, and their number is free again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_COUNTS = sa.text("status <> 'withdrawn'")
_NUMBER = ["laboratory_key", "number_key"]


def upgrade() -> None:
    with op.batch_alter_table("lab_reports", schema=None) as table:
        table.drop_constraint(op.f("uq_lab_reports_laboratory_key_number_key"), type_="unique")
        table.drop_constraint(op.f("ck_lab_reports_decided"), type_="check")
        table.create_check_constraint(
            op.f("ck_lab_reports_decided"), "status IN ('declared', 'withdrawn') OR decided_by IS NOT NULL"
        )
    where = {"sqlite_where": _COUNTS, "postgresql_where": _COUNTS}
    op.create_index("uq_lab_reports_number", "lab_reports", _NUMBER, unique=True, **where)


def downgrade() -> None:
    op.drop_index("uq_lab_reports_number", table_name="lab_reports")
    with op.batch_alter_table("lab_reports", schema=None) as table:
        table.drop_constraint(op.f("ck_lab_reports_decided"), type_="check")
        table.create_check_constraint(op.f("ck_lab_reports_decided"), "status = 'declared' OR decided_by IS NOT NULL")
        table.create_unique_constraint(op.f("uq_lab_reports_laboratory_key_number_key"), _NUMBER)
