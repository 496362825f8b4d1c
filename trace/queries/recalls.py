"""Reads recalls: which goods are called back, the case as each party may see it, and what the public is told.

A drill is read by those who take part in it and by nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.recalls import Recall, RecallBatch, RecallNotice, RecallReport
from trace.queries import containers
from trace.queries.batches import OWNERS, hands
from trace.queries.containers import InCase
from trace.rules.recalls import OPEN, PROPOSED, STANDING, Figures, Reconciled, reconcile


@dataclass(frozen=True)
class Holder:
    """One holder's part: what it was told, its latest report, and its reports before that."""

    notice: RecallNotice
    enterprise: Enterprise
    reports: tuple[RecallReport, ...]

    @property
    def latest(self) -> RecallReport | None:
        return self.reports[-1] if self.reports else None

    @property
    def figures(self) -> Figures:
        one = self.latest
        return Figures(one.found_kg, one.destroyed_kg, one.returned_kg, one.gone_kg) if one else Figures()

    def late(self, now: datetime) -> bool:
        return self.notice.acknowledged_at is None and now > self.notice.due_at


@dataclass(frozen=True)
class Line:
    """One batch of a recall with its names."""

    part: RecallBatch
    batch: Batch
    product: Product
    producer: Enterprise
    holder: Enterprise


@dataclass(frozen=True)
class Case:
    """A recall as the actor may see it: the office everything, an enterprise its own holders and batches.

    ``boxes`` are the cases to look for now, each with the batch in it and who has it.
    """

    recall: Recall
    holders: tuple[Holder, ...]
    lines: tuple[Line, ...]
    names: dict[str, str]
    whole: bool
    boxes: tuple[tuple[InCase, Batch, Enterprise], ...]

    @property
    def reconciled(self) -> Reconciled:
        produced = sum((one.part.kg for one in self.lines), Decimal(0))
        return reconcile(produced, [one.figures for one in self.holders])

    @property
    def silent(self) -> int:
        """Holders who have not reported yet."""
        return sum(not one.reports for one in self.holders)


def recalled(session: Session, batch_ids: Collection[str]) -> dict[str, str]:
    """The number of the first recall of each batch that is called back; drills call nothing back."""
    if not batch_ids:
        return {}
    statement = (
        select(RecallBatch.batch_id, Recall.number)
        .join(Recall, col(Recall.id) == col(RecallBatch.recall_id))
        .where(col(RecallBatch.batch_id).in_(set(batch_ids)), col(RecallBatch.drill).is_(False))
        .order_by(col(Recall.number).desc())
    )
    return dict(session.exec(statement).all())


def listing(session: Session, actor: Actor, *, number: int = 1, size: int = 25) -> Page[Recall]:
    """Recalls and drills within reach, newest first."""
    return page(session, _within_reach(actor).order_by(col(Recall.proposed_at).desc(), col(Recall.id)), number, size)


def find(session: Session, actor: Actor, number: str) -> Recall:
    """Raises ``access.unknown`` beyond the actor's reach."""
    found = session.exec(_within_reach(actor).where(Recall.number == number)).first()
    if found is None:
        raise unknown()
    return found


def case(session: Session, actor: Actor, number: str) -> Case:
    """The whole case as this actor may see it; raises ``access.unknown``."""
    recall = find(session, actor, number)
    reach = actor.reach("batches.read")
    parts = select(RecallBatch).where(RecallBatch.recall_id == recall.id)
    notices = select(RecallNotice).where(RecallNotice.recall_id == recall.id)
    if reach is not None:
        parts, notices = parts.where(_of_one_of(reach)), notices.where(col(RecallNotice.enterprise_id).in_(reach))
    names = {recall.proposed_by, recall.opened_by, recall.closed_by}
    persons = by_id(session, Person, {one for one in names if one})
    reached = lines(session, session.exec(parts).all())
    return Case(
        recall,
        holders(session, session.exec(notices).all()),
        reached,
        {one: person.name for one, person in persons.items()},
        reach is None,
        boxes(session, reached, reach),
    )


def boxes(
    session: Session, reached: Sequence[Line], reach: Collection[str] | None
) -> tuple[tuple[InCase, Batch, Enterprise], ...]:
    """Cases with packs of these batches by holder and code; an enterprise is told of its own."""
    batches = {one.batch.id: one.batch for one in reached}
    found = list(containers.in_cases(session, batches))
    if reach is not None:
        own = {one.id for one in batches.values() if hands(one) & set(reach)}
        found = [one for one in found if one.holder_id in reach or one.batch_id in own]
    names = by_id(session, Enterprise, {one.holder_id for one in found})
    told = [(one, batches[one.batch_id], names[one.holder_id]) for one in found]
    return tuple(sorted(told, key=lambda row: (row[2].name, row[0].pallet, row[0].code, row[1].lot)))


