"""Two clerks forget one person at one moment: it is told once, and everybody else hears that it is done already."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlmodel import select

from brand.kernel import audit
from brand.kernel.db import Database
from brand.kernel.leaves import Leaf
from brand.kernel.work import Work
from brand.models.complaints import Complaint
from brand.services import accounts, erasures
from tests import make
from tests.people import ADMIN, APPROVER, CLERK
from tests.races.harness import one_work, race

RACERS = 6

pytestmark = pytest.mark.ready


def an_ended_complaint(database: Database) -> str:
    with database.writing() as session:
        work = make.work(session)
        sent = make.a_complaint(work, kind="comment")
        make.complaint_step(work, sent, "refuse", CLERK, reason_code="not_accepted.not_ours", comment="示范")
        return sent.id


def told(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(Leaf).where(Leaf.statement == "record.erase")).all())


def forget(database: Database, erase: Callable[[Work], object]) -> object:
    with database.writing() as session:
        return erase(make.work(session, make.actor(session, ADMIN)))


def test_who_complained_is_forgotten_once(database: Database) -> None:
    complaint = an_ended_complaint(database)

    def erase(work: Work) -> str:
        by_clerk = make.work(work.session, make.actor(work.session, CLERK))
        return erasures.erase_complainant(by_clerk, complaint, paper="示范-1").id

    outcome = race(RACERS, lambda _position: one_work(database, erase))
    assert (outcome.done, outcome.codes) == ([complaint], {"erasures.complainant_already"})
    assert told(database) == 1


def test_who_left_is_forgotten_once(database: Database) -> None:
    forget(database, lambda work: accounts.set_active(work, APPROVER.username, active=False))

    def erase(_position: int) -> object:
        return forget(database, lambda work: erasures.erase(work, APPROVER.username, paper="示范-1").id)

    outcome = race(RACERS, erase)
    assert (len(outcome.done), outcome.codes) == (1, {"erasures.erased_already"})
    assert told(database) == 1


def test_the_naive_twin_tells_of_it_again_and_again(database: Database) -> None:
    """Look, then write: everybody sees one who is not forgotten. Were it told once, the races would prove nothing."""
    complaint = an_ended_complaint(database)
    everybody_has_looked = threading.Barrier(RACERS)

    def erase(_position: int) -> None:
        with database.reading() as session:
            seen = session.get_one(Complaint, complaint).erased_at
        everybody_has_looked.wait(timeout=60)
        assert seen is None
        one_work(database, naive)

    def naive(work: Work) -> None:
        one = work.session.get_one(Complaint, complaint)
        one.erased_at = work.now
        audit.record(work, "erasures.erase_complainant", "complaint", complaint, salts=0, digest="")

    race(RACERS, erase)
    assert told(database) == RACERS
