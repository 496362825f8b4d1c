"""One allowance, one number, one decision: many hands at once, and a naive twin that must fail in the same race."""

from __future__ import annotations

import threading
from decimal import Decimal

from sqlmodel import select

from brand.kernel import numbers
from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.licences import Application, Licence, LicenceYear
from brand.services import applications, licences
from tests import make
from tests.people import APPROVER, PRODUCER, STATION
from tests.races.harness import one_work, race

BUYERS, CAP, EACH = 100, Decimal(1000), Decimal("20.5")
FITTING = int(CAP / EACH)


def _allowance(database: Database) -> LicenceYear:
    with database.writing() as session:
        licence = make.a_licence(make.work(session), cap_kg=CAP)
        return session.exec(
            select(LicenceYear).where(LicenceYear.licence_id == licence.id, LicenceYear.year == 2026)
        ).one()


def test_a_hundred_spenders_spend_exactly_the_cap(database: Database) -> None:
    allowance = _allowance(database)

    def spend(work: Work) -> None:
        licences.spend(work, allowance.licence_id, 2026, kg=EACH, labels=7)

    outcome = race(BUYERS, lambda _: one_work(database, spend))
    assert len(outcome.done) == FITTING
    assert outcome.codes == {"licences.cap_exceeded"}
    with database.reading() as session:
        after = session.get_one(LicenceYear, allowance.id)
        assert (after.used_kg, after.labels) == (FITTING * EACH, FITTING * 7)


def test_the_naive_twin_over_issues_in_the_same_race(database: Database) -> None:
    """Read, check, write: everybody sees enough left. If this one keeps the cap, the race proves nothing."""
    allowance = _allowance(database)
    everybody_has_looked = threading.Barrier(BUYERS)

    def spend(_: int) -> bool:
        with database.reading() as session:
            used = session.get_one(LicenceYear, allowance.id).used_kg
        everybody_has_looked.wait(timeout=60)
        if used + EACH > CAP:
            return False
        with database.writing() as session:
            session.get_one(LicenceYear, allowance.id).used_kg = used + EACH
        return True

    assert sum(race(BUYERS, spend).done) > FITTING


def test_numbers_have_neither_twins_nor_gaps(database: Database) -> None:
    outcome = race(40, lambda _: one_work(database, lambda work: numbers.next_number(work, "notices")))
    assert sorted(outcome.done) == [f"N2026-{one:04d}" for one in range(1, 41)]


def test_two_clerks_of_one_cooperative_open_one_application(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        product = make.a_product(session)
        writers = [make.actor(session, one) for one in (PRODUCER, STATION)]

    def write(work: Work) -> None:
        applications.draft(
            work,
            enterprise_id="cooperative",
            product_id=product.id,
            cap_kg=CAP,
            uses=make.USES,
            capacity="示范",
            promise=True,
        )

    def attempt(position: int) -> str:
        try:
            one_work(database, write, writers[position % 2])
        except Exception as error:  # the unique index may speak before the rule does
            return type(error).__name__
        return "done"

    assert race(12, attempt).done.count("done") == 1
    with database.reading() as session:
        assert len(session.exec(select(Application)).all()) == 1


def test_one_application_is_granted_once(database: Database) -> None:
    with database.writing() as session:
        application = make.on_notice(make.work(session, now=make.MONDAY.replace(month=8)))
        approver = make.actor(session, APPROVER)
        read = make.read(session, application)

    def grant(work: Work) -> None:
        applications.step(work, application.id, "grant", version=application.version, digest=read)

    outcome = race(16, lambda _: one_work(database, grant, approver))
    assert (len(outcome.done), outcome.codes) == (1, {"applications.stale"})
    with database.reading() as session:
        assert len(session.exec(select(Licence)).all()) == 1
