"""The area of a plot on the earth's surface, and its writing in m², 亩 and ha.

Source: WGS 84 ellipsoid (NIMA TR8350.2: a = 6 378 137 m, 1/f = 298.257 223 563); authalic latitude and the area between
a great circle and the equator as in Snyder, «Map Projections» (USGS PP 1395, 3-11 to 3-13) and Karney, «Algorithms for
geodesics» (2013), section 6. The ellipsoid is mapped onto the sphere of equal area, where a polygon has its exact area;
what remains is that a great circle there is not quite the geodesic of the ellipsoid. Against GeographicLib 2.1 the two
differ by less than 1 part in a million for outlines up to 0.2° across and 3 in a hundred thousand up to 2° (tests; a
needle has no area to speak of): far below what any survey of a pasture knows. 1 亩 = 2000/3 m².
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import atan, atanh, radians, sin, sqrt, tan

from trace.rules.rings import Point, Ring, edges

#: Points are in ten-millionths of a degree (about a centimetre).
UNITS_PER_DEGREE = 10_000_000
_A, _F = 6_378_137.0, 1 / 298.257223563
_E2 = _F * (2 - _F)
_E = sqrt(_E2)
_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def _q(sine: float) -> float:
    return (1 - _E2) * (sine / (1 - _E2 * sine * sine) + atanh(_E * sine) / _E)


_Q_POLE = _q(1.0)
_RADIUS_SQUARED = _A * _A * _Q_POLE / 2


def square_metres(rings: Iterable[Ring]) -> int:
    """The area of an outline to the square metre: outer rings anticlockwise count, holes clockwise are taken off."""
    return round(sum(_ring(one) for one in rings))


def mu(m2: int) -> Decimal:
    """亩 to the hundredth."""
    return (Decimal(m2) * 3 / 2000).quantize(_HUNDREDTH, ROUND_HALF_UP)


def hectares(m2: int) -> Decimal:
    """ha to the hundredth."""
    return (Decimal(m2) / 10_000).quantize(_HUNDREDTH, ROUND_HALF_UP)


def for_the_public(m2: int) -> Decimal:
    """亩 with two figures that count: enough to picture a pasture, too little to find it in a land file."""
    whole = Decimal(m2) * 3 / 2000
    return whole.quantize(Decimal(1).scaleb(max(whole.adjusted() - 1, -1)), ROUND_HALF_UP)


def difference(declared_mu: Decimal, measured_m2: int) -> Decimal:
    """By how many per cent the declared area is larger (+) or smaller (-) than the measured one."""
    measured = Decimal(measured_m2) * 3 / 2000
    return ((declared_mu - measured) / measured * 100).quantize(_TENTH, ROUND_HALF_UP)


def _ring(ring: Ring) -> float:
    total = 0.0
    half_tangents = [_half_tangent(point) for point in ring]
    for (a, b), x, y in zip(edges(ring), half_tangents, half_tangents[1:], strict=False):
        turn = tan(radians((b[0] - a[0]) / UNITS_PER_DEGREE) / 2)
        total -= 2 * atan(turn * (x + y) / (1 + x * y))
    return total * _RADIUS_SQUARED


def _half_tangent(point: Point) -> float:
    """Tangent of half the authalic latitude."""
    sine = _q(sin(radians(point[1] / UNITS_PER_DEGREE))) / _Q_POLE
    return sine / (1 + sqrt(1 - sine * sine))
