"""Reads supply contracts: those of an enterprise, what waits, what was bought under one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.permissions import Role
from brand.kernel.records import Grams
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product, Scheme, Tier
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.batches import Batch
from trace.models.capacities import Capacity
from trace.models.places import Place
from trace.models.supply import SupplyContract, SupplyPlot, SupplyUse
from trace.queries import parties
from trace.rules.capacities import LIVE as CAPACITY_LIVE
from trace.rules.goods import Unit
from trace.rules.supply import FLOW, LIVE, RUNNING, TYPED

#: For whom a step of each permission is taken; the rest is the office's.
_BOTH = ("buyer_id", "supplier_id")
_OF_PARTY = {
    "consent": ("supplier_id",),
    "decline": ("supplier_id",),
    "attach": ("buyer_id",),
    "withdraw": ("buyer_id",),
    "end": _BOTH,
}


@dataclass(frozen=True)
class Entry:
    """One contract with its names; ``over``: its last day has passed."""

    contract: SupplyContract
    buyer: Enterprise
    supplier: Enterprise
    product: Product
    licence: Licence
    over: bool = False

    @property
    def left_kg(self) -> Decimal:
        return self.contract.kg - self.contract.used_kg


@dataclass(frozen=True)
class Whole:
    """A contract with its plots, what was bought under it (newest first), and what else its supplier promised.

    ``others`` are contracts of the same supplier and product with other buyers in these days; for the office alone.
    """

    entry: Entry
    plots: tuple[Place, ...]
    uses: tuple[tuple[SupplyUse, Batch], ...]
    others: tuple[Entry, ...]


def facts(one: SupplyContract, actor: Actor, today: date) -> dict[str, Any]:
    """What the guards of the life cycle look at."""
    held = {each.enterprise_id for each in (*actor.grants, *actor.agencies) if each.role is not Role.TOWNSHIP_CLERK}
    return {
        "person_id": actor.person_id,
        "declared_by": one.declared_by,
        "consented_by": one.consented_by,
        "paper": bool(one.digest),
        "valid_until": one.valid_until,
        "today": today,
        "acts_for_buyer": one.buyer_id in held,
        "own_party": bool({one.buyer_id, one.supplier_id} & held),
        "reason_code": "",
        "comment": "",
    }


def listing(session: Session, actor: Actor, enterprise_id: str, today: date) -> list[Entry]:
    """Every contract of an enterprise, as buyer or supplier, the latest first; raises ``access.unknown``."""
    actor.require("enterprises.read", enterprise_id)
    its = or_(SupplyContract.buyer_id == enterprise_id, SupplyContract.supplier_id == enterprise_id)
    return _entries(session, session.exec(bare(select(SupplyContract).where(its))), today)


def find(session: Session, actor: Actor, contract_id: str, today: date) -> Whole:
    """One contract, for both parties and the office; raises ``access.unknown``."""
    one = paper(session, actor, contract_id)
    used = select(SupplyUse, Batch).join(Batch, col(Batch.id) == col(SupplyUse.batch_id))
    uses = used.where(SupplyUse.contract_id == contract_id).order_by(col(SupplyUse.at).desc(), col(SupplyUse.id))
    others: Sequence[SupplyContract] = ()
    if actor.may("supply.confirm", one.supplier_id):
        others = session.exec(bare(_beside(one).where(SupplyContract.buyer_id != one.buyer_id))).all()
    return Whole(
        _entries(session, [one], today)[0],
        tuple(plots(session, contract_id)),
        tuple(session.exec(uses)),
        tuple(_entries(session, others, today)),
    )


def paper(session: Session, actor: Actor, contract_id: str) -> SupplyContract:
    """The row itself with its paper, for the same readers."""
    one = session.get(SupplyContract, contract_id)
    if one is None:
        raise unknown()
    actor.require("enterprises.read", one.buyer_id, one.supplier_id)
    return one


def waiting(session: Session, actor: Actor, most: int, today: date) -> list[tuple[str, Entry]]:
    """What waits for this person: a supplier's consent, the office's confirmation; with the desk's topic."""
    found: list[tuple[str, Entry]] = []
    topics = (
        ("desk.supply_to_consent", "declared", "enterprises.edit"),
        ("desk.supply_to_confirm", "agreed", "supply.confirm"),
    )
    for topic, state, permission in topics:
        reach = actor.reach(permission)
        open_ones = select(SupplyContract).where(SupplyContract.state == state, SupplyContract.valid_until >= today)
        if reach is not None:
            open_ones = open_ones.where(col(SupplyContract.supplier_id).in_(reach))
        elif topic == "desk.supply_to_consent":
            continue
        waiting = session.exec(open_ones.order_by(col(SupplyContract.declared_at)).limit(most).options(_HEAVY)).all()
        step = "consent" if state == "declared" else "confirm"
        ready = [
            one for one in waiting if step in (ways := steps_open_to(one, actor, today)) and not ways[step].refusal
        ]
        found += [(topic, one) for one in _entries(session, ready, today)]
    return found


def steps_open_to(one: SupplyContract, actor: Actor, today: date) -> dict[str, OpenStep]:
    """The steps this person could take now, by action."""
    known = facts(one, actor, today)
    found: dict[str, OpenStep] = {}
    for party in _BOTH:
        for each in open_steps(FLOW, one.state, actor, getattr(one, party), known, TYPED):
            if party in _OF_PARTY.get(each.step.action, ("supplier_id",)):
                found[each.step.action] = each
    return found


def supplier(session: Session, text: str) -> Enterprise:
    """The confirmed enterprise with exactly this name or credit code; raises ``supply.supplier``."""
    found = parties.named(session, text)
    if found is None:
        raise invalid("supply.supplier", faults=[Fault("supply.supplier", "/supplier")])
    return found


