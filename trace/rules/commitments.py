"""The commitment certificate 承诺达标合格证: who must issue one, on which base, and when it is replaced.

Source: ministry order 2025 no. 4 (in force 2026-02-01, read in copies), article 39 of the 2022 law; domain notes B5.1.
For meat the certificate of quarantine of the product takes its place (article 39, special rules for livestock).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import AppError, Fault, Kind, conflict, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.licence_terms import renewal_opens
from trace.rules.weights import plain

SHIPPED = Path(__file__).resolve().parent / "data" / "commitments.json"
LONGEST_ORIGIN = 200
_MORE = "等"
NOTHING = Decimal(0)


class Style(StrEnum):
    """Who promises: the one who grew the goods, or the one who bought them up and mixed or packed them."""

    PRODUCER = "producer"
    COLLECTOR = "collector"


class Basis(StrEnum):
    """What the promise rests on; one box or more is ticked."""

    CONTROLLED = "controlled"
    OWN_TEST = "own_test"
    COMMISSIONED_TEST = "commissioned_test"


class State(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Order:
    """The order as data; ``forms`` are stages of goods it applies to, each with its confidence."""

    source: str
    source_en: str
    confidence: str
    title: str
    in_force_from: date
    keep_months: int
    must: frozenset[str]
    promises: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]


@cache
def order() -> Order:
    found = json.loads(SHIPPED.read_text(encoding="utf-8"))
    found["in_force_from"] = date.fromisoformat(found["in_force_from"])
    return Order(**found | {"must": frozenset(found["must"])})


def applies(form: str) -> bool:
    """Whether goods of this form are among those the order names."""
    return form in order().forms


def check_applies(form: str) -> None:
    """Raise ``commitments.not_for_these_goods`` where another paper takes its place (meat) or the order is silent."""
    if not applies(form):
        raise refused("commitments.not_for_these_goods")


def required(form: str, enterprise_kind: str, day: date) -> bool:
    """Whether this party must issue one for goods made on that day; households are encouraged only."""
    return applies(form) and enterprise_kind in order().must and day >= order().in_force_from


def needed_to_buy(form: str, day: date) -> bool:
    """Collectors may not buy without one, whoever sells."""
    return applies(form) and day >= order().in_force_from


def keep_until(issued_on: date) -> date:
    """The last day on which the certificate must still be there."""
    return renewal_opens(issued_on, -order().keep_months)


def check_bases(bases: Collection[str], *, own_test: bool, commissioned_test: bool) -> list[str]:
    """The boxes in their order; a box that says «tested» needs a passing test of that kind on the goods.

    Raises ``commitments.basis_needed`` or ``commitments.basis_without_test``.
    """
    if not bases or not set(bases) <= set(Basis):
        raise invalid("commitments.basis_needed", faults=[Fault("commitments.basis_needed", "/bases")])
    held = {Basis.OWN_TEST: own_test, Basis.COMMISSIONED_TEST: commissioned_test, Basis.CONTROLLED: True}
    for one in Basis:
        if one in bases and not held[one]:
            params = {"basis": f"commitment.basis.{one}"}
            fault = Fault("commitments.basis_without_test", "/bases", params)
            raise invalid("commitments.basis_without_test", faults=[fault], **params)
    return [one.value for one in Basis if one in bases]


def check_quantity(asked: Decimal, total: Decimal) -> None:
    """No certificate speaks of more goods than the batch has; raises ``commitments.quantity`` with the figures."""
    if asked > total:
        params = {"in": f"{plain(total):f}", "asked": f"{plain(asked):f}"}
        fault = Fault("commitments.quantity", "/quantity_kg", params)
        raise AppError(Kind.QUOTA_EXCEEDED, "commitments.quantity", faults=[fault], **params)


def check_style(style: str, wanted: Style, missing: Collection[str]) -> None:
    """The producer's style for goods of one's own growing; the collector's where certificates of what was taken in lie.

    Raises ``commitments.style`` (params ``wanted``) or ``commitments.inputs_missing`` (params ``lots``).
    """
    if style != wanted:
        params = {"wanted": f"commitment.style.{wanted}"}
        raise invalid("commitments.style", faults=[Fault("commitments.style", "/style", params)], **params)
    if missing:
        params = {"lots": "、".join(missing)}
        raise refused(
            "commitments.inputs_missing", faults=[Fault("commitments.inputs_missing", "/style", params)], **params
        )


def check_clean(failing: Collection[str]) -> None:
    """Nobody promises for goods whose test failed; ``failing`` are the report numbers."""
    if failing:
        params = {"numbers": "、".join(failing)}
        raise refused("commitments.test_failed", faults=[Fault("commitments.test_failed", "/bases", params)], **params)


def lacking(lot: str, total_kg: Decimal, papers_kg: Decimal) -> str:
    """A lot whose papers do not speak for all of it, with the figures; empty where they do."""
    if papers_kg >= total_kg:
        return ""
    return f"{lot} ({plain(papers_kg):f} / {plain(total_kg):f} kg)"


def check_taken(issued_on: date, today: date) -> None:
    """A paper of the seller's is no younger than the day it is taken; raises ``commitments.taken_day``."""
    if issued_on > today:
        raise invalid("commitments.taken_day", faults=[Fault("commitments.taken_day", "/issued_on")])


def origin(townships: Iterable[str]) -> str:
    """Where the goods grew, each place once, as long as the paper has room."""
    found = list(dict.fromkeys(one for one in townships if one))
    while len("、".join(found)) > LONGEST_ORIGIN - 1:
        found = [*found[: -2 if found[-1] == _MORE else -1], _MORE]
    return "、".join(found)


def words(
    *,
    number: str,
    style: str,
    bases: Collection[str],
    product: str,
    quantity_kg: Decimal,
    origin: str,
    party: str,
    issued_on: date,
) -> dict[str, Any]:
    """What the certificate says, as data; the contact is for the paper alone and no part of it."""
    return {
        "title": order().title,
        "number": number,
        "style": style,
        "promise": order().promises[style],
        "bases": list(bases),
        "product": product,
        "quantity_kg": f"{plain(quantity_kg):f}",
        "origin": origin,
        "party": party,
        "issued_on": issued_on.isoformat(),
    }


def digest(words: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the certificate's words as canonical JSON."""
    text = json.dumps(dict(words), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _reason_given(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise invalid("commitments.reason_needed", faults=[Fault("commitments.reason_needed", "/comment")])


def _not_the_same_again(facts: Facts) -> None:
    if facts["same"]:
        raise conflict("commitments.nothing_new")


FLOW = Workflow(
    "commitments",
    (
        Step("valid", "replace", "replaced", "commitments.issue", "commitments.replace", (_not_the_same_again,)),
        Step("valid", "withdraw", "withdrawn", "commitments.issue", "commitments.withdraw", (_reason_given,)),
    ),
)
