"""The desk as a queue: the most urgent first, its address is its state; an application says whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.queries import calendar as calendars
from brand.rules.urgency import Nearness, standing
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


@pytest.fixture
def waiting(database: Database) -> None:
    """A complaint with a term and an enterprise without one."""
    with database.writing() as session:
        work = make.work(session)
        make.a_complaint(work)
        make.a_joined_enterprise(work)


def test_a_last_day_is_told_in_working_days(database: Database) -> None:
    with database.reading() as session:
        calendar = calendars.calendar(session)
    friday, monday = date(2026, 9, 11), date(2026, 9, 14)
    assert standing(calendar, None, friday).nearness is Nearness.NO_TERM
    assert standing(calendar, friday, friday).nearness is Nearness.TODAY
    assert standing(calendar, friday, monday).nearness is Nearness.OVERDUE
    soon = standing(calendar, monday, friday)
    assert (soon.nearness, soon.working_days) == (Nearness.SOON, 1)
    assert standing(calendar, friday + timedelta(days=30), friday).nearness is Nearness.LATER


@pytest.mark.usefixtures("waiting")
def test_what_has_a_term_stands_before_what_has_none(as_: As) -> None:
    page = as_(CLERK).get("/desk?lang=en").text
    assert page.index("C2026-0001") < page.index("示范新社")
    assert "working days: 2026-09-" in page
    assert "no term is set" in page
    assert "bookmark" in page


@pytest.mark.usefixtures("waiting")
def test_the_last_day_and_the_day_after_are_said_in_words(as_: As, clock: time_machine.Traveller) -> None:
    clock.move_to(make.MONDAY.replace(day=22))
    assert "today: 2026-09-22" in as_(CLERK).get("/desk?lang=en").text
    clock.move_to(make.MONDAY.replace(day=30))
    assert "overdue since 2026-09-22" in as_(CLERK).get("/desk?lang=en").text


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("address", "complaint", "enterprise"),
    [
        ("topic=desk.complaint_received", True, False),
        ("urgency=no_term", False, True),
        ("urgency=overdue", False, False),
        ("q=c2026", True, False),
        ("q=示范新社&sort=title", False, True),
        ("sort=topic", True, True),
    ],
)
def test_the_address_is_the_state(as_: As, address: str, complaint: bool, enterprise: bool) -> None:
    page = as_(CLERK).get(f"/desk?{address}").text
    rows = page.partition("<tbody")[2]
    assert ("C2026-0001" in rows, "示范新社" in rows) == (complaint, enterprise)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("address", ["urgency=tomorrow", "sort=colour", "q=" + "x" * 61, "unknown=1"])
def test_a_mistaken_address_is_named(as_: As, address: str) -> None:
    assert as_(CLERK).get(f"/desk?{address}").status_code == 422


@pytest.mark.usefixtures("waiting")
def test_another_role_sees_other_work(as_: As) -> None:
    assert "示范新社" not in as_(APPROVER).get("/desk").text
    assert "C2026-0001" not in as_(PRODUCER).get("/desk").text


def test_an_application_says_whose_turn_it_is(as_: As, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        one = make.an_application(work)
        where = f"/applications/{one.id}?lang=en"
    client = as_(PRODUCER)
    page = client.get(where).text
    assert "the applicant" in page
    assert "no term is set" in page
    assert "Complete the papers" in page
    assert "You need to do nothing now" not in page
    with database.writing() as session:
        make.step(make.work(session), one, "submit", PRODUCER)
    page = client.get(where).text
    assert "The brand office starts the review." in page
    assert "You need to do nothing now" in page
    assert as_(RIVAL).get(where).status_code == 404


def test_on_notice_the_day_is_the_notices_own_and_then_the_approver_decides(
    as_: As, database: Database, clock: time_machine.Traveller
) -> None:
    with database.writing() as session:
        one = make.on_notice(make.work(session))
    where = f"/applications/{one.id}?lang=en"
    page = as_(PRODUCER).get(where).text.partition('id="turn"')[2].partition("</section>")[0]
    assert "the public (on notice)" in page
    assert "2026-" in page
    clock.move_to(make.MONDAY + timedelta(days=20))
    page = as_(PRODUCER).get(where).text.partition('id="turn"')[2].partition("</section>")[0]
    assert "a person who had no hand in it decides" in page
    assert "no term is set" in page
    assert as_(INSPECTOR).get(where).status_code == 200
