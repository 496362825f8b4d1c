"""Takes what a person states of a batch on one of the six axes."""

from __future__ import annotations

from brand.kernel import audit
from brand.kernel.work import Work
from trace.models.grading import AxisStatement
from trace.queries import axes as reads
from trace.rules.axes import Axis, check_statement
from trace.rules.grading import Method
from trace.services import batches, events, holds


def state(work: Work, batch_id: str, *, axis: str, value: str, method: str, reason: str) -> AxisStatement:
    """One more statement on one axis; the earlier ones stay.

    Raises ``axes.from_records``, ``axes.no_change`` or ``axes.reason_needed``.
    """
    batch = batches.held(work, batch_id)
    holds.lock(work, [batch.id])
    known = reads.of(work.session, batch)
    before = known.stated.get(Axis(axis))
    check_statement(Axis(axis), known.shown, before.value if before else None, value, reason)
    made = AxisStatement(
        batch_id=batch.id,
        axis=Axis(axis).value,
        position=before.position + 1 if before else 1,
        value=value,
        method=Method(method).value,
        reason=reason,
        stated_by=work.actor.person_id or "",
        stated_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    events.touch(work, [batch.id])
    told = {"batch": batch.code, "axis": axis, "value": value}
    audit.record(work, "axes.state", "batch", batch.id, enterprise_id=batch.holder_id, **told)
    return made
