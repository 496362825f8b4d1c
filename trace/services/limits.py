"""Changes limits of tested items with two persons: one enters a limit with its source, another decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from trace.models.limits import TestLimit
from trace.rules import limits
from trace.rules.limits import FLOW
from trace.rules.look_alikes import one_spelling


def propose(
    work: Work,
    *,
    kind: str,
    item: str,
    limit: str,
    unit: str,
    source: str,
    confidence: str,
    valid_from: date,
    aliases: list[str] | None = None,
    source_en: str = "",
) -> TestLimit:
    """A limit that counts once another person approves it; an empty ``limit`` says that none is set any more.

    Raises ``input.invalid`` by field, ``limits.already_open`` or ``limits.past``: what was judged stays judged.
    """
    work.actor.require("standards.write")
    limits.check_entry(kind, limit, confidence)
    if valid_from < work.today:
        raise invalid("limits.past", faults=[Fault("limits.past", "/valid_from")])
    key = one_spelling(item)
    its = (TestLimit.kind == kind, TestLimit.item_key == key, TestLimit.state == "open")
    if work.session.exec(select(TestLimit.id).where(*its)).first():
        raise conflict("limits.already_open", faults=[Fault("limits.already_open", "/item")])
    made = TestLimit(
        kind=kind,
        item=item,
        item_key=key,
        aliases=aliases or [],
        limit=limit,
        unit=unit,
        source=source,
        source_en=source_en,
        confidence=confidence,
        valid_from=valid_from,
        written_by=work.actor.person_id or "",
        written_by_name=work.actor.name,
        written_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _audit(work, "limits.propose", made)
    return made


def step(work: Work, limit_id: str, action: str, *, version: int) -> TestLimit:
    """Approve, refuse or withdraw; raises ``limits.stale``, ``limits.same_person`` or ``limits.wrong_state``."""
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    its = (col(TestLimit.id) == limit_id, col(TestLimit.version) == version)
    taken = work.session.exec(update(TestLimit).where(*its).values(version=version + 1))
    found = work.session.get(TestLimit, limit_id, populate_existing=True)
    if found is None:
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("limits.stale")
    facts = {"person_id": work.actor.person_id, "written_by": found.written_by}
    move = FLOW.apply(found.state, action, facts)
    found.decided_by, found.decided_by_name, found.decided_at = work.actor.person_id, work.actor.name, work.now
    found.state = move.next_state
    if action == "approve":
        found.valid_from = max(found.valid_from, work.today)
    work.session.flush()
    _audit(work, move.audit, found)
    return found


def _audit(work: Work, action: str, one: TestLimit) -> None:
    detail: dict[str, Any] = {"kind": one.kind, "item": one.item, "limit": one.limit, "unit": one.unit}
    audit.record(work, action, "test_limit", one.id, source=one.source, **detail)
