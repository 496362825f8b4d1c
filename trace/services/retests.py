"""Keeps the right to a retest: asked for within its term, sample handed over, and the report it led to."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.clock import CHINA
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.queries import calendar as calendars
from trace.models.quality import LabReport, Retest
from trace.queries import quality as reading
from trace.rules import lab_reports as rules
from trace.rules.lab_reports import TestKind
from trace.services.report_steps import settle_retests


def ask(work: Work, report_id: str, *, version: int) -> Retest:
    """Ask for a retest of a failing report; the moment is that of this work, never one that somebody types.

    Raises ``lab_reports.stale``, ``.retest_too_late`` (with the last moment), ``.retest_nothing_failed`` or
    ``.retest_asked``.
    """
    report = _own(work, report_id)
    if report.version != version:
        raise conflict("lab_reports.stale")
    if work.session.exec(select(Retest.id).where(Retest.report_id == report.id)).first():
        raise conflict("lab_reports.retest_asked")
    known = calendars.calendar(work.session)
    deadline = rules.retest_deadline(TestKind(report.kind), report.received_at, known)
    rules.check_retest_asked(report.passed, report.status, report.relief, work.now, deadline)
    made = Retest(report_id=report.id, deadline_at=deadline.at, asked_at=work.now, asked_by=work.actor.person_id or "")
    work.session.add(made)
    report.version += 1
    work.session.flush()
    _audit(work, "lab_reports.ask_retest", report, deadline=deadline.at)
    return made


def hand_over(work: Work, report_id: str, *, version: int, received_on: date) -> Retest:
    """Note the day the retesting laboratory got the sample; from it the seven working days run.

    Raises ``lab_reports.stale`` or ``lab_reports.sample_day``.
    """
    report, retest = _asked(work, report_id, version)
    asked_on = retest.asked_at.astimezone(CHINA).date()
    if not asked_on <= received_on <= work.today or retest.sample_received_on is not None:
        params = {"first": asked_on.isoformat(), "last": work.today.isoformat()}
        raise invalid("lab_reports.sample_day", faults=[Fault("lab_reports.sample_day", "/received_on", params)])
    retest.sample_received_on = received_on
    retest.report_due = rules.retest_report_due(received_on, calendars.calendar(work.session))
    retest.version = version + 1
    work.session.flush()
    _audit(work, "lab_reports.hand_over_retest", report, received_on=received_on, due=retest.report_due)
    return retest


def answer(work: Work, report_id: str, *, version: int, result_id: str) -> Retest:
    """Name the report the retest led to; once confirmed and passing, it overturns the first one.

    Raises ``lab_reports.stale``, ``.retest_rapid``, ``.retest_same_laboratory``, ``.retest_earlier`` or
    ``.retest_items_missing``.
    """
    report, retest = _asked(work, report_id, version)
    result = work.session.get(LabReport, result_id)
    if result is None or result.batch_id != report.batch_id or result.id == report.id:
        raise invalid("lab_reports.retest_unknown", faults=[Fault("lab_reports.retest_unknown", "/result_id")])
    if retest.result_id is not None:
        raise conflict("lab_reports.retest_answered")
    rules.check_retest(reading.tested(work.session, report), reading.tested(work.session, result))
    retest.result_id, retest.version = result.id, version + 1
    work.session.flush()
    _audit(work, "lab_reports.answer_retest", report, result=result.number)
    settle_retests(work, result)
    return retest


def _own(work: Work, report_id: str) -> LabReport:
    """A report on one's own goods; inspectors act for those who cannot."""
    chosen = select(LabReport).where(LabReport.id == report_id).with_for_update()
    report = work.session.exec(chosen, execution_options={"populate_existing": True}).first()
    if report is None:
        raise unknown()
    if not work.actor.may("quality.inspect"):
        work.actor.require("events.record", report.enterprise_id)
    return report


def _asked(work: Work, report_id: str, version: int) -> tuple[LabReport, Retest]:
    report = _own(work, report_id)
    retest = work.session.exec(select(Retest).where(Retest.report_id == report.id)).first()
    if retest is None:
        raise unknown()
    if retest.version != version:
        raise conflict("lab_reports.stale")
    return report, retest


def _audit(work: Work, action: str, report: LabReport, **detail: object) -> None:
    audit.record(
        work, action, "lab_report", report.id, enterprise_id=report.enterprise_id, number=report.number, **detail
    )
