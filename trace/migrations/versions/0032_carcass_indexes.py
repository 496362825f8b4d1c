"""Carcasses are found by tag and animal whether they stand or were taken back: a partial key serves no join"""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for one in ("ear_tag", "animal_id"):
        op.create_index(op.f(f"ix_carcasses_{one}"), "carcasses", [one])


def downgrade() -> None:
    for one in ("ear_tag", "animal_id"):
        op.drop_index(op.f(f"ix_carcasses_{one}"), "carcasses")
