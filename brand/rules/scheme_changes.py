"""How a brand scheme may change: what differs, what a new value must bring along, and that two persons stand behind it.

Source: product principle 1 (policy is data with its source, changed with four eyes); domain notes A1.1 (a brand beyond
the limit of its tier needs a recorded exception) and A0.2 (nothing is presented as law that is not).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules import places
from brand.rules.brand_flow import BrandState
from brand.rules.presets import Process
from brand.rules.product_rules import LIMITS

Values = Mapping[str, Any]


class Kind(StrEnum):
    """What a change is about.

    A policy value, a tier's frame, one place beyond its limit, a rule of a product, a new product of a brand, its flag
    as a hero product, one hero product beyond the tier's limit, a new brand, a brand's names and the one above it, or
    the head of the scheme: its name, owner and county code.
    """

    POLICY = "policy"
    TIER = "tier"
    PLACE = "place"
    PRODUCT = "product"
    GOODS = "goods"
    HERO = "hero"
    HERO_PLACE = "hero_place"
    BRAND = "brand"
    MARK = "mark"
    HEAD = "head"


#: Kinds that leave the scheme as it is: an approved one is used up later, once.
EXCEPTIONS = frozenset({Kind.PLACE, Kind.HERO_PLACE})

#: What may be changed of each, and the fields that say where the new values come from.
SOURCES = {
    Kind.POLICY: ("provenance", "provenance_en", "confidence"),
    Kind.TIER: ("source", "source_en", "confidence"),
    Kind.PRODUCT: ("source", "source_en", "confidence"),
    Kind.GOODS: ("source", "source_en", "confidence"),
    Kind.HERO: ("source", "source_en", "confidence"),
    Kind.BRAND: ("source", "source_en", "confidence"),
    Kind.MARK: ("source", "source_en", "confidence"),
    Kind.HEAD: ("source", "source_en", "confidence"),
}
VALUES = {
    Kind.POLICY: ("value",),
    Kind.TIER: ("slots_min", "slots_max", "heroes_min", "heroes_max", "allowed_uses"),
    Kind.GOODS: ("code", "name", "name_en", "name_mn", "standard", "hero"),
    Kind.HERO: ("hero",),
    Kind.PRODUCT: ("items", "least", "cuts", *LIMITS, "standard", "processes", "shares", "units"),
