"""Calls goods back, for real or as a drill: proposed, opened by another person, answered by every holder, closed.

Opening is one transaction: the batches are locked, what they lead to is worked out again, and from its commit on no
label of them is activated, nothing of them moves, and every page about them is red.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, func, or_, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.numbers import next_number
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.queries import calendar
from brand.rules.working_days import add_working_days
from trace.models.batches import Batch
from trace.models.recalls import Recall, RecallBatch, RecallNotice, RecallReport
from trace.queries import recall_sets, recalls
from trace.queries.lineage import portions
from trace.queries.recall_sets import MOST_STARTS, Sets, Start
from trace.rules.recalls import FLOW, OPEN, Figures, Level, check_told, due_at, policy


def propose(
    work: Work,
    *,
    drill: bool,
    level: str,
    reason_code: str,
    words: str,
    starts: Sequence[Start],
    width: str,
) -> Recall:
    """A case for somebody else to open.

    An enterprise may only start from its own goods: another's answer like such as do not exist. Raises
    ``recalls.starts_many`` or ``recalls.starts`` with a fault per starting point that names nothing.
    """
    work.actor.require("recalls.propose")
    if not 1 <= len(starts) <= MOST_STARTS:
        raise _at("starts", "recalls.starts_many", most=MOST_STARTS)
    _named(work, starts)
    reach = work.actor.reach("recalls.propose")
    made = Recall(
        number=next_number(work, "drills" if drill else "recalls"),
        drill=drill,
        level=level,
        reason_code=reason_code,
        words=words,
        starts=[[one.kind.value, one.key] for one in starts],
        width=width,
        enterprise_id=None if reach is None else min(reach),
        proposed_by=work.actor.person_id or "",
        proposed_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, "recalls.propose", made, starts=len(starts))
    return made


def step(work: Work, number: str, action: str, *, version: int, difference_words: str = "") -> Recall:
    """``open``, ``discard`` or ``close``.

    Raises ``recalls.stale``, ``recalls.wrong_state`` or what a guard refuses.
    """
    work.actor.require("recalls.decide")
    recall = recalls.find(work.session, work.actor, number)
    _take_version(work, recall, version)
    FLOW.step(recall.state, action)
    found = _locked(work, recall) if action == "open" else None
    case = recalls.case(work.session, work.actor, number)
    facts = {
        "drill": recall.drill,
        "person": work.actor.person_id,
        "proposed_by": recall.proposed_by,
        "batches": len(found.goods) if found else 0,
        "silent": case.silent,
        "reconciled": case.reconciled,
        "difference_words": difference_words,
    }
    move = FLOW.apply(recall.state, action, facts)
    recall.state = move.next_state
    if found is not None:
        _open(work, recall, found)
    if action == "close":
        recall.closed_by, recall.closed_at = work.actor.person_id, work.now
        recall.difference_words = difference_words
    work.session.flush()
    detail = {"difference_kg": case.reconciled.difference_kg} if action == "close" else {}
    _record(work, move.audit, recall, **detail)
    return recall


def acknowledge(work: Work, number: str, enterprise_id: str, *, version: int) -> RecallNotice:
    """A holder says that it has read the notice and stopped the goods; once."""
    recall, notice = _notice(work, number, enterprise_id, version)
    if notice.acknowledged_at is not None:
        raise conflict("recalls.acknowledged_already")
    notice.acknowledged_at, notice.acknowledged_by = work.now, work.actor.person_id
    work.session.flush()
    _record(work, "recalls.acknowledge", recall, holder=enterprise_id)
    return notice


def report(
    work: Work,
    number: str,
    enterprise_id: str,
    *,
    version: int,
    figures: Figures,
    words: str = "",
    upload: Upload | None = None,
) -> RecallReport:
    """What became of a holder's goods; a later report stands in place of an earlier one, which stays readable.

    Raises ``recalls.acknowledge_first``, ``recalls.more_than_had``, ``recalls.not_open`` or ``recalls.stale``.
    """
    recall, notice = _notice(work, number, enterprise_id, version)
    if notice.acknowledged_at is None:
        raise conflict("recalls.acknowledge_first")
    check_told(notice.kg, figures, words)
    before = select(func.count()).select_from(RecallReport).where(RecallReport.notice_id == notice.id)
    made = RecallReport(
        notice_id=notice.id,
        position=work.session.exec(before).one() + 1,
        words=words,
        at=work.now,
        by=work.actor.person_id or "",
        **asdict(figures),
        **_kept(upload),
    )
    work.session.add(made)
    work.session.flush()
    _record(work, "recalls.report", recall, holder=enterprise_id, total_kg=figures.total_kg, digest=made.digest)
    return made


def _kept(upload: Upload | None) -> dict[str, Any]:
    if upload is None:
        return {}
    return {
        "file_name": upload.name,
        "media_type": upload.media_type,
        "digest": upload.digest,
        "content": upload.data,
    }


def _named(work: Work, starts: Sequence[Start]) -> None:
    """Every starting point names goods the actor may call back."""
    reach = work.actor.reach("recalls.propose")
    found = recall_sets.named(work.session, starts)
    if reach is not None:
        own = _own(work, frozenset().union(*found), reach)
        found = [batches if batches <= own else frozenset() for batches in found]
    faults = [
        Fault("recalls.start_unknown", f"/starts/{place}", {"place": place + 1, "text": starts[place].key})
        for place, batches in enumerate(found)
        if not batches
    ]
    if faults:
        raise invalid("recalls.starts", faults=faults, count=len(faults))


def _own(work: Work, batch_ids: Collection[str], reach: Collection[str]) -> set[str]:
    rows: set[str] = set()
    for some in portions(batch_ids):
        mine = or_(*(col(one).in_(reach) for one in (Batch.holder_id, Batch.licensee_id, Batch.producer_id)))
        rows |= set(work.session.exec(select(Batch.id).where(col(Batch.id).in_(some), mine)))
    return rows


def _locked(work: Work, recall: Recall) -> Sets:
    """What the case reaches, with every batch of it locked: whoever is at work on one has finished, nobody begins."""
    locked: set[str] = set()
    while True:
        found = recall_sets.reached(work.session, recall)
        fresh = {one.id for one in found.goods} - locked
        if not fresh:
            return found
        for some in portions(fresh):
            rows = select(Batch.id).where(col(Batch.id).in_(some)).order_by(col(Batch.id)).with_for_update()
            work.session.exec(rows).all()
        locked |= fresh


def _open(work: Work, recall: Recall, found: Sets) -> None:
    recall.opened_by, recall.opened_at = work.actor.person_id, work.now
    days = policy().terms[Level(recall.level)].done_working_days
    recall.done_by = add_working_days(calendar.calendar(work.session), work.today, days).end
    work.session.flush()
    rows = [
        {
            "recall_id": recall.id,
            "batch_id": one.id,
            "holder_id": one.holder_id,
            "kg": one.kg,
            "drill": recall.drill,
        }
        for one in found.goods
    ]
    work.session.connection().execute(insert(RecallBatch), rows)
    due = due_at(recall.level, work.now)
    for holder, kg in sorted(found.holders.items()):
        work.session.add(RecallNotice(recall_id=recall.id, enterprise_id=holder, kg=kg, due_at=due))
    if not recall.drill:  # whoever keeps a page or a fragment of one of these must see that it has moved on
        for some in portions(one.id for one in found.goods):
            work.session.exec(update(Batch).where(col(Batch.id).in_(some)).values(version=col(Batch.version) + 1))


def _notice(work: Work, number: str, enterprise_id: str, version: int) -> tuple[Recall, RecallNotice]:
    work.actor.require("recalls.answer", enterprise_id)
    recall = recalls.find(work.session, work.actor, number)
    its = (RecallNotice.recall_id == recall.id, RecallNotice.enterprise_id == enterprise_id)
    notice = work.session.exec(select(RecallNotice).where(*its)).first()
    if notice is None:
        raise unknown()
    work.session.refresh(recall, with_for_update=True)  # a case that is being closed takes no more answers
    if recall.state != OPEN:
        raise conflict("recalls.not_open")
    same = (col(RecallNotice.id) == notice.id, col(RecallNotice.version) == version)
    taken = work.session.exec(update(RecallNotice).where(*same).values(version=version + 1)).rowcount
    work.session.refresh(notice)
    if taken != 1:
        raise conflict("recalls.stale")
    return recall, notice


def _take_version(work: Work, recall: Recall, version: int) -> None:
    """One statement decides who of two comes first."""
    same = (col(Recall.id) == recall.id, col(Recall.version) == version)
    taken = work.session.exec(update(Recall).where(*same).values(version=version + 1)).rowcount
    work.session.refresh(recall)
    if taken != 1:
        raise conflict("recalls.stale")


def _at(field: str, code: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, recall: Recall, **detail: Any) -> None:
    about = {"number": recall.number, "drill": recall.drill, "state": recall.state}
    audit.record(work, action, "recall", recall.id, enterprise_id=recall.enterprise_id, **about, **detail)