def licence(session: Session, buyer_id: str, number: str, today: date) -> Licence:
    """The buyer's licence of that number; raises ``supply.licence``."""
    found = session.exec(select(Licence).where(Licence.enterprise_id == buyer_id, Licence.number == number)).first()
    if found is None:
        what = {"number": number, "day": today.isoformat()}
        raise invalid("supply.licence", faults=[Fault("supply.licence", "/licence_id", what)], **what)
    return found


def usable(session: Session, buyer_id: str, today: date) -> list[Entry]:
    """Contracts of a buyer that run and have weight left, by supplier and number: what a purchase may name."""
    running_ones = select(SupplyContract).where(
        SupplyContract.buyer_id == buyer_id,
        SupplyContract.state == RUNNING,
        SupplyContract.used_kg < SupplyContract.kg,
    )
    found = _entries(session, session.exec(bare(running_ones)), today)
    return sorted(found, key=lambda one: (one.over, one.supplier.name, one.contract.number))


def overlapping(
    session: Session, buyer_id: str, supplier_id: str, product_id: str, first: date, last: date
) -> SupplyContract | None:
    """A live contract of the same two for the same goods in some of these days."""
    its = between(buyer_id, supplier_id, product_id, first, last).where(col(SupplyContract.state).in_(LIVE))
    return session.exec(its).first()


def seasons(session: Session, one: SupplyContract) -> list[tuple[Decimal, Decimal]]:
    """(kg of the season, kg given away already) for each capacity of the supplier in these days.

    Given away is what its other running contracts promise, and what was bought under those that ended early.
    """
    statement = select(Capacity).where(
        Capacity.scope == one.supplier_id,
        Capacity.product_id == one.product_id,
        Capacity.unit == Unit.KG.value,
        col(Capacity.state).in_(CAPACITY_LIVE),
        Capacity.season_from <= one.valid_until,
        Capacity.season_to >= one.valid_from,
    )
    given = case((col(SupplyContract.state) == RUNNING, SupplyContract.kg), else_=SupplyContract.used_kg)
    summed: Any = func.sum(given, type_=Grams())
    total = select(summed).where(
        SupplyContract.supplier_id == one.supplier_id,
        SupplyContract.product_id == one.product_id,
        SupplyContract.id != one.id,
    )
    found = []
    for each in session.exec(statement).all():
        season = (SupplyContract.valid_from <= each.season_to, SupplyContract.valid_until >= each.season_from)
        here = total.where(*season)
        found.append((each.allowed, session.exec(here).one() or Decimal(0)))
    return found


def plots(session: Session, contract_id: str) -> list[Place]:
    """The plots a contract names, by code."""
    named = select(Place).join(SupplyPlot, col(SupplyPlot.place_id) == col(Place.id))
    return list(session.exec(named.where(SupplyPlot.contract_id == contract_id).order_by(Place.code)))


def territory(session: Session, licence: Licence) -> str:
    """The county whose name the licence's brand bears, by its code."""
    statement = (
        select(Scheme.county_code)
        .join(Tier, col(Tier.scheme_id) == col(Scheme.id))
        .join(Brand, col(Brand.tier_id) == col(Tier.id))
        .where(Brand.id == licence.brand_id)
    )
    return session.exec(statement).one()


def office(session: Session, actor: Actor, one: SupplyContract) -> str:
    """Whose clerk this person is for the supplier: a township's code, else that of the county."""
    towns = [each.township for each in actor.grants if each.enterprise_id == one.supplier_id and each.township]
    return towns[0] if towns else territory(session, session.get_one(Licence, one.licence_id))


def own_licence(session: Session, enterprise_id: str, product_id: str, day: date) -> Licence | None:
    """A licence of the supplier itself for the product whose term covers that day, whatever became of it."""
    its = (Licence.enterprise_id == enterprise_id, Licence.product_id == product_id)
    return session.exec(select(Licence).where(*its, Licence.valid_from <= day, Licence.valid_until >= day)).first()


def between(
    buyer_id: str, supplier_id: str, product_id: str, first: date, last: date
) -> SelectOfScalar[SupplyContract]:
    return select(SupplyContract).where(
        SupplyContract.buyer_id == buyer_id,
        SupplyContract.supplier_id == supplier_id,
        SupplyContract.product_id == product_id,
        SupplyContract.valid_from <= last,
        SupplyContract.valid_until >= first,
    )


def _beside(one: SupplyContract) -> SelectOfScalar[SupplyContract]:
    return select(SupplyContract).where(
        SupplyContract.supplier_id == one.supplier_id,
        SupplyContract.product_id == one.product_id,
        SupplyContract.valid_from <= one.valid_until,
        SupplyContract.valid_until >= one.valid_from,
        col(SupplyContract.state).in_(LIVE),
    )


_HEAVY: Any = defer(SupplyContract.content)  # type: ignore[arg-type]


def bare(statement: SelectOfScalar[SupplyContract]) -> SelectOfScalar[SupplyContract]:
    """Without the papers themselves, the latest first."""
    return statement.order_by(col(SupplyContract.valid_from).desc(), col(SupplyContract.id)).options(_HEAVY)


def _entries(session: Session, contracts: Iterable[SupplyContract], today: date) -> list[Entry]:
    found = list(contracts)
    names = by_id(session, Enterprise, {each for one in found for each in (one.buyer_id, one.supplier_id)})
    goods = by_id(session, Product, {one.product_id for one in found})
    held = by_id(session, Licence, {one.licence_id for one in found})
    return [
        Entry(
            one,
            names[one.buyer_id],
            names[one.supplier_id],
            goods[one.product_id],
            held[one.licence_id],
            over=one.state == RUNNING and one.valid_until < today,
        )
        for one in found
    ]
