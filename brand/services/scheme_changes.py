"""Changes a brand scheme with two persons: one proposes with a reason, another decides, and an edition comes of it."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, quota_exceeded, unknown
from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Product, Tier
from brand.queries import office_tables, product_rules, schemes
from brand.queries import scheme_changes as reading
from brand.rules import office_tables as tables
from brand.rules import scheme_changes as rules
from brand.rules.office_tables import Table
from brand.rules.product_rules import RuleKind, checked
from brand.rules.scheme_changes import FLOW, Kind
from brand.services import brands, exceptions, scheme_effects


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
    carrying = _carrying(work, brand_id)
    held = select(Product.id).where(Product.brand_id == brand_id, Product.code == wanted["code"])
    if work.session.exec(held).first():
        fault = Fault("schemes.product_taken", "/code", {"code": wanted["code"]})
        raise invalid("schemes.product_taken", faults=[fault], code=wanted["code"])
    if wanted["hero"]:
        _check_hero_room(work, carrying.tier)
    found = rules.differences(Kind.GOODS, rules.NO_PRODUCT, {**rules.NO_PRODUCT, **wanted})
    return _propose(work, carrying.scheme.id, Kind.GOODS, f"{brand_id}/{wanted['code']}", found, reason)


def propose_hero(work: Work, product_id: str, *, hero: bool, reason: str, **said: str) -> SchemeChange:
    """Set or drop the flag of a hero product, with where that is written; raises ``schemes.heroes_full``."""
    work.actor.require("schemes.propose")
    product = schemes.product(work.session, product_id)
    carrying = _carrying(work, product.brand_id)
    if hero and not product.hero:
        _check_hero_room(work, carrying.tier)
    now = product.model_dump()
    found = rules.differences(Kind.HERO, now, now | said | {"hero": hero})
    return _propose(work, carrying.scheme.id, Kind.HERO, product_id, found, reason)


def ask_hero_place(work: Work, scheme_id: str, level: int, *, reason: str) -> SchemeChange:
    """One hero product beyond the limit; raises ``scheme_changes.heroes_left`` while the limit is not reached."""
    work.actor.require("schemes.propose")
    tier = reading.tier(work.session, scheme_id, level)
    if not _heroes_full(tier):
        raise conflict("scheme_changes.heroes_left", tier=tier.name)
    return _propose(work, scheme_id, Kind.HERO_PLACE, str(level), [], reason)


def _carrying(work: Work, brand_id: str) -> schemes.BrandOfScheme:
    held = schemes.brand(work.session, brand_id)
    rules.may_carry_products(held.tier.process, held.brand.state)
    return held


def _heroes_full(tier: Tier) -> bool:
    return tier.heroes_max is not None and tier.heroes_used >= tier.heroes_max


def _check_hero_room(work: Work, tier: Tier) -> None:
    """Told when it is proposed; what counts is the guarded statement when it is approved."""
    if _heroes_full(tier) and work.session.exec(exceptions.spare(tier, Kind.HERO_PLACE)).first() is None:
        raise quota_exceeded("schemes.heroes_full", tier=tier.name, most=tier.heroes_max, used=tier.heroes_used)


def propose_rule(
    work: Work, product_id: str, kind: RuleKind, *, content: Any, reason: str, **said: str
) -> SchemeChange:
    """Another rule of a product: its ``content``, ``source``, ``source_en``, ``confidence``.

    Raises ``input.invalid`` by field, ``scheme_changes.nothing`` or ``scheme_changes.already_open``.
    """
    work.actor.require("schemes.propose")
    scheme = schemes.scheme_of_product(work.session, product_rules.product(work.session, product_id).id)
    now = product_rules.worded(work.session, product_id, kind)
    found = rules.differences(Kind.PRODUCT, now, now | checked(kind, content) | said)
    return _propose(work, scheme.id, Kind.PRODUCT, f"{kind}:{product_id}", found, reason)


def propose_table(work: Work, scheme_id: str, table: Table, *, content: Any, reason: str, **said: str) -> SchemeChange:
    """Other measures, or other points of a score sheet: ``content``, ``source``, ``source_en``, ``confidence``.

    Raises ``input.invalid`` by cell, ``scheme_changes.nothing`` or ``scheme_changes.already_open``.
    """
    work.actor.require("schemes.propose")
    scheme = schemes.scheme(work.session, scheme_id)
    now = office_tables.worded(work.session, scheme.id, table)
    found = rules.differences(Kind.TABLE, now, now | tables.checked(table, content) | said)
    return _propose(work, scheme.id, Kind.TABLE, table.value, found, reason)


def propose_brand(work: Work, scheme_id: str, level: int, *, reason: str, **wanted: Any) -> SchemeChange:
    """One more brand in a tier: ``code``, names, ``parent`` (the code of the brand above, may be empty), its source.

    Raises ``schemes.brand_taken``, ``schemes.parent``, ``schemes.tier_full`` (told now, counted when it is approved).
    """
    work.actor.require("schemes.propose")
    tier = reading.tier(work.session, scheme_id, level)
    code = wanted["code"]
    if schemes.brand_by_code(work.session, scheme_id, code) is not None:
        raise invalid("schemes.brand_taken", faults=[Fault("schemes.brand_taken", "/code", {"code": code})], code=code)
    reading.above(work.session, scheme_id, level, wanted["parent"])
    full = tier.slots_max is not None and tier.slots_used >= tier.slots_max
    if full and work.session.exec(exceptions.spare(tier, Kind.PLACE)).first() is None:
        raise brands.full(tier)
    found = rules.differences(Kind.BRAND, rules.NO_BRAND, {**rules.NO_BRAND, **wanted})
    return _propose(work, scheme_id, Kind.BRAND, f"{level}/{code}", found, reason)


def propose_mark(work: Work, brand_id: str, *, reason: str, **wanted: Any) -> SchemeChange:
    """Another name of a brand, or another brand above it (``parent``, a code), with where that is written.

    Raises ``scheme_changes.brand_ended``, ``schemes.parent``.
    """
    work.actor.require("schemes.propose")
    held = schemes.brand(work.session, brand_id)
    rules.still_there(held.brand.state)
    now = reading.mark(work.session, held.brand)
    if wanted["parent"] != now["parent"]:
        reading.above(work.session, held.scheme.id, held.tier.level, wanted["parent"])
    return _propose(work, held.scheme.id, Kind.MARK, brand_id, rules.differences(Kind.MARK, now, now | wanted), reason)


def propose_head(work: Work, scheme_id: str, *, reason: str, **wanted: Any) -> SchemeChange:
    """Another name, owner or county code of the scheme; raises ``presets.county_unknown``."""
    work.actor.require("schemes.propose")
    now = schemes.scheme(work.session, scheme_id).model_dump()
    rules.county_known(wanted["county_code"], work.today)
    return _propose(work, scheme_id, Kind.HEAD, "scheme", rules.differences(Kind.HEAD, now, now | wanted), reason)


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
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    locked = select(SchemeChange).where(SchemeChange.id == change_id).with_for_update()
    change = work.session.exec(locked, execution_options={"populate_existing": True}).first()
    if change is None:
        raise unknown()
    if change.version != version:
        raise conflict("scheme_changes.stale")
    move = FLOW.apply(change.state, action, reading.facts(change, work.actor, comment))
    change.state, change.version, change.comment = move.next_state, version + 1, comment
    change.decided_at = work.now
    if action != "withdraw":
        change.decided_by, change.decided_by_name = work.actor.person_id, work.actor.name
    work.session.flush()
    if action == "approve" and change.kind not in rules.EXCEPTIONS:
        change.edition = scheme_effects.take(work, change)
    audit.record(
        work, move.audit, "scheme", change.scheme_id, change=change.id, kind=change.kind, key=change.key,
        differences=change.differences, edition=change.edition,
    )  # fmt: skip
    return change
