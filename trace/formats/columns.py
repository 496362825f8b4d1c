"""What one column of an incoming sheet is called, in which unit, and what kind of cell stands in it.

Source: the headings and units of slaughterhouse sheets as received.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from trace.formats.cells import Kind, Number, Whole, compact

HEADING = re.compile(r"(.*?)(?:\(([^()]*)\))?")
UNITS: Mapping[str, str] = {
    "千克": "kg",
    "公斤": "kg",
    "kgs": "kg",
    "厘米": "cm",
    "c": "°c",
    "摄氏度": "°c",
    "日": "天",
    "月": "",
    "对": "",
    "袋": "",
    "千克/袋": "kg/袋",
    "公斤/袋": "kg/袋",
}


@dataclass(frozen=True)
class Column:
    """One column: the name of the value in code, the printed heading with its unit in brackets, other spellings."""

    field: str
    heading: str
    kind: Kind
    synonyms: tuple[str, ...] = ()
    required: bool = True
    names: frozenset[str] = dataclasses.field(init=False)
    unit: str = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(heading_parts(text)[0] for text in (self.heading, *self.synonyms)))
        object.__setattr__(self, "unit", heading_parts(self.heading)[1])

    def takes_unit(self, unit: str) -> bool:
        """Whether a heading may carry this unit: figures want theirs exactly, words let any remark in brackets pass."""
        return unit == self.unit or not isinstance(self.kind, Number | Whole)


def heading_parts(text: str) -> tuple[str, str]:
    """Name and unit of a heading in one spelling: ``热胴体重（公斤）`` and ``热胴体重 (kg)`` are the same two."""
    match = HEADING.fullmatch(compact(text).casefold())
    if match is None:
        return compact(text).casefold(), ""
    unit = match[2] or ""
    return match[1], UNITS.get(unit, unit)
