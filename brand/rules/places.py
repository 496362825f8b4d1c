"""Say which county a six-digit code named on a given day, and which townships a county has.

Source: GB/T 2260 codes with years of validity from the python-stdnum table ``cn/loc``; entries of
``data/counties.json`` win over it (domain notes B4: Lufeng changed from 532331 to 532302).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from stdnum import numdb

DATA = Path(__file__).parent / "data"
NOT_COUNTIES = frozenset({"市辖区", "县", "省直辖县级行政单位", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_PERIOD = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[]+)")


@dataclass(frozen=True)
class County:
    """A county, banner, district or county-level city under one code, and the days this code stood for it.

    ``was`` is the code it had before, where we know of one.
    """

    code: str
    name: str
    province: str
    first: date | None
    last: date | None
    source: str
    was: str = ""

    def stands_on(self, day: date) -> bool:
        """Whether the code was in use on that day; the source knows years only, so a year of change counts whole."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Township:
    """A town or sumu: nine digits, the first six its county's."""

    code: str
    name: str


@lru_cache(maxsize=4096)
def county(code: str, on: date) -> County | None:
    """The county a code named on that day, or ``None``: unknown, not yet, no longer, or a province or prefecture."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    entries = _pinned().get(code) or _listed(code)
    return next((entry for entry in entries if entry.stands_on(on)), None)


@cache
def townships(county_code: str) -> tuple[Township, ...]:
    """The townships we hold for a county, in code order; empty where no list has been entered yet."""
    path = DATA / f"townships-{county_code}.json"
    if not re.fullmatch(r"[0-9]{6}", county_code) or not path.exists():
        return ()
    return tuple(Township(row["code"], row["name"]) for row in _read(path)["townships"])


def township_name(code: str) -> str:
    """The name of nine digits, or the digits themselves where no list has been entered."""
    return next((one.name for one in townships(code[:6]) if one.code == code), code)


def is_township(code: str, on: date) -> bool:
    """Whether nine digits name a township of a county in use that day: one of its list, where we hold one."""
    if not re.fullmatch(r"[0-9]{9}", code) or county(code[:6], on) is None:
        return False
    listed = townships(code[:6])
    return not listed or any(one.code == code for one in listed)


@cache
def _pinned() -> dict[str, tuple[County, ...]]:
    entries: dict[str, tuple[County, ...]] = {}
    for row in _read(DATA / "counties.json")["counties"]:
        found = County(
            row["code"],
            row["name"],
            row["province"],
            _day(row["from"]),
            _day(row["until"]),
            row["source"],
            row.get("was", ""),
        )
        entries[found.code] = (*entries.get(found.code, ()), found)
    return entries


@cache
def _listed(code: str) -> tuple[County, ...]:
    if code.endswith("00"):  # provinces and prefectures
        return ()
    parts: dict[str, str] = {}
    for _, properties in numdb.get("cn/loc").info(code):
        parts |= properties
    return tuple(_periods(code, parts.get("province", ""), parts.get("county", "")))


def _periods(code: str, province: str, text: str) -> Iterator[County]:
    """The table writes ``[1986-1989]义马市,[1997-]济源市``: years inclusive, no bracket for always."""
    for first, last, name in _PERIOD.findall(text):
        if name not in NOT_COUNTIES:
            yield County(
                code,
                name,
                province,
                date(int(first), 1, 1) if first else None,
                date(int(last), 12, 31) if last else None,
                "python-stdnum cn/loc",
            )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
