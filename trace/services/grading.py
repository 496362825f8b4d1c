"""Lets persons grade carcasses: a second hand, a grade where the table gives none, a re-grade with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from brand.rules.grade_tables import Grade
from trace.models.batches import Batch, Carcass
from trace.models.events import Event
from trace.models.grading import GradeDecision
from trace.queries import grading as reads
from trace.rules import grading as rules
from trace.rules.events import EventKind
from trace.rules.grading import Decision, Method, Standing, check_chosen, check_seen, decide
from trace.services import batches, events, holds, seats


@dataclass(frozen=True)
class Said:
    """One person's grade for carcasses, named by the abattoir's numbers; ``place_id`` is where they hung.

    An empty ``grade`` is «as it stands», ``version`` that of the batch on the page the person saw.
    """

    version: int
    carcasses: Sequence[str]
    grade: str
    method: str
    reason: str
    place_id: str = ""


def grade(work: Work, batch_id: str, said: Said) -> Event:
    """One person's grade for carcasses of a batch, for all of them or none.

    Raises ``batches.stale``, ``grade_decisions.no_such_carcass``, what ``rules.grading.decide`` raises for any of them
    and what ``seats.here`` does.
    """

    def judge(one: Carcass, now: Standing, made: Decision) -> Standing:
        # The highest grade is none for what lies outside a table; where no table is for such animals, nothing does.
        return decide(now, made, covered=one.grade != Grade.MANUAL or not one.grade_table, reason=said.reason)

    return _decided(work, batches.held(work, batch_id), said, judge, "grading.grade")


def settle(work: Work, batch_id: str, said: Said) -> Event:
    """The office's third hand, where an abattoir has no third grader: it takes the side of one who graded.

    All of the carcasses or none. Raises ``batches.withdrawn``, ``batches.stale``, ``grade_decisions.no_such_carcass``
    and what ``rules.grading.settle`` raises for any of them.
    """
    batch = work.session.get(Batch, batch_id)
    if batch is None:
        raise unknown()
    work.actor.require("grading.settle")
    if batch.withdrawn:
        raise conflict("batches.withdrawn", lot=batch.lot)

    def judge(_: Carcass, now: Standing, made: Decision) -> Standing:
        return rules.settle(now, made, reason=said.reason)

    return _decided(work, batch, said, judge, "grading.settle", settled=len(said.carcasses))


def take_back(work: Work, event_id: str, *, words: str) -> None:
    """An act of grading never was: what stood before it stands again, as one more decision of each carcass.

    Raises ``grade_decisions.decided_since`` once anybody decided of one of them again.
    """
    event = work.session.get_one(Event, event_id)
    batch = batches.held(work, event.subject_id)
    holds.lock(work, [batch.id])
    its = select(GradeDecision).where(GradeDecision.batch_id == batch.id, GradeDecision.event_id == event_id)
    mine = work.session.exec(its).all()
    decided = reads.decisions_of(work.session, [one.carcass_id for one in mine])
    if not mine or any(decided[one.carcass_id][-1].id != one.id for one in mine):
        raise conflict("grade_decisions.decided_since")
    void = events.void(work, event, words)
    work.session.add_all(_as_before(work, one, decided[one.carcass_id], void, words) for one in mine)
    work.session.flush()
    detail = {"batch": batch.code, "head": len(mine), "undoes": event_id}
    audit.record(work, "grading.take_back", "batch", batch.id, enterprise_id=batch.holder_id, **detail)


def _as_before(
    work: Work, one: GradeDecision, decided: Sequence[GradeDecision], event: Event, words: str
) -> GradeDecision:
    """What stood before the last decision of a carcass, said once more; before the first it was what the table gave."""
    last = decided[-2] if len(decided) > 1 else None
    stood = last.standing if last else work.session.get_one(Carcass, one.carcass_id).grade
    return GradeDecision(
        carcass_id=one.carcass_id,
        batch_id=one.batch_id,
        position=one.position + 1,
        grade=stood,
        method=one.method,
        reason=words,
        standing=stood,
        disputed=last.disputed if last else False,
        waiting=last.waiting if last else False,
        grader_id=work.actor.person_id or "",
        decided_at=work.now,
        event_id=event.id,
    )


def _decided(
    work: Work,
    batch: Batch,
    said: Said,
    judge: Callable[[Carcass, Standing, Decision], Standing],
    act: str,
    **more: int,
) -> Event:
    """What was said of the carcasses, judged by one rule for each of them and kept as one event."""
    holds.lock(work, [batch.id])
    work.session.refresh(batch)
    check_seen(batch.version, said.version)
    chosen = _chosen(work, batch, said.carcasses)
    before = reads.standings(work.session, batch, chosen)
    after: dict[str, tuple[Grade, Standing]] = {}
    for one in chosen:
        made = Decision(Grade(said.grade) if said.grade else before[one.id].grade, work.actor.person_id or "")
        after[one.id] = made.grade, judge(one, before[one.id], made)
    with seats.here(work, batch.holder_id, said.place_id):
        event = _keep(work, batch, chosen, after, said, **more)
    disputed = sum(standing.disputed for _, standing in after.values())
    detail = {"batch": batch.code, "head": len(chosen), "grade": said.grade, "method": said.method}
    audit.record(work, act, "batch", batch.id, enterprise_id=batch.holder_id, **detail, disputed=disputed)
    return event


def _chosen(work: Work, batch: Batch, numbers: Sequence[str]) -> list[Carcass]:
    statement = select(Carcass).where(Carcass.batch_id == batch.id, col(Carcass.carcass_no).in_(set(numbers)))
    found = list(work.session.exec(statement.order_by(col(Carcass.carcass_no))))
    check_chosen(numbers, [one.carcass_no for one in found])
    return found


def _keep(
    work: Work,
    batch: Batch,
    chosen: Sequence[Carcass],
    after: dict[str, tuple[Grade, Standing]],
    said: Said,
    **more: int,
) -> Event:
    """One event for the whole act; what each grade became is told by its decision."""
    grades = Counter(each.value for each, _ in after.values())
    data = {
        "head": len(chosen),
        "grades": dict(grades),
        "method": Method(said.method).value,
        "carcasses": [one.carcass_no for one in chosen],
        "open": sum(bool(standing.proposed) for _, standing in after.values()),
        **more,
    }
    if said.reason:
        data["reason"] = said.reason
    event = events.record(work, batch, EventKind.REGRADING, event_time=work.now, data=data)
    earlier = reads.decisions_of(work.session, after)
    for one in chosen:
        given, standing = after[one.id]
        made = GradeDecision(
            carcass_id=one.id,
            batch_id=one.batch_id,
            position=len(earlier[one.id]) + 1,
            grade=given.value,
            method=said.method,
            reason=said.reason,
            standing=standing.grade.value,
            disputed=standing.disputed,
            waiting=standing.waiting,
            grader_id=work.actor.person_id or "",
            decided_at=work.now,
            event_id=event.id,
        )
        work.session.add(made)
    work.session.flush()
    return event
