"""Hold a carcass grade table as data: classes, rows, what each row asks of each criterion, and where that was read.

Source: ``data/nyt630-2002.json`` (NY/T 630-2002 values, domain notes B1.2) and its decision rule (B1.3).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


class Grade(StrEnum):
    """Best first; ``manual`` (表外，人工定级) stands below all: no automatic grade, a person decides."""

    SPECIAL = "special"
    PRIME = "prime"
    GOOD = "good"
    USABLE = "usable"
    MANUAL = "manual"


class Criterion(StrEnum):
    """In the order of the table's columns, which also settles which of equally bad criteria is named."""

    CARCASS_KG = "carcass_kg"
    BACKFAT_CM = "backfat_cm"
    MARBLING = "marbling"
    FIRMNESS = "firmness"
    LEAN_COLOUR = "lean_colour"
    FAT_COLOUR = "fat_colour"


class CarcassClass(StrEnum):
    MUTTON = "mutton"
    LAMB = "lamb"
    FAT_LAMB = "fat_lamb"


MEASURED = (Criterion.CARCASS_KG, Criterion.BACKFAT_CM)
NAMED = (Criterion.LEAN_COLOUR,)  # one wanted word, no scale below it


@dataclass(frozen=True)
class Interval:
    """A stretch of a measure; an absent end is open without bound."""

    low: Decimal | None
    high: Decimal | None
    low_included: bool = True
    high_included: bool = False

    def __contains__(self, value: Decimal) -> bool:
        above = self.low is None or value > self.low or (self.low_included and value == self.low)
        below = self.high is None or value < self.high or (self.high_included and value == self.high)
        return above and below

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> Interval:
        """``{"from": "22", "to": "25"}``: lower edge included, upper edge not, unless said otherwise."""
        low, high = (Decimal(raw[end]) if end in raw else None for end in ("from", "to"))
        return Interval(low, high, raw.get("from_included", True), raw.get("to_included", False))


Requirement = Interval | str


@dataclass(frozen=True)
class Row:
    """One grade of one class; a criterion the table does not state is absent from ``asks``."""

    grade: Grade
    asks: Mapping[Criterion, Requirement]
    confidence: str


@dataclass(frozen=True)
class GradeTable:
    """One edition of one standard; ``scales`` list the words of a criterion from best to worst.

    ``attribution`` is how sure it is that these values belong to that standard (a mark of the domain notes).
    """

    name: str
    edition: str
    source: str
    attribution: str
    classes: Mapping[CarcassClass, tuple[Row, ...]]
    scales: Mapping[Criterion, tuple[str, ...]]

    def meets(self, criterion: Criterion, value: Decimal | str, asked: Requirement) -> bool:
        """Whether a value is inside the interval, or its word stands at least as high on the scale."""
        if isinstance(asked, Interval):
            return isinstance(value, Decimal) and value in asked
        if criterion in NAMED:
            return value == asked
        scale = self.scales[criterion]
        return scale.index(str(value)) <= scale.index(asked)


@cache
def nyt630_2002() -> GradeTable:
    """The table shipped with the program; editions of the standards library are what batches are graded by."""
    return table_of(shipped_table("nyt630-2002.json"))


def shipped_table(name: str) -> dict[str, Any]:
    """A table that comes with the program, in its JSON form."""
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


def table_of(raw: Mapping[str, Any]) -> GradeTable:
    """A table from its JSON form; anything malformed is a mistake of ours and raises KeyError or ValueError."""
    return GradeTable(
        raw["table"],
        raw["edition"],
        raw["source"],
        raw["attribution_confidence"],
        {CarcassClass(name): tuple(_row(row) for row in rows) for name, rows in raw["classes"].items()},
        {Criterion(name): tuple(words) for name, words in raw["scales"].items()},
    )


def _row(raw: Mapping[str, Any]) -> Row:
    asks = {criterion: _requirement(raw[criterion]) for criterion in Criterion if criterion in raw}
    return Row(Grade(raw["grade"]), asks, raw["confidence"])


def _requirement(raw: Any) -> Requirement:
    return raw if isinstance(raw, str) else Interval.from_json(raw)


#: The words the sheets of the slaughter line know, from best to worst; every table ranks exactly these.
SHIPPED_SCALES = nyt630_2002().scales
