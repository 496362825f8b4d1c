"""Where the dots and zones of a scatter stand: pure geometry for templates/parts/scatter.html, no Flask, no colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from brand.edge.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick, rounded, tick_values

#: Units of the view box a Chinese letter takes in the size names are drawn.
WIDE = Decimal(13)


@dataclass(frozen=True)
class Measured:
    """One thing measured twice; ``kind`` is an index into the kinds the caller names, shown by its own shape."""

    x: Decimal
    y: Decimal
    kind: int = 0


@dataclass(frozen=True)
class Zone:
    """A part of the plane with a name; an open end reaches as far as the picture does."""

    name: str
    x_from: Decimal | None = None
    x_to: Decimal | None = None
    y_from: Decimal | None = None
    y_to: Decimal | None = None


@dataclass(frozen=True)
class Box:
    """A zone in the picture; ``line`` is the line, from its top, on which its name runs into no other name."""

    name: str
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    line: int = 0


@dataclass(frozen=True)
class Dot:
    x: Decimal
    y: Decimal
    kind: int


@dataclass(frozen=True)
class Scatter:
    """Everything in units of the view box."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    zones: tuple[Box, ...]
    dots: tuple[Dot, ...]


def scatter(points: Sequence[Measured], zones: Sequence[Zone] = ()) -> Scatter:
    """Geometry of at least one point over zones; the axes hold every point and every end a zone states."""
    xs = [one.x for one in points] + [end for one in zones for end in (one.x_from, one.x_to) if end is not None]
    ys = [one.y for one in points] + [end for one in zones for end in (one.y_from, one.y_to) if end is not None]
    across, up = tick_values(min(xs), max(xs)), tick_values(min(ys), max(ys))

    def x(value: Decimal) -> Decimal:
        return rounded(LEFT + (RIGHT - LEFT) * (value - across[0]) / (across[-1] - across[0]))

    def y(value: Decimal) -> Decimal:
        return rounded(BOTTOM - (BOTTOM - TOP) * (value - up[0]) / (up[-1] - up[0]))

    def box(one: Zone) -> Box:
        left = x(across[0] if one.x_from is None else one.x_from)
        right = x(across[-1] if one.x_to is None else one.x_to)
        top = y(up[-1] if one.y_to is None else one.y_to)
        bottom = y(up[0] if one.y_from is None else one.y_from)
        return Box(one.name, left, top, right - left, bottom - top)

    return Scatter(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        x_ticks=tuple(Tick(x(one), f"{one.normalize():f}") for one in across),
        y_ticks=tuple(Tick(y(one), f"{one.normalize():f}") for one in up),
        zones=_named([box(one) for one in zones]),
        dots=tuple(Dot(x(one.x), y(one.y), one.kind) for one in points),
    )


def _named(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes, each with the first line on which its name has room beside those on its left."""
    ends: list[Decimal] = []
    lines: dict[int, int] = {}
    for place in sorted(range(len(boxes)), key=lambda one: boxes[one].x):
        middle, half = boxes[place].x + boxes[place].width / 2, _breadth(boxes[place].name) / 2
        line = next((at for at, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[line : line + 1] = [middle + half]
        lines[place] = line
    return tuple(replace(one, line=lines[place]) for place, one in enumerate(boxes))


def _breadth(name: str) -> Decimal:
    """About how wide a name is drawn, in units of the view box; a Chinese letter takes twice the room."""
    return sum((WIDE if letter > "\u2e7f" else WIDE / 2 for letter in name), WIDE / 2)
