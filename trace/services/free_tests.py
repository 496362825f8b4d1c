"""Free tests: programmes opened by two persons, requests accepted against a guarded quota, finished by a report."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, pointing, quota_exceeded, unknown
from brand.kernel.numbers import next_number
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.free_tests import FreeTest, TestProgramme
from trace.models.quality import LabReport
from trace.queries import free_tests as reading
from trace.rules import free_tests as rules
from trace.rules.free_tests import FLOW, PROGRAMME
from trace.rules.limits import CONFIDENCES


def propose(
    work: Work,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    quota: int,
    source: str,
    confidence: str,
    online_only: bool = True,
    name_en: str = "",
    source_en: str = "",
) -> TestProgramme:
    """A programme that opens once another person approves it; raises ``free_tests.term`` or ``input.*`` by field."""
    work.actor.require("schemes.propose")
    rules.check_term(opens_on, closes_on, quota)
    if confidence not in CONFIDENCES:
        raise invalid("input.invalid", faults=[Fault("input.not_a_choice", "/confidence")])
    made = TestProgramme(
        name=name,
        name_en=name_en,
        opens_on=opens_on,
        closes_on=closes_on,
        online_only=online_only,
        quota=quota,
        source=source,
        source_en=source_en,
        confidence=confidence,
        written_by=work.actor.person_id or "",
        written_by_name=work.actor.name,
        written_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _audit_programme(work, "free_tests.propose_programme", made)
    return made


def step_programme(work: Work, test_programme_id: str, action: str, *, version: int) -> TestProgramme:
    """Approve or refuse (another person), or end; raises ``free_tests.stale`` or ``free_tests.same_person``."""
    permission = next((one.permission for one in PROGRAMME.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    its = (col(TestProgramme.id) == test_programme_id, col(TestProgramme.version) == version)
    taken = work.session.exec(update(TestProgramme).where(*its).values(version=version + 1)).rowcount
    found = work.session.get(TestProgramme, test_programme_id, populate_existing=True)
    if found is None:
        raise unknown()
    if taken != 1:
        raise conflict("free_tests.stale")
    move = PROGRAMME.apply(found.state, action, {"person_id": work.actor.person_id, "written_by": found.written_by})
    found.state = move.next_state
    if action != "end":  # whoever ends it did not open it; the two persons behind it stay on record
        found.decided_by, found.decided_by_name = work.actor.person_id, work.actor.name
    work.session.flush()
    _audit_programme(work, move.audit, found)
    return found


def ask(work: Work, batch_id: str, *, test_programme_id: str, items: str, sold_at: str = "") -> FreeTest:
    """A request for goods of one's own; the quota is spent when the office accepts it.

    Raises ``free_tests.no_programme``, ``.outside_window``, ``.sold_at_needed``, ``.asked_already`` or ``.quota``.
    """
    locked = select(Batch).where(Batch.id == batch_id).with_for_update()
    batch = work.session.exec(locked).first()
    party = reading.party(work.actor, batch) if batch else None
    if batch is None or party is None:
        raise unknown()
    with pointing({"": "/test_programme_id"}):
        programme = _open(work, test_programme_id)
    rules.check_eligible(programme.opens_on, programme.closes_on, programme.online_only, work.today, sold_at)
    running = (FreeTest.batch_id == batch.id, col(FreeTest.state).in_(["asked", "accepted"]))
    before = work.session.exec(select(FreeTest.number).where(*running)).first()
    if before is not None:
        raise conflict("free_tests.asked_already", number=before)
    if programme.used >= programme.quota:
        with pointing({"": "/test_programme_id"}):
            raise _used_up(programme)
    made = FreeTest(
        number=next_number(work, "free_tests"),
        programme_id=programme.id,
        enterprise_id=party,
        batch_id=batch.id,
        items=items,
        sold_at=sold_at,
        asked_at=work.now,
        asked_by=work.actor.person_id or "",
    )
    work.session.add(made)
    work.session.flush()
    _audit(work, "free_tests.ask", made)
    return made


def step(
    work: Work,
    free_test_id: str,
    action: str,
    *,
    version: int,
    reason_code: str = "",
    comment: str = "",
    report_id: str = "",
) -> FreeTest:
    """Accept, refuse (with a coded reason) or finish (with the report) by the office; withdraw by whoever asked.

    Raises ``free_tests.stale``, ``.same_person``, ``.reason_needed``, ``.some_left``, ``.other_goods``,
    ``.outside_window`` or ``.quota``.
    """
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    its = (col(FreeTest.id) == free_test_id, col(FreeTest.version) == version)
    taken = work.session.exec(update(FreeTest).where(*its).values(version=version + 1)).rowcount
    found = work.session.get(FreeTest, free_test_id, populate_existing=True)
    if found is None:
        raise unknown()
    work.actor.require(permission, found.enterprise_id)
    if taken != 1:
        raise conflict("free_tests.stale")
    before = found.state
    move = FLOW.apply(before, action, _facts(work, found, reason_code, report_id))
    if action == "accept":
        _spend(work, found.programme_id)
    elif before == "accepted" and action == "withdraw":
        _give_back(work, found.programme_id)
    found.state, found.comment = move.next_state, comment
    found.reason_code = reason_code if action == "refuse" else ""
    found.report_id = report_id if action == "finish" else None
    if permission == "free_tests.decide":
        found.decided_at, found.decided_by = work.now, work.actor.person_id
    work.session.flush()
    _audit(work, move.audit, found, reason=reason_code)
    return found


def _facts(work: Work, found: FreeTest, reason_code: str, report_id: str) -> dict[str, Any]:
    programme = work.session.get_one(TestProgramme, found.programme_id)
    report = work.session.get(LabReport, report_id) if report_id else None
    return {
        "person_id": work.actor.person_id,
        "asked_by": found.asked_by,
        "opens_on": programme.opens_on,
        "closes_on": programme.closes_on,
        "today": work.today,
        "reason_code": reason_code,
        "left": programme.quota - programme.used,
        "report_fits": report is not None and report.batch_id == found.batch_id and reading.finishes(report, found),
    }


def _open(work: Work, test_programme_id: str) -> TestProgramme:
    found = work.session.get(TestProgramme, test_programme_id)
    if found is None or found.state != "open":
        raise conflict("free_tests.no_programme", faults=[Fault("free_tests.no_programme")])
    return found


def _spend(work: Work, programme_id: str) -> None:
    """One test of the quota, by one guarded statement; whoever comes too late reads the figures."""
    programme = _open(work, programme_id)
    room = (col(TestProgramme.used) + 1 <= col(TestProgramme.quota), col(TestProgramme.state) == "open")
    spent = update(TestProgramme).where(col(TestProgramme.id) == programme_id, *room)
    done = work.session.exec(spent.values(used=col(TestProgramme.used) + 1)).rowcount
    work.session.refresh(programme)
    if done != 1:
        raise _used_up(programme)


def _give_back(work: Work, programme_id: str) -> None:
    """An accepted request taken back before the test was made frees its place."""
    held = (col(TestProgramme.id) == programme_id, col(TestProgramme.used) > 0)
    if work.session.exec(update(TestProgramme).where(*held).values(used=col(TestProgramme.used) - 1)).rowcount != 1:
        raise conflict("free_tests.stale")


def _used_up(programme: TestProgramme) -> AppError:
    return quota_exceeded("free_tests.quota", quota=programme.quota, used=programme.used)


def _audit_programme(work: Work, action: str, one: TestProgramme) -> None:
    audit.record(work, action, "test_programme", one.id, name=one.name, quota=one.quota, source=one.source)


def _audit(work: Work, action: str, one: FreeTest, **detail: object) -> None:
    named = {"enterprise_id": one.enterprise_id, "number": one.number, "batch": one.batch_id, "state": one.state}
    audit.record(work, action, "free_test", one.id, **named, **detail)  # type: ignore[arg-type]
