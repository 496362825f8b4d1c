"""Draws the outline of a plot as the path of a small picture with a scale bar: no base map, no coordinates in it.

Source: a local plane projection (degrees times their length at the middle of the plot), enough for a sketch; plan
document on dependencies: maps of China need an approval number, so we draw the plot alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, log10, radians, sin, sqrt

from trace.formats.geojson import Outline
from trace.rules.areas import UNITS_PER_DEGREE
from trace.rules.rings import Point

WIDTH, HEIGHT = 320, 240
#: Room for the plot inside the picture; below it stands the scale bar, in the corner the north arrow.
LEFT, TOP, ROOM_X, ROOM_Y = 20, 16, 250, 176
BAR_TOP = 224
#: The longest bar that still leaves its words room.
LONGEST_BAR = 120
_A, _E2 = 6_378_137.0, 0.00669437999014


@dataclass(frozen=True)
class Sketch:
    """Everything in units of the view box; the scale bar is ``bar`` long and stands for ``bar_text``."""

    width: int
    height: int
    path: str
    bar_left: int
    bar_top: int
    bar: int
    bar_text: str
    points: int


def sketch(outline: Outline) -> Sketch:
    """North is up; whole units of the view box, so that a plot cannot be surveyed from its picture."""
    points = [point for ring in outline.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    metres_x, metres_y = _metres((south + north) / 2)
    wide, high = (east - west) * metres_x, (north - south) * metres_y
    scale = min(ROOM_X / wide, ROOM_Y / high)
    left, top = LEFT + (ROOM_X - wide * scale) / 2, TOP + (ROOM_Y - high * scale) / 2

    def at(point: Point) -> tuple[int, int]:
        return (
            round(left + (point[0] - west) * metres_x * scale),
            round(top + (north - point[1]) * metres_y * scale),
        )

    length = _round_length(LONGEST_BAR / scale)
    return Sketch(
        WIDTH,
        HEIGHT,
        "".join(_path([at(point) for point in ring]) for ring in outline.rings),
        LEFT,
        BAR_TOP,
        round(length * scale),
        f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m",
        outline.points,
    )


def _metres(latitude: float) -> tuple[float, float]:
    """Metres per unit of longitude and latitude there."""
    sine = sin(radians(latitude / UNITS_PER_DEGREE))
    bend = 1 - _E2 * sine * sine
    unit = radians(1 / UNITS_PER_DEGREE)
    return _A / sqrt(bend) * cos(radians(latitude / UNITS_PER_DEGREE)) * unit, _A * (1 - _E2) / bend**1.5 * unit


def _round_length(most: float) -> float:
    """The longest of 1, 2, 5 × a power of ten metres that fits."""
    power: float = 10.0 ** floor(log10(most))
    return next(power * step for step in (5, 2, 1) if power * step <= most)


def _path(corners: list[tuple[int, int]]) -> str:
    steps: list[str] = []
    last = None
    for corner in corners[:-1]:
        if corner != last:
            steps.append(f"{'L' if steps else 'M'}{corner[0]} {corner[1]}")
        last = corner
    return "".join(steps) + "Z"
