"""One batch, many who issue its certificate at once; and a twin that looks before it leaps must issue too many."""

from __future__ import annotations

import threading
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.ids import random_text
from tests import make
from tests.make_crops import a_crop
from tests.people import PRODUCER
from tests.races.harness import one_work, race
from trace.models.commitments import Commitment
from trace.queries import commitments as reads
from trace.services import commitments
from trace.services.commitments import Said

MANY = 12
SAID = Said("producer", ["controlled"], Decimal(100))


def test_one_batch_gets_one_certificate(database: Database) -> None:
    with database.writing() as session:
        crop, clerk = a_crop(session).id, make.actor(session, PRODUCER)
    outcome = race(MANY, lambda _: one_work(database, lambda work: commitments.issue(work, crop, SAID).number, clerk))
    assert (len(outcome.done), outcome.codes) == (1, {"commitments.issued_already"})
    with database.reading() as session:
        assert len(reads.of_batch(session, crop)) == 1


def test_one_is_replaced_once(database: Database) -> None:
    with database.writing() as session:
        crop, clerk = a_crop(session).id, make.actor(session, PRODUCER)
    number = one_work(database, lambda work: commitments.issue(work, crop, SAID).number, clerk)

    def replace(position: int) -> str:
        less = Said("producer", ["controlled"], Decimal(99 - position))
        return one_work(database, lambda work: commitments.replace(work, number, less, version=1).number, clerk)

    outcome = race(MANY, replace)
    assert (len(outcome.done), outcome.codes) == (1, {"commitments.wrong_state"})
    with database.reading() as session:
        found = [one.state for one in reads.of_batch(session, crop)]
    assert found == ["valid", "replaced"]


def test_the_naive_twin_issues_too_many(database: Database) -> None:
    """Looks, waits for the others and writes, with the index away. If it issues one, the race proves nothing."""
    with database.writing() as session:
        crop, clerk = a_crop(session).id, make.actor(session, PRODUCER)
    pattern = one_work(database, lambda work: commitments.issue(work, crop, SAID).model_dump(), clerk)
    with database.writing() as session:
        session.delete(session.exec(select(Commitment)).one())
        session.flush()
        session.execute(text("DROP INDEX uq_commitments_one_valid"))
    everybody_has_looked = threading.Barrier(MANY)

    def issue(position: int) -> bool:
        with database.reading() as session:
            there = reads.in_force(session, crop)
        everybody_has_looked.wait(timeout=60)
        if there is not None:
            return False
        own = {"id": random_text(20), "code": random_text(12), "number": f"Q-{position}"}
        with database.writing() as session:
            session.add(Commitment(**pattern | own))
        return True

    assert sum(race(MANY, issue).done) > 1
