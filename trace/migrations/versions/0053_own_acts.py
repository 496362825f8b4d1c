"""What a person did since a day is found without reading everybody's acts"""

from __future__ import annotations

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entries_person_id_at", "audit_entries", ["person_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_entries_person_id_at", "audit_entries")
