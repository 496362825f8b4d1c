"""Exact plane geometry of plot outlines: crossing edges, turning direction, what lies inside what.

Source: orientation and crossing tests of computational geometry textbooks, done in whole numbers so that no rounding
decides. A point is (longitude, latitude) in ten-millionths of a degree; a plot is so small that its edges are straight
in degrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

Point = tuple[int, int]
#: Closed: the last point repeats the first.
Ring = tuple[Point, ...]
Edge = tuple[Point, Point]


def doubled_area(ring: Ring) -> int:
    """Twice the signed area in square units of the coordinates: positive when the ring runs anticlockwise."""
    x0, y0 = ring[0]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in edges(ring))


def edges(ring: Ring) -> Iterator[Edge]:
    return pairwise(ring)


def crossing(rings: Sequence[Ring]) -> Point | None:
    """A point where two edges meet that should not, or None.

    Neighbours in one ring meet in their common corner and nowhere else; any other two edges, of the same ring or of
    different ones, must not even touch. A sweep along the longitude: fast unless many edges lie side by side.
    """
    found = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]), number, place, (a, b))
        for number, ring in enumerate(rings)
        for place, (a, b) in enumerate(edges(ring))
    )
    active: list[tuple[int, int, int, int, int, int, Edge]] = []
    for one in found:
        left, _, low, high, number, place, edge = one
        last = len(rings[number]) - 2
        active = [other for other in active if other[1] >= left]
        for _, _, other_low, other_high, other_number, other_place, other in active:
            if other_high < low or high < other_low:
                continue
            neighbours = number == other_number and abs(place - other_place) in (1, last)
            met = _folded(edge, other) if neighbours else _touch(edge, other)
            if met is not None:
                return met
        active.append(one)
    return None


def holds(outer: Ring, inner: Ring) -> bool:
    """Whether ``inner`` lies inside ``outer``; the two are known not to touch, so one point of it decides."""
    x, y = inner[0]
    inside = False
    for (ax, ay), (bx, by) in edges(outer):
        if (ay > y) != (by > y):
            turn = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
            inside ^= (turn > 0) == (by > ay)
    return inside


def _touch(one: Edge, other: Edge) -> Point | None:
    (a, b), (c, d) = one, other
    first, second, third, fourth = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if first * second < 0 and third * fourth < 0:
        return a
    for side, point, edge in ((first, c, one), (second, d, one), (third, a, other), (fourth, b, other)):
        if side == 0 and _within(point, edge):
            return point
    return None


def _folded(one: Edge, other: Edge) -> Point | None:
    """Two neighbours that run back over each other."""
    common = set(one) & set(other)
    ends = [point for point in (*one, *other) if point not in common]
    if len(common) != 1 or len(ends) != 2:
        return one[0]
    corner = next(iter(common))
    ahead = (ends[0][0] - corner[0]) * (ends[1][0] - corner[0]) + (ends[0][1] - corner[1]) * (ends[1][1] - corner[1])
    return corner if ahead > 0 and _side(corner, ends[0], ends[1]) == 0 else None


def _side(a: Point, b: Point, c: Point) -> int:
    """1 when ``c`` lies to the left of the line from ``a`` to ``b``, -1 to the right, 0 on it."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    return (turn > 0) - (turn < 0)


def _within(point: Point, edge: Edge) -> bool:
    (ax, ay), (bx, by) = edge
    return min(ax, bx) <= point[0] <= max(ax, bx) and min(ay, by) <= point[1] <= max(ay, by)
