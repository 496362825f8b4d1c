"""One report number, many hands at once, and a naive twin that must keep it twice in the same race."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR
from tests.races.harness import one_work, race
from trace.models.checks import Sample
from trace.models.quality import LabReport
from trace.services import lab_reports, samples

MANY = 8
REPORT = {
    "kind": "laboratory",
    "number": "R-77",
    "laboratory": "示范检测中心",
    "tested_on": date(2026, 9, 14),
    "items": [{"name": "恩诺沙星", "result": "12", "unit": "μg/kg", "limit": "100"}],
}
SEALED = {"seal": "FY-77", "where": "示范冷库", "quantity": 1, "unit": "kg", "spare": False, "taken_at": make.MONDAY}


@pytest.mark.packed
def test_a_number_is_kept_once_and_the_others_read_why(database: Database) -> None:
    with database.reading() as session:
        batch, clerk = make.the_batch(session).id, make.actor(session, ABATTOIR)

    def record(work: Work, number: str) -> str:
        return lab_reports.record_one(work, batch, REPORT | {"number": number}).id

    spellings = ("R-77", "r-77", "Ｒ-77", "R‑77")
    outcome = race(MANY, lambda at: one_work(database, lambda work: record(work, spellings[at % 4]), clerk))
    faults = {one.code for error in outcome.refused for one in error.faults}
    assert (len(outcome.done), faults) == (1, {"lab_reports.number_taken"})


@pytest.mark.packed
def test_a_seal_is_used_once_by_however_many(database: Database) -> None:
    with database.reading() as session:
        batch, clerk = make.the_batch(session).id, make.actor(session, ABATTOIR)
    outcome = race(MANY, lambda _: one_work(database, lambda work: samples.take(work, batch, **SEALED).id, clerk))
    faults = {one.code for error in outcome.refused for one in error.faults}
    assert (len(outcome.done), faults) == (1, {"samples.seal_taken"})
    with database.reading() as session:
        assert len(session.exec(select(Sample)).all()) == 1


@pytest.mark.packed
def test_the_naive_twin_keeps_it_twice_in_the_same_race(database: Database) -> None:
    """Look it up, then keep it under a key of one's own: everybody finds it free. Else the race proves nothing."""
    everybody_has_looked = threading.Barrier(MANY)

    def record(at: int) -> bool:
        with database.reading() as session:
            free = session.exec(select(LabReport.id).where(LabReport.number == "R-77")).first() is None
        everybody_has_looked.wait(timeout=60)
        with database.writing() as session:
            batch = make.the_batch(session)
            typed = REPORT | {"laboratory": f"示范检测中心 {at}号"}
            if free:
                lab_reports.record_one(make.by_abattoir(make.work(session)), batch.id, typed)
        return free

    assert sum(race(MANY, record).done) > 1
