"""Holds goods and lets them go; every act that moves, packs or labels goods asks here first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, Kind, conflict, invalid, unknown
from brand.kernel.numbers import next_number
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.holds import Hold
from trace.queries import containers, recalls, shipments, subjects
from trace.queries import holds as reading
from trace.queries.subjects import Subject
from trace.rules.holds import Origin, Scope, check_lift, of_day

#: No batch stands in the input by itself: the address names it, or the input as a whole is about it.
NOWHERE: Mapping[str, str] = MappingProxyType({})


def place(work: Work, *, scope: str, key: str, reason_code: str, words: str) -> Hold:
    """Hold something of one's own, or, for the office, anything in the county.

    Raises ``access.unknown``, ``holds.subject``, ``holds.day_ahead`` or ``holds.held_already``.
    """
    subject = _subject(work, scope, key)
    _permit(work, subject)
    origin = Origin.OFFICE if oversees(work) else Origin.ENTERPRISE
    return _place(work, subject, scope, key, origin, reason_code, words)


def place_automatic(work: Work, batch_id: str, *, reason_code: str, cause: str, words: str = "") -> Hold:
    """The hold that follows from a record by itself, e.g. a failing test; ``cause`` names that record, once.

    Needs no permission of its own: the service that calls it has asked for its own.
    """
    subject = _subject(work, Scope.BATCH, batch_id)
    return _place(work, subject, Scope.BATCH, batch_id, Origin.AUTOMATIC, reason_code, words, cause)


def lift_automatic(work: Work, *causes: str, words: str) -> list[Hold]:
    """End every hold these records set off, once what they said no longer counts; needs no permission of its own."""
    open_ones = select(Hold).where(col(Hold.cause).in_(causes), Hold.origin == Origin.AUTOMATIC.value)
    found = list(work.session.exec(open_ones.where(col(Hold.lifted_at).is_(None)).with_for_update()))
    for one in found:
        one.lifted_at, one.lifted_by, one.lift_words = work.now, work.actor.person_id or "", words
        audit.record(work, "holds.lift", "hold", one.id, enterprise_id=one.enterprise_id, number=one.number)
    work.session.flush()
    return found


def lift(work: Work, number: str, *, words: str) -> Hold:
    """Let it go, once and with a reason; raises ``holds.office_lifts``, ``.test_decides``, ``.another_person``."""
    found = reading.find(work.session, work.actor, number).hold
    _permit(work, _subject(work, found.scope, found.key))
    person = work.actor.person_id or ""
    check_lift(found.origin, found.reason_code, found.placed_by, person, oversees(work))
    still = (col(Hold.id) == found.id, col(Hold.lifted_at).is_(None))
    done = work.session.exec(
        update(Hold).where(*still).values(lifted_at=work.now, lifted_by=person, lift_words=words)
    ).rowcount
    work.session.refresh(found)
    if done != 1:
        raise conflict("holds.lifted_already")
    audit.record(work, "holds.lift", "hold", found.id, enterprise_id=found.enterprise_id, number=number)
    return found


def check_free(work: Work, batch_ids: Collection[str], at: Mapping[str, str] = NOWHERE) -> None:
    """Nothing bears on these batches; the act they are asked for waits here for its turn at them.

    ``at`` says for the ids of batches where they stand in the input. Raises ``holds.recalled`` or ``holds.on_the_way``
    with lot and number of the recall or journey, or ``holds.held`` with lot, number, reason and day of the oldest hold,
    and how many there are.
    """
    lock(work, batch_ids)
    refuse_held(work, batch_ids, at)


def lock(work: Work, batch_ids: Collection[str]) -> None:
    """Take turns with whoever holds these batches or acts on them."""
    mine = select(Batch.id).where(col(Batch.id).in_(set(batch_ids))).order_by(col(Batch.id))
    work.session.exec(mine.with_for_update()).all()


def refuse_held(work: Work, batch_ids: Collection[str], at: Mapping[str, str] = NOWHERE) -> None:
    """The same for whoever only looks and may lock nothing."""
    refuse_called(work, batch_ids, at)
    _refuse_open(work, batch_ids, at)


def refuse_bound(work: Work, batch_ids: Collection[str], at: Mapping[str, str] = NOWHERE) -> None:
    """What is held or called back is refused wherever it is: packs of a batch may be with another than its holder."""
    refuse_recalled(work, batch_ids, at)
    _refuse_open(work, batch_ids, at)


def refuse_recalled(work: Work, batch_ids: Collection[str], at: Mapping[str, str] = NOWHERE) -> None:
    """Raises ``holds.recalled``."""
    for batch_id, number in sorted(recalls.recalled(work.session, batch_ids).items()):
        raise _stands(work, "holds.recalled", batch_id, at, number=number)


def _refuse_open(work: Work, batch_ids: Collection[str], at: Mapping[str, str]) -> None:
    found = reading.bearing_on(work.session, batch_ids)
    for batch_id, held in sorted(found.items()):
        if held:
            raise _stands(work, "holds.held", batch_id, at, **reading.told(work.session.get_one(Batch, batch_id), held))


def refuse_called(work: Work, batch_ids: Collection[str], at: Mapping[str, str] = NOWHERE) -> None:
    """Recalled goods and what stands still are refused. Raises ``holds.recalled`` and what ``refuse_moving`` raises."""
    refuse_recalled(work, batch_ids, at)
    refuse_moving(work, batch_ids, at)


def refuse_moving(work: Work, batch_ids: Collection[str], at: Mapping[str, str] = NOWHERE) -> None:
    """Only what stands still is refused: held goods may still be destroyed.

    Raises ``holds.on_the_way`` and, for goods that lie in a case as a whole, ``holds.inside`` with its code.
    """
    for batch_id, number in sorted(shipments.on_the_way(work.session, batch_ids).items()):
        raise _stands(work, "holds.on_the_way", batch_id, at, number=number)
    for batch_id, code in sorted(containers.inside(work.session, batch_ids).items()):
        raise _stands(work, "holds.inside", batch_id, at, code=code)


def _stands(work: Work, why: str, batch_id: str, at: Mapping[str, str], **told: Any) -> AppError:
    """What stands against acts on a batch, with its lot, at its place in the input."""
    params = {"lot": work.session.get_one(Batch, batch_id).lot} | told
    return AppError(Kind.REFUSED, why, faults=[Fault(why, at.get(batch_id, ""), params)], **params)


def oversees(work: Work) -> bool:
    """Whether the actor may hold anything in the county."""
    return work.actor.reach("holds.place") is None


def _permit(work: Work, subject: Subject) -> None:
    """What belongs to others answers like what is not there."""
    work.actor.require("holds.place", *subject.enterprises)
    if not subject.within(lambda one: work.actor.may("holds.place", one)):
        raise unknown()


def _subject(work: Work, scope: str, key: str) -> Subject:
    """Raises ``access.unknown`` for what is not there, ``holds.day_ahead`` for a day that has not come."""
    found = subjects.find(work.session, scope, key)
    if found is None:
        raise unknown()
    if scope == Scope.DAY and of_day(key)[1] > work.today:
        raise invalid("holds.day_ahead", faults=[Fault("holds.day_ahead", "/key")])
    return found


def _place(
    work: Work,
    subject: Subject,
    scope: str,
    key: str,
    origin: Origin,
    reason_code: str,
    words: str,
    cause: str = "",
) -> Hold:
    number = next_number(work, "holds")  # whoever holds at the same moment waits here for this transaction
    same: dict[str, Any] = {
        "scope": scope,
        "key": key,
        "origin": origin.value,
        "reason_code": reason_code,
        "cause": cause,
    }
    twin = select(Hold).where(col(Hold.lifted_at).is_(None)).filter_by(**same)
    if (there := work.session.exec(twin).first()) is not None:
        params = {"number": there.number}
        raise conflict("holds.held_already", faults=[Fault("holds.held_already", "/reason_code", params)], **params)
    made = Hold(
        number=number,
        enterprise_id=subject.enterprises[0],
        words=words,
        placed_by=work.actor.person_id or "",
        placed_at=work.now,
        **same,
    )
    work.session.add(made)
    work.session.flush()
    detail = {"number": number, "scope": scope, "reason_code": reason_code, "cause": cause}
    audit.record(work, "holds.place", "hold", made.id, enterprise_id=made.enterprise_id, **detail)
    return made
