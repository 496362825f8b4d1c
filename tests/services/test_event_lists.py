"""Many events at once: each held against the same rules as one by itself, all of them or none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from tests import make
from tests.make_flows import by_producer, leaf, split
from trace.models.events import Event
from trace.rules.events import EventKind
from trace.services import events, storing
from trace.services.events import Step


def test_a_list_is_written_as_one_by_one_and_moves_the_chain_on_once(database: Database) -> None:
    with database.writing() as session:
        work = by_producer(make.work(session))
        batch = leaf(work)
        part = split(work, batch, "10")[0]
        before = (batch.version, part.version)
        late = work.now - timedelta(hours=1)
        steps = [
            Step(one, EventKind.STORING, at, {"place": "示范"}) for one in (batch, part) for at in (late, work.now)
        ]
        written = events.record_all(work, steps, operation="示范")
        alone = events.record(
            work, batch, EventKind.STORING, event_time=work.now, data={"place": "示范"}, operation="示范"
        )
        rows = [session.get_one(Event, one) for one in written]
        assert [(one.batch_id, one.event_time) for one in rows] == [(one.batch.id, one.event_time) for one in steps]
        assert rows[1].model_dump(exclude={"id"}) == alone.model_dump(exclude={"id"})
        assert (batch.version, part.version) == (before[0] + 2, before[1] + 2)


@pytest.mark.parametrize(("hours", "code"), [(1, "events.in_future"), (-24 * 9, "events.before_batch")])
def test_one_step_that_cannot_be_leaves_none(database: Database, hours: int, code: str) -> None:
    with database.writing() as session:
        work = by_producer(make.work(session))
        batch = leaf(work)
        known = len(session.exec(select(Event)).all())
        at = work.now + timedelta(hours=hours)
        steps = [Step(batch, EventKind.STORING, when, {}) for when in (work.now, at)]
        with pytest.raises(AppError) as caught:
            events.record_all(work, steps)
        assert caught.value.code == code
        assert len(session.exec(select(Event)).all()) == known
        assert events.record_all(work, []) == []


def test_each_step_of_a_list_lies_where_its_batch_lay_at_that_moment(database: Database) -> None:
    with database.writing() as session:
        work = by_producer(make.work(session))
        batch = leaf(work)
        moments = [work.now - timedelta(minutes=minutes) for minutes in (30, 20, 10)]
        stores = [make.a_place(make.work(session), kind="cold_store", name=f"示范冷库{one}").id for one in "甲乙"]
        for place, at in zip(stores, moments[1:], strict=True):
            storing.store(work, "cooperative", batch.id, place, at)
        written = events.record_all(work, [Step(batch, EventKind.CHILLING, at, {}) for at in moments])
        assert [session.get_one(Event, one).place_id for one in written] == [None, *stores]
