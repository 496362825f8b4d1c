"""Taking a batch back against using it: one comes first, and no kilogram is there twice; with a naive twin."""

from __future__ import annotations

import threading
from decimal import Decimal

from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.make_flows import DAY, leaf
from tests.people import PRODUCER
from tests.races.harness import one_work, race
from trace.models.batches import Batch
from trace.models.flows import Operation
from trace.queries import flows as reads
from trace.services import flows, undoing
from trace.services.flow_parts import Output

AT_ONCE = 8


def begun(database: Database) -> tuple[str, str]:
    with database.writing() as session:
        batch = leaf(make.work(session))
        return batch.id, str(batch.operation_id)


def test_a_batch_is_taken_back_or_used_never_both(database: Database) -> None:
    batch_id, act_id = begun(database)
    with database.reading() as session:
        clerk = make.actor(session, PRODUCER)

    def act(position: int) -> str:
        def use(work: Work) -> None:
            flows.split(work, "cooperative", batch_id, [Output(f"S{position}", Decimal(100))], DAY)

        def back(work: Work) -> None:
            undoing.undo(work, act_id, words="录错了")

        one_work(database, back if position % 2 else use, clerk)
        return "back" if position % 2 else "use"

    outcome = race(AT_ONCE, act)
    assert len(outcome.done) == 1
    assert outcome.codes <= {"undoing.used", "undoing.done_already", "batches.withdrawn", "flows.more_than_left"}
    with database.reading() as session:
        batch = session.get_one(Batch, batch_id)
        assert batch.withdrawn == (outcome.done == ["back"])
        assert batch.used_kg == Decimal(100)
        assert reads.differences(session) == []


def test_an_act_is_taken_back_once_by_many(database: Database) -> None:
    batch_id, _ = begun(database)
    with database.reading() as session:
        clerk = make.actor(session, PRODUCER)
    one_work(database, lambda work: flows.split(work, "cooperative", batch_id, [Output("S", Decimal(60))], DAY), clerk)
    with database.reading() as session:
        split = session.exec(select(Operation.id).where(Operation.kind == "split")).one()
    outcome = race(AT_ONCE, lambda _: one_work(database, lambda work: undoing.undo(work, split, words="录错了"), clerk))
    assert len(outcome.done) == 1
    assert outcome.codes == {"undoing.done_already"}
    with database.reading() as session:
        assert session.get_one(Batch, batch_id).used_kg == 0
        assert reads.differences(session) == []


def test_the_naive_twin_gives_back_what_is_used(database: Database) -> None:
    """Look, then empty: if this one never takes back what somebody used, the race proves nothing."""
    batch_id, _ = begun(database)
    both_have_looked = threading.Barrier(2)

    def act(position: int) -> bool:
        with database.reading() as session:
            used = session.get_one(Batch, batch_id).used_kg
        both_have_looked.wait(timeout=60)
        if used:
            return False
        with database.writing() as session:
            batch = session.get_one(Batch, batch_id)
            batch.used_kg = Decimal(100)
            batch.withdrawn = batch.withdrawn or position == 0
        return True

    assert sum(race(2, act).done) == 2
