"""How a brand scheme may change: what differs, what a new value must bring along, and that two persons stand behind it.

Source: product principle 1 (policy is data with its source, changed with four eyes); domain notes A1.1 (a brand beyond
the limit of its tier needs a recorded exception) and A0.2 (nothing is presented as law that is not).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.product_rules import LIMITS

Values = Mapping[str, Any]


class Kind(StrEnum):
    """What a change is about: a policy value, a tier's frame, one place beyond its limit, or a rule of a product."""

    POLICY = "policy"
    TIER = "tier"
    PLACE = "place"
    PRODUCT = "product"


#: What may be changed of each, and the fields that say where the new values come from.
SOURCES = {
    Kind.POLICY: ("provenance", "provenance_en", "confidence"),
    Kind.TIER: ("source", "source_en", "confidence"),
    Kind.PRODUCT: ("source", "source_en", "confidence"),
}
VALUES = {
    Kind.POLICY: ("value",),
    Kind.TIER: ("slots_min", "slots_max", "heroes_min", "heroes_max", "allowed_uses"),
    Kind.PRODUCT: ("items", "least", "cuts", *LIMITS, "standard"),
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
    if kind is Kind.TIER:
        yield from _ranges(wanted, now["slots_used"])


def _ranges(wanted: Values, used: int) -> Iterator[Fault]:
    for name in ("slots", "heroes"):
        least, most = wanted[f"{name}_min"], wanted[f"{name}_max"]
        if most is not None and least > most:
            yield Fault("presets.slots", f"/{name}_min", {"least": least, "most": most})
    if wanted["slots_max"] is not None and wanted["slots_max"] < used:
        yield Fault("scheme_changes.below_used", "/slots_max", {"used": used})


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
