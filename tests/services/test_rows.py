"""Rows written past the records read like records, on both databases."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import bindparam
from sqlmodel import col, select

from brand.kernel import rows
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.ids import new_id
from tests import make
from tests.make_flows import by_producer, leaf
from trace.models.batches import Batch
from trace.models.events import Event

_ENTERPRISE = select(AuditEntry.enterprise_id).where(col(AuditEntry.id) == bindparam("entry"))


def _entry(**changes: object) -> dict[str, object]:
    usual = dict.fromkeys(AuditEntry.model_fields, "示范") | {"id": new_id(), "at": make.MONDAY, "enterprise_id": None}
    return usual | changes


@pytest.mark.parametrize("count", [1, 3])
def test_rows_come_back_as_records_of_the_same_values(database: Database, count: int) -> None:
    """Moments in any zone, flags, nothing, JSON with words of ours; one row and several go different ways."""
    china = make.MONDAY.astimezone(timezone(timedelta(hours=8)))
    with database.writing() as session:
        batch = leaf(by_producer(make.work(session)))
        pattern = session.exec(select(Event)).one()
        data = {"words": "示范“引号”%s", "list": [1, None, True]}
        made = [
            pattern.model_dump() | {"id": new_id(), "event_time": china, "late": bool(place), "data": data}
            for place in range(count)
        ]
        rows.add(session, Event, made)
    with database.reading() as session:
        found = [session.get_one(Event, one["id"]) for one in made]
        assert [one.model_dump() for one in found] == made
        assert {one.event_time.utcoffset() for one in found} == {timedelta(0)}
        assert {one.batch_id for one in found} == {batch.id}


def test_rows_of_a_list_name_the_same_columns(database: Database) -> None:
    with database.writing() as session:
        short = {name: value for name, value in _entry().items() if name != "via"}
        for other in (short, _entry() | {"colour": "red"}, short | {"colour": "red"}):
            with pytest.raises((ValueError, KeyError)):
                rows.add(session, AuditEntry, [_entry(), other])
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "示范")).all() == []
        rows.add(session, AuditEntry, [])


def test_what_waits_is_there_for_a_statement_and_what_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        waiting = AuditEntry(**_entry(enterprise_id="cooperative"))
        session.add(waiting)
        assert rows.run(session, _ENTERPRISE, entry=waiting.id) == [("cooperative",)]
        written = _entry()
        rows.add(session, AuditEntry, [written])
        assert rows.run(session, _ENTERPRISE, entry=written["id"]) == [(None,)]
        raise RuntimeError("the power fails")
    with database.reading() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "示范")).all() == []


_ASKED = (
    select(Event, Batch.total_kg, col(Batch.version).label("edition"))
    .join(Batch, col(Batch.id) == col(Event.batch_id))
    .where(
        col(Event.batch_id).in_(bindparam("batches", expanding=True)),
        col(Event.kind).not_in(["示范", "%s"]),
        Event.record_time <= bindparam("until"),
    )
    .order_by(col(Event.id))
    .limit(3)
)


def test_rows_asked_of_the_driver_are_read_as_the_engine_reads_them(database: Database) -> None:
    """Lists of any length, literal lists, moments, flags, JSON and weights; what waits in the session is found too."""
    with database.writing() as session:
        batch = leaf(by_producer(make.work(session)))
        batch.version += 1
        until = make.MONDAY + timedelta(days=900)
        for batches in ([batch.id], ["nobody", batch.id, "%s"], ["nobody"] * 4 + [batch.id], []):
            given = {"batches": batches, "until": until}
            told = [tuple(one) for one in rows.ask(session, _ASKED, **given)]
            assert told == [tuple(one) for one in session.connection().execute(_ASKED, given)]
            assert len(told) == bool(batches)
        (one,) = rows.ask(session, _ASKED, batches=[batch.id], until=until)
        assert (one.batch_id, one.late, one.total_kg, one.edition) == (batch.id, False, batch.total_kg, batch.version)
