"""Free tests: opened by two persons, asked for one's own goods, within window and quota, finished by a report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from tests import make
from tests.make_quality import ASKED, PROGRAMME, a_programme, a_request
from tests.people import ABATTOIR, ADMIN, APPROVER, CLERK, INSPECTOR, LABORATORY, PRODUCER, RIVAL
from trace.models.free_tests import FreeTest, TestProgramme
from trace.queries import free_tests as reading
from trace.queries import quality_lists
from trace.services import free_tests

pytestmark = pytest.mark.packed


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def batch(session):
    return make.the_batch(session)


@pytest.fixture
def by(session):
    return lambda person, now=make.MONDAY: make.work(session, make.actor(session, person, now), now)


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def test_two_persons_open_a_programme_and_one_ends_it(session, by, batch):
    made = free_tests.propose(by(CLERK), **PROGRAMME)
    refused = refusal(free_tests.ask, by(PRODUCER), batch.id, test_programme_id=made.id, **ASKED)
    assert refused.code == "free_tests.no_programme"
    assert refusal(free_tests.step_programme, by(CLERK), made.id, "approve", version=1).kind is Kind.UNKNOWN
    assert refusal(free_tests.step_programme, by(APPROVER), made.id, "approve", version=2).code == "free_tests.stale"
    free_tests.step_programme(by(APPROVER), made.id, "approve", version=1)
    assert (made.state, made.decided_by) == ("open", APPROVER.username)
    free_tests.step_programme(by(APPROVER), made.id, "end", version=2)
    assert refusal(free_tests.ask, by(PRODUCER), batch.id, test_programme_id=made.id, **ASKED).code == refused.code


def test_who_proposes_may_end_but_never_open(session, by):
    made = free_tests.propose(by(ADMIN), **PROGRAMME)
    own = refusal(free_tests.step_programme, by(ADMIN), made.id, "approve", version=1)
    assert own.code == "free_tests.same_person"
    version = session.get_one(TestProgramme, made.id, populate_existing=True).version
    free_tests.step_programme(by(APPROVER), made.id, "approve", version=version)
    free_tests.step_programme(by(ADMIN), made.id, "end", version=version + 1)
    assert (made.state, made.decided_by) == ("ended", APPROVER.username)


def test_asked_accepted_and_finished_by_a_report_on_these_goods(session, by, batch):
    programme = a_programme(by(CLERK))
    request = a_request(by(PRODUCER), batch.id, programme)
    assert (request.number, request.enterprise_id, programme.used) == ("T2026-0001", "cooperative", 0)
    free_tests.step(by(CLERK), request.id, "accept", version=1)
    assert (request.state, programme.used) == ("accepted", 1)
    report = quality_lists.of_batch(session, batch.id)[0]
    for version, key in enumerate(("nothing", report.id), 2):  # that test was made before anybody asked for this one
        wrong = refusal(free_tests.step, by(CLERK), request.id, "finish", version=version, report_id=key)
        assert [one.pointer for one in wrong.faults] == ["/report_id"]
    assert reading.finishing_reports(session, request) == []
    report.tested_on = make.MONDAY.date()
    version = session.get_one(FreeTest, request.id, populate_existing=True).version
    free_tests.step(by(CLERK), request.id, "finish", version=version, report_id=report.id)
    assert (request.state, request.report_id, programme.used) == ("done", report.id, 1)
    audited = session.exec(select(AuditEntry.action).where(AuditEntry.object_type == "free_test")).all()
    assert {"free_tests.ask", "free_tests.accept", "free_tests.finish"} <= set(audited)


def test_whose_licence_the_goods_bear_asks_too(session, by, batch):
    """Goods of a contracted household's, sold on already, that are offered online under the buyer's licence."""
    batch.producer_id = batch.holder_id = "rival"
    assert (batch.licensee_id, reading.party(by(PRODUCER).actor, batch)) == ("cooperative", "cooperative")
    assert reading.party(by(ABATTOIR).actor, batch) == batch.maker_id
    assert reading.party(by(LABORATORY).actor, batch) is None


def test_the_quota_is_kept_and_given_back(session, by, batch):
    programme = a_programme(by(CLERK), quota=1)
    request = a_request(by(PRODUCER), batch.id, programme)
    free_tests.step(by(CLERK), request.id, "accept", version=1)
    twice = refusal(a_request, by(PRODUCER), batch.id, programme)
    assert (twice.code, twice.params) == ("free_tests.asked_already", {"number": request.number})
    other = make.a_batch_from(session, {batch.id: "5"}, lot="MIX", holder_id="cooperative", kg="5")
    full = refusal(a_request, by(PRODUCER), other.id, programme)
    assert (full.kind, full.code, full.params) == (Kind.QUOTA_EXCEEDED, "free_tests.quota", {"quota": 1, "used": 1})
    free_tests.step(by(PRODUCER), request.id, "withdraw", version=2)
    assert session.get_one(TestProgramme, programme.id, populate_existing=True).used == 0
    second = a_request(by(PRODUCER), other.id, programme)
    free_tests.step(by(CLERK), second.id, "accept", version=1)
    assert programme.used == 1


def test_too_late_at_the_office_is_refused_with_the_figures(session, by, batch):
    programme = a_programme(by(CLERK), quota=1)
    other = make.a_batch_from(session, {batch.id: "5"}, lot="MIX", holder_id="cooperative", kg="5")
    first, second = (a_request(by(PRODUCER), one, programme) for one in (batch.id, other.id))
    free_tests.step(by(CLERK), first.id, "accept", version=1)
    late = refusal(free_tests.step, by(CLERK), second.id, "accept", version=1)
    assert (late.code, late.params["used"]) == ("free_tests.quota", 1)


@pytest.mark.parametrize(
    ("changes", "now", "code", "field"),
    [
        ({"sold_at": " "}, make.MONDAY, "free_tests.sold_at_needed", "/sold_at"),
        ({}, make.MONDAY + timedelta(days=120), "free_tests.outside_window", "/test_programme_id"),
        ({}, make.MONDAY - timedelta(days=30), "free_tests.outside_window", "/test_programme_id"),
    ],
)
def test_outside_window_or_not_online(session, by, batch, changes, now, code, field):
    programme = a_programme(by(CLERK))
    told = refusal(a_request, by(PRODUCER, now), batch.id, programme, **changes)
    assert [(one.code, one.pointer) for one in told.faults] == [(code, field)]
    assert session.exec(select(FreeTest)).all() == []


def test_a_refusal_has_a_coded_reason(session, by, batch):
    request = a_request(by(PRODUCER), batch.id, a_programme(by(CLERK)))
    silent = refusal(free_tests.step, by(CLERK), request.id, "refuse", version=1)
    assert silent.code == "free_tests.reason_needed"
    version = session.get_one(FreeTest, request.id, populate_existing=True).version
    free_tests.step(by(CLERK), request.id, "refuse", version=version, reason_code="tested_already", comment="同批已检")
    assert (request.state, request.reason_code) == ("refused", "tested_already")
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE free_tests SET reason_code = ''"))


@pytest.mark.parametrize("person", [RIVAL, LABORATORY, CLERK, INSPECTOR])
def test_nobody_asks_for_goods_of_others(session, by, batch, person):
    programme = a_programme(by(CLERK))
    given = {"test_programme_id": programme.id, **ASKED}
    assert refusal(free_tests.ask, by(person), batch.id, **given).kind is Kind.UNKNOWN


def test_strangers_neither_see_nor_withdraw_a_request(session, by, batch):
    request = a_request(by(PRODUCER), batch.id, a_programme(by(CLERK)))
    assert refusal(reading.find, session, by(RIVAL).actor, request.id).kind is Kind.UNKNOWN
    assert refusal(free_tests.step, by(RIVAL), request.id, "withdraw", version=1).kind is Kind.UNKNOWN
    assert refusal(free_tests.step, by(PRODUCER), request.id, "accept", version=1).kind is Kind.UNKNOWN
    assert reading.listing(session, by(RIVAL).actor).total == 0
    assert reading.listing(session, by(CLERK).actor).total == 1


def test_the_abattoir_asks_for_what_it_holds(session, by, batch):
    programme = a_programme(by(CLERK))
    made = free_tests.ask(by(ABATTOIR), batch.id, test_programme_id=programme.id, **ASKED)
    assert made.enterprise_id == "abattoir"


def test_what_a_programme_is_refused_for(by):
    for changes, pointer in (
        ({"closes_on": date(2027, 1, 1)}, "/closes_on"),
        ({"quota": 0}, "/quota"),
        ({"confidence": "B"}, "/confidence"),
    ):
        assert [one.pointer for one in refusal(free_tests.propose, by(CLERK), **PROGRAMME | changes).faults] == [
            pointer
        ]
    assert refusal(free_tests.propose, by(PRODUCER), **PROGRAMME).kind is Kind.UNKNOWN
