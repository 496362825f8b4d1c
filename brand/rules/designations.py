"""Designation marks: recognitions that are no brand and no licence, with their own grant and end.

Source: ``data/designation-marks.json`` (domain notes A1.17: the poverty-relief product mark of Chuxiong).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from brand.kernel.errors import Fault, invalid

_DATA = Path(__file__).parent / "data" / "designation-marks.json"


@dataclass(frozen=True)
class Mark:
    """``counties`` are the first digits of the county codes the mark is for."""

    code: str
    name: str
    name_en: str
    counties: str
    source: str
    source_en: str
    confidence: str


@cache
def marks() -> dict[str, Mark]:
    rows = json.loads(_DATA.read_text(encoding="utf-8"))["marks"]
    return {row["code"]: Mark(**row) for row in rows}


def marks_for(county_code: str) -> list[Mark]:
    """The marks an enterprise of this county may get."""
    return [one for one in marks().values() if county_code.startswith(one.counties)]


def check(mark_code: str, county_code: str, granted_on: date, valid_until: date | None, today: date) -> Mark:
    """The mark; raises ``designations.other_county``, ``.in_future`` or ``.term``."""
    mark = marks().get(mark_code)
    if mark is None or not county_code.startswith(mark.counties):
        raise _at("mark_code", "designations.other_county")
    if granted_on > today:
        raise _at("granted_on", "designations.in_future")
    if valid_until is not None and valid_until < granted_on:
        raise _at("valid_until", "designations.term")
    return mark


def word(revoked: bool, valid_until: date | None, day: date) -> str:
    """granted, expired or revoked on that day."""
    if revoked:
        return "revoked"
    return "expired" if valid_until is not None and valid_until < day else "granted"


def _at(field: str, code: str) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}")])
