"""Read an operator's table of address prefixes and coarse places, and look an address up in it, off line.

No such table is shipped: the free ones have licences and errors of their own, and whoever runs a registry chooses. One
row per prefix, comma-separated, UTF-8, with the header ``prefix,place,latitude,longitude``: a CIDR prefix (or nothing,
to give a place its point only), a six-digit code of GB/T 2260 (a province ends in 0000, a prefecture in 00), and the
degrees of its middle, which may be left out; without them nobody can say that two places are too far apart.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address, ip_network
from pathlib import Path

from trace.rules.scans import Point

HEADER = ["prefix", "place", "latitude", "longitude"]
PLACE = re.compile(r"[1-9][0-9]{5}")
Prefixes = dict[tuple[int, int], dict[int, str]]


@dataclass(frozen=True)
class PlaceTable:
    """``prefixes``: by IP version and length, the place of each network; ``points``: where places lie."""

    prefixes: Prefixes = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)

    @cached_property
    def _longest_first(self) -> list[tuple[int, int]]:
        return sorted(self.prefixes, key=lambda one: -one[1])

    def place(self, address: str) -> str:
        """The place of the longest prefix that holds the address; empty where none does or it is no address."""
        if not self.prefixes:
            return ""
        try:
            found = ip_address(address)
        except ValueError:
            return ""
        mapped = getattr(found, "ipv4_mapped", None)
        found = mapped or found
        value, bits = int(found), found.max_prefixlen
        for version, length in self._longest_first:
            if version == found.version:
                place = self.prefixes[version, length].get(value >> (bits - length))
                if place is not None:
                    return place
        return ""


def read(path: Path) -> PlaceTable:
    """Raises ``ValueError`` with the number of the line that cannot be read."""
    prefixes: Prefixes = defaultdict(dict)
    points: dict[str, Point] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != HEADER:
            raise ValueError(f"{path}: the first line must be {','.join(HEADER)}")
        for row in rows:
            try:
                prefix, place, latitude, longitude = row
                if not PLACE.fullmatch(place):
                    raise ValueError(place)
                if latitude or longitude:
                    points[place] = _point(latitude, longitude)
                if prefix:
                    network = ip_network(prefix)
                    shift = network.max_prefixlen - network.prefixlen
                    prefixes[network.version, network.prefixlen][int(network.network_address) >> shift] = place
            except ValueError as error:
                raise ValueError(f"{path}, line {rows.line_num}: {error}") from error
    return PlaceTable(dict(prefixes), points)


def _point(latitude: str, longitude: str) -> Point:
    point = Point(float(latitude), float(longitude))
    if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        raise ValueError(f"{latitude}, {longitude}")
    return point
