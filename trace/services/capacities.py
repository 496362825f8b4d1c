"""Changes capacities: declared, verified, raised by two persons, and what harvests and slaughter take from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, quota_exceeded, unknown
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.models.capacities import Capacity, CapacityUse
from trace.models.places import Place
from trace.queries import capacities as reads
from trace.queries import places
from trace.rules import areas
from trace.rules.capacities import FLOW, LIVE, Basis, check_area, check_basis, check_season, check_unit, raises
from trace.rules.goods import Unit
from trace.rules.places import CLOSED


def declare(work: Work, enterprise_id: str, *, place_id: str | None, product_id: str, **figures: Any) -> Capacity:
    """What a household or one of its places can bring forth in a season, as it says itself.

    Raises ``capacities.place``, ``capacities.product``, ``capacities.season``, ``capacities.season_overlaps`` and what
    ``check_unit``, ``check_basis`` and ``check_area`` raise.
    """
    work.actor.require("enterprises.edit", enterprise_id)
    # Two declarations of one enterprise take turns, so that each sees the season of the other.
    locked = select(Enterprise.id).where(Enterprise.id == enterprise_id).with_for_update()
    if work.session.exec(locked).first() is None:
        raise unknown()
    if work.session.get(Product, product_id) is None:
        raise _at("product_id", "capacities.product")
    check_season(figures["season_from"], figures["season_to"])
    check_unit(Unit(figures["unit"]), figures["declared"], "declared")
    check_basis(figures["declared"], Basis(figures["basis"]), figures["mu"], figures["per_mu"])
    check_area(figures["mu"], _land(work, enterprise_id, place_id))
    scope = place_id or enterprise_id
    _refuse_overlap(work, scope, product_id, figures["season_from"], figures["season_to"])
    move = FLOW.apply("new", "declare", {})
    made = Capacity(
        enterprise_id=enterprise_id,
        place_id=place_id,
        scope=scope,
        product_id=product_id,
        allowed=figures["declared"],
        state=move.next_state,
        declared_by=work.actor.person_id or "",
        declared_at=work.now,
        **figures,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, move.audit, made, amount=made.declared, unit=made.unit)
    return made


def step(
    work: Work,
    capacity_id: str,
    action: str,
    *,
    version: int,
    amount: Decimal | None = None,
    reason_code: str = "",
    comment: str = "",
) -> Capacity:
    """``verify`` with a figure (the office), ``agree`` or ``drop`` a raise that waits, ``refuse``, ``withdraw``.

    A figure above what stands takes effect only when a second person agrees. Raises ``capacities.stale`` and what a
    guard refuses.
    """
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None or action == "declare":
        raise unknown()
    found = _take_version(work, capacity_id, version, permission)
    facts = reads.facts(found, work.actor) | {"amount": amount, "reason_code": reason_code}
    move = FLOW.apply(found.state, action, facts)
    if action == "verify":
        _verify(work, found, found.allowed if amount is None else amount)
    elif action == "agree":
        _agree(work, found)
    elif action == "drop":
        _settle(found)
    else:
        found.state, found.reason_code, found.reason = move.next_state, reason_code, comment
    work.session.flush()
    _record(work, move.audit, found, allowed=found.allowed, wanted=found.wanted, reason_code=reason_code)
    return found


@dataclass(frozen=True)
class Need:
    """What goods of one day need of a product, from one enterprise and, where it is known, one of its places."""

    enterprise_id: str
    place_id: str | None
    product_id: str
    day: date
    unit: Unit
    amount: Decimal


def check(work: Work, need: Need) -> None:
    """Whether there is room, changing nothing; raises ``capacities.exceeded`` as ``take`` would."""
    check_all(work, [need])


def check_all(work: Work, needs: Sequence[Need]) -> None:
    """The same for what many need together."""
    amounts = _amounts((one, need.amount) for need in needs for one in _over(work, need))
    its = select(Capacity).where(col(Capacity.id).in_(amounts)).order_by(col(Capacity.id))
    for one in work.session.exec(its) if amounts else ():
        if one.used + amounts[one.id] > one.allowed:
            raise quota_exceeded("capacities.exceeded", **reads.figures(one, amounts[one.id]))


def take(work: Work, need: Need, batch_id: str) -> list[CapacityUse]:
    """Take it from every capacity it falls under: the place's and its enterprise's; where none was declared, nothing.

    Needs no permission of its own. Raises ``capacities.exceeded`` with the figures of the one with too little left.
    """
    return take_all(work, [(need, batch_id)])


def take_all(work: Work, needs: Sequence[tuple[Need, str]]) -> list[CapacityUse]:
    """The same for many batches: what they take of one season together is taken by one guarded statement."""
    uses = [
        _used(work, capacity_id, batch_id, need.amount) for need, batch_id in needs for capacity_id in _over(work, need)
    ]
    # In one order, so that two sheets of several seasons never wait for each other in a ring.
    for capacity_id, amount in sorted(_amounts((one.capacity_id, one.amount) for one in uses).items()):
        _count(work, capacity_id, amount)
    work.session.add_all(uses)
    work.session.flush()
    return uses


def _amounts(taken: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """What is taken of each capacity."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for capacity_id, amount in taken:
        found[capacity_id] += amount
    return found


