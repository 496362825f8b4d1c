"""One form sent many times at one moment: one complaint, one number, the same answer to everybody."""

from __future__ import annotations

import threading

from sqlmodel import select

from brand.kernel.db import Database
from brand.models.complaints import Complaint
from brand.queries import complaints as reading
from brand.services import complaints
from tests import make
from tests.races.harness import race

RACERS = 8


def _sent(database: Database, secret: str) -> str:
    with database.writing() as session:
        return make.a_complaint(make.work(session), secret=secret).number


def test_the_same_form_at_the_same_moment_is_one_complaint(database: Database) -> None:
    outcome = race(RACERS, lambda _position: _sent(database, "S" * 32))
    assert outcome.refused == []
    assert outcome.done == ["C2026-0001"] * RACERS
    with database.reading() as session:
        assert len(session.exec(select(Complaint)).all()) == 1
    assert _sent(database, "T" * 32) == "C2026-0002", "no number was lost"


def test_different_forms_at_the_same_moment_have_a_number_each(database: Database) -> None:
    outcome = race(RACERS, lambda position: _sent(database, str(position) * 32))
    assert sorted(outcome.done) == [f"C2026-{number:04d}" for number in range(1, RACERS + 1)]


def test_the_naive_twin_writes_what_it_did_not_see(database: Database) -> None:
    """Look, then write: everybody sees nothing and writes. If one saw the other, the race would prove nothing."""
    everybody_has_looked = threading.Barrier(RACERS)

    def send(position: int) -> str:
        with database.reading() as session:
            seen = reading.by_digest(session, complaints.digest("S" * 32))
        everybody_has_looked.wait(timeout=60)
        assert seen is None
        return _sent(database, str(position) * 32)  # the unique digest would stop it, as an error instead of an answer

    assert len(set(race(RACERS, send).done)) == RACERS
