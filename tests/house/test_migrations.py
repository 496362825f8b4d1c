"""The migrations make exactly the tables of the models, on both databases, and events cannot be changed there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from brand.kernel.db import Database
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield found
        found.close()
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.new("template1")
    found = Database(server.address(name))
    yield found
    found.close()
    server.drop(name)


def test_migrations_equal_models(empty: Database) -> None:
    from trace import schema

    assert schema.status(empty)[0] is None
    schema.upgrade(empty)
    current, head = schema.status(empty)
    assert current == head
    assert schema.differences(empty) == []
    schema.upgrade(empty)


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_history(empty: Database, change: str) -> None:
    from brand.kernel import audit
    from tests import make
    from trace import schema

    schema.upgrade(empty)
    with empty.writing() as session:
        audit.record(make.work(session), "calendar.seed", "thing", "1")
    with pytest.raises(DatabaseError, match="only grows"), empty.writing() as session:
        session.connection().execute(text(change))
