"""One decision is appealed once, however many of its party send at the same moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.appeals import Appeal
from brand.models.licences import LicenceStep
from brand.queries import appeals as reading
from brand.services import appeals, licences
from tests import make
from tests.people import APPROVER, PRODUCER
from tests.races.harness import one_work, race

pytestmark = pytest.mark.licensed

SENDERS = 12


def _suspended(database: Database) -> str:
    with database.writing() as session:
        licence = make.a_licence(make.work(session))
        work = make.work(session, make.actor(session, APPROVER))
        said = {"reason_code": "sanction.accident", "comment": "示范"}
        licences.step(work, licence.id, "suspend", version=licence.version, **said)
        return session.exec(select(LicenceStep.id)).one()


def test_one_of_many_is_taken_in(database: Database) -> None:
    decision = _suspended(database)

    def send(work: Work) -> None:
        appeals.file(make.work(work.session, make.actor(work.session, PRODUCER)), decision, words="示范")

    outcome = race(SENDERS, lambda _: one_work(database, send))
    assert len(outcome.done) == 1
    assert outcome.codes == {"appeals.twice"}


def test_the_naive_twin_runs_into_the_unique_key(database: Database) -> None:
    """Everybody looks before anybody writes: only the key of the table is left, and it refuses without a word."""
    decision = _suspended(database)
    everybody_has_looked = threading.Barrier(SENDERS)
    refused_by_the_key = []

    def send(_: int) -> bool:
        with database.reading() as session:
            free = reading.of_decision(session, decision) is None
        everybody_has_looked.wait(timeout=60)
        assert free
        try:
            with database.writing() as session:
                step = session.get_one(LicenceStep, decision)
                session.add(
                    Appeal(
                        number=f"S{threading.get_ident()}",
                        kind="suspend",
                        decision_id=decision,
                        decided_by="approver",
                        decided_at=step.at,
                        licence_id=step.licence_id,
                        enterprise_id="cooperative",
                        words="x",
                        filed_by="producer",
                        filed_by_name="x",
                        filed_at=step.at,
                        answer_due=step.at.date(),
                    )
                )
        except DBAPIError:
            refused_by_the_key.append(1)
        return True

    race(SENDERS, send)
    assert len(refused_by_the_key) == SENDERS - 1
