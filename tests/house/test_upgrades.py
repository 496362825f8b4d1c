"""A database that the first release has filled is brought to this one with every row and every sum kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.ids import new_id
from tests.house.test_migrations import empty  # noqa: F401  (both databases, without tables)
from trace import schema
from trace.models.batches import Batch, Slaughter
from trace.models.events import Event

_EXAMPLES: tuple[tuple[type, Any], ...] = (
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.JSON, {}),
    (sa.DateTime, datetime(2026, 9, 12, 3, 0, tzinfo=UTC)),
    (sa.Date, date(2026, 9, 12)),
)
#: What a table's CHECKs ask for beyond one example of each type.
_USUAL: dict[str, dict[str, Any]] = {"licences": {"valid_until": date(2027, 9, 11)}, "pack_lines": {"ordered": 1}}
_WEIGHTS = {"live_kg": 50_000, "hot_kg": 24_000, "cold_kg": 23_500, "packed_kg": 1_500}


class Old:
    """Writes rows into tables as an older release knew them: what is not said gets an example, parents are made."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.tables = sa.MetaData()
        self.tables.reflect(connection)

    def row(self, name: str, **said: Any) -> str:
        table, said = self.tables.tables[name], _USUAL.get(name, {}) | said
        values = {one.name: self._example(one) for one in table.columns if not one.nullable and one.name not in said}
        self.connection.execute(table.insert().values(**values | said))
        return str((values | said)[next(iter(table.primary_key)).name])

    def _example(self, column: sa.Column[Any]) -> Any:
        for key in column.foreign_keys:
            return self.row(key.column.table.name)
        return next(
            (value for kind, value in _EXAMPLES if isinstance(column.type, kind)), new_id()[: self._most(column)]
        )

    def _most(self, column: sa.Column[Any]) -> int:
        return getattr(column.type, "length", None) or 40


@pytest.fixture
def old(empty: Database) -> Database:  # noqa: F811
    """Two batches of the first release with carcasses, events, packs and labels."""
    schema.upgrade(empty, "0001")
    with empty.engine.begin() as connection:
        rows = Old(connection)
        for _ in range(2):
            batch = rows.row("batches", head=1, slaughtered_on=date(2026, 9, 12), grade_table="示范表", **_WEIGHTS)
            rows.row("carcasses", batch_id=batch, live_kg=50_000, hot_kg=24_000, cold_kg=23_500)
            event = rows.row("events", batch_id=batch, kind="slaughtering", data={"head": 1})
            rows.row("chilling_logs", batch_id=batch, event_id=event)
            rows.row("events", batch_id=batch, corrects_id=event)
            line = rows.row("pack_lines", batch_id=batch, packs=3, ordered=1, net_kg=500)
            rows.row("label_orders", batch_id=batch, pack_line_id=line)
    return empty


def counts(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        names = [one for one in sa.inspect(connection).get_table_names() if one != "alembic_version"]
        return {one: connection.execute(sa.text(f"SELECT count(*) FROM {one}")).scalar_one() for one in names}


def test_every_row_and_every_sum_is_kept(old: Database) -> None:
    before = counts(old)
    schema.upgrade(old)
    after = counts(old)
    assert {name for name, count in before.items() if after[name] < count} == set()
    assert after["slaughters"] == before["batches"] == 2
    assert schema.differences(old) == []
    with old.reading() as session:
        batches = session.exec(select(Batch)).all()
        found = {one.batch_id: one for one in session.exec(select(Slaughter))}
        assert {(one.total_kg, one.used_kg, one.quantity, one.unit) for one in batches} == {
            (found[batches[0].id].cold_kg, 1.5, found[batches[0].id].cold_kg, "kg")
        }
        assert all(
            one.holder_id == one.maker_id and (one.kind, one.form) == ("slaughter", "carcass") for one in batches
        )
        assert {(one.head, str(one.live_kg), one.grade_table) for one in found.values()} == {(1, "50.000", "示范表")}
        assert {head for one in found.values() for head, _, _ in one.alike["grades"].values()} == {1}
        assert {one.alike["oldest"] for one in found.values()} == {"0.01"}
        events = session.exec(select(Event)).all()
        assert {(one.subject, one.subject_id == one.batch_id, one.late) for one in events} == {("batch", True, False)}


@pytest.mark.parametrize("change", ["UPDATE events SET kind = 'x'", "DELETE FROM events", "DELETE FROM flows"])
def test_events_still_only_grow_after_their_table_was_made_anew(old: Database, change: str) -> None:
    schema.upgrade(old)
    with pytest.raises(DatabaseError, match="only grows"), old.writing() as session:
        _a_flow(session.connection())
        session.connection().execute(sa.text(change))


@pytest.mark.parametrize("change", ["used_kg = total_kg + 1", "used_kg = -1", "total_kg = 0", "withdrawn = true"])
def test_the_database_itself_keeps_the_balance(old: Database, change: str) -> None:
    schema.upgrade(old)
    with pytest.raises(DatabaseError, match=r"(?i)check constraint"), old.writing() as session:
        session.connection().execute(sa.text(f"UPDATE batches SET {change}"))


def _a_flow(connection: sa.Connection) -> None:
    first, second = connection.execute(sa.text("SELECT id FROM batches")).scalars()
    event = connection.execute(sa.text("SELECT id FROM events")).scalars().first()
    words = {"input_id": first, "output_id": second, "event_id": event, "id": new_id()}
    connection.execute(
        sa.text(
            "INSERT INTO flows (id, input_id, output_id, kg, event_id) "
            "VALUES (:id, :input_id, :output_id, 1, :event_id)"
        ),
        words,
    )
