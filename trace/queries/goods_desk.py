"""Reads what waits on the desks of those who hold goods: grades two hands differ on, batches at the release gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import case
from sqlmodel import Session, col, func, or_, select

from brand.kernel.actors import Actor
from brand.queries.desk import MOST, Waiting
from brand.rules.product_rules import Stage
from trace.models.batches import Batch, PackLine
from trace.models.grading import GradeDecision
from trace.queries import gate as gate_reads
from trace.rules import gate
from trace.rules.goods import BatchKind

#: Looking a batch over at the gate costs some dozen statements; so many, the oldest first, stand on a desk.
AT_THE_GATE = 6
#: Goods that go on into packs; leaf and grain go on into goods first.
_PACKED_FROM = (BatchKind.SLAUGHTER.value, BatchKind.MADE.value, BatchKind.MERGED.value)


def waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    return [*_graded(session, actor), *_gated(session, actor, today)]


def _graded(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Batches with carcasses whose graders differ, or whose proposed grade waits for a second hand."""
    last = (
        select(GradeDecision.carcass_id, func.max(GradeDecision.position).label("position"))
        .group_by(col(GradeDecision.carcass_id))
        .subquery()
    )
    newest = (GradeDecision.carcass_id == last.c.carcass_id) & (GradeDecision.position == last.c.position)
    open_ones = or_(col(GradeDecision.disputed).is_(True), col(GradeDecision.waiting).is_(True))
    its = (
        select(GradeDecision.batch_id, func.max(case((col(GradeDecision.disputed), 1), else_=0)), func.count())
        .join(last, newest)  # type: ignore[arg-type]
        .where(open_ones)
        .group_by(col(GradeDecision.batch_id))
        .subquery()
    )
    batches = select(Batch, its.c[1], its.c[2]).join(its, its.c.batch_id == col(Batch.id))
    reach = actor.reach("events.record")
    standing = batches.where(col(Batch.withdrawn).is_(False))
    if actor.may("grading.settle"):  # the office is a third hand and no grader
        mine = standing.where(its.c[1] == 1)
    else:
        mine = standing if reach is None else standing.where(col(Batch.holder_id).in_(reach))
    for batch, disputed, head in session.exec(mine.order_by(col(Batch.made_on)).limit(MOST)):
        topic = "desk.grade_disputed" if disputed else "desk.grade_waiting"
        yield Waiting(topic, batch.lot, "grading.show", {"batch_id": batch.id}, detail=str(head))


def _gated(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    """Batches of one's own that may not be packed yet, with how many things stand in the way."""
    reach = actor.reach("events.record")
    if not reach:
        return  # the office packs nothing
    packed = select(PackLine.batch_id)
    its = select(Batch).where(
        col(Batch.holder_id).in_(reach),
        col(Batch.kind).in_(_PACKED_FROM),
        col(Batch.withdrawn).is_(False),
        col(Batch.licence_id).is_not(None),
        col(Batch.used_kg) < col(Batch.total_kg),
        col(Batch.id).not_in(packed),
    )
    for one in session.exec(its.order_by(col(Batch.made_on), col(Batch.id)).limit(AT_THE_GATE)):
        found = gate.reasons(gate_reads.facts(session, one, today), Stage.PACK)
        if found:
            yield Waiting("desk.batch_at_gate", one.lot, "batches.show", {"batch_id": one.id}, detail=str(len(found)))
