"""Reads the books of goods: what an act took and made, acts that wait for another's yes, whether the sums agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.schemes import Product
from brand.queries import product_rules
from brand.queries.lookups import by_id
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch, PackLine
from trace.models.containers import PackMove
from trace.models.flows import Draw, FlowProposal, Operation
from trace.models.places import Place
from trace.queries import undoing
from trace.rules.flows import OperationKind, processes_for
from trace.rules.places import BEARING, HANDLING, IN_USE

MOST_READY = 200
_first = aliased(Operation)


@dataclass(frozen=True)
class Act:
    """One act on a batch: ``drawn_kg`` is what it took of this batch (none: it made it); ``undone``: taken back."""

    operation: Operation
    drawn_kg: Decimal | None
    undone: bool = False


@dataclass(frozen=True)
class Waiting:
    """An act that waits for another's yes, with the names beside it."""

    proposal: FlowProposal
    enterprise: Enterprise
    batch: Batch | None
    proposed_by: str


def acts(session: Session, batch: Batch) -> list[Act]:
    """Everything the books hold of a batch, oldest first; of packs what its holder itself took out or put back."""
    drawn = {one.operation_id: one.kg for one in session.exec(select(Draw).where(Draw.batch_id == batch.id))}
    packed = (
        select(PackMove.operation_id, PackMove.packs, col(PackLine.net_kg))
        .join(PackLine, col(PackLine.id) == col(PackMove.pack_line_id))
        .join(Operation, col(Operation.id) == col(PackMove.operation_id))
        .where(PackLine.batch_id == batch.id, Operation.enterprise_id == batch.holder_id)
    )
    for operation_id, packs, net_kg in session.exec(packed):
        drawn[operation_id] = drawn.get(operation_id, Decimal(0)) + packs * net_kg
    ids = {*drawn, *([batch.operation_id] if batch.operation_id else [])}
    found = session.exec(select(Operation).where(col(Operation.id).in_(ids))).all()
    ordered = sorted(found, key=lambda one: (one.recorded_at, one.in_kg != 0, one.id))
    undone = undoing.undone_of(session, [one.id for one in ordered])
    return [Act(one, drawn.get(one.id), one.id in undone) for one in ordered]


def listing(session: Session, actor: Actor, *, state: str = "open", number: int = 1, size: int = 25) -> Page[Waiting]:
    """Proposals within reach, the oldest open one first."""
    statement = _within_reach(actor)
    if state:
        statement = statement.where(FlowProposal.state == state)
    found = page(session, statement.order_by(col(FlowProposal.proposed_at), col(FlowProposal.id)), number, size)
    return Page(_entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, proposal_id: str) -> Waiting:
    """Raises ``access.unknown`` beyond the actor's reach."""
    found = session.exec(_within_reach(actor).where(FlowProposal.id == proposal_id)).first()
    if found is None:
        raise unknown()
    return _entries(session, [found])[0]


def _entries(session: Session, rows: Any) -> list[Waiting]:
    found = list(rows)
    who = by_id(session, Enterprise, {one.enterprise_id for one in found})
    batches = by_id(session, Batch, {one.batch_id for one in found if one.batch_id})
    persons = by_id(session, Person, {one.proposed_by for one in found})
    return [
        Waiting(one, who[one.enterprise_id], batches.get(one.batch_id or ""), persons[one.proposed_by].name)
        for one in found
    ]


def _within_reach(actor: Actor) -> SelectOfScalar[FlowProposal]:
    reach = actor.reach("batches.read")
    statement = select(FlowProposal)
    return statement if reach is None else statement.where(col(FlowProposal.enterprise_id).in_(reach))


