"""Outlines of plots: what is read, how it is put right, and every way in which it is refused by name."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel import texts
from brand.kernel.errors import AppError
from trace.formats import geojson, sketches
from trace.formats.geojson import MOST_BYTES, as_geojson, kept, outline_of, read_outline
from trace.rules import areas
from trace.rules.rings import crossing, doubled_area

SQUARE = [[108.4, 41.6], [108.5, 41.6], [108.5, 41.7], [108.4, 41.7], [108.4, 41.6]]
HOLE = [[108.42, 41.62], [108.42, 41.64], [108.44, 41.64], [108.44, 41.62], [108.42, 41.62]]
ISLAND = [[108.425, 41.625], [108.43, 41.625], [108.43, 41.63], [108.425, 41.625]]
BOW_TIE = [[108.4, 41.6], [108.5, 41.7], [108.5, 41.6], [108.4, 41.75], [108.4, 41.6]]
ELSEWHERE = [[109.0, 41.6], [109.1, 41.6], [109.1, 41.7], [109.0, 41.6]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def several(*parts: Any) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(parts)}


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"户主": "示范"}, "geometry": geometry}


def shifted(ring: list[list[float]], by: float) -> list[list[float]]:
    return [[x + by, y] for x, y in ring]


READABLE = [
    polygon(SQUARE),
    polygon(SQUARE[::-1]),
    feature(polygon(SQUARE)),
    {"type": "FeatureCollection", "features": [feature(polygon(SQUARE))]},
    polygon([[*one, 1203.5] for one in SQUARE]),
    polygon([SQUARE[0], SQUARE[0], *SQUARE[1:]]),
    polygon(SQUARE) | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}},
    polygon(SQUARE) | {"bbox": [1, 2, 3, 4], "foreign": {"anything": True}},
    several([SQUARE]),
]


@pytest.mark.parametrize("said", READABLE, ids=range(len(READABLE)))
def test_many_writings_of_one_plot_are_one_outline(said: dict[str, Any]) -> None:
    found = read_outline(json.dumps(said, ensure_ascii=False).encode("utf-8-sig"))
    assert set(found.rings[0]) == {(round(x * 1e7), round(y * 1e7)) for x, y in SQUARE}
    assert (found.points, doubled_area(found.rings[0]) > 0) == (4, True)
    assert kept(as_geojson(found)) == found
    assert set(as_geojson(found)) == {"type", "coordinates"}


def test_holes_turn_the_other_way_and_islands_are_areas() -> None:
    found = outline_of(several([SQUARE, HOLE[::-1]], [ISLAND], [ELSEWHERE]))
    assert [doubled_area(one) > 0 for one in found.rings] == [True, False, True, True]
    assert areas.square_metres(found.rings) < areas.square_metres([found.rings[0], *found.rings[2:]])


REFUSED: list[tuple[str, Any]] = [
    ("not_an_outline", [SQUARE]),
    ("not_an_outline", None),
    ("not_an_outline", {"type": "Point", "coordinates": [108.4, 41.6]}),
    ("not_an_outline", {"type": "LineString", "coordinates": SQUARE}),
    ("not_an_outline", feature(None)),
    ("not_an_outline", feature(feature({"type": "GeometryCollection", "geometries": [polygon(SQUARE)]}))),
    ("several_features", {"type": "FeatureCollection", "features": [feature(polygon(SQUARE))] * 2}),
    ("several_features", {"type": "FeatureCollection", "features": 7}),
    ("other_system", polygon(SQUARE) | {"crs": {"properties": {"name": "EPSG:3857"}}}),
    ("other_system", polygon(SQUARE) | {"crs": "EPSG:4326"}),
    ("no_coordinates", {"type": "Polygon"}),
    ("no_coordinates", {"type": "Polygon", "coordinates": "x"}),
    ("no_coordinates", several()),
    ("no_coordinates", several([])),
    ("no_coordinates", polygon(7)),
    ("not_closed", polygon(SQUARE[:-1])),
    ("not_closed", polygon([])),
    ("too_few_points", polygon([SQUARE[0], SQUARE[1], SQUARE[0]])),
    ("too_few_points", polygon([SQUARE[0], SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[0]])),
    ("no_area", polygon([[108.4, 41.6], [108.5, 41.6], [108.6, 41.6], [108.4, 41.6]])),
    ("not_a_position", polygon([[108.4], *SQUARE[1:]])),
    ("not_a_position", polygon([["108.4", 41.6], *SQUARE[1:]])),
    ("not_a_position", polygon([[True, 41.6], *SQUARE[1:]])),
    ("not_a_position", polygon([[108.4, None], *SQUARE[1:]])),
    ("not_a_position", polygon([[108.4, 41.6, 1, 2], *SQUARE[1:]])),
    ("swapped", polygon([[y, x] for x, y in SQUARE])),
    ("outside_china", polygon([[x - 100, y] for x, y in SQUARE])),
    ("outside_china", polygon([[4_500_000.0, 4_600_000.0], *SQUARE[1:]])),
    ("too_wide", polygon([[108, 41], [111, 41], [111, 42], [108, 41]])),
    ("crosses", polygon(BOW_TIE)),
    ("crosses", polygon([*SQUARE[:3], [108.45, 41.6], SQUARE[3], SQUARE[0]])),
    ("crosses", polygon([SQUARE[0], SQUARE[1], [108.45, 41.6], SQUARE[2], SQUARE[3], SQUARE[0]])),
    ("crosses", polygon(SQUARE, shifted(HOLE, 0.07))),
    ("crosses", several([SQUARE], [shifted(SQUARE, 0.1)])),
    ("crosses", polygon(SQUARE, HOLE, ISLAND)),
    ("hole_outside", polygon(SQUARE, shifted(HOLE, 0.2))),
    ("overlap", several([SQUARE], [HOLE])),
    ("overlap", several([HOLE], [SQUARE])),
]


@pytest.mark.parametrize(("code", "said"), REFUSED, ids=[f"{n}-{one[0]}" for n, one in enumerate(REFUSED)])
def test_what_is_no_plot_is_refused_by_name(code: str, said: Any) -> None:
    with pytest.raises(AppError) as caught:
        outline_of(said)
    assert caught.value.code == f"geojson.{code}"
    assert [one.pointer for one in caught.value.faults] == ["/outline"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"type":"Polygon","type":"Polygon","coordinates":[]}',
        json.dumps(polygon(SQUARE)).replace("41.7", "NaN").encode(),
        json.dumps(polygon(SQUARE)).replace("41.7", "1e999").encode(),
        b"[" * 100_000,
        b'{"type":' + b'{"type":' * 50 + b"1" + b"}" * 51,
    ],
    ids=["nothing", "torn", "no text", "a key twice", "NaN", "endless", "abyss", "deep"],
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(AppError, match=r"geojson\.not_json"):
        read_outline(data)


def test_sizes_are_asked_before_anything_is_computed() -> None:
    with pytest.raises(AppError, match=r"geojson\.too_large"):
        read_outline(b" " * (MOST_BYTES + 1))
    with pytest.raises(AppError, match=r"geojson\.too_many_points"):
        outline_of(polygon([[0, 0]] * 2001))


def test_every_refusal_has_both_texts() -> None:
    from trace.formats import geojson as source

    assert source.__file__
    with open(source.__file__, encoding="utf-8") as file:
        codes = {part.split('"')[0] for part in file.read().split('_no("')[1:]} | {"swapped", "outside_china"}
    assert len(codes) >= 15
    for language in ("zh", "en"):
        held = texts.catalogues()[language]
        assert [one for one in sorted(codes) if f"geojson.{one}" not in held] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometry", "features", "crs", "properties"]),
            inner | st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]),
            max_size=4,
        )
    ),
    max_leaves=30,
)


@given(JSON)
def test_garbage_is_refused_and_never_breaks(said: Any) -> None:
    try:
        found = outline_of(said)
    except AppError as error:
        refused = error.code
    else:
        refused = "" if crossing(found.rings) is None else "crossing"
    assert refused == "" or refused.startswith("geojson.")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=8))
def test_crossing_agrees_with_a_slow_search(corners: list[tuple[int, int]]) -> None:
    """Against trying every pair of edges on a fine lattice of parameters with exact fractions."""
    ring = (*corners, corners[0])
    if len(set(corners)) != len(corners):
        return
    assert (crossing([ring]) is not None) == _slowly(ring)


def _slowly(ring: tuple[tuple[int, int], ...]) -> bool:
    sides = list(pairwise(ring))
    for i, (a, b) in enumerate(sides):
        for j in range(i + 1, len(sides)):
            c, d = sides[j]
            joint = {b} if j == i + 1 else ({a} if (i, j) == (0, len(sides) - 1) else set())
            r, s = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
            across = r[0] * s[1] - r[1] * s[0]
            q = (c[0] - a[0], c[1] - a[1])
            if across:
                t, u = Fraction(q[0] * s[1] - q[1] * s[0], across), Fraction(q[0] * r[1] - q[1] * r[0], across)
                meet = 0 <= t <= 1 and 0 <= u <= 1 and (a[0] + t * r[0], a[1] + t * r[1]) not in joint
            else:
                length = r[0] ** 2 + r[1] ** 2
                ends = [Fraction((p[0] - a[0]) * r[0] + (p[1] - a[1]) * r[1], length) for p in (c, d)]
                lap = min(1, max(ends)) - max(0, min(ends))
                meet = q[0] * r[1] == q[1] * r[0] and (lap > 0 or (lap == 0 and not joint))
            if meet:
                return True
    return False


def test_the_sketch_has_a_round_bar_and_no_coordinates() -> None:
    drawn = sketches.sketch(outline_of(polygon(SQUARE, HOLE)))
    assert drawn.bar_text == "5 km"
    assert 40 <= drawn.bar <= sketches.LONGEST_BAR
    assert drawn.path.count("Z") == 2
    assert "41." not in drawn.path
    assert "108" not in drawn.path.replace("M", " ").replace("L", " ").split()
    numbers = [int(one) for one in drawn.path.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    assert max(numbers[0::2]) <= sketches.LEFT + sketches.ROOM_X
    assert max(numbers[1::2]) <= sketches.TOP + sketches.ROOM_Y
    assert geojson.MEDIA_TYPE == "application/geo+json"
