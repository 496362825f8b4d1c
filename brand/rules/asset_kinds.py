"""Marks and certificates an enterprise may bring: kinds, the structure of their numbers, and how sure that is.

Source: ``data/asset-kinds.json`` (domain notes B4 on organic code, green food, GI, and B5 on trademarks). Structure
only: a number that fits says nothing about whether it was issued.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, invalid
from brand.rules.identifiers import half_width

_DATA = Path(__file__).parent / "data" / "asset-kinds.json"
_GREEN_REGION = re.compile(r"GF([0-9]{6})")


class AssetKind(StrEnum):
    ORGANIC = "organic"
    GREEN_FOOD = "green_food"
    AGRI_GI = "agri_gi"
    GI_MARK = "gi_mark"
    POLLUTION_FREE = "pollution_free"
    TRADEMARK = "trademark"
    OTHER = "other"


@dataclass(frozen=True)
class KindRule:
    """``strict``: a number that does not fit is refused, else it only warns. ``shared``: several may use one number."""

    kind: AssetKind
    pattern: str
    strict: bool
    confidence: str
    shared: bool
    history: bool
    source: str
    source_en: str

    def fits(self, number: str) -> bool:
        return not self.pattern or re.fullmatch(self.pattern, number) is not None


@cache
def kinds() -> dict[AssetKind, KindRule]:
    """Every kind with its rule, in the order of the file."""
    rows = json.loads(_DATA.read_text(encoding="utf-8"))["kinds"]
    return {AssetKind(row["kind"]): KindRule(**row | {"kind": AssetKind(row["kind"])}) for row in rows}


def spelled(number: str) -> str:
    """The number in its one spelling: half width, upper case, without spaces."""
    text = half_width(number)
    return re.sub(r"\s+", "", text.upper() if text.isascii() else text)


def check(entries: dict[str, Any], today: date) -> dict[str, Any]:
    """The entries with the number in its one spelling; raises ``assets.entries`` with a fault for each wrong field."""
    rule = kinds()[AssetKind(entries["kind"])]
    number = spelled(entries["number"])
    faults = []
    if rule.strict and not rule.fits(number):
        faults.append(Fault(f"assets.number.{rule.kind}", "/number", {"given": number}))
    if (rule.kind is AssetKind.TRADEMARK) != (entries.get("nice_class") is not None):
        faults.append(Fault("assets.nice_class", "/nice_class"))
    first, last = entries.get("valid_from"), entries.get("valid_until")
    if first is not None and last is not None and last < first:
        faults.append(Fault("assets.term", "/valid_until"))
    elif last is not None and last < today and not rule.history:
        faults.append(Fault("assets.expired", "/valid_until", {"day": last.isoformat()}))
    if faults:
        raise invalid("assets.entries", faults=faults, count=len(faults))
    return entries | {"number": number}


def warnings(kind: str, number: str, county_code: str) -> tuple[str, ...]:
    """What the office should look at twice before it confirms: dotted codes; none of them refuses."""
    rule = kinds()[AssetKind(kind)]
    found = [] if rule.fits(number) else ["assets.warning.structure"]
    region = _GREEN_REGION.match(number)
    if region is not None and region[1] != county_code:
        found.append("assets.warning.region")
    if rule.history:
        found.append("assets.warning.history")
    return tuple(found)


def certifies(kind: str, state: str, valid_from: date | None, valid_until: date | None, day: date) -> bool:
    """Whether a row counts as a certificate in force on that day: compared by the office, within its term, no mark.

    Kinds kept for history only are no longer issued and certify nothing (domain notes B4).
    """
    rule = kinds()[AssetKind(kind)]
    begun = valid_from is None or valid_from <= day
    return (
        state == "confirmed"
        and not rule.history
        and rule.kind is not AssetKind.TRADEMARK
        and begun
        and (valid_until is None or day <= valid_until)
    )


def claim(kind: str, number: str, enterprise_id: str) -> str:
    """What may stand in the register once at a time: a number, or for shared kinds a number of one enterprise."""
    return f"{kind}:{number}:{enterprise_id}" if kinds()[AssetKind(kind)].shared else f"{kind}:{number}"
