"""A brand scheme as a preset file describes it, and the rules such a description must keep.

Source: domain notes A1 (the «1-3-10» plan and its relatives: slots per tier, allowed uses, licence or advice).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from brand.kernel.errors import Fault, invalid
from brand.rules import places

#: Numbers the licence procedure cannot do without.
NEEDED_POLICIES = frozenset({"notice_working_days", "licence_term_years", "renewal_window_months"})
SHORTEST_NOTICE, LONGEST_RECTIFICATION = 5, 3


def policy_fault(key: str, value: int, pointer: str) -> Fault | None:
    """What no office may set, even with two persons, because the plans name it as a bound and not as a number.

    By analogy, as both speak of contractors: a notice lasts at least five working days (A5.9, Jinghong plan line 99),
    an order to put things right ends within three months (A5.7, Hanggin plan line 36).
    """
    if key == "notice_working_days" and value < SHORTEST_NOTICE:
        return Fault("policies.notice_too_short", pointer, {"least": SHORTEST_NOTICE})
    if key == "rectification_months" and not 1 <= value <= LONGEST_RECTIFICATION:
        return Fault("policies.rectification_too_long", pointer, {"most": LONGEST_RECTIFICATION})
    return None


class Use(StrEnum):
    """What a mark may be used for; a tier allows some of these (A1.2, A1.3)."""

    PUBLICITY = "publicity"
    OUTREACH = "outreach"
    INVESTMENT = "investment"
    PACKAGING = "packaging"
    SHOP_SIGN = "shop_sign"
    ONLINE_SHOP = "online_shop"
    LIVE_STREAM = "live_stream"


#: Uses that put the mark on goods; who has none may not ask for them.
USES_OF_GOODS = frozenset({Use.PACKAGING})


class Process(StrEnum):
    """How a tier admits users.

    By licence, by norms and advice where the mark is the enterprise's own (A1.9), or not here at all: an umbrella brand
    above the county is given by its own owner (A1.15).
    """

    LICENCE = "licence"
    ADVICE = "advice"
    UMBRELLA = "umbrella"


class Confidence(StrEnum):
    """How sure a fact is: read in the primary text, in one or more secondary pages, background, derived, proposed."""

    PRIMARY = "V"
    SECONDARY = "S"
    SEVERAL = "S2"
    BACKGROUND = "B"
    COMPUTED = "C"
    DESIGN = "D"


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    FILES = "files"
    YES = "yes"
    PERCENT = "percent"
    TIMES = "times"


@dataclass(frozen=True)
class SchemeEntry:
    code: str
    edition: str
    name: str
    name_en: str
    county_code: str
    owner: str
    owner_en: str
    source: str
    source_en: str
    confidence: str


@dataclass(frozen=True)
class TierEntry:
    """``slots_max`` None means open («1+3+N», A1.5); heroes are the flagged products of its brands (A1.22)."""

    level: int
    name: str
    name_en: str
    slots_min: int
    slots_max: int | None
    heroes_min: int
    heroes_max: int | None
    allowed_uses: list[str]
    process: str
    source: str
    source_en: str
    confidence: str


@dataclass(frozen=True)
class BrandEntry:
    code: str
    tier: int
    parent: str | None
    name: str
    name_en: str
    name_mn: str
    source: str
    source_en: str
    confidence: str


@dataclass(frozen=True)
class ProductEntry:
    brand: str
    code: str
    name: str
    name_en: str
    name_mn: str
    standard: str
    unit: str
    hero: bool
    source: str
    source_en: str
    confidence: str


@dataclass(frozen=True)
class PolicyEntry:
    key: str
    value: int
    unit: str
    provenance: str
    provenance_en: str
    confidence: str


@dataclass(frozen=True)
class Preset:
    """One preset file; brands stand after their parents."""

    scheme: SchemeEntry
    tiers: Sequence[TierEntry]
    brands: Sequence[BrandEntry]
    products: Sequence[ProductEntry]
    policies: Sequence[PolicyEntry]


def with_policies_of(preset: Preset, other: Preset) -> Preset:
    """The preset with the other's policy values for every key it does not set itself."""
    own = {one.key for one in preset.policies}
    return replace(preset, policies=[*preset.policies, *(one for one in other.policies if one.key not in own)])


