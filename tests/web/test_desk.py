"""The desk as a queue: the most urgent first, its address is its state; an application says whose turn it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from brand.models.schemes import Scheme
from brand.queries import calendar as calendars
from brand.rules.urgency import Nearness, standing
from brand.services import scheme_changes
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
    """A complaint whose term is longer than that of an enterprise to confirm."""
    with database.writing() as session:
        work = make.work(session)
        make.a_complaint(work)
        make.a_joined_enterprise(work)


def test_a_last_day_is_told_in_working_days(database: Database) -> None:
    with database.reading() as session:
        calendar = calendars.calendar(session)
    friday, monday = date(2026, 9, 11), date(2026, 9, 14)
    assert standing(calendar, None, friday, 2).nearness is Nearness.NO_TERM
    assert standing(calendar, friday, friday, 2).nearness is Nearness.TODAY
    assert standing(calendar, friday, monday, 2).nearness is Nearness.OVERDUE
    soon = standing(calendar, monday, friday, 2)
    assert (soon.nearness, soon.working_days) == (Nearness.SOON, 1)
    assert standing(calendar, friday + timedelta(days=30), friday, 2).nearness is Nearness.LATER


@pytest.mark.usefixtures("waiting")
def test_what_is_due_first_stands_first_and_what_has_no_term_last(as_: As, database: Database) -> None:
    page = as_(CLERK).get("/desk?lang=en").text
    assert page.index("示范新社") < page.index("C2026-0001")
    assert ", working days left: 5" in page
    assert "no term is set" not in page.partition("<tbody")[2]
    assert "bookmark" in page
    with database.writing() as session:
        make.an_application(make.work(session))
    assert "no term is set" in as_(PRODUCER).get("/desk?lang=en").text.partition("<tbody")[2]


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
        ("urgency=no_term", False, False),
        ("urgency=later", True, True),
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
    page = client.get(where).text.partition('id="turn"')[2].partition("</section>")[0]
    assert "The brand office starts the review." in page
    assert "2026-09-20" in page
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
    assert "2026-10-10" in page
    assert "2026-10-10" in as_(APPROVER).get("/desk?lang=en").text
    assert as_(INSPECTOR).get(where).status_code == 200


def test_page_and_desk_tell_the_same_day_at_every_station(as_: As, database: Database) -> None:
    """Five days to take it up, ten for the papers, twenty for the site; each counted from the step before."""
    with database.writing() as session:
        work = make.work(session)
        one = make.an_application(work)
        make.step(work, one, "submit", PRODUCER)
        where = f"/applications/{one.id}?lang=en"
    assert _told(as_, where) == {"2026-09-20"}
    for person, action, day in (
        (CLERK, "start_review", "2026-09-28"),
        (CLERK, "review_desk", "2026-10-16"),
        (INSPECTOR, "inspect_site", "2026-09-28"),
    ):
        with database.writing() as session:
            work = make.work(session)
            application = session.get_one(Application, one.id)
            if action == "start_review":
                make.step(work, application, action, person)
            else:
                make.record(work, application, action, person)
        assert _told(as_, where) == {day}, action


def _told(as_: As, where: str) -> set[str]:
    """The last day on the page of the application and in its line on the clerk's desk."""
    turn = as_(CLERK).get(where).text.partition('id="turn"')[2].partition("</section>")[0]
    rows = as_(CLERK).get("/desk?lang=en").text.partition("<tbody")[2].partition("</tbody")[0]
    return {*re.findall(r"2026-\d\d-\d\d", turn), *re.findall(r"2026-\d\d-\d\d", rows)}


def test_the_office_sets_how_long_its_desks_take(as_: As, database: Database) -> None:
    """Another number, agreed on by two persons, counts at once; what is near is such a number too."""
    with database.writing() as session:
        work = make.work(session)
        one = make.an_application(work)
        make.step(work, one, "submit", PRODUCER)
        scheme = session.exec(select(Scheme)).one()
        for key, value in (("application_acceptance_working_days", 8), ("urgency_soon_working_days", 9)):
            said = {"provenance": "示范：办公室会议决定", "provenance_en": "", "confidence": "D"}
            proposer = Work(session, make.actor(session, CLERK), work.now, "test")
            change = scheme_changes.propose_policy(proposer, scheme.id, key, value=value, reason="示范", **said)
            second = Work(session, make.actor(session, APPROVER), work.now, "test")
            scheme_changes.step(second, change.id, "approve", version=1)
    assert _told(as_, f"/applications/{one.id}?lang=en") == {"2026-09-23"}
    assert one.number in as_(CLERK).get("/desk?urgency=soon").text.partition("<tbody")[2]


def _boxes(page: str, form: str) -> list[str]:
    """The values of the boxes that belong to this form of the desk, as a browser would send them."""
    return re.findall(rf'name="chosen" value="([^"]+)"[^>]*form="{form}"', page)


def test_several_lines_are_taken_from_the_queue_itself(as_: As, database: Database, waiting: None) -> None:
    """One form per step; a line that changed meanwhile is refused by name, the others are done."""
    with database.writing() as session:
        work = make.work(session)
        application = make.an_application(work)
        make.step(work, application, "submit", PRODUCER)
        second = make.a_complaint(work, secret="T" * 32)
    client = as_(CLERK)
    page = client.get("/desk?sort=title&lang=en").text
    assert len(_boxes(page, "take-CONFIRM")) == 1
    assert _boxes(page, "take-START_REVIEW") == [f"{application.id}:{application.version}"]
    seen = _boxes(page, "take-ACCEPT")
    assert len(seen) == 2
    with database.writing() as session:
        session.get_one(Complaint, second.id).version += 1
    answer = client.post("/desk/complaints.accept?sort=title&lang=en", data={"chosen": seen}).text
    assert "Done: 1. Refused: 1." in answer
    assert "changed" in answer
    assert 'href="/desk?' in answer
    assert "sort=title" in answer, "back to the view as it was"
    done = client.post("/desk/applications.start_review?lang=en", data={"chosen": _boxes(page, "take-START_REVIEW")})
    assert "Done: 1. Refused: 0." in done.text
    with database.reading() as session:
        assert session.get_one(Application, application.id).state == "under_review"
        told = session.exec(select(AuditEntry.action).where(AuditEntry.action == "access.refused")).all()
        assert len(told) == 1, "the refused line stands in the trail"


def test_the_desk_gives_no_box_and_no_step_to_who_may_not_take_it(as_: As, database: Database, waiting: None) -> None:
    with database.reading() as session:
        one = session.exec(select(Enterprise).where(Enterprise.state == "pending")).one()
    for person in (PRODUCER, APPROVER):
        assert 'name="chosen"' not in as_(person).get("/desk").text
        for step in ("enterprises.confirm", "applications.start_review", "enterprises.refuse", "nothing"):
            assert as_(person).post(f"/desk/{step}", data={"chosen": [f"{one.id}:1"]}).status_code == 404, step
    clerk = as_(CLERK)
    assert clerk.post("/desk/enterprises.refuse", data={"chosen": [f"{one.id}:1"]}).status_code == 404
    wrong = clerk.post("/desk/applications.start_review?lang=en", data={"chosen": [f"{one.id}:1"]}).text
    assert "Done: 0. Refused: 1." in wrong, "what is no application is none"
    for chosen in ([], ["x"], [f"{one.id}:1"] * 201):
        assert clerk.post("/desk/enterprises.confirm", data={"chosen": chosen}).status_code == 422
    with database.reading() as session:
        assert session.get_one(Enterprise, one.id).state == "pending"
