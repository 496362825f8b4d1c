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
from brand.rules.office_tables import GRADES
from brand.rules.presets import Process, policy_fault
from brand.rules.product_rules import LIMITS

Values = Mapping[str, Any]


class Kind(StrEnum):
    """What a change is about.

    A policy value, a tier's frame, one place beyond its limit, a rule of a product, a new product of a brand, its flag
    as a hero product, one hero product beyond the tier's limit, a new brand, a brand's names and the one above it, the
    head of the scheme (its name, owner and county code), or a table of measures or points.
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
    TABLE = "table"


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
    Kind.TABLE: ("source", "source_en", "confidence"),
}
VALUES = {
    Kind.POLICY: ("value",),
    Kind.TIER: ("slots_min", "slots_max", "heroes_min", "heroes_max", "allowed_uses"),
    Kind.GOODS: ("code", "name", "name_en", "name_mn", "standard", "hero"),
    Kind.HERO: ("hero",),
    Kind.PRODUCT: ("items", "least", "cuts", *LIMITS, "standard", "processes", "shares", "units", "hours"),
    Kind.BRAND: ("code", "parent", "name", "name_en", "name_mn"),
    Kind.MARK: ("parent", "name", "name_en", "name_mn"),
    Kind.HEAD: ("name", "name_en", "owner", "owner_en", "county_code"),
    Kind.TABLE: (*GRADES, "immediate", "points"),
}


def differences(kind: Kind, now: Values, wanted: Values) -> list[dict[str, Any]]:
    """``[{field, old, new}]`` of what is asked for; raises ``input.invalid`` naming every field that is wrong.

    A new value needs a source of its own: the old one spoke of the old value.
    """
    found = [
        {"field": name, "old": now[name], "new": wanted[name]}
        for name in (*VALUES[kind], *SOURCES[kind])
        if name in now and now[name] != wanted[name]
    ]
    faults = list(_faults(kind, {one["field"] for one in found}, now, wanted))
    if faults:
        raise invalid("input.invalid", faults=faults)
    if not found:
        raise invalid("scheme_changes.nothing")
    return found


def _faults(kind: Kind, changed: set[str], now: Values, wanted: Values) -> Iterator[Fault]:
    said = SOURCES[kind][0]
    if changed & {*VALUES[kind]} and said not in changed:
        yield Fault("scheme_changes.source_needed", f"/{said}")
    if kind is Kind.POLICY and "value" in changed:
        bound = policy_fault(wanted["key"], wanted["value"], "/value")
        if bound is not None:
            yield bound
    if kind is Kind.TIER:
        yield from _ranges(wanted, {"slots": now["slots_used"], "heroes": now["heroes_used"]})


def _ranges(wanted: Values, used: Mapping[str, int]) -> Iterator[Fault]:
    for name in ("slots", "heroes"):
        least, most = wanted[f"{name}_min"], wanted[f"{name}_max"]
        if most is not None and least > most:
            yield Fault("presets.slots", f"/{name}_min", {"least": least, "most": most})
        if most is not None and most < used[name]:
            yield Fault("scheme_changes.below_used", f"/{name}_max", {"used": used[name]})


#: A product before it is there, so that a proposal for one shows what is new.
NO_PRODUCT: Values = {
    "code": "", "name": "", "name_en": "", "name_mn": "", "standard": "", "hero": False,
    "source": "", "source_en": "", "confidence": "",
}  # fmt: skip

#: A brand before it is there; ``parent`` is the code of the brand above it.
NO_BRAND: Values = {
    "code": "", "parent": "", "name": "", "name_en": "", "name_mn": "",
    "source": "", "source_en": "", "confidence": "",
}  # fmt: skip


def stands_below(level: int, above: tuple[int, str] | None) -> None:
    """A brand stands below one of a higher tier that has not ended; ``above`` is the level and state of that one."""
    if above is None or above[0] >= level or above[1] == BrandState.ENDED:
        raise invalid("schemes.parent", faults=[Fault("schemes.parent", "/parent")])


def still_there(brand_state: str) -> None:
    """An ended brand keeps the name it ended with."""
    if brand_state == BrandState.ENDED:
        raise refused("scheme_changes.brand_ended")


def county_known(code: str, on: date) -> None:
    """A scheme belongs to a county that is in the table of codes on that day."""
    if places.county(code, on) is None:
        fault = Fault("presets.county_unknown", "/county_code", {"code": code})
        raise invalid("presets.county_unknown", faults=[fault], code=code)


def may_carry_products(process: str, brand_state: str) -> None:
    """Products are licensed ones of a brand that has not ended; elsewhere the enterprise owns its mark (A1.9)."""
    if process != Process.LICENCE:
        raise refused("scheme_changes.tier_without_products")
    still_there(brand_state)


def second_person(facts: Facts) -> None:
    """Whoever wrote a change does not decide it, with whichever account."""
    if facts["person_id"] == facts["written_by"]:
        raise refused("scheme_changes.same_person")


def own(facts: Facts) -> None:
    """Only the one who wrote a change takes it back."""
    if facts["person_id"] != facts["written_by"]:
        raise refused("scheme_changes.not_yours")


def explained(facts: Facts) -> None:
    """A refusal says why."""
    if not facts["comment"]:
        raise invalid("scheme_changes.comment_needed", faults=[Fault("scheme_changes.comment_needed", "/comment")])


FLOW = Workflow(
    "scheme_changes",
    (
        Step("open", "approve", "approved", "schemes.approve", "schemes.approve_change", (second_person,)),
        Step("open", "refuse", "refused", "schemes.approve", "schemes.refuse_change", (second_person, explained)),
        Step("open", "withdraw", "withdrawn", "schemes.propose", "schemes.withdraw_change", (own,)),
    ),
)
