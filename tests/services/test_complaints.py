"""Complaints from receipt to close: clocks, twice and stale, objections that hold a decision, who is never named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from brand.kernel import uploads
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import PERMISSIONS
from brand.kernel.work import Work
from brand.models.complaints import Complaint, ComplaintContact, ComplaintMessage, ComplaintStep
from brand.models.licences import Licence, Notice
from brand.models.schemes import CalendarYear
from brand.queries import applications as reading_applications
from brand.queries import complaints as reading
from brand.queries import desk
from brand.queries.terms import Terms
from brand.rules.complaint_clocks import Urgency
from brand.services import complaints
from tests import make
from tests.people import ABATTOIR, ADMIN, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, STATION

NOTICE_OVER = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        make.a_scheme(make.work(opened))
        yield opened


def _code(act: object, *args: object, **words: object) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)  # type: ignore[operator]
    return refusal.value.code


def _by(work: Work, person: object) -> Work:
    return replace(work, actor=make.actor(work.session, person))  # type: ignore[arg-type]


def test_from_receipt_to_close_with_its_clocks(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    assert (one.number, one.state, one.due_policy) == (
        "C2026-0001",
        "received",
        "complaint_acceptance_working_days",
    )
    assert one.due_on == date(2026, 9, 22)
    later = make.work(session, now=make.MONDAY + timedelta(days=2))
    make.complaint_step(later, one, "accept", CLERK)
    assert (one.accepted_on, one.due_policy, one.due_days) == (
        date(2026, 9, 16),
        "complaint_mediation_working_days",
        45,
    )
    make.complaint_step(later, one, "answer", CLERK, comment="已退款")
    assert (one.state, one.due_on) == ("answered", None)
    make.complaint_step(later, one, "reopen", CLERK, comment="继续核实")
    assert one.due_start == date(2026, 9, 16), "the first term goes on"
    make.complaint_step(later, one, "answer", CLERK, comment="已退款")
    make.complaint_step(later, one, "close", CLERK)
    steps = session.exec(select(ComplaintStep).order_by(ComplaintStep.position))  # type: ignore[arg-type]
    assert [(each.action, each.person_id) for each in steps] == [
        ("receive", None),
        ("accept", "clerk"),
        ("answer", "clerk"),
        ("reopen", "clerk"),
        ("answer", "clerk"),
        ("close", "clerk"),
    ]
    assert _code(make.complaint_step, later, one, "answer", CLERK, comment="x") == "complaints.wrong_state"


@pytest.mark.parametrize(
    ("kind", "days", "role"), [("report", 15, "inspector"), ("comment", 15, "brand_clerk")], ids=["report", "comment"]
)
def test_the_term_of_a_report_runs_on_from_receipt(session: Session, kind: str, days: int, role: str) -> None:
    one = make.a_complaint(make.work(session), kind=kind)
    first = one.due_on
    assert (one.due_days, one.handler_role) == (days, role)
    make.complaint_step(make.work(session, now=make.MONDAY + timedelta(days=3)), one, "accept", INSPECTOR)
    assert one.due_on == first


@pytest.mark.bare
def test_without_a_scheme_it_is_taken_in_without_a_term(database: Database) -> None:
    with database.writing() as empty:
        one = make.a_complaint(make.work(empty))
    assert (one.due_on, one.due_days, one.due_policy) == (None, None, "complaint_acceptance_working_days")


def test_over_an_ungazetted_new_year_the_day_is_provisional_and_counted_anew(session: Session) -> None:
    late = make.work(session, now=datetime(2026, 12, 29, 1, 0, tzinfo=UTC))
    one = make.a_complaint(late)
    row = reading.rows(session, [one], late.today)[0]
    assert row.due is not None
    assert row.due.provisional
    year = session.get(CalendarYear, 2027) or CalendarYear(year=2027, gazetted=True, source="")
    year.gazetted, year.source = True, "示范通知"
    session.add(year)
    session.flush()
    counted = reading.rows(session, [one], late.today)[0].due
    assert counted is not None
    assert not counted.provisional


def test_the_same_secret_sends_once(session: Session) -> None:
    work = make.work(session)
    first, again = make.a_complaint(work), make.a_complaint(work)
    assert first.id == again.id
    assert len(session.exec(select(Complaint)).all()) == 1
    assert _code(make.a_complaint, work, what="别的事") == "complaints.sent_already"


def test_only_a_digest_of_the_secret_is_kept(session: Session) -> None:
    one = make.a_complaint(make.work(session), secret="0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    kept = json.dumps(one.model_dump(), default=str)
    assert "0123456789ABCDEF" not in kept
    assert reading.own(session, complaints.digest("0123456789abcdefghjkmnpqrstvwxyz"), one.received_on)
    assert _code(reading.own, session, complaints.digest("1" * 32), one.received_on) == "access.unknown"


def test_words_of_the_sender_make_an_open_page_stale(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    seen = one.version
    for _ in range(2):
        complaints.reply(work, "S" * 32, words="补充：另有小票")
    assert len(session.exec(select(ComplaintMessage)).all()) == 1, "the same words twice are one message"
    assert one.unread
    clerk = _by(work, CLERK)
    assert _code(complaints.step, clerk, one.id, "accept", version=seen) == "complaints.stale"
    make.complaint_step(work, one, "accept", CLERK)
    assert not one.unread


def test_words_end_with_the_matter_and_have_a_limit(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    for place in range(complaints.MOST_MESSAGES):
        complaints.reply(work, "S" * 32, words=f"补充{place}")
    assert _code(complaints.reply, work, "S" * 32, words="再补充") == "complaints.too_many_words"
    make.complaint_step(work, one, "refuse", CLERK, reason_code="not_accepted.not_ours", comment="请找市场监管部门")
    assert _code(complaints.reply, work, "S" * 32, words="不服") == "complaints.ended"
    assert _code(complaints.reply, work, "X" * 32, words="?") == "access.unknown"


def test_routing_and_escalation(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)

    def desk_of(person: object) -> list[str]:
        actor = make.actor(session, person)  # type: ignore[arg-type]
        return [each.title for each in desk.complaints_waiting(session, actor, work.today)]

    assert (desk_of(CLERK), desk_of(INSPECTOR)) == ([one.number], [])
    make.complaint_step(work, one, "route", CLERK, handler="inspector")
    assert (desk_of(CLERK), desk_of(INSPECTOR)) == ([], [one.number])
    make.complaint_step(work, one, "route", INSPECTOR, handler="clerk")
    assert (one.handler_id, desk_of(CLERK)) == ("clerk", [one.number])
    make.complaint_step(work, one, "escalate", CLERK, comment="涉及食品安全")
    assert (one.handler_role, one.handler_id, one.escalated) == ("brand_approver", None, True)
    assert desk_of(APPROVER) == [one.number]
    assert _code(make.complaint_step, work, one, "escalate", CLERK, comment="x") == "complaints.escalated_already"
    for nobody in ("producer", "administrator", "NOBODY", ""):
        assert _code(make.complaint_step, work, one, "route", CLERK, handler=nobody) == "complaints.handler_unknown"
    for person in (PRODUCER, STATION, ABATTOIR, ADMIN, AUDITOR):
        assert desk_of(person) == []


def test_photographs_are_kept_for_the_office(session: Session) -> None:
    work = make.work(session)
    upload = uploads.take("示范投诉人的身份证.png", make.a_picture(), most=1_000_000)
    one = make.a_complaint(work, pictures=[upload, upload])
    assert make.a_complaint(work, pictures=[upload]).id == one.id, "sent twice, kept once"
    clerk = make.actor(session, CLERK)
    shown = reading.detail(session, clerk, one.id, work.today).pictures
    assert [each.media_type for each in shown] == ["image/png", "image/png"]
    held = reading.picture(session, clerk, one.id, shown[0].id)
    assert held.content == upload.data
    other = make.a_complaint(work, secret="U" * 32)
    assert _code(reading.picture, session, clerk, other.id, shown[0].id) == "access.unknown"
    assert _code(reading.picture, session, make.actor(session, PRODUCER), one.id, shown[0].id) == "access.unknown"
    paper = replace(upload, media_type="application/pdf")
    sent = {"secret": "V" * 32}
    assert _code(make.a_complaint, work, pictures=[paper], **sent) == "uploads.pictures_only"
    assert _code(make.a_complaint, work, pictures=[upload] * 4, **sent) == "complaints.too_many_pictures"


def test_who_may_do_what(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    for person in (PRODUCER, STATION, ABATTOIR, ADMIN):
        actor = make.actor(session, person)
        assert _code(reading.detail, session, actor, one.id, work.today) == "access.unknown"
        assert reading.listing(session, actor, work.today).rows == []
        assert _code(complaints.step, _by(work, person), one.id, "accept", version=1) == "access.unknown"
    assert _code(complaints.step, _by(work, AUDITOR), one.id, "accept", version=1) == "access.unknown"
    for person, sees in ((CLERK, True), (INSPECTOR, True), (APPROVER, False), (AUDITOR, False)):
        found = reading.detail(session, make.actor(session, person), one.id, work.today)
        assert (found.contact is not None) == found.may_see_contact == sees
    assert not any(
        "complaints." in right
        for role in ("producer_clerk", "station_agent", "abattoir_clerk")
        for right in PERMISSIONS[role]
    )  # type: ignore[index]


def test_the_trail_holds_nothing_of_the_sender(session: Session) -> None:
    """Even when a signed-in person sends it."""
    work = _by(make.work(session), PRODUCER)
    one = make.a_complaint(work)
    complaints.reply(work, "S" * 32, words="我的电话 13712345678")
    make.complaint_step(work, one, "accept", CLERK)
    rows = session.exec(select(AuditEntry).where(AuditEntry.object_id == one.id)).all()
    assert sorted(each.action for each in rows) == ["complaints.accept", "complaints.receive", "complaints.reply"]
    told = json.dumps([each.model_dump() for each in rows], default=str, ensure_ascii=False)
    for canary in (make.SENDER_PHONE, "示范投诉人", "producer", "示范合作社", "称重", "示范超市"):
        assert canary not in told
    assert all(each.enterprise_id is None for each in rows)
    assert session.get(ComplaintContact, one.id).contact == make.SENDER_PHONE  # type: ignore[union-attr]


def test_an_open_objection_holds_the_decision(session: Session) -> None:
    work = make.work(session)
    application = make.on_notice(work)
    notice = session.exec(select(Notice)).one()
    one = make.a_complaint(work, kind="objection", notice=notice.number)
    assert (one.state, one.due_policy) == ("open", "objection_answer_working_days")
    after = make.work(session, now=NOTICE_OVER)
    refusal = {"reason_code": "refusal.objection", "comment": "示范"}
    assert _code(make.step, after, application, "grant", APPROVER) == "applications.objection_open"
    assert _code(make.step, after, application, "refuse", APPROVER, **refusal) == "applications.objection_open"
    shown = reading_applications.detail(session, make.actor(session, PRODUCER), application.id, after.today)
    assert shown.open_objections == 1
    owed = reading.due_of(Terms(session).calendar, session.get_one(Complaint, one.id))
    assert owed is not None
    known = reading_applications.facts(session, application, "x", after.today)
    turn = Terms(session).turn(application, known)
    assert (turn.key, turn.due) == ("objections", owed.end), "the applicant reads until when it is answered"
    deciding = make.actor(session, APPROVER)
    assert desk.applications_waiting(session, deciding, after.today) == [], "nothing to decide until it is answered"
    make.complaint_step(after, one, "dismiss", INSPECTOR, reason_code="dismissal.not_confirmed", comment="已核查")
    make.step(after, application, "grant", APPROVER)
    assert session.exec(select(Licence)).one()


def test_what_was_upheld_can_only_be_refused(session: Session) -> None:
    work = make.work(session)
    application = make.on_notice(work)
    notice = session.exec(select(Notice)).one()
    one = make.a_complaint(work, kind="objection", notice=notice.number)
    after = make.work(session, now=NOTICE_OVER)
    make.complaint_step(after, one, "uphold", CLERK, comment="产地不实")
    assert _code(make.step, after, application, "grant", APPROVER) == "applications.objection_upheld"
    refusal = {"reason_code": "refusal.objection", "comment": "示范"}
    assert make.step(after, application, "refuse", APPROVER, **refusal).state == "refused"


def test_who_answers_an_objection_does_not_decide(session: Session) -> None:
    work = make.work(session)
    application = make.on_notice(work)
    notice = session.exec(select(Notice)).one()
    one = make.a_complaint(work, kind="objection", notice=notice.number)
    after = make.work(session, now=NOTICE_OVER)
    make.complaint_step(after, one, "dismiss", APPROVER, reason_code="dismissal.settled", comment="已整改")
    assert _code(make.step, after, application, "grant", APPROVER) == "applications.four_eyes"


def test_an_objection_comes_in_time_and_names_a_notice(session: Session) -> None:
    work = make.work(session)
    make.on_notice(work)
    number = session.exec(select(Notice.number)).one()
    last = make.work(session, now=NOTICE_OVER - timedelta(hours=12))
    assert make.a_complaint(last, kind="objection", notice=number).state == "open"
    late = make.work(session, now=NOTICE_OVER)
    again = {"kind": "objection", "secret": "T" * 32}
    assert _code(make.a_complaint, late, notice=number, **again) == "complaints.notice_ended"
    assert _code(make.a_complaint, work, notice="N2026-9999", **again) == "complaints.notice_unknown"
    assert _code(make.a_complaint, work, **again) == "complaints.notice_needed"


def test_the_queue_puts_what_is_due_first(session: Session) -> None:
    work = make.work(session)
    calm = make.a_complaint(work, kind="report", secret="A" * 32, what="冒用店招")
    late = make.a_complaint(make.work(session, now=make.MONDAY - timedelta(days=30)), secret="B" * 32)
    done = make.a_complaint(work, secret="C" * 32, what="没有事实")
    make.complaint_step(work, done, "refuse", CLERK, reason_code="not_accepted.incomplete", comment="请补充")
    clerk = make.actor(session, CLERK)
    rows = reading.listing(session, clerk, work.today).rows
    assert [row.complaint.id for row in rows] == [late.id, calm.id, done.id]
    assert [row.urgency for row in rows] == [Urgency.OVERDUE, Urgency.CALM, None]

    def found(**filters: str) -> list[str]:
        return [row.complaint.id for row in reading.listing(session, clerk, work.today, **filters).rows]  # type: ignore[arg-type]

    assert found(kind="report") == [calm.id]
    assert found(state="refused") == [done.id]
    assert found(text="店招") == [calm.id]
    assert found(text="%") == []
    assert found(handler="mine") == [late.id, done.id]
    assert found(handler="inspector") == [calm.id]


def test_unknown_ones_are_unknown(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    with pytest.raises(AppError) as refusal:
        make.complaint_step(work, one, "uphold", CLERK, comment="x")
    assert refusal.value.kind is Kind.UNKNOWN
    assert _code(complaints.step, _by(work, CLERK), "NOTHING", "accept", version=1) == "access.unknown"


def test_what_is_overdue_stands_with_those_who_decide_by_itself(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    approver, clerk, inspector = (make.actor(session, each) for each in (APPROVER, CLERK, INSPECTOR))

    def on_desk(actor: object, day: date) -> list[str]:
        return [each.title for each in desk.complaints_waiting(session, actor, day)]  # type: ignore[arg-type]

    assert one.due_on is not None
    after = one.due_on + timedelta(days=1)
    assert (on_desk(approver, one.due_on), on_desk(approver, after)) == ([], [one.number])
    assert on_desk(clerk, after) == [one.number]
    assert on_desk(inspector, after) == []
    assert [row.escalated for row in reading.rows(session, [one], one.due_on)] == [False]
    assert [row.escalated for row in reading.rows(session, [one], after)] == [True]
    assert reading.listing(session, approver, after, handler="mine").total == 1
    assert reading.detail(session, approver, one.id, after).escalated
    assert not one.escalated, "nothing was written: it is read"


def test_a_mediation_ends_with_a_reason_the_complainant_reads(session: Session) -> None:
    one = make.a_complaint(make.work(session))
    make.complaint_step(make.work(session), one, "accept", CLERK)
    words = {"reason_code": "mediation.term_over", "comment": "双方各执一词"}
    early = _code(make.complaint_step, make.work(session), one, "end_mediation", CLERK, **words)
    assert (early, one.state) == ("complaints.term_runs", "in_work")
    assert one.due_on is not None
    late = make.work(session, now=make.MONDAY + timedelta(days=90))
    assert late.today > one.due_on
    make.complaint_step(late, one, "end_mediation", CLERK, **words)
    assert (one.state, one.due_on) == ("answered", None)
    told = reading.own(session, one.secret_digest, late.today).lines[-1]
    assert (told.action, told.reason_code, told.words) == ("end_mediation", "mediation.term_over", "双方各执一词")
    hint = make.a_complaint(late, kind="report", secret="R" * 32)
    make.complaint_step(late, hint, "accept", INSPECTOR)
    assert _code(make.complaint_step, late, hint, "end_mediation", INSPECTOR, **words) == "access.unknown"


def test_not_satisfied_is_passed_on_once(session: Session) -> None:
    work = make.work(session)
    one = make.a_complaint(work)
    assert _code(complaints.dissent, work, "S" * 32, words="不满意") == "complaints.not_answered"
    make.complaint_step(work, one, "accept", CLERK)
    make.complaint_step(work, one, "answer", CLERK, comment="已退款")
    assert not reading.own(session, one.secret_digest, work.today).dissented
    complaints.dissent(_by(work, CLERK), "S" * 32, words="没有退款")
    assert (one.state, one.escalated, one.handler_role, one.handler_id) == ("in_work", True, "brand_approver", None)
    assert one.due_on is not None, "the first term goes on"
    (waiting,) = desk.complaints_waiting(session, make.actor(session, APPROVER), work.today)
    assert waiting.title == one.number
    last = session.exec(select(ComplaintStep).where(ComplaintStep.action == "dissent")).one()
    assert (last.person_id, last.comment) == (None, "没有退款")
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "complaints.dissent")).one()
    assert "没有退款" not in entry.detail
    make.complaint_step(work, one, "answer", APPROVER, comment="维持答复")
    assert _code(complaints.dissent, work, "S" * 32, words="还是不满意") == "complaints.dissented_already"
    assert one.state == "answered"
    assert _code(complaints.dissent, work, "X" * 32, words="不满意") == "access.unknown"
    assert _code(make.complaint_step, work, one, "dissent", CLERK) == "access.unknown", "never by the office"
