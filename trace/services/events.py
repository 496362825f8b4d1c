"""Adds events to chains. Nothing is changed or taken away: a correction is a new event that points back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col, select

from brand.kernel import audit, rows
from brand.kernel.clock import local_day
from brand.kernel.errors import conflict, unknown
from brand.kernel.ids import new_id, new_ids
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.events import Event
from trace.queries import events as reads
from trace.queries import lineage
from trace.queries.animals import in_parts
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
from trace.services import seats

_SOME = col(Batch.id).in_(bindparam("batches", expanding=True))
_IN_ORDER = select(Batch.id).where(_SOME).order_by(col(Batch.id)).with_for_update()
_TOUCH = update(Batch).where(_SOME).values(version=col(Batch.version) + 1).returning(col(Batch.id), col(Batch.version))
#: Where a session keeps what ``touching_once`` has yet to count up.
_TOUCHED = "brandtrace.touched"


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
    else what its people said (``seats.here``), the store the goods lie in, or the one place for such a step.

    ``data`` is JSON; quantities in it are text with the unit in the name. ``operation`` joins the events of one act;
    ``person_id`` is who stated it, where another's yes made it so.
    Needs no permission of its own: the services that call it have asked for theirs. Raises ``events.in_future`` or
    ``events.before_batch``; what is written down too late by the product's rule is kept and marked.
    """
    step = Step(batch, kind, event_time, data, enterprise_id, place_id)
    (row,) = _written(work, [step], operation, person_id)
    return _known(work.session, row)


@dataclass(frozen=True)
class Step:
    """One step of a chain as ``record`` takes it, for acts that write many."""

    batch: Batch
    kind: EventKind
    event_time: datetime
    data: Mapping[str, Any]
    enterprise_id: str | None = None
    place_id: str | None = None
    operation: str | None = None

    @property
    def answers(self) -> str:
        """The enterprise that answers for it."""
        return self.enterprise_id or self.batch.holder_id


def record_all(
    work: Work, steps: Sequence[Step], *, operation: str | None = None, person_id: str | None = None
) -> list[str]:
    """Many steps in one statement, each held against the same rules as by ``record``; their ids in order.

    ``operation`` joins those that name none of their own. Raises what ``record`` raises; then none is written. A chain
    has moved on once, however many steps it got.
    """
    return [row["id"] for row in _written(work, steps, operation, person_id)]


def _written(work: Work, steps: Sequence[Step], operation: str | None, person_id: str | None) -> list[dict[str, Any]]:
    """The rows of these steps. What steps of one kind, batch and moment have in common is worked out once."""
    if not steps:
        return []
    ways: dict[Any, Step] = {}
    keys = [(one.batch.id, one.answers, one.kind, one.event_time, one.place_id, "day" in one.data) for one in steps]
    for key, one in zip(keys, steps, strict=True):
        ways.setdefault(key, one)
    batches = {one.batch.id: one.batch for one in ways.values()}
    shared = _shared(work, ways, batches)
    said = {"person_id": person_id} if person_id else {}
    ids = new_ids(len(steps))
    made = [
        {**shared[key], **said, "id": fresh, "operation": one.operation or operation, "data": dict(one.data)}
        for key, one, fresh in zip(keys, steps, ids, strict=True)
    ]
    work.session.flush()
    rows.add(work.session, Event, made)
    touch(work, batches)
    return made


def _shared(work: Work, ways: Mapping[Any, Step], batches: Mapping[str, Batch]) -> dict[Any, dict[str, Any]]:
    """What stands in every row of each way, held against the rules in the order of the steps."""
    began = reads.began(work.session, batches.values())
    kinds = {(one.batch.product_id, one.kind): one for one in ways.values()}
    hours = {key: reads.lag_hours(work.session, one.kind, one.batch, work.today) for key, one in kinds.items()}
    lay = reads.lay_in(work.session, [(one.batch.id, one.event_time) for one in ways.values()])
    seat = cache(partial(reads.seat, work.session))
    base = cache(partial(_row, work, Subject.BATCH))
    found = {}
    for key, one in ways.items():
        check_time(one.event_time, work.now)
        check_order(one.event_time, began[one.batch.id], one.batch.lot)
        row = base(one.batch.id, one.answers) | _what(one.kind, one.event_time)
        row["late"] = is_late(
            one.event_time, work.now, hours[one.batch.product_id, one.kind], day_only="day" in one.data
        )
        at = (one.answers, one.kind, local_day(one.event_time))
        here = one.place_id or seats.said(work, *at) or lay.get((one.batch.id, one.event_time))
        row["place_id"] = here or seat(*at)
        found[key] = row
    return found


def _known(session: Session, row: Mapping[str, Any]) -> Event:
    """The record of an event that stands in the database already."""
    made = Event(**row)
    make_transient_to_detached(made)
    session.add(made)
    return made


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
    row = _row(work, subject, subject_id, enterprise_id) | _what(kind, event_time)
    hours = reads.lag_hours(work.session, kind, None, work.today)
    row["late"] = is_late(event_time, work.now, hours, day_only="day" in data)
    at = (enterprise_id, kind, local_day(event_time))
    row["place_id"] = place_id or seats.said(work, *at) or reads.seat(work.session, *at)
    return _add(work, row | {"operation": operation, "data": dict(data)}, None)


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
    event, _ = _first(work, event_id, version)
    (row,) = _withdrawn(work, [event], reason)
    return _known(work.session, row)


