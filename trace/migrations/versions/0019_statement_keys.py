"""Keys the office signs its statements with, and the signature of each endorsement

What was issued before bears no signature and counts for nothing until it is issued anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Moment
from trace.migrations.guards import forbid_changes

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement_keys",
        sa.Column("kid", sa.String(3), primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("algorithm", sa.String(20), nullable=False),
        sa.Column("public_key", sa.String(43), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.UniqueConstraint("year", name="uq_statement_keys_year"),
        sa.UniqueConstraint("thumbprint", name="uq_statement_keys_thumbprint"),
    )
    forbid_changes("statement_keys")
    for name, size in (("kid", 3), ("signature", 86)):
        op.add_column("endorsements", sa.Column(name, sa.String(size), server_default="", nullable=False))