def _over(work: Work, need: Need) -> tuple[str, ...]:
    """The ids of the capacities over these goods, in their order."""
    scopes = tuple(one for one in (need.place_id, need.enterprise_id) if one)
    return _live(work.session, scopes, need.product_id, need.unit, need.day)


@remembered
def _live(session: Session, scopes: tuple[str, ...], product_id: str, unit: Unit, day: date) -> tuple[str, ...]:
    statement = select(Capacity.id).where(
        col(Capacity.scope).in_(scopes),
        Capacity.product_id == product_id,
        Capacity.unit == unit.value,
        Capacity.season_from <= day,
        Capacity.season_to >= day,
        col(Capacity.state).in_(LIVE),
    )
    return tuple(session.exec(statement.order_by(col(Capacity.id))))


def give_back(work: Work, *batch_ids: str) -> None:
    """Undo what these batches took, when the acts that made them are withdrawn; twice gives back once.

    What many of them took of one season comes back by one guarded statement.
    """
    taken = [one for one in reads.taken_by(work.session, batch_ids) if one[2] > 0]
    back: dict[str, Decimal] = defaultdict(Decimal)
    for capacity_id, _, amount in taken:
        back[capacity_id] -= amount
    for capacity_id, amount in sorted(back.items()):
        _count(work, capacity_id, amount)
    work.session.add_all(_used(work, at, batch_id, -amount) for at, batch_id, amount in taken)
    work.session.flush()


def _count(work: Work, capacity_id: str, amount: Decimal) -> None:
    """One guarded statement decides; the CHECK of the table stands behind it."""
    after = col(Capacity.used) + amount
    guarded = update(Capacity).where(col(Capacity.id) == capacity_id, after >= 0, after <= col(Capacity.allowed))
    changed = work.session.exec(guarded.values(used=after))
    found = work.session.get_one(Capacity, capacity_id, populate_existing=True)
    if changed.rowcount != 1:
        raise quota_exceeded("capacities.exceeded", **reads.figures(found, amount))


def _used(work: Work, capacity_id: str, batch_id: str, amount: Decimal) -> CapacityUse:
    person = work.actor.person_id or ""
    return CapacityUse(capacity_id=capacity_id, batch_id=batch_id, amount=amount, at=work.now, person_id=person)


def _verify(work: Work, found: Capacity, amount: Decimal) -> None:
    check_unit(Unit(found.unit), amount, "amount")
    if raises(found.state, found.allowed, amount):
        found.wanted, found.wanted_by, found.wanted_at = amount, work.actor.person_id, work.now
        return
    _set(work, found, amount)
    _settle(found)
    found.verified_by, found.verified_by_name, found.verified_at = work.actor.person_id, work.actor.name, work.now


def _agree(work: Work, found: Capacity) -> None:
    assert found.wanted is not None
    _set(work, found, found.wanted)
    found.verified_by, found.verified_by_name, found.verified_at = found.wanted_by, work.actor.name, work.now
    found.agreed_by = work.actor.person_id
    _settle(found)


def _settle(found: Capacity) -> None:
    """Nothing waits any more."""
    found.wanted = found.wanted_by = found.wanted_at = None


def _set(work: Work, found: Capacity, amount: Decimal) -> None:
    """Never below what is used: goods may be taken at this very moment."""
    guarded = update(Capacity).where(col(Capacity.id) == found.id, col(Capacity.used) <= amount)
    changed = work.session.exec(guarded.values(allowed=amount, state="verified"))
    work.session.refresh(found)
    if changed.rowcount != 1:
        raise _at("amount", "capacities.below_used", used=f"{found.used:f}", asked=f"{amount:f}")


def _take_version(work: Work, capacity_id: str, version: int, permission: str) -> Capacity:
    found = work.session.get(Capacity, capacity_id)
    if found is None:
        raise unknown()
    work.actor.require(permission, found.enterprise_id)
    its = (col(Capacity.id) == capacity_id, col(Capacity.version) == version)
    taken = work.session.exec(update(Capacity).where(*its).values(version=version + 1))
    work.session.refresh(found)
    if taken.rowcount != 1:
        raise conflict("capacities.stale")
    return found


def _land(work: Work, enterprise_id: str, place_id: str | None) -> Decimal | None:
    """The land a place has: measured where it was drawn, else as declared; None where nothing is known."""
    if place_id is None:
        return None
    place = work.session.get(Place, place_id)
    if place is None or place.enterprise_id != enterprise_id or place.state == CLOSED:
        raise _at("place_id", "capacities.place")
    outline = places.outline(work.session, place_id)
    return areas.mu(outline.area_m2) if outline else place.declared_mu


def _refuse_overlap(work: Work, scope: str, product_id: str, first: date, last: date) -> None:
    other = select(Capacity).where(
        Capacity.scope == scope,
        Capacity.product_id == product_id,
        col(Capacity.state).in_(LIVE),
        Capacity.season_from <= last,
        Capacity.season_to >= first,
    )
    found = work.session.exec(other).first()
    if found is not None:
        params = {"first": found.season_from.isoformat(), "last": found.season_to.isoformat()}
        raise _at("season_from", "capacities.season_overlaps", **params)


def _at(field: str, code: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: Capacity, **detail: Any) -> None:
    audit.record(work, action, "capacity", one.id, enterprise_id=one.enterprise_id, state=one.state, **detail)
