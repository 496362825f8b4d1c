"""Reads the outlines of many plots from one GeoJSON collection, each feature named after its plot.

Source: RFC 7946 (FeatureCollection 3.3); each geometry is read as a single outline is, see ``formats/geojson``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.json_texts import strict_json
from trace.formats.columns import Column
from trace.formats.geojson import check_system, outline_of
from trace.formats.line_sheets import LineSheet
from trace.formats.lines import Line

MOST_BYTES = 5 * 1024 * 1024
#: Properties a plot's name may stand under, as programs that draw plots call it.
NAMES = ("name", "地块", "地块名称", "名称")
DAY = "valid_from"
#: Where faults stand: a feature has its number and these two properties.
_PLACES = {"place": (0, NAMES[0]), "valid_from": (1, DAY), "outline": (2, "geometry")}
_LONGEST = 80


@dataclass(frozen=True)
class OutlineForm:
    """The kind of file; ``columns`` is empty, because it is no table."""

    kind: str
    columns: Sequence[Column] = ()

    def read(self, data: bytes, _name: str) -> LineSheet:
        """Features in their order, counted from 1; raises ``geojson.*`` where it is no collection at all."""
        digest = hashlib.sha256(data).hexdigest()
        lines: list[Line] = []
        faults: list[Fault] = []
        empty = LineSheet(self.kind, (), (), (), digest, _PLACES)
        first: dict[str, int] = {}
        for number, feature in enumerate(_features(data), 1):
            line = Line(number, {}, {}, complete=True)
            try:
                line = Line(number, _values(feature), {}, complete=True)
            except AppError as error:
                faults += [empty.fault(line, one.pointer.strip("/"), one.code, one.params) for one in error.faults]
                continue
            if first.setdefault(line.values["place"], number) != number:
                params = {"value": line.values["place"], "first_row": first[line.values["place"]]}
                faults.append(empty.fault(line, "place", "places.name_twice", params))
            lines.append(line)
        return LineSheet(self.kind, tuple(lines), tuple(faults), (), digest, _PLACES)

    def template(self, filled: Iterable[Mapping[str, Any]] = ()) -> bytes:
        """A collection with the given plots (``name``, ``geometry``, ``valid_from``), or with one to look at."""
        features = [
            {
                "type": "Feature",
                "properties": {NAMES[0]: one["name"], DAY: one.get(DAY, "")},
                "geometry": one["geometry"],
            }
            for one in filled
        ]
        return _written(features or [_EXAMPLE])

    def with_reasons(self, data: bytes, reasons: Mapping[int, str]) -> bytes:
        """Only the features that were refused, each with its reason among its properties."""
        bad = []
        for number, feature in enumerate(_features(data), 1):
            if number in reasons:
                kept: dict[str, Any] = feature if isinstance(feature, dict) else {"type": "Feature"}
                said = kept.get("properties")
                properties: dict[str, Any] = said if isinstance(said, dict) else {}
                bad.append({**kept, "properties": {**properties, "reason": reasons[number]}})
        return _written(bad)


OUTLINES = OutlineForm("outlines")
_EXAMPLE = {
    "type": "Feature",
    "properties": {NAMES[0]: "示范茶园", DAY: "2026-04-01"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[108.51, 41.57], [108.52, 41.57], [108.52, 41.58], [108.51, 41.58], [108.51, 41.57]]],
    },
}


def _features(data: bytes) -> list[Any]:
    if len(data) > MOST_BYTES:
        raise _no("geojson.too_large", "file", most_kb=MOST_BYTES // 1024)
    try:
        found = strict_json(data.removeprefix(b"\xef\xbb\xbf"))
    except AppError as error:
        raise _no("geojson.not_json", "file") from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise _no("geojson.no_collection", "file")
    if not features:
        raise _no("imports.no_rows", "file")
    check_system(found)
    return features


def _values(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    said: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
    name = next((said[one].strip() for one in NAMES if isinstance(said.get(one), str) and said[one].strip()), "")
    if not name or len(name) > _LONGEST:
        raise _no("geojson.no_name", "place", names="、".join(NAMES))
    found: dict[str, Any] = {"place": name, "kind": "outline", "outline": outline_of(feature)}
    day = said.get(DAY)
    if day:
        try:
            found[DAY] = date.fromisoformat(day)
        except (TypeError, ValueError):
            raise _no("imports.not_a_day", DAY, value=str(day)[:40]) from None
    return found


def _written(features: Sequence[Any]) -> bytes:
    found = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _no(code: str, field: str, **params: Any) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
