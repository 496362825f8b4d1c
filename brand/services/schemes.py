"""Loads brand schemes from presets and takes up the slots of their tiers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, quota_exceeded, unknown
from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, PolicyValue, Scheme, Tier
from brand.rules import presets
from brand.rules.presets import Preset
from brand.rules.scheme_changes import Kind
from brand.services import calendar, editions, products, rulebooks, standards


def load_preset(work: Work, preset: Preset) -> Scheme:
    """A scheme with its tiers, brands, products and policy values; the same edition twice is recognised.

    Raises ``presets.inconsistent``, ``schemes.already_loaded``, ``schemes.other_edition``, ``schemes.tier_full``.
    """
    work.actor.require("schemes.manage")
    presets.check(preset, work.today)
    _refuse_second(work, preset)
    scheme = Scheme(**vars(preset.scheme), loaded_at=work.now)
    work.session.add(scheme)
    work.session.flush()
    tiers = _tiers(work, scheme, preset)
    brands = _brands(work, scheme, preset, tiers)
    for entry in preset.products:
        products.add(work, brands[entry.brand].id, _without(entry, "brand"))
    for policy in preset.policies:
        work.session.add(PolicyValue(scheme_id=scheme.id, valid_from=work.today, **vars(policy)))
    work.session.flush()
    editions.record(work, scheme, None)
    calendar.seed(work)
    rulebooks.seed(work, scheme)
    standards.load_shipped(work, sorted({entry.standard for entry in preset.products if entry.standard}))
    audit.record(work, "schemes.load", "scheme", scheme.id, code=scheme.code, edition=scheme.edition)
    return scheme


def _refuse_second(work: Work, preset: Preset) -> None:
    wanted = preset.scheme
    found = work.session.exec(select(Scheme).where(Scheme.code == wanted.code)).first()
    if found is None:
        return
    if found.edition == wanted.edition:
        raise conflict("schemes.already_loaded", code=found.code, edition=found.edition)
    raise conflict("schemes.other_edition", code=found.code, edition=found.edition, asked=wanted.edition)


def _tiers(work: Work, scheme: Scheme, preset: Preset) -> dict[int, Tier]:
    tiers = {entry.level: Tier(scheme_id=scheme.id, **vars(entry)) for entry in preset.tiers}
    work.session.add_all(tiers.values())
    work.session.flush()
    return tiers


def _brands(work: Work, scheme: Scheme, preset: Preset, tiers: dict[int, Tier]) -> dict[str, Brand]:
    brands: dict[str, Brand] = {}
    for entry in preset.brands:
        take_slot(work, tiers[entry.tier].id)
        brands[entry.code] = Brand(
            scheme_id=scheme.id,
            tier_id=tiers[entry.tier].id,
            parent_id=brands[entry.parent].id if entry.parent else None,
            **_without(entry, "tier", "parent"),
        )
        work.session.add(brands[entry.code])
        work.session.flush()
    return brands


def _without(entry: object, *names: str) -> dict[str, Any]:
    return {name: value for name, value in vars(entry).items() if name not in names}


def add_brand(
    work: Work,
    tier_id: str,
    *,
    parent_id: str | None,
    code: str,
    name: str,
    name_en: str = "",
    name_mn: str = "",
    exception_id: str | None = None,
) -> Brand:
    """One more mark in a tier; raises ``schemes.tier_full`` with the figures when every slot is taken.

    The parent is a brand of the same scheme on a higher tier (a smaller level). ``exception_id`` names an additional
    place that two persons agreed to; it is used up instead of a slot, or ``schemes.exception_unusable`` is raised.
    """
    work.actor.require("schemes.manage")
    tier = work.session.get(Tier, tier_id)
    if tier is None:
        raise unknown()
    _check_parent(work, tier, parent_id)
    held = select(Brand.id).where(Brand.scheme_id == tier.scheme_id, Brand.code == code)
    if work.session.exec(held).first():
        raise invalid("schemes.brand_taken", faults=[Fault("schemes.brand_taken", "/code", {"code": code})], code=code)
    if exception_id:
        _use_exception(work, tier, exception_id)
    else:
        take_slot(work, tier_id)
    brand = Brand(
        scheme_id=tier.scheme_id,
        tier_id=tier_id,
        parent_id=parent_id,
        exception_id=exception_id or None,
        code=code,
        name=name,
        name_en=name_en,
        name_mn=name_mn,
        source="管理员录入",
        source_en="Entered by an administrator",
    )
    work.session.add(brand)
    work.session.flush()
    audit.record(work, "schemes.add_brand", "brand", brand.id, tier=tier.level, code=code)
    return brand


def take_slot(work: Work, tier_id: str) -> None:
    """One slot of the tier, by one statement that cannot overrun; raises ``schemes.tier_full``."""
    free = or_(col(Tier.slots_max).is_(None), col(Tier.slots_used) + 1 <= col(Tier.slots_max))
    taken = work.session.exec(
        update(Tier).where(col(Tier.id) == tier_id, free).values(slots_used=col(Tier.slots_used) + 1)
    )
    tier = work.session.get(Tier, tier_id, populate_existing=True)
    if tier is None:
        raise unknown()
    if taken.rowcount != 1:
        raise quota_exceeded("schemes.tier_full", tier=tier.name, slots=tier.slots_max, used=tier.slots_used)


def _use_exception(work: Work, tier: Tier, exception_id: str) -> None:
    """One approved place beyond the limit, by one statement that works once."""
    used = work.session.exec(
        update(SchemeChange)
        .where(col(SchemeChange.id) == exception_id, col(SchemeChange.scheme_id) == tier.scheme_id)
        .where(col(SchemeChange.kind) == Kind.PLACE, col(SchemeChange.key) == str(tier.level))
        .where(col(SchemeChange.state) == "approved")
        .values(state="used", version=col(SchemeChange.version) + 1)
    )
    if used.rowcount != 1:
        raise conflict("schemes.exception_unusable", tier=tier.name)


def _check_parent(work: Work, tier: Tier, parent_id: str | None) -> None:
    if parent_id is None:
        return
    parent = work.session.get(Brand, parent_id)
    above = work.session.get(Tier, parent.tier_id) if parent else None
    if above is None or above.scheme_id != tier.scheme_id or above.level >= tier.level:
        raise invalid("schemes.parent", faults=[Fault("schemes.parent", "/parent_id")])
