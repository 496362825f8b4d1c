"""A finding from a market may become a case of the office; inspections and cases say of which finding they were made"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("inspections", "complaints"):
        op.add_column(name, sa.Column("origin", sa.String(30), server_default="", nullable=False))
    with op.batch_alter_table("field_findings", schema=None) as table:
        table.add_column(sa.Column("complaint_id", sa.String(), nullable=True))
        table.create_foreign_key(
            op.f("fk_field_findings_complaint_id_complaints"), "complaints", ["complaint_id"], ["id"]
        )
        table.drop_constraint(op.f("ck_field_findings_state"), type_="check")
        table.create_check_constraint(
            op.f("ck_field_findings_state"), "state IN ('received', 'taken_up', 'set_aside', 'reported')"
        )
    with op.batch_alter_table("field_findings", schema=None) as table:
        table.create_check_constraint(
            op.f("ck_field_findings_reported_whole"), "(state = 'reported') = (complaint_id IS NOT NULL)"
        )
    _name_origins()


def _name_origins() -> None:
    """Inspections made of findings so far bear the number as the first line of their words."""
    findings = sa.table("field_findings", sa.column("number"), sa.column("inspection_id"))
    inspections = sa.table("inspections", sa.column("id"), sa.column("origin"))
    number = sa.select(sa.func.max(findings.c.number)).where(findings.c.inspection_id == inspections.c.id)
    made = sa.select(findings.c.inspection_id).where(findings.c.inspection_id.is_not(None))
    op.execute(inspections.update().where(inspections.c.id.in_(made)).values(origin=number.scalar_subquery()))


def downgrade() -> None:
    with op.batch_alter_table("field_findings", schema=None) as table:
        table.drop_constraint(op.f("ck_field_findings_reported_whole"), type_="check")
        table.drop_constraint(op.f("ck_field_findings_state"), type_="check")
        table.create_check_constraint(op.f("ck_field_findings_state"), "state IN ('received', 'taken_up', 'set_aside')")
        table.drop_constraint(op.f("fk_field_findings_complaint_id_complaints"), type_="foreignkey")
        table.drop_column("complaint_id")
    for name in ("complaints", "inspections"):
        with op.batch_alter_table(name, schema=None) as table:
            table.drop_column("origin")
