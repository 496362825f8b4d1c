"""Adds events to chains. Nothing is changed or taken away: a correction is a new event that points back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import conflict, unknown
from brand.kernel.ids import new_id, new_ids
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.models.batches import Batch
from trace.models.events import Event
from trace.queries import events as reads
from trace.queries import lineage
from trace.queries.lineage import portions
from trace.rules.events import (
    BIZ_STEPS,
    COLD,
    EventKind,
    check_answerable,
    check_changes,
    check_order,
    check_time,
    check_withdrawable,
    is_late,
)
from trace.rules.goods import Subject


def record(
    work: Work,
    batch: Batch,
    kind: EventKind,
    *,
    event_time: datetime,
    data: Mapping[str, Any],
    operation: str | None = None,
    person_id: str | None = None,
    enterprise_id: str | None = None,
    place_id: str | None = None,
) -> Event:
    """One more step of the chain, answered for by the batch's holder and the acting person.

    ``enterprise_id``: who answers for it instead, where another than its holder has packs of it. ``place_id``: where,
    if somebody said so; else the store the goods lie in, else the enterprise's one place for such a step.

    ``data`` is JSON; quantities in it are text with the unit in the name. ``operation`` joins the events of one act;
    ``person_id`` is who stated it, where another's yes made it so.
    Needs no permission of its own: the services that call it have asked for theirs. Raises ``events.in_future`` or
    ``events.before_batch``; what is written down too late by the product's rule is kept and marked.
    """
    check_time(event_time, work.now)
    check_order(event_time, reads.began(work.session, batch), batch.lot)
    made = _event(work, Subject.BATCH, batch.id, enterprise_id or batch.holder_id, kind, event_time, data)
    hours = reads.lag_hours(work.session, kind, batch, work.today)
    made.late = is_late(event_time, work.now, hours, day_only="day" in data)
    made.operation, made.person_id = operation, person_id or made.person_id
    here = place_id or reads.lay_in(work.session, {batch.id: event_time}).get(batch.id)
    made.place_id = here or reads.seat(work.session, made.enterprise_id, kind, local_day(event_time))
    return _add(work, made, batch)


@dataclass(frozen=True)
class Step:
    """One step of a chain as ``record`` takes it, for acts that write many."""

    batch: Batch
    kind: EventKind
    event_time: datetime
    data: Mapping[str, Any]


def record_all(
    work: Work, steps: Sequence[Step], *, operation: str | None = None, person_id: str | None = None
) -> list[str]:
    """Many steps of one act in one statement, each held against the same rules as by ``record``; their ids in order.

    Raises what ``record`` raises; then none is written. A chain has moved on once, however many steps it got.
    """
    batches = {one.batch.id: one.batch for one in steps}
    began = reads.began_all(work.session, batches.values())
    ways = {(one.batch.product_id, one.kind): one for one in steps}
    hours = {key: reads.lag_hours(work.session, one.kind, one.batch, work.today) for key, one in ways.items()}
    shared = {key: _row(work, Subject.BATCH, key, one.holder_id) for key, one in batches.items()}
    here = _places(work, steps)
    rows: list[dict[str, Any]] = []
    for key, one in zip(new_ids(len(steps)), steps, strict=True):
        check_time(one.event_time, work.now)
        check_order(one.event_time, began[one.batch.id], one.batch.lot)
        row = shared[one.batch.id] | _what(one.kind, one.event_time, one.data)
        lag = hours[one.batch.product_id, one.kind]
        row["late"] = is_late(one.event_time, work.now, lag, day_only="day" in one.data)
        row["id"], row["operation"], row["person_id"] = key, operation, person_id or row["person_id"]
        row["place_id"] = here[len(rows)]
        rows.append(row)
    if rows:
        work.session.flush()
        work.session.connection().execute(insert(Event), rows)
        touch(work, batches)
        for some in portions(batches):
            theirs = select(Batch).where(col(Batch.id).in_(some))
            work.session.exec(theirs.execution_options(populate_existing=True)).all()
    return [row["id"] for row in rows]


def _places(work: Work, steps: Sequence[Step]) -> list[str | None]:
    """Where each of many steps happened, as ``record`` finds it for one."""
    lay = reads.lay_in(work.session, {one.batch.id: one.event_time for one in steps})
    seats = {(one.batch.holder_id, one.kind, local_day(one.event_time)) for one in steps}
    found = {key: reads.seat(work.session, *key) for key in seats}
    return [lay.get(one.batch.id) or found[one.batch.holder_id, one.kind, local_day(one.event_time)] for one in steps]


def record_for(
    work: Work,
    subject: Subject,
    subject_id: str,
    enterprise_id: str,
    kind: EventKind,
    *,
    event_time: datetime,
    data: Mapping[str, Any],
    operation: str | None = None,
    place_id: str | None = None,
) -> Event:
    """The same for anything that is no batch: a herd, an animal, a place, a shipment, a container."""
    check_time(event_time, work.now)
    made = _event(work, subject, subject_id, enterprise_id, kind, event_time, data)
    hours = reads.lag_hours(work.session, kind, None, work.today)
    made.operation, made.late = operation, is_late(event_time, work.now, hours, day_only="day" in data)
    made.place_id = place_id or reads.seat(work.session, enterprise_id, kind, local_day(event_time))
    return _add(work, made, None)


def correct(work: Work, event_id: str, *, version: int, reason: str, changes: Mapping[str, str]) -> Event:
    """Say that values of an event were stated wrongly; the event itself stays as it is.

    ``version`` is the batch's, as the person saw it. Raises ``batches.stale``, ``events.correct_the_first``,
    ``events.no_such_value`` or ``events.no_change``.
    """
    event, batch = _first(work, event_id, version)
    check_changes(event.data, changes)
    was_and_is = {name: {"was": str(event.data[name]), "is": value} for name, value in changes.items()}
    data = {"reason": reason, "changes": was_and_is}
    made = _about(work, event, EventKind.CORRECTION, event.biz_step, data, batch)
    audit.record(work, "events.correct", "event", made.id, enterprise_id=event.enterprise_id, corrects=event.id)
    return made


def withdraw(work: Work, event_id: str, *, version: int, reason: str) -> Event:
    """Say that an event never was; it stays on record and counts for nothing from now on.

    Raises ``batches.stale``, ``events.correct_the_first``, ``events.withdrawn_already``, ``events.withdraw_there`` for
    what moved goods, or ``events.answer_first`` for a breach nobody has answered for.
    """
    event, batch = _first(work, event_id, version)
    breach = event.kind in COLD and bool(event.data.get("breaches")) and not _answered(work, event)
    check_withdrawable(event.kind, joined=event.operation is not None, open_breach=breach)
    made = _about(work, event, EventKind.WITHDRAWN, event.biz_step, {"reason": reason}, batch)
    audit.record(work, "events.withdraw", "event", made.id, enterprise_id=event.enterprise_id, withdraws=event.id)
    return made


def answer(work: Work, event_id: str, *, version: int, cause: str, measure: str) -> Event:
    """Say why a chilling left its limits and what was done about the goods; until then the breach counts as open.

    Raises ``batches.stale``, ``events.nothing_to_answer`` or ``events.answered_already``.
    """
    event, batch = _first(work, event_id, version)
    check_answerable(event.kind, event.data, _answered(work, event))
    data = {"cause": cause, "measure": measure}
    made = _about(work, event, EventKind.ANSWER, BIZ_STEPS[EventKind.TESTING], data, batch)
    audit.record(work, "events.answer", "event", made.id, enterprise_id=event.enterprise_id, answers=event.id)
    return made


def void(work: Work, event: Event, reason: str) -> Event:
    """The event of an act that was taken back counts for nothing; ``services/undoing`` has asked for the permission."""
    batch = work.session.get_one(Batch, event.batch_id) if event.batch_id else None
    return _about(work, event, EventKind.WITHDRAWN, event.biz_step, {"reason": reason}, batch)


def _answered(work: Work, event: Event) -> bool:
    return _later(work, event, EventKind.ANSWER)


def _later(work: Work, event: Event, kind: EventKind) -> bool:
    """Whether such a word on the event has been said."""
    same = (Event.subject == event.subject, Event.subject_id == event.subject_id)
    said = select(Event.id).where(*same, Event.corrects_id == event.id, Event.kind == kind.value)
    return work.session.exec(said).first() is not None


def _first(work: Work, event_id: str, version: int) -> tuple[Event, Batch | None]:
    """An event that stands by itself, and its batch, if it has one, as the person saw it."""
    event = work.session.get(Event, event_id)
    if event is None:
        raise unknown()
    work.actor.require("events.record", event.enterprise_id)
    batch = work.session.get_one(Batch, event.batch_id) if event.batch_id else None
    if batch is not None and batch.version != version:
        raise conflict("batches.stale")
    if event.corrects_id is not None:
        raise conflict("events.correct_the_first")
    if _later(work, event, EventKind.WITHDRAWN):
        raise conflict("events.withdrawn_already")
    return event, batch


def _about(
    work: Work, event: Event, kind: EventKind, biz_step: str, data: Mapping[str, Any], batch: Batch | None
) -> Event:
    """A later word on an event, answered for by whoever answered for it."""
    made = _event(work, Subject(event.subject), event.subject_id, event.enterprise_id, kind, work.now, data)
    made.biz_step, made.corrects_id, made.place_id = biz_step, event.id, event.place_id
    return _add(work, made, batch)


def _event(
    work: Work,
    subject: Subject,
    subject_id: str,
    enterprise_id: str,
    kind: EventKind,
    event_time: datetime,
    data: Mapping[str, Any],
) -> Event:
    said = _what(kind, event_time, data)
    return Event(id=new_id(), **_row(work, subject, subject_id, enterprise_id), **said)


def _row(work: Work, subject: Subject, subject_id: str, enterprise_id: str) -> dict[str, Any]:
    """What all events of one act on one thing have in common: who answers for it, who says so, when."""
    return {
        "subject": subject.value,
        "subject_id": subject_id,
        "batch_id": subject_id if subject is Subject.BATCH else None,
        "record_time": work.now,
        "enterprise_id": enterprise_id,
        "person_id": work.actor.person_id or "",
        "account_id": work.actor.account_id or "",
        "on_behalf_of": enterprise_id if work.actor.acts_for(enterprise_id) else None,
        "county_code": work.session.get_one(Enterprise, enterprise_id).county_code,
    }


def _what(kind: EventKind, event_time: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "biz_step": BIZ_STEPS.get(kind, ""),
        "event_time": event_time,
        "data": dict(data),
    }


def _add(work: Work, event: Event, batch: Batch | None) -> Event:
    work.session.add(event)
    work.session.flush()
    if batch is not None:
        touch(work, [batch.id])
        work.session.refresh(batch, ["version"])
    return event


def touch(work: Work, batch_ids: Collection[str]) -> None:
    """Something was said of these batches: whoever kept a page or a verdict of them must see that they moved on.

    So must everything made from them, whose history it is. Rows are taken in one order, so that nobody waits in a ring.
    """
    for some in portions(lineage.onward(work.session, batch_ids)):
        theirs = col(Batch.id).in_(some)
        if len(some) > 1:
            work.session.exec(select(Batch.id).where(theirs).order_by(col(Batch.id)).with_for_update()).all()
        work.session.exec(update(Batch).where(theirs).values(version=col(Batch.version) + 1))
