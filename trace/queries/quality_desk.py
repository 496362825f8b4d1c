"""What waits for a person about tests: reports to confirm, retests with their clock, releases and limits to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local, local_day
from brand.queries.desk import MOST, Waiting
from brand.queries.terms import Terms
from brand.rules.terms import CONFIRMATION, SECOND_PERSON
from trace.models.free_tests import FreeTest
from trace.models.quality import LabReport, Retest
from trace.queries import checks, free_tests, limits, quality


def waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Everything about tests that waits for this person, in no particular order."""
    return [
        *_to_confirm(session, actor),
        *_to_test_again(session, actor, today),
        *_retests(session, actor),
        *_to_release(session, actor),
        *_findings(session, actor),
        *_limits(session, actor),
        *_free_tests(session, actor),
        *_programmes(session, actor),
    ]


def _to_confirm(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Declared reports for their laboratory and for inspectors, contested ones for inspectors."""
    terms = Terms(session)
    for report, batch in quality.to_confirm(session, actor, MOST):
        topic = "desk.report_contested" if report.status == "contested" else "desk.report_to_confirm"
        due = terms.last_day(CONFIRMATION, report.decided_at or report.received_at)
        yield _report(topic, report, due=due, detail=batch.lot)


def _to_test_again(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    """Failing tests for which a retest may still be asked for, with the last moment."""
    if not actor.may("events.record"):
        return
    for report in quality.failed_of(session, actor, MOST):
        last = quality.deadline(session, report).at
        if local_day(last) >= today:
            yield _report("desk.retest_in_time", report, due=local_day(last), detail=f"{local(last):%Y-%m-%d %H:%M}")


def _retests(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Retests asked for that have no result yet, for those on whose goods they are."""
    reach = actor.reach("events.record")
    statement = (
        select(LabReport, Retest)
        .join(Retest, col(Retest.report_id) == col(LabReport.id))
        .where(col(Retest.result_id).is_(None), col(LabReport.relief).in_(["none", "asked"]))
    )
    if reach is not None:
        statement = statement.where(col(LabReport.enterprise_id).in_(reach))
    for report, retest in session.exec(statement.order_by(col(Retest.asked_at)).limit(MOST)):
        topic = "desk.retest_result" if retest.report_due else "desk.retest_sample"
        yield _report(topic, report, due=retest.report_due)


def _to_release(session: Session, actor: Actor) -> Iterator[Waiting]:
    if actor.may("quality.release"):
        terms = Terms(session)
        for report in quality.to_release(session, actor, MOST):
            due = terms.last_day(SECOND_PERSON, report.relief_asked_at or report.received_at)
            yield _report("desk.release_to_decide", report, due=due)


def _findings(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Findings that stand: for those who have the goods, and those of the authority for inspectors."""
    inspects, reach = actor.may("quality.inspect"), actor.reach("events.record") or frozenset()
    for one in checks.with_open_findings(session, actor, MOST):
        if one.batch.holder_id in reach or (inspects and one.check.official):
            values = {"goods_check_id": one.check.id}
            yield Waiting("desk.finding_open", one.batch.lot, "checks.show", values, detail=one.checklist.name)


def _limits(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Limits somebody else entered."""
    if actor.may("standards.publish"):
        terms = Terms(session)
        for one in limits.waiting(session)[:MOST]:
            if one.written_by != actor.person_id:
                due = terms.last_day(SECOND_PERSON, one.written_at)
                yield Waiting("desk.limit_to_decide", one.item, "limits.index", {}, one.source, due)


def _free_tests(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Requests to answer and accepted ones to finish, for the office: at the latest when the programme ends."""
    if not actor.may("free_tests.decide"):
        return
    terms = Terms(session)
    for one, programme in free_tests.waiting(session, ("asked", "accepted"), MOST):
        last = programme.closes_on
        if one.state == "accepted":
            yield _free_test("desk.free_test_to_finish", one, last)
        elif one.asked_by != actor.person_id:
            term = terms.last_day(SECOND_PERSON, one.asked_at)
            yield _free_test("desk.free_test_to_decide", one, min(term, last) if term else last)


def _free_test(topic: str, one: FreeTest, due: date) -> Waiting:
    return Waiting(topic, one.number, "free_tests.show", {"free_test_id": one.id}, due=due)


def _programmes(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Programmes of free tests somebody else proposed."""
    if actor.may("schemes.approve"):
        terms = Terms(session)
        for one in free_tests.programmes(session):
            if one.state == "proposed" and one.written_by != actor.person_id:
                due = terms.last_day(SECOND_PERSON, one.written_at)
                yield Waiting("desk.programme_to_decide", one.name, "free_tests.index", {}, one.source, due)


def _report(topic: str, report: LabReport, *, due: date | None = None, detail: str = "") -> Waiting:
    return Waiting(topic, report.number, "quality.show", {"lab_report_id": report.id}, detail=detail, due=due)
