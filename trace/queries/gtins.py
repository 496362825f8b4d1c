"""Reads company prefixes and goods under GTINs: an enterprise's own, what waits at the office, one for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product
from brand.queries import licences
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.batches import Batch, PackLine
from trace.models.gtins import CompanyPrefix, TradeItem
from trace.queries.packs import Party, party
from trace.rules import gtins
from trace.rules.gtins import FLOW, GtinSource


@dataclass(frozen=True)
class Declared:
    """A prefix with whose it is and what this person could do with it."""

    prefix: CompanyPrefix
    enterprise: Enterprise
    steps: tuple[OpenStep, ...]


@dataclass(frozen=True)
class Item:
    """Goods under a GTIN with the product they are of."""

    item: TradeItem
    product: Product


@dataclass(frozen=True)
class PublicItem:
    """The same for everybody: whose goods they are, whose prefix it is, and the licence that covers them today."""

    item: TradeItem
    product: Product
    brand: Brand
    producer: Party
    source: str
    owner: str
    licence: Licence | None


def declared(session: Session, actor: Actor, enterprise_id: str) -> list[Declared]:
    """The prefixes of an enterprise, newest first."""
    actor.require("enterprises.read", enterprise_id)
    its = select(CompanyPrefix).where(CompanyPrefix.enterprise_id == enterprise_id)
    return _declared(session, actor, session.exec(its.order_by(col(CompanyPrefix.declared_at).desc())).all())


def waiting(session: Session, actor: Actor, most: int = 50) -> list[Declared]:
    """Prefixes that wait for the office, oldest first."""
    open_ones = select(CompanyPrefix).where(CompanyPrefix.state == "declared")
    reach = actor.reach("assets.confirm")
    if reach is not None:
        open_ones = open_ones.where(col(CompanyPrefix.enterprise_id).in_(reach))
    return _declared(session, actor, session.exec(open_ones.order_by(col(CompanyPrefix.declared_at)).limit(most)).all())


def _declared(session: Session, actor: Actor, rows: Sequence[CompanyPrefix]) -> list[Declared]:
    owners = by_id(session, Enterprise, {one.enterprise_id for one in rows})
    found = []
    for one in rows:
        known = facts(session, one, actor)
        steps = tuple(open_steps(FLOW, one.state, actor, one.enterprise_id, known, ()))
        found.append(Declared(one, owners[one.enterprise_id], steps))
    return found


def facts(session: Session, one: CompanyPrefix, actor: Actor) -> Mapping[str, Any]:
    """What the guards of a prefix's life ask for."""
    return {"person_id": actor.person_id, "declared_by": one.declared_by, "taken": taken(session, one)}


def taken(session: Session, one: CompanyPrefix) -> bool:
    """Whether an own prefix overlaps with one another enterprise owns; lent ones belong to whoever lends them."""
    if one.source != GtinSource.PRODUCER:
        return False
    others = select(CompanyPrefix.prefix).where(
        col(CompanyPrefix.enterprise_id) != one.enterprise_id,
        CompanyPrefix.source == GtinSource.PRODUCER.value,
        col(CompanyPrefix.state).in_(("declared", "confirmed")),
        col(CompanyPrefix.prefix).startswith(one.prefix[: gtins.SHORTEST_PREFIX]),
    )
    return any(gtins.overlap(one.prefix, each) for each in session.exec(others))


def counting(session: Session, enterprise_id: str, day: date) -> list[CompanyPrefix]:
    """The prefixes under which the enterprise may give GTINs on that day."""
    its = select(CompanyPrefix).where(CompanyPrefix.enterprise_id == enterprise_id)
    return [one for one in session.exec(its) if gtins.counts_on(one.state, one.valid_until, day)]


def items(session: Session, actor: Actor, enterprise_id: str) -> list[Item]:
    """The goods of an enterprise under GTINs, those still made first."""
    actor.require("enterprises.read", enterprise_id)
    its = select(TradeItem).where(TradeItem.enterprise_id == enterprise_id)
    rows = session.exec(its.order_by(col(TradeItem.active).desc(), col(TradeItem.gtin))).all()
    products = by_id(session, Product, {one.product_id for one in rows})
    return [Item(one, products[one.product_id]) for one in rows]


def by_gtin(session: Session, gtin: str) -> TradeItem | None:
    return session.exec(select(TradeItem).where(TradeItem.gtin == gtin)).first()


def of_goods(session: Session, enterprise_id: str, product_id: str, goods: str, net_kg: Decimal) -> TradeItem | None:
    """The GTIN these goods bear, if one was given and they are still made."""
    its = select(TradeItem).where(
        TradeItem.enterprise_id == enterprise_id,
        TradeItem.product_id == product_id,
        TradeItem.goods == goods,
        TradeItem.net_kg == net_kg,
        col(TradeItem.active),
    )
    return session.exec(its).first()


def of_line(session: Session, batch: Batch, line: PackLine, day: date) -> tuple[TradeItem, str] | None:
    """The GTIN packs of a line may bear on that day, with its source; None where the prefix no longer counts."""
    item = of_goods(session, batch.licensee_id, batch.product_id, line.cut, line.net_kg)
    if item is None:
        return None
    prefix = session.get_one(CompanyPrefix, item.prefix_id)
    return (item, prefix.source) if gtins.counts_on(prefix.state, prefix.valid_until, day) else None


def of_packs(session: Session, batch: Batch, day: date) -> list[tuple[str, str]]:
    """GTIN and goods of each pack line of a batch whose packs may bear one on that day, each once."""
    lines = session.exec(select(PackLine).where(PackLine.batch_id == batch.id).order_by(col(PackLine.id)))
    found = (of_line(session, batch, one, day) for one in lines)
    return sorted({(item.gtin, item.goods) for item, _ in filter(None, found)})


def public(session: Session, gtin: str, today: date) -> PublicItem:
    """The goods under a GTIN as everybody may read them; raises ``access.unknown``."""
    item = by_gtin(session, gtin)
    if item is None:
        raise unknown()
    prefix = session.get_one(CompanyPrefix, item.prefix_id)
    product = session.get_one(Product, item.product_id)
    return PublicItem(
        item,
        product,
        session.get_one(Brand, product.brand_id),
        party(session.get_one(Enterprise, item.enterprise_id), today),
        prefix.source,
        prefix.owner,
        licences.valid_for(session, item.enterprise_id, item.product_id, today),
    )
