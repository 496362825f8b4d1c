"""Adds events to a batch's chain. Nothing is changed or taken away: a correction is a new event that points back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.models.batches import Batch
from trace.models.events import Event
from trace.rules.events import BIZ_STEPS, EventKind, check_answerable, check_changes, check_time


def record(work: Work, batch: Batch, kind: EventKind, *, event_time: datetime, data: Mapping[str, Any]) -> Event:
    """One more step of the chain, answered for by the batch's abattoir and the acting person.

    ``data`` is JSON; quantities in it are text with the unit in the name. Needs no permission of its own: the services
    that call it have asked for theirs. Raises ``events.in_future``.
    """
    check_time(event_time, work.now)
    return _add(work, batch, kind, BIZ_STEPS[kind], event_time, data)


def correct(work: Work, event_id: str, *, version: int, reason: str, changes: Mapping[str, str]) -> Event:
    """Say that values of an event were stated wrongly; the event itself stays as it is.

    ``version`` is the batch's, as the person saw it. Raises ``batches.stale``, ``events.correct_the_first``,
    ``events.no_such_value`` or ``events.no_change``.
    """
    event, batch = _first(work, event_id, version)
    check_changes(event.data, changes)
    was_and_is = {name: {"was": str(event.data[name]), "is": value} for name, value in changes.items()}
    data = {"reason": reason, "changes": was_and_is}
    made = _add(work, batch, EventKind.CORRECTION, event.biz_step, work.now, data, corrects_id=event.id)
    audit.record(work, "events.correct", "event", made.id, enterprise_id=event.enterprise_id, corrects=event.id)
    return made


def answer(work: Work, event_id: str, *, version: int, cause: str, measure: str) -> Event:
    """Say why a chilling left its limits and what was done about the goods; until then the breach counts as open.

    Raises ``batches.stale``, ``events.nothing_to_answer`` or ``events.answered_already``.
    """
    event, batch = _first(work, event_id, version)
    check_answerable(event.kind, event.data, _answered(work, event))
    data = {"cause": cause, "measure": measure}
    made = _add(work, batch, EventKind.ANSWER, BIZ_STEPS[EventKind.TESTING], work.now, data, corrects_id=event.id)
    audit.record(work, "events.answer", "event", made.id, enterprise_id=event.enterprise_id, answers=event.id)
    return made


def _answered(work: Work, event: Event) -> bool:
    answers = select(Event.id).where(Event.corrects_id == event.id, Event.kind == EventKind.ANSWER.value)
    return work.session.exec(answers).first() is not None


def _first(work: Work, event_id: str, version: int) -> tuple[Event, Batch]:
    """An event that stands by itself, and its batch as the person saw it."""
    event = work.session.get(Event, event_id)
    if event is None:
        raise unknown()
    work.actor.require("events.record", event.enterprise_id)
    batch = work.session.get_one(Batch, event.batch_id)
    if batch.version != version:
        raise conflict("batches.stale")
    if event.corrects_id is not None:
        raise conflict("events.correct_the_first")
    return event, batch


def _add(
    work: Work,
    batch: Batch,
    kind: EventKind,
    biz_step: str,
    event_time: datetime,
    data: Mapping[str, Any],
    corrects_id: str | None = None,
) -> Event:
    event = Event(
        batch_id=batch.id,
        kind=kind.value,
        biz_step=biz_step,
        event_time=event_time,
        record_time=work.now,
        enterprise_id=batch.abattoir_id,
        person_id=work.actor.person_id or "",
        account_id=work.actor.account_id or "",
        county_code=work.session.get_one(Enterprise, batch.abattoir_id).county_code,
        corrects_id=corrects_id,
        data=dict(data),
    )
    work.session.add(event)
    # Whoever kept a page or a fragment of this batch must see that it has moved on.
    work.session.flush()
    moved = update(Batch).where(col(Batch.id) == batch.id).values(version=col(Batch.version) + 1)
    work.session.exec(moved)
    work.session.refresh(batch, ["version"])
    return event
