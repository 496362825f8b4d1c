"""Reads the outline of a plot from GeoJSON and writes it back; everything that is not a plain plot is refused by name.

Source: RFC 7946 (geometry 3.1, right-hand rule 3.1.6, position 3.1.1, coordinate system 4); RFC 8259 for the text. The
box around China is its outermost degrees, rounded outward; the other limits are ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.json_texts import strict_json
from trace.rules.areas import UNITS_PER_DEGREE
from trace.rules.rings import Point, Ring, crossing, doubled_area, holds

MEDIA_TYPE = "application/geo+json"
MOST_BYTES = 256 * 1024
MOST_POINTS = 2_000
MOST_DEGREES = 2
WEST, EAST, SOUTH, NORTH = 73, 136, 3, 54
#: Names of WGS 84 in the ``crs`` member that older programs still write.
WGS_84 = frozenset({"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "CRS84"})

#: One area: its outer ring, then its holes.
Polygon = tuple[Ring, ...]


@dataclass(frozen=True)
class Outline:
    """The areas of one plot in ten-millionths of a degree; outer rings anticlockwise, holes clockwise."""

    polygons: tuple[Polygon, ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        return tuple(ring for polygon in self.polygons for ring in polygon)

    @property
    def points(self) -> int:
        return sum(len(ring) - 1 for ring in self.rings)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole numbers written as one text."""
        return hashlib.sha256(json.dumps(self.polygons, separators=(",", ":")).encode()).hexdigest()


def read_outline(data: bytes) -> Outline:
    """The outline in a GeoJSON text: a Polygon or MultiPolygon, bare, as a Feature or alone in a collection.

    Heights are dropped, corners said twice are said once, the turning direction is put right. Raises ``geojson.*`` with
    a fault at ``/outline``.
    """
    if len(data) > MOST_BYTES:
        raise _no("too_large", most_kb=MOST_BYTES // 1024)
    try:
        found = strict_json(data.removeprefix(b"\xef\xbb\xbf"))
    except AppError as error:
        raise _no("not_json") from error
    return outline_of(found)


def outline_of(found: Any) -> Outline:
    """The same from an object already read, as the API gets it."""
    geometry = _geometry(found)
    said = geometry.get("coordinates")
    parts = _counted([said] if geometry["type"] == "Polygon" else said)
    outline = Outline(tuple(_polygon(part) for part in parts))
    _check_place(outline)
    met = crossing(outline.rings)
    if met is not None:
        raise _no("crosses", **_shown(met))
    _check_nesting(outline.polygons)
    return outline


def kept(geometry: dict[str, Any]) -> Outline:
    """The outline in a geometry of ``as_geojson``, which needs no second look."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Outline(tuple(tuple(tuple(_point(one) for one in ring) for ring in part) for part in parts))


def as_geojson(outline: Outline) -> dict[str, Any]:
    """A Polygon or MultiPolygon object in degrees."""
    parts = [[[_degrees(point) for point in ring] for ring in polygon] for polygon in outline.polygons]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def written(geometry: dict[str, Any]) -> bytes:
    """A geometry of ``as_geojson`` as a file."""
    return json.dumps(geometry).encode()


def _geometry(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _no("not_an_outline")
    check_system(found)
    kind = found.get("type")
    if kind == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise _no("several_features", count=len(features) if isinstance(features, list) else 0)
        return _geometry(features[0])
    if kind == "Feature":
        return _geometry(found.get("geometry"))
    if kind not in ("Polygon", "MultiPolygon"):
        raise _no("not_an_outline")
    return found


def check_system(found: dict[str, Any]) -> None:
    """RFC 7946 knows WGS 84 only; a file that names another system would be read at the wrong place."""
    crs = found.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if name not in WGS_84:
        raise _no("other_system", name=str(name)[:60])


def _counted(parts: Any) -> list[list[list[Any]]]:
    """Areas of rings of positions, counted before anything is computed."""
    if not isinstance(parts, list) or not parts:
        raise _no("no_coordinates")
    count = 0
    for part in parts:
        if not isinstance(part, list) or not part:
            raise _no("no_coordinates")
        for ring in part:
            if not isinstance(ring, list):
                raise _no("no_coordinates")
            count += len(ring)
    if count > MOST_POINTS:
        raise _no("too_many_points", count=count, most=MOST_POINTS)
    return parts


def _polygon(part: list[list[Any]]) -> Polygon:
    return tuple(_ring(ring, outer=place == 0) for place, ring in enumerate(part))


def _ring(positions: list[Any], *, outer: bool) -> Ring:
    points = list(_once(_point(one) for one in positions))
    if len(points) < 2 or points[0] != points[-1]:
        raise _no("not_closed")
    if len(points) < 4:
        raise _no("too_few_points", count=len(points))
    ring = tuple(points)
    area = doubled_area(ring)
    if area == 0:
        raise _no("no_area")
    return ring if (area > 0) == outer else ring[::-1]


def _once(points: Iterator[Point]) -> Iterator[Point]:
    last = None
    for point in points:
        if point != last:
            yield point
        last = point


def _point(position: Any) -> Point:
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        raise _no("not_a_position")
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in position):
        raise _no("not_a_position")
    longitude, latitude = position[:2]
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        turned = WEST <= latitude <= EAST and SOUTH <= longitude <= NORTH
        raise _no("swapped" if turned else "outside_china", longitude=f"{longitude:.10g}", latitude=f"{latitude:.10g}")
    return round(longitude * UNITS_PER_DEGREE), round(latitude * UNITS_PER_DEGREE)


def _check_place(outline: Outline) -> None:
    for axis in (0, 1):
        values = [point[axis] for ring in outline.rings for point in ring]
        if max(values) - min(values) > MOST_DEGREES * UNITS_PER_DEGREE:
            raise _no("too_wide", most=MOST_DEGREES)


def _check_nesting(polygons: tuple[Polygon, ...]) -> None:
    """Rings are known not to touch: each hole in its own area, no hole in a hole, no area over another."""
    for polygon in polygons:
        shell, *holes = polygon
        for place, hole in enumerate(holes):
            if not holds(shell, hole):
                raise _no("hole_outside", **_shown(hole[0]))
            if any(holds(other, hole) for other in holes[:place] + holes[place + 1 :]):
                raise _no("crosses", **_shown(hole[0]))
    for one in polygons:
        for other in polygons:
            if one is not other and holds(one[0], other[0]) and not any(holds(hole, other[0]) for hole in one[1:]):
                raise _no("overlap", **_shown(other[0][0]))


def _degrees(point: Point) -> list[float]:
    return [point[0] / UNITS_PER_DEGREE, point[1] / UNITS_PER_DEGREE]


def _shown(point: Point) -> dict[str, str]:
    longitude, latitude = _degrees(point)
    return {"longitude": f"{longitude:.7f}", "latitude": f"{latitude:.7f}"}


def _no(what: str, **params: Any) -> AppError:
    code = f"geojson.{what}"
    return invalid(code, faults=[Fault(code, "/outline", params)], **params)