def withdraw_all(work: Work, event_ids: Sequence[str], *, reason: str) -> None:
    """The same for many, whatever was said of their batches since; raises what the first that may not be raises."""
    for some in in_parts(event_ids):
        found = {one.id: one for one in work.session.exec(select(Event).where(col(Event.id).in_(some)))}
        if len(found) < len(set(some)):
            raise unknown()
        for one in found.values():
            work.actor.require("events.record", one.enterprise_id)
            if one.corrects_id is not None:
                raise conflict("events.correct_the_first")
        _withdrawn(work, [found[one] for one in some], reason)


def _withdrawn(work: Work, found: Sequence[Event], reason: str) -> list[dict[str, Any]]:
    """The rows that say so of events of which nothing but corrections and answers were said yet."""
    its = select(Event.corrects_id, Event.kind).where(
        col(Event.subject_id).in_({one.subject_id for one in found}),
        col(Event.corrects_id).in_([one.id for one in found]),
    )
    said = set(work.session.exec(its))
    for one in found:
        if (one.id, EventKind.WITHDRAWN) in said:
            raise conflict("events.withdrawn_already")
        breach = one.kind in COLD and bool(one.data.get("breaches")) and (one.id, EventKind.ANSWER) not in said
        check_withdrawable(one.kind, joined=one.operation is not None, open_breach=breach)
    made = void_all(work, found, reason)
    told: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row, one in zip(made, found, strict=True):
        told[one.enterprise_id][row["id"]] = {"withdraws": one.id}
    for enterprise_id, details in told.items():
        audit.record_all(work, "events.withdraw", "event", details, enterprise_id=enterprise_id)
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


def void_all(work: Work, voided: Sequence[Event], reason: str) -> list[dict[str, Any]]:
    """The same for many events at once; the rows that say so."""
    base = cache(partial(_row, work))
    said = _what(EventKind.WITHDRAWN, work.now) | {"data": {"reason": reason}}
    made = [
        base(Subject(one.subject), one.subject_id, one.enterprise_id)
        | said
        | {"id": fresh, "biz_step": one.biz_step, "corrects_id": one.id, "place_id": one.place_id}
        for one, fresh in zip(voided, new_ids(len(voided)), strict=True)
    ]
    work.session.flush()
    rows.add(work.session, Event, made)
    touch(work, {one.batch_id for one in voided if one.batch_id})
    return made


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
    row = _row(work, Subject(event.subject), event.subject_id, event.enterprise_id) | _what(kind, work.now)
    row |= {"biz_step": biz_step, "corrects_id": event.id, "place_id": event.place_id, "data": dict(data)}
    return _add(work, row, batch)


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
        "county_code": reads.county_code(work.session, enterprise_id),
        "corrects_id": None,
        "late": False,
        "operation": None,
    }


def _what(kind: EventKind, event_time: datetime) -> dict[str, Any]:
    return {"kind": kind.value, "biz_step": BIZ_STEPS.get(kind, ""), "event_time": event_time}


def _add(work: Work, row: Mapping[str, Any], batch: Batch | None) -> Event:
    made = {**row, "id": new_id()}
    work.session.flush()
    rows.add(work.session, Event, [made])
    if batch is not None:
        touch(work, [batch.id])
    return _known(work.session, made)


@contextmanager
def touching_once(work: Work) -> Iterator[None]:
    """Whatever is touched inside is touched at its end, once: for many acts that become known together or not at all.

    Parts split off one lot are all made from it; counting them up with every further part would cost their square.
    """
    if _TOUCHED in work.session.info:
        yield
        return
    touched: set[str] = set()
    work.session.info[_TOUCHED] = touched
    try:
        yield
    finally:
        del work.session.info[_TOUCHED]
    touch(work, touched)


def _put_off(work: Work, batch_ids: Iterable[str]) -> bool:
    touched: set[str] | None = work.session.info.get(_TOUCHED)
    if touched is not None:
        touched.update(batch_ids)
    return touched is not None


def touch(work: Work, batch_ids: Collection[str]) -> None:
    """Something was said of these batches: whoever kept a page or a verdict of them must see that they moved on.

    So must everything made from them, whose history it is. Rows are taken in one order, so that nobody waits in a ring.
    """
    if _put_off(work, batch_ids):
        return
    for some in portions(lineage.onward(work.session, batch_ids)):
        if len(some) > 1:
            rows.run(work.session, _IN_ORDER, batches=some)
        for batch_id, version in rows.run(work.session, _TOUCH, batches=some):
            in_hand = work.session.identity_map.get(identity_key(Batch, batch_id))
            if in_hand is not None:
                set_committed_value(in_hand, "version", version)