def check(preset: Preset, on: date) -> None:
    """Raise ``presets.inconsistent`` with every fault found, each at its place in the file."""
    faults = [*_scheme(preset, on), *_tiers(preset), *_brands(preset), *_products(preset), *_policies(preset)]
    if faults:
        raise invalid("presets.inconsistent", faults=faults, count=len(faults))


def _scheme(preset: Preset, on: date) -> Iterator[Fault]:
    code = preset.scheme.county_code
    if places.county(code, on) is None:
        yield Fault("presets.county_unknown", "/scheme/county_code", {"code": code})


def _tiers(preset: Preset) -> Iterator[Fault]:
    yield from _repeated("tiers", [str(one.level) for one in preset.tiers])
    tier_of = {one.code: one.tier for one in preset.brands}
    for at, one in enumerate(preset.tiers):
        if one.slots_max is not None and one.slots_min > one.slots_max:
            yield Fault("presets.slots", f"/tiers/{at}", {"least": one.slots_min, "most": one.slots_max})
        if one.heroes_max is not None and one.heroes_min > one.heroes_max:
            yield Fault("presets.slots", f"/tiers/{at}", {"least": one.heroes_min, "most": one.heroes_max})
        heroes = sum(product.hero and tier_of.get(product.brand) == one.level for product in preset.products)
        if one.heroes_max is not None and heroes > one.heroes_max:
            yield Fault("presets.too_many_heroes", f"/tiers/{at}", {"named": heroes, "most": one.heroes_max})
        named = sum(brand.tier == one.level for brand in preset.brands)
        if one.slots_max is not None and named > one.slots_max:
            yield Fault("presets.too_many_brands", f"/tiers/{at}", {"named": named, "most": one.slots_max})


def _brands(preset: Preset) -> Iterator[Fault]:
    yield from _repeated("brands", [one.code for one in preset.brands])
    levels = {one.level for one in preset.tiers}
    seen: dict[str, int] = {}
    for at, one in enumerate(preset.brands):
        if one.tier not in levels:
            yield Fault("presets.tier_unknown", f"/brands/{at}/tier", {"tier": one.tier})
        if one.parent is not None and seen.get(one.parent, one.tier) >= one.tier:
            yield Fault("presets.parent", f"/brands/{at}/parent", {"parent": one.parent})
        seen[one.code] = one.tier


def _products(preset: Preset) -> Iterator[Fault]:
    yield from _repeated("products", [f"{one.brand}/{one.code}" for one in preset.products])
    process = {one.level: one.process for one in preset.tiers}
    of_brand = {one.code: process.get(one.tier) for one in preset.brands}
    for at, one in enumerate(preset.products):
        if one.brand not in of_brand:
            yield Fault("presets.brand_unknown", f"/products/{at}/brand", {"brand": one.brand})
        elif of_brand[one.brand] in (Process.ADVICE, Process.UMBRELLA):
            yield Fault("presets.product_under_advice", f"/products/{at}/brand", {"brand": one.brand})


def _policies(preset: Preset) -> Iterator[Fault]:
    yield from _repeated("policies", [one.key for one in preset.policies])
    for key in sorted(NEEDED_POLICIES - {one.key for one in preset.policies}):
        yield Fault("presets.policy_missing", "/policies", {"key": key})
    for at, one in enumerate(preset.policies):
        found = policy_fault(one.key, one.value, f"/policies/{at}/value")
        if found is not None:
            yield found


def _repeated(place: str, names: Sequence[str]) -> Iterator[Fault]:
    for at, name in enumerate(names):
        if name in names[:at]:
            yield Fault("presets.repeated", f"/{place}/{at}", {"name": name})
