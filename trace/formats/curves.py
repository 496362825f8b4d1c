"""Draws a temperature record as the path of a thumbnail, with the spans outside the limits; figures stand beside it.

Source: our own. At most ``MOST`` points are drawn: of each stretch its lowest and its highest reading, so that no peak
is lost to thinning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MOST = 160, 36, 48
_EDGE = 3


@dataclass(frozen=True)
class Curve:
    """``path`` in units of a view box of ``WIDTH`` × ``HEIGHT``; ``spans`` are (left, width) outside the limits."""

    path: str
    spans: tuple[tuple[int, int], ...]
    lowest: float
    highest: float


def curve(readings: Sequence[tuple[int, float]], outside: Sequence[tuple[int, int]]) -> Curve | None:
    """Of (second, °C) in order and of spans in seconds; none where fewer than two moments were measured."""
    if len(readings) < 2 or readings[-1][0] <= readings[0][0]:
        return None
    begun, long = readings[0][0], readings[-1][0] - readings[0][0]
    lowest, highest = min(value for _, value in readings), max(value for _, value in readings)
    high = max(highest - lowest, 1.0)

    def across(second: int) -> int:
        return round(min(max(second - begun, 0), long) * WIDTH / long)

    points = [
        (across(at), round(HEIGHT - _EDGE - (value - lowest) / high * (HEIGHT - 2 * _EDGE)))
        for at, value in _few(readings)
    ]
    path = "M" + "L".join(f"{x} {y}" for x, y in dict.fromkeys(points))
    spans = tuple((across(first), max(2, across(last) - across(first))) for first, last in outside)
    return Curve(path, spans, lowest, highest)


def _few(readings: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    if len(readings) <= MOST:
        return list(readings)
    step = -(-len(readings) * 2 // MOST)
    found = []
    for start in range(0, len(readings), step):
        part = readings[start : start + step]
        ends = {min(part, key=lambda one: one[1]), max(part, key=lambda one: one[1])}
        found += sorted(ends)
    return found