def holders(session: Session, notices: Iterable[RecallNotice]) -> tuple[Holder, ...]:
    """The notices with their enterprises and reports, by the enterprise's name."""
    told = list(notices)
    parties = by_id(session, Enterprise, {one.enterprise_id for one in told})
    statement = select(RecallReport).where(col(RecallReport.notice_id).in_([one.id for one in told]))
    reports = session.exec(statement.order_by(col(RecallReport.position)).options(defer(RecallReport.content))).all()  # type: ignore[arg-type]
    found = [
        Holder(one, parties[one.enterprise_id], tuple(each for each in reports if each.notice_id == one.id))
        for one in told
    ]
    return tuple(sorted(found, key=lambda one: (one.enterprise.name, one.notice.id)))


def lines(session: Session, parts: Iterable[RecallBatch]) -> tuple[Line, ...]:
    """The batches with their names, by lot."""
    named = list(parts)
    batches = by_id(session, Batch, {one.batch_id for one in named})
    products = by_id(session, Product, {one.product_id for one in batches.values()})
    ids = {one.producer_id for one in batches.values()} | {one.holder_id for one in named}
    parties = by_id(session, Enterprise, ids)
    found = []
    for one in named:
        batch = batches[one.batch_id]
        found.append(Line(one, batch, products[batch.product_id], parties[batch.producer_id], parties[one.holder_id]))
    return tuple(sorted(found, key=lambda one: (one.batch.lot, one.batch.id)))


def evidence(session: Session, actor: Actor, number: str, report_id: str) -> RecallReport:
    """The paper of one report; raises ``access.unknown``."""
    recall = find(session, actor, number)
    report = session.get(RecallReport, report_id)
    notice = session.get(RecallNotice, report.notice_id) if report else None
    if report is None or notice is None or notice.recall_id != recall.id or not report.digest:
        raise unknown()
    if not actor.may("batches.read", notice.enterprise_id):
        raise unknown()
    return report


def to_answer(session: Session, actor: Actor, most: int) -> list[tuple[RecallNotice, Recall]]:
    """Notices of running cases that wait for the actor's own enterprises: to acknowledge or to report on."""
    reach = actor.reach("recalls.answer")
    reported = select(RecallReport.notice_id)
    statement = (
        select(RecallNotice, Recall)
        .join(Recall, col(Recall.id) == col(RecallNotice.recall_id))
        .where(Recall.state == OPEN, col(RecallNotice.id).not_in(reported))
        .where(col(RecallNotice.enterprise_id).in_(reach or ()))
    )
    return list(session.exec(statement.order_by(col(RecallNotice.due_at)).limit(most)).all())


def to_decide(session: Session, person_id: str, most: int) -> list[tuple[str, Recall]]:
    """What that person may open or close, each with the desk's word for it."""
    silent = (
        select(RecallNotice.recall_id)
        .outerjoin(RecallReport, col(RecallReport.notice_id) == col(RecallNotice.id))
        .where(col(RecallReport.id).is_(None))
    )
    ready = (col(Recall.state) == OPEN) & col(Recall.id).not_in(silent)
    statement = select(Recall).where(
        or_(col(Recall.state) == PROPOSED, ready), or_(col(Recall.drill), col(Recall.proposed_by) != person_id)
    )
    found = session.exec(statement.order_by(col(Recall.proposed_at)).limit(most))
    return [("desk.recall_to_close" if one.state == OPEN else "desk.recall_to_open", one) for one in found]


def public_listing(session: Session, *, number: int = 1, size: int = 25) -> Page[Recall]:
    """Recalls anybody may read of, newest first; never a drill."""
    return page(session, _public().order_by(col(Recall.opened_at).desc(), col(Recall.id)), number, size)


def public(session: Session, number: str) -> tuple[Recall, tuple[Line, ...]]:
    """One recall and its batches; raises ``access.unknown`` for a drill or a proposal."""
    recall = session.exec(_public().where(Recall.number == number)).first()
    if recall is None:
        raise unknown()
    return recall, lines(session, session.exec(select(RecallBatch).where(RecallBatch.recall_id == recall.id)).all())


def _public() -> SelectOfScalar[Recall]:
    return select(Recall).where(col(Recall.drill).is_(False), col(Recall.state).in_(STANDING))


def _within_reach(actor: Actor) -> SelectOfScalar[Recall]:
    reach = actor.reach("batches.read")
    statement = select(Recall)
    if reach is None:
        return statement
    told = select(RecallNotice.recall_id).where(col(RecallNotice.enterprise_id).in_(reach))
    named = select(RecallBatch.recall_id).where(_of_one_of(reach))
    return statement.where(
        or_(col(Recall.enterprise_id).in_(reach), col(Recall.id).in_(told), col(Recall.id).in_(named))
    )


def _of_one_of(reach: Collection[str]):  # type: ignore[no-untyped-def]
    own = select(Batch.id).where(or_(*(one.in_(reach) for one in OWNERS)))
    return or_(col(RecallBatch.holder_id).in_(reach), col(RecallBatch.batch_id).in_(own))
