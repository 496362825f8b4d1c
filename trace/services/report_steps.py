"""Moves a test report on: its paper, the word of its laboratory or an inspector, and the release of failing goods.

A report's figures never change. Whoever confirms has read the words whose digest they send along; a paper added in
between makes that digest another one.
"""

from __future__ import annotations

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from trace.models.events import Event
from trace.models.quality import LabReport, ReportFile, Retest
from trace.queries import quality as reading
from trace.rules.lab_reports import FLOW, RELIEF, WITHDRAW, Relief, Status
from trace.rules.look_alikes import one_spelling
from trace.services import events, holds
from trace.services.lab_reports import cause_of

#: More papers than this is a mistake.
MOST_FILES = 6


def attach(work: Work, report_id: str, upload: Upload) -> ReportFile:
    """Add the paper of a report while it is only declared; raises ``lab_reports.closed``, ``materials.twice``."""
    report = _locked(work, report_id)
    if not work.actor.may("quality.inspect"):
        work.actor.require("events.record", report.enterprise_id)
    held = reading.files(work.session, report.id)
    if report.status != Status.DECLARED:
        raise conflict("lab_reports.closed")
    if len(held) >= MOST_FILES:
        raise conflict(
            "materials.too_many", faults=[Fault("materials.too_many", "/file", {"most": MOST_FILES})], most=MOST_FILES
        )
    if any(one.digest == upload.digest for one in held):
        raise conflict("materials.twice", faults=[Fault("materials.twice", "/file")])
    row = ReportFile(
        report_id=report.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        content=upload.data,
        added_at=work.now,
        added_by=work.actor.person_id or "",
    )
    work.session.add(row)
    report.version += 1
    work.session.flush()
    _audit(work, "lab_reports.attach", report, digest=upload.digest)
    return row


def step(
    work: Work, report_id: str, action: str, *, version: int, digest_seen: str = "", comment: str = ""
) -> LabReport:
    """``confirm`` or ``contest`` by the laboratory named or an inspector; ``uphold`` or ``reject`` by an inspector;
    ``withdraw`` by whoever's people wrote it down.

    Raises ``lab_reports.stale``, ``.own``, ``.failing_stays``, ``.retest_rests_on_it``, ``.reason_needed``,
    ``.wrong_state``.
    """
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    report = _locked(work, report_id)
    role = "" if action == WITHDRAW else _role(work, report)
    if action == WITHDRAW and not reading.may_withdraw(work.actor, report):
        raise unknown()
    if report.version != version:
        raise conflict("lab_reports.stale")
    facts = reading.facts(work.session, report, work.actor.person_id or "") | {
        "own_goods": role != "" and _laboratory_tests_itself(work, report, role),
        "digest_seen": digest_seen,
        "comment": comment,
    }
    move = FLOW.apply(report.status, action, facts)
    report.status, report.version, report.comment = move.next_state, version + 1, comment
    if action == WITHDRAW:
        events.void(work, work.session.get_one(Event, report.event_id), comment)
    else:
        report.decided_by, report.decided_at, report.decided_as = work.actor.person_id, work.now, role
    work.session.flush()
    if move.next_state == Status.REJECTED:
        _let_go(work, report)
    events.touch(work, [report.batch_id])
    _audit(work, move.audit, report, by=role)
    settle_retests(work, report)
    return report


def relieve(work: Work, report_id: str, action: str, *, version: int, comment: str = "") -> LabReport:
    """Two persons let goods go whose test failed: ``ask_release``, then ``release`` or ``keep_held`` by another.

    Raises ``lab_reports.stale``, ``.same_person``, ``.nothing_to_release``, ``.reason_needed``.
    """
    permission = next((one.permission for one in RELIEF.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    report = _locked(work, report_id)
    if report.version != version:
        raise conflict("lab_reports.stale")
    facts = {
        "person_id": work.actor.person_id,
        "asked_by": report.relief_asked_by,
        "passed": report.passed,
        "status": report.status,
        "comment": comment,
    }
    move = RELIEF.apply(report.relief, action, facts)
    report.relief, report.version, report.relief_reason = move.next_state, version + 1, comment or report.relief_reason
    if action == "ask_release":
        report.relief_asked_by, report.relief_asked_at = work.actor.person_id, work.now
    else:
        report.relief_by, report.relief_at = work.actor.person_id, work.now
    work.session.flush()
    if move.next_state == Relief.RELEASED:
        _let_go(work, report)
    _audit(work, move.audit, report, reason=comment)
    return report


def settle_retests(work: Work, result: LabReport) -> None:
    """Once the retest's report is confirmed and passes, the first one no longer counts against the goods."""
    retest = work.session.exec(select(Retest).where(Retest.result_id == result.id)).first()
    if retest is None or result.status != Status.CONFIRMED or not result.passed:
        return
    overturned = (
        update(LabReport)
        .where(col(LabReport.id) == retest.report_id, col(LabReport.relief).in_([Relief.NONE, Relief.ASKED]))
        .values(relief=Relief.OVERTURNED.value, relief_at=work.now, version=col(LabReport.version) + 1)
    )
    if work.session.exec(overturned).rowcount:
        first = work.session.get_one(LabReport, retest.report_id, populate_existing=True)
        _audit(work, "lab_reports.overturn", first, result=result.number)
        _let_go(work, first)


def _let_go(work: Work, report: LabReport) -> None:
    """The hold a failing report set off ends with it, and every page that told of it is told anew."""
    events.touch(work, [report.batch_id])
    holds.lift_automatic(work, cause_of(report), words=report.number)


def _locked(work: Work, report_id: str) -> LabReport:
    chosen = select(LabReport).where(LabReport.id == report_id).with_for_update()
    found = work.session.exec(chosen, execution_options={"populate_existing": True}).first()
    if found is None:
        raise unknown()
    return found


def _role(work: Work, report: LabReport) -> str:
    """As what the person speaks; somebody from another laboratory meets nothing."""
    if work.actor.may("quality.inspect"):
        return "inspector"
    if not reading.names_of_laboratories(work.session, work.actor) & {report.laboratory_key}:
        raise unknown()
    return "laboratory"


def _laboratory_tests_itself(work: Work, report: LabReport, role: str) -> bool:
    """A laboratory does not vouch for tests of goods it holds itself."""
    if role != "laboratory":
        return False
    holder = work.session.get_one(Enterprise, report.enterprise_id)
    return holder.state == EnterpriseState.CONFIRMED and one_spelling(holder.name) == report.laboratory_key


def _audit(work: Work, action: str, report: LabReport, **detail: object) -> None:
    audit.record(
        work,
        action,
        "lab_report",
        report.id,
        enterprise_id=report.enterprise_id,
        batch=report.batch_id,
        number=report.number,
        status=report.status,
        relief=report.relief,
        **detail,
    )
