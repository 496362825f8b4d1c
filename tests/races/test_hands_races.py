"""Two hands at one thing: graders at a batch, readers at an intake, carriers at a shipment; with planted bugs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import col, select, update

from brand.kernel.db import Database
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from tests import make
from tests.flows.at_once import collected
from tests.people import ABATTOIR, RIVAL_ABATTOIR, PersonOfTheCast
from tests.races.harness import Outcome, one_work, race
from trace.models.batches import Carcass
from trace.models.grading import GradeDecision
from trace.models.lairage import Lairage, LairageTag
from trace.models.shipments import Shipment
from trace.services import grading, imports, lairage, shipments
from trace.services.shipment_loads import Load

pytestmark = pytest.mark.licensed

GRADERS = [
    PersonOfTheCast(f"grader-{one}", f"示范定级员{one}", Role.ABATTOIR_CLERK, "abattoir") for one in ("a", "b", "c")
]
DRIVERS = 4


def carcasses(database: Database) -> tuple[str, int, str]:
    """A batch of three carcasses: its id, its version as everybody saw it, and the number of one of the graded."""
    with database.writing() as session:
        for one in GRADERS:
            make.joins(session, one)
        work = make.work(session)
        make.a_licence(work)
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
        batch = imports.take(make.by_abattoir(work), make.a_small_sheet(make.carcass_lines(3)), plan)
        graded = select(Carcass).where(Carcass.batch_id == batch.id, Carcass.grade != "manual")
        return batch.id, batch.version, session.exec(graded).all()[0].carcass_no


def graders(database: Database) -> Outcome[str]:
    """Three graders, each with a grade of its own for the same carcass, from the same page."""
    batch_id, version, number = carcasses(database)
    with database.reading() as session:
        actors = [make.actor(session, one) for one in GRADERS]
    grades = ("good", "usable", "")

    def act(position: int) -> str:
        given = {"grade": grades[position], "method": "eye", "reason": "示范"}
        event = one_work(
            database,
            lambda work: grading.grade(work, batch_id, grading.Said(version=version, carcasses=[number], **given)),
            actors[position],
        )
        return event.person_id

    return race(len(GRADERS), act)


def test_of_graders_at_once_one_decides_and_the_others_look_again(database: Database) -> None:
    outcome = graders(database)
    assert len(outcome.done) == 1
    assert outcome.codes == {"batches.stale"}
    with database.reading() as session:
        rows = session.exec(select(GradeDecision)).all()
        assert [(one.position, one.grader_id) for one in rows] == [(1, outcome.done[0])]


def test_graders_who_need_not_have_seen_it_overrule_each_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "check_seen", lambda *_: None)
    assert len(graders(database).done) > 1


def readers(database: Database) -> tuple[str, Outcome[str]]:
    """Two people with a reader each at one gate; either reads two of the four animals. The lot, and what came of it."""
    lines = make.carcass_lines(4)
    tags = [one.ear_tag for one in lines]
    with database.writing() as session:
        make.a_licence(make.work(session))
        clerk = make.actor(session, ABATTOIR)
        lot = lairage.announce(
            make.work(session, clerk),
            "abattoir",
            producer_id="cooperative",
            product_id=make.a_product(session).id,
            lot="L1",
            expected_on=date(2026, 9, 14),
            head=4,
            tags=tags,
            certificate="",
        )
        lot_id, version = lot.id, lot.version

    def act(position: int) -> str:
        own = tags[position * 2 : position * 2 + 2]
        return one_work(database, lambda work: lairage.read(work, lot_id, version=version, tags=own), clerk).id

    return lot_id, race(2, act)


def test_of_two_readers_at_one_gate_none_writes_over_the_other(database: Database) -> None:
    lot_id, outcome = readers(database)
    assert (len(outcome.done), outcome.codes) == (1, {"lairage.stale"})
    with database.reading() as session:
        assert len(session.exec(select(LairageTag).where(LairageTag.lairage_id == lot_id)).all()) == 2
        assert session.get_one(Lairage, lot_id).state == "read"


def test_a_gate_that_forgets_what_was_seen_lets_both_in(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever examines after that would not know which reading the page was about."""

    def careless(work: Work, lairage_id: str, _: int) -> Lairage:
        return work.session.exec(select(Lairage).where(Lairage.id == lairage_id).with_for_update()).one()

    monkeypatch.setattr(lairage, "_own", careless)
    assert len(readers(database)[1].done) == 2


def on_the_way(database: Database) -> tuple[str, int]:
    one_work(database, make.a_licence)
    batch_id = collected(database, "W1", "10")
    with database.writing() as session:
        sent = shipments.send(
            make.work(session, make.actor(session, ABATTOIR)),
            "abattoir",
            to_id="rival",
            carrier_id="rival_abattoir",
            loads=[Load(batch_id)],
            planned_on=make.MONDAY.date() + timedelta(days=1),
        )
        return sent.number, sent.version


def drivers(database: Database, take: Callable[[Work, str, int, str], object]) -> Outcome[str]:
    number, version = on_the_way(database)
    with database.reading() as session:
        driver = make.actor(session, RIVAL_ABATTOIR)

    def act(position: int) -> str:
        remark = f"示范司机{position}"
        one_work(database, lambda work: take(work, number, version, remark), driver)
        return remark

    return race(DRIVERS, act)


def test_goods_are_taken_over_once_whoever_stands_at_the_ramp(database: Database) -> None:
    outcome = drivers(
        database,
        lambda work, number, version, remark: shipments.take_over(work, number, version=version, taken_words=remark),
    )
    assert (len(outcome.done), outcome.codes) == (1, {"shipments.stale"})
    with database.reading() as session:
        assert session.exec(select(Shipment)).one().taken_words == outcome.done[0]


def test_looking_before_the_turn_takes_over_more_than_once(database: Database) -> None:
    """Read, check, write: if this one keeps it at once, the race proves nothing."""
    everybody_has_looked = threading.Barrier(DRIVERS)
    number, _ = on_the_way(database)

    def act(position: int) -> bool:
        with database.reading() as session:
            free = session.exec(select(Shipment).where(Shipment.number == number)).one().taken_over_at is None
        everybody_has_looked.wait(timeout=60)
        if free:
            taken = {
                "taken_over_at": make.MONDAY,
                "taken_over_by": RIVAL_ABATTOIR.username,
                "taken_words": f"{position}",
            }
            its = update(Shipment).where(col(Shipment.number) == number)
            one_work(database, lambda work: work.session.exec(its.values(**taken)))
        return free

    assert sum(race(DRIVERS, act).done) > 1
