"""Holding, recalling, sending and receiving at the same moment; each race has a naive twin that must lose it."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, RIVAL
from tests.races.harness import one_work, race
from trace.models.batches import Batch
from trace.models.recalls import RecallBatch
from trace.queries import lineage, recall_sets
from trace.queries import shipments as reads
from trace.queries.recall_sets import Start, StartKind
from trace.rules.recalls import Width
from trace.services import holds, recalls, shipments
from trace.services.shipment_loads import Load
from trace.services.shipments import Found

pytestmark = pytest.mark.packed
CUTTERS = 8


@pytest.fixture
def cast(database: Database):
    with database.reading() as session:
        return {one.username: make.actor(session, one) for one in (ABATTOIR, APPROVER, CLERK, INSPECTOR, RIVAL)}


@pytest.fixture
def batch(database: Database) -> Batch:
    with database.reading() as session:
        return session.exec(select(Batch)).one()


def propose(batch: Batch):
    def act(work: Work) -> str:
        starts = [Start(StartKind.CODE, batch.code)]
        words = {"level": "first", "reason_code": "other", "words": "示范", "width": Width.ONWARD.value}
        return recalls.propose(work, drill=False, starts=starts, **words).number

    return act


def cut(batch: Batch, place: int):
    def act(work: Work) -> str:
        holds.check_free(work, [batch.id])
        return make.a_batch_from(work.session, {batch.id: "1"}, lot=f"CUT{place}", holder_id="rival", kg="1").id

    return act


def missed(database: Database, batch: Batch) -> set[str]:
    """What was made of the batch and is not called back."""
    with database.reading() as session:
        called = set(session.exec(select(RecallBatch.batch_id)))
        return set(lineage.onward(session, [batch.id])) - called


def test_nothing_made_of_recalled_goods_escapes_a_recall_that_opens_meanwhile(database, cast, batch):
    number = one_work(database, propose(batch), cast["clerk"])

    def act(place: int) -> object:
        if place == CUTTERS // 2:
            opening = lambda work: recalls.step(work, number, "open", version=1).state  # noqa: E731
            return one_work(database, opening, cast["approver"])
        return one_work(database, cut(batch, place), cast["abattoir"])

    outcome = race(CUTTERS, act)
    assert "open" in outcome.done
    assert outcome.codes <= {"holds.recalled"}
    assert missed(database, batch) == set()


def test_the_naive_twin_lets_goods_escape(database, cast, batch):
    """It works the sets out first and writes them down later, without locking what it looked at."""
    number = one_work(database, propose(batch), cast["clerk"])
    looked, made = threading.Barrier(2), threading.Barrier(2)

    def act(place: int) -> None:
        if place:
            looked.wait(timeout=60)
            one_work(database, cut(batch, place), cast["abattoir"])
            made.wait(timeout=60)
            return
        with database.reading() as session:
            found = recall_sets.sets(session, frozenset({batch.id}), Width.ONWARD)
        looked.wait(timeout=60)
        made.wait(timeout=60)
        with database.writing() as session:
            recall = recalls.recalls.find(session, cast["approver"], number)
            for one in found.goods:
                row = {"recall_id": recall.id, "batch_id": one.id, "holder_id": one.holder_id, "kg": one.kg}
                session.add(RecallBatch(**row, drill=False))

    race(2, act)
    assert missed(database, batch) != set()


def test_a_recall_opens_once_and_a_thing_is_held_and_lifted_once(database, cast, batch):
    number = one_work(database, propose(batch), cast["clerk"])
    deciders = [cast["approver"], cast["inspector"]]

    def act(place: int) -> str:
        opening = lambda work: recalls.step(work, number, "open", version=1).number  # noqa: E731
        return one_work(database, opening, deciders[place % 2])

    outcome = race(6, act)
    assert (len(outcome.done), outcome.codes) == (1, {"recalls.stale"})

    def hold(work: Work) -> str:
        return holds.place(work, scope="batch", key=batch.id, reason_code="other", words="").number

    held = race(6, lambda _: one_work(database, hold, cast["clerk"]))
    assert (len(held.done), held.codes) == (1, {"holds.held_already"})
    lifted = race(
        6, lambda _: one_work(database, lambda work: holds.lift(work, held.done[0], words="示范"), deciders[0])
    )
    assert (len(lifted.done), lifted.codes) == (1, {"holds.lifted_already"})


def send(batch: Batch):
    def act(work: Work) -> str:
        planned = work.today + timedelta(days=1)
        return shipments.send(work, "abattoir", to_id="rival", loads=[Load(batch.id)], planned_on=planned).number

    return act


def test_goods_leave_once_arrive_once_and_lose_once_what_is_short(database, cast, batch):
    sent = race(6, lambda _: one_work(database, send(batch), cast["abattoir"]))
    assert (len(sent.done), sent.codes) == (1, {"holds.on_the_way"})

    def receive(work: Work) -> str:
        shipment = reads.find(work.session, work.actor, sent.done[0]).shipment
        line = reads.lines_of(work.session, shipment.id)[0]
        found = {line.id: Found(line.kg - 1, "missing")}
        return shipments.receive(work, shipment.number, version=1, found=found).number

    received = race(6, lambda _: one_work(database, receive, cast["rival"]))
    assert (len(received.done), received.codes) == (1, {"shipments.stale"})
    with database.reading() as session:
        now = session.get_one(Batch, batch.id)
        assert (now.holder_id, now.used_kg) == ("rival", batch.used_kg + 1)


def test_the_naive_receiver_takes_the_goods_twice(database, cast, batch):
    number = one_work(database, send(batch), cast["abattoir"])
    everybody_has_looked = threading.Barrier(2)

    def receive(_: int) -> bool:
        with database.reading() as session:
            waiting = reads.find(session, cast["rival"], number).shipment.state == "on_the_way"
        everybody_has_looked.wait(timeout=60)
        if waiting:
            with database.writing() as session:
                session.get_one(Batch, batch.id).used_kg += Decimal(1)
        return waiting

    assert sum(race(2, receive).done) == 2


def test_what_is_held_at_the_same_moment_leaves_before_or_not_at_all(database, cast, batch):
    def act(place: int) -> str:
        if place:
            return one_work(database, send(batch), cast["abattoir"])
        words = {"scope": "batch", "key": batch.id, "reason_code": "other", "words": ""}
        return one_work(database, lambda work: holds.place(work, **words).number, cast["clerk"])

    outcome = race(2, act)
    assert outcome.codes <= {"holds.held"}
    with pytest.raises(AppError, match=r"holds\.(held|on_the_way)"):
        one_work(database, send(batch), cast["abattoir"])
