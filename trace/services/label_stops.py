"""Stops labels of a licence, an order or a key at once, and lets them run again on another person's word."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import conflict, refused, unknown
from brand.kernel.work import Work
from brand.models.licences import Licence
from trace.models.batches import Batch
from trace.models.label_stops import LabelStop
from trace.models.labels import LabelOrder, SigningKey
from trace.queries import label_stops as reads
from trace.rules.label_stops import StopScope, check_lift


def place(work: Work, *, scope: str, name: str, reason_code: str, words: str = "") -> LabelStop:
    """Stop what ``name`` (number of a licence or order, id of a key) names: counts from the next scan on.

    Raises ``access.unknown`` or ``label_stops.stopped_already``.
    """
    kind = StopScope(scope)
    key, enterprise_id = _subject(work, kind, name)
    work.actor.require("labels.void", enterprise_id)
    made = LabelStop(
        scope=kind.value,
        key=key,
        enterprise_id=enterprise_id,
        name=name,
        reason_code=reason_code,
        words=words,
        placed_by=work.actor.person_id or "",
        placed_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError:
        raise conflict("label_stops.stopped_already", name=name) from None
    _note(work, "label_stops.place", made)
    return made


def lift(work: Work, stop_id: str, *, words: str) -> LabelStop:
    """Let them run again, with what was found; raises ``label_stops.four_eyes`` or ``label_stops.lifted_already``."""
    found = work.session.get(LabelStop, stop_id)
    if found is None:
        raise unknown()
    work.actor.require("licences.sanction", found.enterprise_id)
    person = work.actor.person_id or ""
    check_lift(found.placed_by, person)
    values = {"lifted_by": person, "lifted_at": work.now, "lift_words": words}
    still = (col(LabelStop.id) == stop_id, col(LabelStop.lifted_at).is_(None))
    if work.session.exec(update(LabelStop).where(*still).values(**values)).rowcount != 1:
        raise conflict("label_stops.lifted_already")
    work.session.refresh(found)
    _note(work, "label_stops.lift", found)
    return found


def refuse_stopped(work: Work, *, licence_id: str, kid: str, order_id: str = "") -> None:
    """Whoever orders, activates or prints asks here: ``label_stops.stopped`` with what is stopped and why."""
    found = reads.bearing_on(work.session, licence_id=licence_id, kid=kid, order_id=order_id)
    if found is not None:
        told = {"scope": f"label_stop.scope.{found.scope}", "why": f"label_stop.reason.{found.reason_code}"}
        raise refused("label_stops.stopped", name=found.name, **told)


def _subject(work: Work, scope: StopScope, name: str) -> tuple[str, str]:
    """The record's id and whose it is; what the actor may not stop is as unknown as what is not there."""
    if scope is StopScope.LICENCE:
        licence = work.session.exec(select(Licence).where(Licence.number == name)).first()
        found = (licence.id, licence.enterprise_id) if licence else None
    elif scope is StopScope.ORDER:
        statement = (
            select(LabelOrder.id, Batch.licensee_id)
            .join(Batch, col(Batch.id) == col(LabelOrder.batch_id))
            .where(LabelOrder.number == name)
        )
        row = work.session.exec(statement).first()
        found = (row[0], row[1]) if row else None
    else:
        key = work.session.get(SigningKey, name)
        found = (key.kid, key.enterprise_id) if key else None
    if found is None:
        raise unknown()
    return found


def _note(work: Work, action: str, one: LabelStop) -> None:
    about = {"scope": one.scope, "number": one.name, "reason_code": one.reason_code}
    audit.record(work, action, "label_stop", one.id, enterprise_id=one.enterprise_id, **about)
