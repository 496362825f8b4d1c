"""A scheme of the first release comes along: its hero products counted, the terms of appeals added."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from brand.kernel.db import Database
from tests.house.test_migrations import empty  # noqa: F401  (both databases, without tables)
from tests.house.test_upgrades import Old
from trace import schema


@pytest.fixture
def old(empty: Database) -> Database:  # noqa: F811
    """A tier for at most two hero products with three of them, and a renewal of a licence."""
    schema.upgrade(empty, "0001")
    with empty.engine.begin() as connection:
        rows = Old(connection)
        scheme = rows.row("schemes", loaded_at=datetime(2026, 8, 3, 1, tzinfo=UTC))
        tier = rows.row("tiers", scheme_id=scheme, slots_max=None, heroes_max=2)
        brand = rows.row("brands", scheme_id=scheme, tier_id=tier, state="in_force")
        products = [rows.row("products", brand_id=brand, hero=True) for _ in range(3)]
        held = rows.row("licences", brand_id=brand, product_id=products[0])
        rows.row("applications", brand_id=brand, product_id=products[0], renews_id=held)
    return empty


def column(connection: sa.Connection, statement: str) -> list[object]:
    return [row[0] for row in connection.execute(sa.text(statement))]


def test_heroes_are_counted_and_appeals_get_their_terms(old: Database) -> None:
    schema.upgrade(old)
    with old.engine.begin() as connection:
        assert max(column(connection, "SELECT heroes_used FROM tiers")) == 2  # type: ignore[type-var]
        assert column(connection, "SELECT count(*) FROM products WHERE hero") == [3]
        assert column(connection, "SELECT count(*) FROM applications WHERE renews_id IS NOT NULL") == [1]
        terms = column(connection, "SELECT DISTINCT key FROM policy_values WHERE key LIKE 'appeal_%' ORDER BY key")
        assert terms == ["appeal_answer_working_days", "appeal_carry_out_working_days", "appeal_working_days"]


@pytest.mark.parametrize(
    "change", ["UPDATE tiers SET heroes_used = 3 WHERE heroes_max = 2", "UPDATE applications SET renews_id = 'nobody'"]
)
def test_the_new_keys_and_limits_hold(old: Database, change: str) -> None:
    schema.upgrade(old)
    with pytest.raises(DatabaseError), old.engine.begin() as connection:
        connection.execute(sa.text(change))
