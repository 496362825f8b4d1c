"""Keys end by a step of their own, follow one another, and are published in signed files

A key that was distrusted before is distrusted from the log's first entry on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Moment
from trace.migrations import guards

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_FOR_EVER = ("kid", "thumbprint", "public_key")
_TABLES = ("signing_keys", "statement_keys", "log_keys")


def upgrade() -> None:
    guards.allow_changes("statement_keys")
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch:
            if table != "signing_keys":
                batch.add_column(sa.Column("state", sa.String(12), server_default="active", nullable=False))
            batch.add_column(sa.Column("distrusted_from", sa.BigInteger(), nullable=True))
            batch.add_column(sa.Column("ended_at", Moment(timezone=True), nullable=True))
    with op.batch_alter_table("signing_keys", schema=None) as batch:
        batch.add_column(sa.Column("number", sa.Integer(), server_default="1", nullable=False))
        batch.drop_constraint("uq_signing_keys_enterprise_id_quarter", type_="unique")
        batch.create_unique_constraint(
            "uq_signing_keys_enterprise_id_quarter_number", ["enterprise_id", "quarter", "number"]
        )
    with op.batch_alter_table("statement_keys", schema=None) as batch:
        batch.add_column(sa.Column("number", sa.Integer(), server_default="1", nullable=False))
        batch.drop_constraint("uq_statement_keys_year", type_="unique")
        batch.create_unique_constraint("uq_statement_keys_year_number", ["year", "number"])
    with op.batch_alter_table("log_keys", schema=None) as batch:
        batch.add_column(sa.Column("role", sa.String(12), server_default="log", nullable=False))
        batch.add_column(sa.Column("not_before", Moment(timezone=True), nullable=True))
        batch.add_column(sa.Column("not_after", Moment(timezone=True), nullable=True))
        batch.drop_column("retired_at")
    op.execute("UPDATE signing_keys SET distrusted_from = 0 WHERE state = 'distrusted'")
    _windows()
    with op.batch_alter_table("log_keys", schema=None) as batch:
        for name in ("not_before", "not_after"):
            batch.alter_column(name, existing_type=Moment(timezone=True), nullable=False)
    for table in _TABLES:
        guards.forbid_changes_of(table, _FOR_EVER)
    _files()


def _windows() -> None:
    """Keys of the log signed from the moment they were made for 366 days."""
    if op.get_bind().dialect.name == "sqlite":
        after = "strftime('%Y-%m-%d %H:%M:%f', created_at, '+366 days') || '000'"
    else:
        after = "created_at + interval '366 days'"
    op.execute(f"UPDATE log_keys SET not_before = created_at, not_after = {after}")  # noqa: S608 (two texts of our own)


def _files() -> None:
    op.create_table(
        "trust_files",
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "version", name=op.f("pk_trust_files")),
    )
    guards.forbid_changes("trust_files")
    void = sa.text("state = 'void'")
    op.create_index("ix_labels_void", "labels", ["serial"], sqlite_where=void, postgresql_where=void)
