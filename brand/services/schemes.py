"""Loads brand schemes from presets."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import conflict
from brand.kernel.work import Work
from brand.models.schemes import Brand, PolicyValue, Scheme, Tier
from brand.rules import presets
from brand.rules.presets import Preset
from brand.services import brands, calendar, editions, products, rulebooks, standards


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
    made = _brands(work, preset, tiers)
    for entry in preset.products:
        products.add(work, made[entry.brand].id, _without(entry, "brand"))
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


def _brands(work: Work, preset: Preset, tiers: dict[int, Tier]) -> dict[str, Brand]:
    made: dict[str, Brand] = {}
    for entry in preset.brands:
        above = made[entry.parent].id if entry.parent else None
        made[entry.code] = brands.add(
            work, tiers[entry.tier].id, {"parent_id": above, **_without(entry, "tier", "parent")}
        )
    return made


def _without(entry: object, *names: str) -> dict[str, Any]:
    return {name: value for name, value in vars(entry).items() if name not in names}
