"""Reads capacities: of an enterprise and its places, what is left of each, and what took from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.records import Grams
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.batches import Batch
from trace.models.capacities import Capacity, CapacityUse
from trace.models.places import Place
from trace.rules.capacities import FLOW, TYPED
from trace.rules.weights import plain


@dataclass(frozen=True)
class Season:
    """One capacity with its product, its enterprise, and its place where it is one place's."""

    capacity: Capacity
    enterprise: Enterprise
    product: Product
    place: Place | None

    @property
    def used(self) -> Decimal:
        return plain(self.capacity.used)

    @property
    def allowed(self) -> Decimal:
        return plain(self.capacity.allowed)


@dataclass(frozen=True)
class Whole:
    """One capacity with what took from it, the newest first."""

    season: Season
    uses: tuple[tuple[CapacityUse, Batch], ...]


def facts(one: Capacity, actor: Actor) -> dict[str, Any]:
    """What the guards of the life cycle look at."""
    kept = {name: getattr(one, name) for name in ("declared_by", "wanted", "wanted_by", "used")}
    return kept | {"person_id": actor.person_id, "amount": None, "reason_code": ""}


def of(session: Session, actor: Actor, enterprise_id: str) -> list[Season]:
    """Every capacity of an enterprise and its places, the latest season first; raises ``access.unknown``."""
    actor.require("enterprises.read", enterprise_id)
    statement = select(Capacity).where(Capacity.enterprise_id == enterprise_id)
    return _seasons(session, session.exec(statement.order_by(col(Capacity.season_from).desc(), col(Capacity.id))))


def of_place(session: Session, place: Place) -> list[Season]:
    """Those of one place, the latest season first; the caller has asked for the place."""
    statement = select(Capacity).where(Capacity.place_id == place.id)
    return _seasons(session, session.exec(statement.order_by(col(Capacity.season_from).desc(), col(Capacity.id))))


def find(session: Session, actor: Actor, capacity_id: str) -> Whole:
    """One capacity within reach; raises ``access.unknown``."""
    found = session.get(Capacity, capacity_id)
    if found is None:
        raise unknown()
    actor.require("enterprises.read", found.enterprise_id)
    uses = select(CapacityUse, Batch).join(Batch, col(Batch.id) == col(CapacityUse.batch_id))
    taken = uses.where(CapacityUse.capacity_id == capacity_id).order_by(col(CapacityUse.at).desc(), col(CapacityUse.id))
    return Whole(_seasons(session, [found])[0], tuple(session.exec(taken)))


def waiting(session: Session, actor: Actor, most: int) -> list[tuple[str, Season]]:
    """What waits at the office: figures to verify, and raises that wait for a second person; with the desk's topic."""
    found: list[tuple[str, Season]] = []
    topics = (
        ("desk.capacity_to_verify", "places.confirm", (Capacity.state == "declared", col(Capacity.wanted).is_(None))),
        ("desk.capacity_to_agree", "capacities.agree", (col(Capacity.wanted).is_not(None),)),
    )
    for topic, permission, conditions in topics:
        statement = select(Capacity).where(*conditions).order_by(col(Capacity.declared_at)).limit(most)
        reach = actor.reach(permission)
        if reach is not None:
            statement = statement.where(col(Capacity.enterprise_id).in_(reach))
        found += [(topic, one) for one in _seasons(session, session.exec(statement))]
    return found


def taken_by(session: Session, batch_ids: Collection[str]) -> list[tuple[str, str, Decimal]]:
    """(capacity id, batch id, amount) that each of these batches took and has not given back."""
    total = func.sum(CapacityUse.amount, type_=Grams())
    of, by = col(CapacityUse.capacity_id), col(CapacityUse.batch_id)
    return list(session.exec(select(of, by, total).where(by.in_(batch_ids)).group_by(of, by).order_by(of, by)))


def figures(one: Capacity, asked: Decimal) -> dict[str, str]:
    """Allowed, used, left and asked, as a refusal tells them."""
    kept = {"allowed": one.allowed, "used": one.used, "left": one.allowed - one.used, "asked": asked}
    season = {"first": one.season_from.isoformat(), "last": one.season_to.isoformat()}
    return {name: f"{plain(value):f}" for name, value in kept.items()} | season | {"unit": f"capacity.unit.{one.unit}"}


def steps_open_to(one: Capacity, actor: Actor) -> dict[str, OpenStep]:
    """The steps this person could take now, by action."""
    found = open_steps(FLOW, one.state, actor, one.enterprise_id, facts(one, actor), TYPED)
    return {each.step.action: each for each in found}


def _seasons(session: Session, rows: Iterable[Capacity]) -> list[Season]:
    found = list(rows)
    parties = by_id(session, Enterprise, {one.enterprise_id for one in found})
    goods = by_id(session, Product, {one.product_id for one in found})
    land = by_id(session, Place, {one.place_id for one in found if one.place_id})
    return [
        Season(one, parties[one.enterprise_id], goods[one.product_id], land.get(one.place_id or "")) for one in found
    ]
