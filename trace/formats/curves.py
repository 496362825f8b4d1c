"""Draws a temperature record as the path of a thumbnail, with the spans outside the limits; figures stand beside it.

Source: our own. At most ``MOST`` points are drawn: of each stretch its lowest and its highest reading, so that no peak
is lost to thinning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WIDTH, HEIGHT, MOST = 160, 36, 48
_EDGE = 3


@dataclass(frozen=True)
class Curve:
    """``path`` in units of a view box of ``WIDTH`` × ``HEIGHT``; ``spans`` are (left, width) outside the limits."""

    path: str
    spans: tuple[tuple[int, int], ...]
    lowest: float
    highest: float


def of_record(
    began: datetime, readings: Sequence[Sequence[Any]], breaches: Sequence[Mapping[str, Any]]
) -> Curve | None:
    """The curve of the room in a record as it is kept; see ``models/events.ChillingLog``."""
    room = [(int(second), float(value)) for second, value, *_ in readings if value is not None]
    return curve(room, [(_second(began, one["start"]), _second(began, one["end"])) for one in breaches])


def _second(began: datetime, moment_text: str) -> int:
    return int((datetime.fromisoformat(moment_text) - began).total_seconds())


def curve(readings: Sequence[tuple[int, float]], outside: Sequence[tuple[int, int]]) -> Curve | None:
    """Of (second, °C) in order and of spans in seconds; none where fewer than two moments were measured."""
    if len(readings) < 2 or readings[-1][0] <= readings[0][0]:
        return None
    begun, long = readings[0][0], readings[-1][0] - readings[0][0]
    values = [value for _, value in readings]
    lowest, highest = min(values), max(values)
    high = max(highest - lowest, 1.0)

    def across(second: int) -> int:
        return round(min(max(second - begun, 0), long) * WIDTH / long)

    points = [
        (
            round((readings[place][0] - begun) * WIDTH / long),
            round(HEIGHT - _EDGE - (values[place] - lowest) / high * (HEIGHT - 2 * _EDGE)),
        )
        for place in _few(values)
    ]
    path = "M" + "L".join(f"{x} {y}" for x, y in dict.fromkeys(points))
    spans = tuple((across(first), max(2, across(last) - across(first))) for first, last in outside)
    return Curve(path, spans, lowest, highest)


def _few(values: Sequence[float]) -> list[int]:
    """The places of the readings that are drawn."""
    if len(values) <= MOST:
        return list(range(len(values)))
    step = -(-len(values) * 2 // MOST)
    found: list[int] = []
    for start in range(0, len(values), step):
        part = values[start : start + step]
        found += sorted({start + part.index(min(part)), start + part.index(max(part))})
    return found
