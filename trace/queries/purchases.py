"""Reads what was bought up, for both parties and the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.purchases import Purchase
from trace.queries import parties


@dataclass(frozen=True)
class Entry:
    purchase: Purchase
    batch: Batch
    buyer: Enterprise
    seller: Enterprise
    product: Product


def listing(session: Session, actor: Actor, *, q: str = "", number: int = 1, size: int = 25) -> Page[Entry]:
    """Purchases within reach, newest first; ``q`` is a piece of a lot or of a paper's number."""
    statement = _within_reach(actor)
    if q:
        named = [col(one).icontains(q, autoescape=True) for one in (Batch.lot, Purchase.paper_number)]
        statement = statement.where(or_(*named))
    ordered = statement.order_by(col(Purchase.recorded_at).desc(), col(Purchase.id))
    found = page(session, ordered.options(defer(Purchase.content)), number, size)  # type: ignore[arg-type]
    return Page(_entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, purchase_id: str) -> Purchase:
    """One purchase with the picture of its paper; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Purchase.id == purchase_id)).first()
    if found is None:
        raise unknown()
    return found


def seller(session: Session, text: str) -> Enterprise:
    """The confirmed enterprise with exactly this name or credit code; raises ``purchases.seller_unknown``."""
    found = parties.named(session, text)
    if found is None:
        raise invalid("purchases.seller_unknown", faults=[Fault("purchases.seller_unknown", "/seller")])
    return found


def _entries(session: Session, rows: Sequence[Purchase]) -> list[Entry]:
    batches = by_id(session, Batch, {one.batch_id for one in rows})
    parties = by_id(session, Enterprise, {each for one in rows for each in (one.buyer_id, one.seller_id)})
    goods = by_id(session, Product, {one.product_id for one in batches.values()})
    return [
        Entry(
            one,
            batches[one.batch_id],
            parties[one.buyer_id],
            parties[one.seller_id],
            goods[batches[one.batch_id].product_id],
        )
        for one in rows
    ]


def _within_reach(actor: Actor) -> SelectOfScalar[Purchase]:
    reach = actor.reach("batches.read")
    statement = select(Purchase).join(Batch, col(Batch.id) == col(Purchase.batch_id))
    if reach is None:
        return statement
    return statement.where(or_(col(Purchase.buyer_id).in_(reach), col(Purchase.seller_id).in_(reach)))
