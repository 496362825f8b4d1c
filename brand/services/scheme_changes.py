"""Changes a brand scheme with two persons: one proposes with a reason, another decides, and an edition comes of it."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, quota_exceeded, unknown
from brand.kernel.work import Work
from brand.models.product_rules import ProductRule
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, PolicyValue, Product, Scheme, Tier
from brand.queries import editions as reading_editions
from brand.queries import product_rules, schemes
from brand.queries import scheme_changes as reading
from brand.rules import scheme_changes as rules
from brand.rules.product_rules import RuleKind, checked
from brand.rules.scheme_changes import FLOW, Kind
from brand.services import editions, products, standards


def propose_policy(work: Work, scheme_id: str, key: str, *, reason: str, **wanted: Any) -> SchemeChange:
    """Another number for one policy value: ``value``, ``provenance``, ``provenance_en``, ``confidence``.

    Raises ``input.invalid`` by field, ``scheme_changes.nothing`` or ``scheme_changes.already_open``.
    """
    work.actor.require("schemes.propose")
    now = schemes.policy_row(work.session, scheme_id, key)
    if now is None:
        raise unknown()
    found = rules.differences(Kind.POLICY, now.model_dump(), now.model_dump() | wanted)
    return _propose(work, scheme_id, Kind.POLICY, key, found, reason)


def propose_tier(work: Work, scheme_id: str, level: int, *, reason: str, **wanted: Any) -> SchemeChange:
    """Another frame for a tier: its places, hero products, allowed uses, and the source of that."""
    work.actor.require("schemes.propose")
    now = reading.tier(work.session, scheme_id, level).model_dump()
    found = rules.differences(Kind.TIER, now, now | wanted)
    return _propose(work, scheme_id, Kind.TIER, str(level), found, reason)


def ask_place(work: Work, scheme_id: str, level: int, *, reason: str) -> SchemeChange:
    """One place beyond the limit of a full tier; raises ``scheme_changes.places_left`` while it is not full."""
    work.actor.require("schemes.propose")
    tier = reading.tier(work.session, scheme_id, level)
    if tier.slots_max is None or tier.slots_used < tier.slots_max:
        raise conflict("scheme_changes.places_left", tier=tier.name)
    return _propose(work, scheme_id, Kind.PLACE, str(level), [], reason)


def propose_product(work: Work, brand_id: str, *, reason: str, **wanted: Any) -> SchemeChange:
    """One more product of a brand: ``code``, names, ``standard``, ``hero`` and where it is written.

    Raises ``scheme_changes.tier_without_products``, ``scheme_changes.brand_ended``, ``schemes.product_taken``,
    ``schemes.heroes_full``.
    """
    work.actor.require("schemes.propose")
    brand, tier = _brand(work, brand_id)
    held = select(Product.id).where(Product.brand_id == brand_id, Product.code == wanted["code"])
    if work.session.exec(held).first():
        fault = Fault("schemes.product_taken", "/code", {"code": wanted["code"]})
        raise invalid("schemes.product_taken", faults=[fault], code=wanted["code"])
    if wanted["hero"]:
        _check_hero_room(work, tier)
    found = rules.differences(Kind.GOODS, rules.NO_PRODUCT, {**rules.NO_PRODUCT, **wanted})
    return _propose(work, brand.scheme_id, Kind.GOODS, f"{brand_id}/{wanted['code']}", found, reason)


def propose_hero(work: Work, product_id: str, *, hero: bool, reason: str, **said: str) -> SchemeChange:
    """Set or drop the flag of a hero product, with where that is written; raises ``schemes.heroes_full``."""
    work.actor.require("schemes.propose")
    product = work.session.get(Product, product_id)
    if product is None:
        raise unknown()
    brand, tier = _brand(work, product.brand_id)
    if hero and not product.hero:
        _check_hero_room(work, tier)
    now = product.model_dump()
    found = rules.differences(Kind.HERO, now, now | said | {"hero": hero})
    return _propose(work, brand.scheme_id, Kind.HERO, product_id, found, reason)


def ask_hero_place(work: Work, scheme_id: str, level: int, *, reason: str) -> SchemeChange:
    """One hero product beyond the limit; raises ``scheme_changes.heroes_left`` while the limit is not reached."""
    work.actor.require("schemes.propose")
    tier = reading.tier(work.session, scheme_id, level)
    if not _heroes_full(tier):
        raise conflict("scheme_changes.heroes_left", tier=tier.name)
    return _propose(work, scheme_id, Kind.HERO_PLACE, str(level), [], reason)


def _brand(work: Work, brand_id: str) -> tuple[Brand, Tier]:
    brand = work.session.get(Brand, brand_id)
    if brand is None:
        raise unknown()
    tier = work.session.get_one(Tier, brand.tier_id)
    rules.may_carry_products(tier.process, brand.state)
    return brand, tier


def _heroes_full(tier: Tier) -> bool:
    return tier.heroes_max is not None and tier.heroes_used >= tier.heroes_max


def _check_hero_room(work: Work, tier: Tier) -> None:
    """Told when it is proposed; what counts is the guarded statement when it is approved."""
    if _heroes_full(tier) and work.session.exec(products.spare_hero_places(tier)).first() is None:
        raise quota_exceeded("schemes.heroes_full", tier=tier.name, most=tier.heroes_max, used=tier.heroes_used)


def propose_rule(
    work: Work, product_id: str, kind: RuleKind, *, content: Any, reason: str, **said: str
) -> SchemeChange:
    """Another rule of a product: its ``content``, ``source``, ``source_en``, ``confidence``.

    Raises ``input.invalid`` by field, ``scheme_changes.nothing`` or ``scheme_changes.already_open``.
    """
    work.actor.require("schemes.propose")
    scheme = schemes.scheme_of_product(work.session, product_rules.product(work.session, product_id).id)
    now = _rule(work, product_id, kind)
    found = rules.differences(Kind.PRODUCT, now, now | checked(kind, content) | said)
    return _propose(work, scheme.id, Kind.PRODUCT, f"{kind}:{product_id}", found, reason)


def _rule(work: Work, product_id: str, kind: RuleKind) -> dict[str, Any]:
    now = product_rules.in_force(work.session, product_id, kind)
    return {**now.content, "source": now.source, "source_en": now.source_en, "confidence": now.confidence}


def _propose(
    work: Work, scheme_id: str, kind: Kind, key: str, differences: list[dict[str, Any]], reason: str
) -> SchemeChange:
    its = (SchemeChange.scheme_id == scheme_id, SchemeChange.kind == kind.value, SchemeChange.key == key)
    if work.session.exec(select(SchemeChange.id).where(*its, SchemeChange.state == "open")).first():
        raise conflict("scheme_changes.already_open")
    change = SchemeChange(
        scheme_id=scheme_id,
        kind=kind.value,
        key=key,
        differences=differences,
        reason=reason,
        written_by=work.actor.person_id or "",
        written_by_name=work.actor.name,
        written_at=work.now,
    )
    work.session.add(change)
    work.session.flush()
    audit.record(work, "schemes.propose_change", "scheme", scheme_id, change=change.id, kind=kind.value, key=key)
    return change


def step(work: Work, change_id: str, action: str, *, version: int, comment: str = "") -> SchemeChange:
    """Approve, refuse or withdraw. Raises ``scheme_changes.stale``, ``scheme_changes.same_person``, ``…outdated``."""
    work.actor.require("schemes.changes")
    locked = select(SchemeChange).where(SchemeChange.id == change_id).with_for_update()
    change = work.session.exec(locked, execution_options={"populate_existing": True}).first()
    if change is None or action not in FLOW.actions:
        raise unknown()
    if change.version != version:
        raise conflict("scheme_changes.stale")
    work.actor.require(FLOW.step(change.state, action).permission)
    move = FLOW.apply(change.state, action, reading.facts(change, work.actor, comment))
    change.state, change.version, change.comment = move.next_state, version + 1, comment
    change.decided_at = work.now
    if action != "withdraw":
        change.decided_by, change.decided_by_name = work.actor.person_id, work.actor.name
    work.session.flush()
    if action == "approve" and change.kind not in rules.EXCEPTIONS:
        change.edition = _take_effect(work, change)
    audit.record(
        work, move.audit, "scheme", change.scheme_id, change=change.id, kind=change.kind, key=change.key,
        differences=change.differences, edition=change.edition,
    )  # fmt: skip
    return change


def _take_effect(work: Work, change: SchemeChange) -> int:
    """Put the new values in force from today, and keep the scheme as its next edition."""
    scheme = work.session.exec(select(Scheme).where(Scheme.id == change.scheme_id).with_for_update()).one()
    number = reading_editions.newest_number(work.session, scheme.id) + 1
    new = {one["field"]: one["new"] for one in change.differences}
    if change.kind == Kind.POLICY:
        _new_policy(work, change, new, number)
    elif change.kind == Kind.PRODUCT:
        _new_rule(work, change, new)
    elif change.kind == Kind.GOODS:
        _new_product(work, change, new)
    elif change.kind == Kind.HERO:
        _new_hero(work, change, new)
    else:
        _new_tier(work, change, new)
    scheme.edition = str(number)
    return editions.record(work, scheme, change.id).number


def _new_policy(work: Work, change: SchemeChange, new: dict[str, Any], number: int) -> None:
    now = schemes.policy_row(work.session, change.scheme_id, change.key)
    assert now is not None
    _check_unmoved(change, now.model_dump())
    kept = now.model_dump(exclude={"id"})
    work.session.add(PolicyValue(**kept | new | {"edition": number, "valid_from": work.today}))


def _new_rule(work: Work, change: SchemeChange, new: dict[str, Any]) -> None:
    kind, _, product_id = change.key.partition(":")
    now = _rule(work, product_id, RuleKind(kind))
    _check_unmoved(change, now)
    whole = now | new
    said = {name: whole.pop(name) for name in rules.SOURCES[Kind.PRODUCT]}
    edition = product_rules.in_force(work.session, product_id, RuleKind(kind)).edition + 1
    its: dict[str, Any] = {"product_id": product_id, "kind": kind, "edition": edition, "change_id": change.id}
    work.session.add(ProductRule(**its, **said, content=whole, valid_from=work.today))
    work.session.flush()


def _new_product(work: Work, change: SchemeChange, new: dict[str, Any]) -> None:
    brand, _ = _brand(work, change.key.partition("/")[0])
    made = products.add(work, brand.id, {**rules.NO_PRODUCT, **new})
    standards.load_shipped(work, [made.standard] if made.standard else [])


def _new_hero(work: Work, change: SchemeChange, new: dict[str, Any]) -> None:
    locked = select(Product).where(Product.id == change.key).with_for_update()
    product = work.session.exec(locked, execution_options={"populate_existing": True}).one()
    _brand(work, product.brand_id)
    _check_unmoved(change, product.model_dump())
    for name in rules.SOURCES[Kind.HERO]:
        setattr(product, name, new.get(name, getattr(product, name)))
    if "hero" in new:
        (products.flag if new["hero"] else products.unflag)(work, product)


def _new_tier(work: Work, change: SchemeChange, new: dict[str, Any]) -> None:
    """A limit is never put below the places taken meanwhile: one statement looks and writes."""
    tier = reading.tier(work.session, change.scheme_id, int(change.key))
    _check_unmoved(change, tier.model_dump())
    statement = update(Tier).where(col(Tier.id) == tier.id).values(**new)
    for most, used in (("slots_max", Tier.slots_used), ("heroes_max", Tier.heroes_used)):
        if new.get(most) is not None:
            statement = statement.where(col(used) <= new[most])
    if work.session.exec(statement).rowcount != 1:
        raise conflict("scheme_changes.outdated")
    work.session.refresh(tier)


def _check_unmoved(change: SchemeChange, now: dict[str, Any]) -> None:
    """What the second person read as the old values still stands."""
    if any(now[one["field"]] != one["old"] for one in change.differences):
        raise conflict("scheme_changes.outdated")
