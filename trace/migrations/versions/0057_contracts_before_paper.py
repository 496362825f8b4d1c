"""A supply contract may be declared before its paper is there; nobody agrees to one without"""

from __future__ import annotations

from alembic import op

from trace.migrations import guards

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_FIXED = (
    "number", "licence_id", "buyer_id", "product_id", "supplier_id", "valid_from", "valid_until", "kg", "declared_by",
    "declared_at",
)  # fmt: skip


def upgrade() -> None:
    guards.allow_changes_of("supply_contracts")
    with op.batch_alter_table("supply_contracts", schema=None) as table:
        table.create_check_constraint(
            op.f("ck_supply_contracts_agreed_has_paper"),
            "state NOT IN ('agreed', 'running', 'ended') OR digest <> ''",
        )
    guards.forbid_changes_of("supply_contracts", _FIXED)
    guards.keep_once_filled("supply_contracts", "digest", "content")
