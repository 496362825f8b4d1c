"""Supply contracts: goods of contracted households carry their buyer's licence; a batch names who answers for labels"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from brand.kernel.records import Grams, Moment
from trace.migrations import guards

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_FILL = """
UPDATE batches SET licensee_id = COALESCE(
    (SELECT l.enterprise_id FROM licences l WHERE l.id = batches.licence_id), producer_id)
"""
_FIXED = (
    "number", "licence_id", "buyer_id", "product_id", "supplier_id", "valid_from", "valid_until", "kg", "digest",
    "content", "declared_by", "declared_at",
)  # fmt: skip


def upgrade() -> None:
    _licensees()
    op.create_table(
        "supply_contracts",
        *_texts("id", "number:40", "licence_id", "buyer_id", "product_id", "supplier_id"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("kg", Grams(), nullable=False),
        sa.Column("used_kg", Grams(), nullable=False),
        *_texts("name:120", "media_type:40", "digest:64"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        *_texts("state:20"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("declared_by"),
        sa.Column("declared_at", Moment(timezone=True), nullable=False),
        *_texts("consent:200"),
        sa.Column("consented_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("consented_at", Moment(timezone=True), nullable=True),
        *_texts("office:9"),
        sa.Column("confirmed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("confirmed_at", Moment(timezone=True), nullable=True),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        *_texts("reason_code:20", "reason:500"),
        sa.CheckConstraint(
            "used_kg >= 0 AND used_kg <= kg AND kg > 0", name=op.f("ck_supply_contracts_used_within_agreed")
        ),
        sa.CheckConstraint("supplier_id <> buyer_id", name=op.f("ck_supply_contracts_two_parties")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_supply_contracts_term")),
        sa.CheckConstraint(
            "state <> 'running' OR confirmed_by IS NOT NULL", name=op.f("ck_supply_contracts_running_is_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> declared_by AND confirmed_by <> consented_by)",
            name=op.f("ck_supply_contracts_four_eyes"),
        ),
        *_keys(
            "supply_contracts", licence_id="licences", buyer_id="enterprises", product_id="products",
            supplier_id="enterprises", declared_by="persons", consented_by="persons", confirmed_by="persons",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_contracts")),
    )  # fmt: skip
    _indexes("supply_contracts", "licence_id", "buyer_id", "supplier_id", "state")
    guards.forbid_changes_of("supply_contracts", _FIXED)
    op.create_table(
        "supply_plots",
        *_texts("contract_id", "place_id"),
        *_keys("supply_plots", contract_id="supply_contracts", place_id="places"),
        sa.PrimaryKeyConstraint("contract_id", "place_id", name=op.f("pk_supply_plots")),
    )
    guards.forbid_changes("supply_plots")
    op.create_table(
        "supply_uses",
        *_texts("id", "contract_id", "batch_id"),
        sa.Column("kg", Grams(), nullable=False),
        sa.Column("harvested_on", sa.Date(), nullable=False),
        sa.Column("place_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("at", Moment(timezone=True), nullable=False),
        *_texts("person_id"),
        sa.CheckConstraint("kg <> 0", name=op.f("ck_supply_uses_something")),
        *_keys(
            "supply_uses", contract_id="supply_contracts", batch_id="batches", place_id="places", person_id="persons"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_uses")),
    )
    _indexes("supply_uses", "contract_id", "batch_id")
    guards.forbid_changes("supply_uses")


def _licensees() -> None:
    """Who held the licence behind a batch answered for its labels before, too: until now that was its producer."""
    with op.batch_alter_table("batches", schema=None) as table:
        table.add_column(sa.Column("licensee_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.execute(_FILL)
    with op.batch_alter_table("batches", schema=None) as table:
        table.alter_column("licensee_id", nullable=False)
        table.create_index(op.f("ix_batches_licensee_id"), ["licensee_id"])
        table.create_foreign_key(op.f("fk_batches_licensee_id"), "enterprises", ["licensee_id"], ["id"])


def _texts(*named: str) -> list[sa.Column[str]]:
    """Text columns that are never empty, with the most characters after a colon."""
    found = []
    for one in named:
        name, _, most = one.partition(":")
        found.append(
            sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=int(most) if most else None), nullable=False)
        )
    return found


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"))
        for name, other in columns.items()
    ]


def _indexes(table: str, *columns: str) -> None:
    for one in columns:
        op.create_index(op.f(f"ix_{table}_{one}"), table, [one], unique=False)
