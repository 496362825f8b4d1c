"""Areas on the ellipsoid against GeographicLib, and their writing in 亩 and ha."""

from __future__ import annotations

from decimal import Decimal
from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.rules import areas
from trace.rules.areas import UNITS_PER_DEGREE
from trace.rules.rings import Ring

#: (what, corners in degrees, m² by GeographicLib 2.1, parts in a million allowed)
GOLDEN = [
    ("a pasture", [(108.4, 41.6), (108.45, 41.6), (108.45, 41.63), (108.42, 41.64), (108.4, 41.63)], 16198872.246, 1),
    ("a tea garden", [(100.79, 22.01), (100.793, 22.0098), (100.7936, 22.0121), (100.7912, 22.013)], 87465.284, 5),
    ("a yard", [(86.9, 47.7), (86.9004, 47.7), (86.9004, 47.70027), (86.9, 47.70027)], 901.276, 600),
    ("0.2 degrees", [(123, 53), (123.2, 53), (123.2, 53.1), (123, 53.1)], 149257449.301, 1),
    ("a degree", [(112, 4), (113, 4), (113, 5), (112, 5)], 12272294889.134, 30),
    ("two degrees", [(122, 52), (124, 53.9), (122.1, 53.9)], 13197852713.229, 30),
]


def ring(corners: list[tuple[float, float]]) -> Ring:
    points = tuple((round(x * UNITS_PER_DEGREE), round(y * UNITS_PER_DEGREE)) for x, y in corners)
    return (*points, points[0])


@pytest.mark.parametrize(("what", "corners", "expected", "allowed"), GOLDEN, ids=[one[0] for one in GOLDEN])
def test_as_the_reference_measures_it(
    what: str, corners: list[tuple[float, float]], expected: float, allowed: int
) -> None:
    found = areas.square_metres([ring(corners)])
    assert abs(found - expected) <= max(0.5, expected * allowed / 1_000_000), what


def test_a_hole_is_taken_off() -> None:
    outer = ring([(108.4, 41.6), (108.5, 41.6), (108.5, 41.7), (108.4, 41.7)])
    inner = ring([(108.42, 41.62), (108.44, 41.62), (108.44, 41.64), (108.42, 41.64)])
    both = areas.square_metres([outer, inner[::-1]])
    assert abs(both - (areas.square_metres([outer]) - areas.square_metres([inner]))) <= 1


@given(st.floats(74, 134), st.floats(4, 53), st.integers(3, 12), st.floats(0.001, 0.5))
def test_where_it_begins_and_how_it_is_cut_changes_nothing(x: float, y: float, corners: int, size: float) -> None:
    points = [
        (x + size * cos(2 * pi * one / corners), y + size * sin(2 * pi * one / corners)) for one in range(corners)
    ]
    whole = ring(points)
    area = areas.square_metres([whole])
    turned = ring(points[1:] + points[:1])
    assert abs(areas.square_metres([turned]) - area) <= 1
    assert abs(areas.square_metres([whole[::-1]]) + area) <= 1
    if corners > 3:
        parts = [ring(points[:3]), ring([points[0], *points[2:]])]
        assert abs(sum(areas.square_metres([one]) for one in parts) - area) <= 2


def test_units() -> None:
    assert areas.mu(2000) == Decimal("3.00")
    assert areas.mu(1000) == Decimal("1.50")
    assert areas.hectares(12345) == Decimal("1.23")
    assert [f"{areas.for_the_public(m2):f}" for m2 in (16198872, 87465, 901, 20)] == ["24000", "130", "1.4", "0.0"]
    assert areas.difference(Decimal(24000), 16198872) == Decimal("-1.2")
