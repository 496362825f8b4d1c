"""One quota, many yeses at once, and a naive twin that must give too many in the same race."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.make_quality import a_programme, a_request
from tests.people import CLERK, PRODUCER
from tests.races.harness import one_work, race
from trace.models.free_tests import FreeTest, TestProgramme
from trace.services import free_tests

QUOTA, REQUESTS = 5, 12


def _asked(database: Database) -> tuple[str, list[str]]:
    """A programme of five tests, and twelve requests for goods of one enterprise."""
    with database.writing() as session:
        work = make.work(session)
        batch = make.the_batch(session)
        programme = a_programme(work, quota=QUOTA)
        lots = [
            make.a_batch_from(session, {batch.id: "1"}, lot=f"MIX-{one}", holder_id="cooperative", kg="1").id
            for one in range(REQUESTS)
        ]
        return programme.id, [a_request(work, one, programme).id for one in lots]


@pytest.mark.packed
def test_many_yeses_give_exactly_the_quota(database: Database) -> None:
    programme_id, requests = _asked(database)
    with database.reading() as session:
        clerk = make.actor(session, CLERK)

    def accept(work: Work, request: str) -> None:
        free_tests.step(work, request, "accept", version=1)

    outcome = race(REQUESTS, lambda at: one_work(database, lambda work: accept(work, requests[at]), clerk))
    assert (len(outcome.done), outcome.codes) == (QUOTA, {"free_tests.quota"})
    with database.reading() as session:
        assert session.get_one(TestProgramme, programme_id).used == QUOTA
        states = session.exec(select(FreeTest.state)).all()
    assert (states.count("accepted"), states.count("asked")) == (QUOTA, REQUESTS - QUOTA)


@pytest.mark.packed
def test_one_request_answered_by_many_spends_one(database: Database) -> None:
    programme_id, requests = _asked(database)
    with database.reading() as session:
        clerk = make.actor(session, CLERK)
    outcome = race(
        8, lambda _: one_work(database, lambda work: free_tests.step(work, requests[0], "accept", version=1).id, clerk)
    )
    assert (len(outcome.done), outcome.codes) == (1, {"free_tests.stale"})
    with database.reading() as session:
        assert session.get_one(TestProgramme, programme_id).used == 1


@pytest.mark.packed
def test_one_batch_is_asked_for_once(database: Database) -> None:
    with database.writing() as session:
        programme = a_programme(make.work(session), quota=QUOTA).id
        batch, producer = make.the_batch(session).id, make.actor(session, PRODUCER)
    given = {"test_programme_id": programme, "items": "兽药残留", "sold_at": "示范网店"}
    outcome = race(6, lambda _: one_work(database, lambda work: free_tests.ask(work, batch, **given).id, producer))
    assert (len(outcome.done), outcome.codes) == (1, {"free_tests.asked_already"})


@pytest.mark.packed
def test_the_naive_twin_gives_too_many_in_the_same_race(database: Database) -> None:
    """Read, check, write: everybody sees a place left. If this one keeps the quota, the race proves nothing."""
    programme_id, requests = _asked(database)
    everybody_has_looked = threading.Barrier(REQUESTS)

    def accept(at: int) -> bool:
        with database.reading() as session:
            one = session.get_one(TestProgramme, programme_id)
            used, quota = one.used, one.quota
        everybody_has_looked.wait(timeout=60)
        if used + 1 > quota:
            return False
        with database.writing() as session:
            session.get_one(TestProgramme, programme_id).used = used + 1
            session.get_one(FreeTest, requests[at]).state = "accepted"
        return True

    assert sum(race(REQUESTS, accept).done) > QUOTA