def ready(session: Session, actor: Actor, enterprise_id: str) -> list[Batch]:
    """Batches an enterprise holds of which something is left, the newest first."""
    if not actor.may("flows.record", enterprise_id):
        raise unknown()
    mine = select(Batch).where(Batch.holder_id == enterprise_id, col(Batch.used_kg) < col(Batch.total_kg))
    return list(session.exec(mine.order_by(col(Batch.made_on).desc(), col(Batch.lot)).limit(MOST_READY)))


def makers(session: Session, actor: Actor) -> list[Enterprise]:
    """Enterprises the actor records for, by name."""
    reach = actor.reach("flows.record")
    statement = select(Enterprise).where(Enterprise.state == EnterpriseState.CONFIRMED)
    if reach is not None:
        statement = statement.where(col(Enterprise.id).in_(reach))
    return list(session.exec(statement.order_by(Enterprise.name).limit(MOST_READY)))


def processes(session: Session, batch: Batch, day: date) -> tuple[str, ...]:
    """What the product's rule of yields knows to be made of goods of this stage."""
    rule = product_rules.in_force(session, batch.product_id, RuleKind.YIELDS, day)
    return processes_for(batch.form, rule.content["processes"])


def products(session: Session) -> list[Product]:
    return list(session.exec(select(Product).order_by(Product.name)))


def land(session: Session, enterprise_id: str) -> list[Place]:
    """Places of an enterprise in use where goods grow."""
    return _places(session, enterprise_id, BEARING)


def stores(session: Session, enterprise_id: str) -> list[Place]:
    """Places of an enterprise in use where goods are handled or lie."""
    return _places(session, enterprise_id, HANDLING)


def _places(session: Session, enterprise_id: str, kinds: Any) -> list[Place]:
    wanted = (col(Place.kind).in_([one.value for one in kinds]), col(Place.state).in_(IN_USE))
    mine = select(Place).where(Place.enterprise_id == enterprise_id, *wanted)
    return list(session.exec(mine.order_by(Place.name)))


def differences(session: Session) -> list[str]:
    """Where the books do not agree with themselves, by id; empty is how it must be.

    A batch's used weight is the sum of its draws; an act's input is what it drew and the packs it took, its output the
    batches it made (packs of a packing beside them). What takes an act back draws below zero what came back, and above
    zero the batches it empties.
    """
    drawn = select(func.coalesce(func.sum(Draw.kg), 0)).where(Draw.batch_id == Batch.id).scalar_subquery()
    batches = session.exec(select(Batch.id).where(col(Batch.used_kg) != drawn, col(Batch.operation_id).is_not(None)))
    is_undone = col(Operation.kind) == OperationKind.UNDONE.value
    its = Draw.operation_id == Operation.id
    counted = case((is_undone & (col(Draw.kg) > 0), 0), else_=col(Draw.kg))
    taken = select(func.coalesce(func.sum(counted), 0)).where(its).scalar_subquery()
    emptied = select(func.coalesce(func.sum(Draw.kg), 0)).where(its, col(Draw.kg) > 0).scalar_subquery()
    packing = select(_first.id).where(_first.id == Operation.undoes_id, _first.kind == OperationKind.PACK.value)
    moved = (
        select(func.coalesce(func.sum(col(PackMove.packs) * col(PackLine.net_kg)), 0))
        .join(PackLine, col(PackLine.id) == col(PackMove.pack_line_id))
        .where(PackMove.operation_id == Operation.id)
        .scalar_subquery()
    )
    made = (
        select(func.coalesce(func.sum(Batch.total_kg), 0)).where(Batch.operation_id == Operation.id).scalar_subquery()
    )
    out_differs = (col(Operation.out_kg) != made) & col(Operation.kind).not_in(("pack", "undone"))
    back_differs = is_undone & (-col(Operation.out_kg) != emptied) & ~packing.exists()
    wrong = or_(col(Operation.in_kg) != taken + moved, out_differs, back_differs)
    acts = session.exec(select(Operation.id).where(wrong))
    return sorted([f"batch {one}" for one in batches] + [f"operation {one}" for one in acts])
