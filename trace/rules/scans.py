"""Judge from where and when a code was looked at whether copies of it may be about; pure, and never more than a doubt.

Source: security notes, threats T2 and T32 and goal G37. What is counted is a *device-day*: one device, one day, one
coarse place, as the server saw it. Every number here is policy of ours, tuned on the simulation of G37
(``tests/scan_world.py``). Three things keep a rival's flood harmless: a day at one place counts for three devices at
most; what a single place says alone is left out, whichever it is; and looks alone make nobody's code red.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

#: How long single looks are kept.
DAYS_KEPT = 90
#: Devices of one code told apart on one day; beyond it looks are only counted.
MOST_DEVICES = 500
#: Device-days below which nothing is judged.
FEWEST = 6
#: Device-days that one day at one place counts for at most.
PER_PLACE_DAY = 3
#: Points from which the public is asked to look twice, and from which the office is.
SUSPICIOUS, WATCHED = 60, 40
#: Without this many places that each speak on two days, or that many looks far apart, nobody is asked to look twice.
PLACES_NEEDED, SCATTERED_NEEDED = 4, 6
#: Days after a sale in which the buyer's own household may look.
HOUSEHOLD_DAYS = 7
LATE_LOOKS = 3
#: An airliner, and how far a coarse place may lie from where somebody really stood.
FASTEST_KMH, SLACK_KM = 900, 150
MOST_PAIRS = 40
#: Places so many of which are left out in turn; a place quieter than these cannot make a case.
LOUDEST = 12
_EARTH_KM = 6371.0


class Signal(StrEnum):
    """What speaks for copies, in the order in which people are told."""

    PLACES = "places"
    SCATTERED = "scattered"
    TRAVEL = "travel"
    RETURNS = "returns"
    AFTER_SALE = "after_sale"
    AFTER_SHELF_LIFE = "after_shelf_life"
    OUTSIDE_AREA = "outside_area"


@dataclass(frozen=True)
class Point:
    """Where a coarse place lies, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class PlaceDay:
    """Devices that looked at one code at one coarse place (a code of GB/T 2260, empty: unknown) on one day."""

    place: str
    day: date
    devices: int


@dataclass(frozen=True)
class History:
    """All a judgement rests on. ``jumps``: pairs of places between which nobody travels as fast as the code did.

    ``area``: leading digits of the place codes where the pack was meant to be sold; empty: not said.
    ``explained``: last day whose looks the office has found an innocent reason for.
    """

    days: tuple[PlaceDay, ...]
    jumps: frozenset[tuple[str, str]] = frozenset()
    sold_on: date | None = None
    shelf_life_ends: date | None = None
    area: tuple[str, ...] = ()
    explained: date | None = None


@dataclass(frozen=True)
class Assessment:
    """Points, and what they rest on: each signal with the number that is told with it."""

    score: int = 0
    signals: tuple[tuple[Signal, int], ...] = ()
    spread: bool = False

    @property
    def suspicious(self) -> bool:
        """Worth a warning to whoever holds the pack."""
        return self.spread and self.score >= SUSPICIOUS

    @property
    def watched(self) -> bool:
        """Worth a look by the office."""
        return self.score >= WATCHED


def assess(history: History) -> Assessment:
    """The weakest of the judgements that leave out one loud place each: one place alone never makes a case."""
    days = [one for one in history.days if history.explained is None or one.day > history.explained]
    if sum(min(one.devices, PER_PLACE_DAY) for one in days) < FEWEST:
        return Assessment()
    known = replace(history, days=tuple(days))
    weight: Counter[str] = Counter()
    for one in days:
        weight[one.place] += min(one.devices, PER_PLACE_DAY)
    del weight[""]
    if len(weight) < 2:
        return _judge(known)
    loudest = sorted(weight, key=lambda place: (-weight[place], place))[:LOUDEST]
    return min((_judge(_without(known, one)) for one in loudest), key=lambda one: (one.score, one.spread))


def _without(history: History, place: str) -> History:
    return replace(
        history,
        days=tuple(one for one in history.days if one.place != place),
        jumps=frozenset(one for one in history.jumps if place not in one),
    )


def _judge(history: History) -> Assessment:
    looked = _by_place(history.days)
    speaking = {place for place, days in looked.items() if len(days) >= 2}
    busiest = sorted(looked, key=lambda place: -sum(looked[place].values()))[:2]
    apart = sum(sum(days.values()) for place, days in looked.items() if place not in busiest)
    counts = {
        Signal.PLACES: (len(speaking), _step(len(speaking), {3: 15, 4: 30, 5: 40, 7: 50})),
        Signal.SCATTERED: (apart, _scattered(apart, looked)),
        Signal.TRAVEL: (len(history.jumps), _step(len(history.jumps), {1: 10, 2: 15, 3: 20, 5: 30})),
        Signal.RETURNS: _returns(looked),
        Signal.AFTER_SALE: _late(history.days, history.sold_on, HOUSEHOLD_DAYS, 25),
        Signal.AFTER_SHELF_LIFE: _late(history.days, history.shelf_life_ends, 0, 20),
        Signal.OUTSIDE_AREA: _outside(looked, history.area),
    }
    signals = tuple((signal, count) for signal, (count, points) in counts.items() if points)
    spread = len(speaking) >= PLACES_NEEDED or (apart >= SCATTERED_NEEDED and len(looked) >= PLACES_NEEDED)
    return Assessment(sum(points for _, points in counts.values()), signals, spread)


def _by_place(days: Iterable[PlaceDay]) -> dict[str, dict[date, int]]:
    """Known places only, each day of each cut to what it counts for."""
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for one in days:
        if one.place:
            found[one.place][one.day] = min(one.devices, PER_PLACE_DAY)
    return found


def _step(number: int, steps: Mapping[int, int]) -> int:
    """The points of the highest step that the number reaches."""
    return max((points for least, points in steps.items() if number >= least), default=0)


def _scattered(apart: int, looked: Mapping[str, Mapping[date, int]]) -> int:
    """Looks beyond the two busiest places weigh by their number and by their share."""
    total = sum(sum(days.values()) for days in looked.values())
    if len(looked) < PLACES_NEEDED or apart < SCATTERED_NEEDED:
        return 0
    return 45 if apart / total >= 0.4 else 30 if apart / total >= 0.25 or apart >= 40 else 0


def _returns(looked: Mapping[str, Mapping[date, int]]) -> tuple[int, int]:
    """Places that were looked from again after the code had been elsewhere: goods go one way."""
    every = sorted(day for days in looked.values() for day in days)
    back = 0
    for days in looked.values():
        first, last = min(days), max(days)
        between = bisect_left(every, last) - bisect_right(every, first)
        back += between > sum(first < day < last for day in days)
    return back, _step(back, {3: 10, 4: 20})


def _late(days: Sequence[PlaceDay], end: date | None, grace: int, points: int) -> tuple[int, int]:
    """Device-days after the day that should have been the last; an unknown place counts as any other."""
    if end is None:
        return 0, 0
    last = end + timedelta(days=grace)
    late = sum(min(one.devices, PER_PLACE_DAY) for one in days if one.day > last)
    return late, points if late >= LATE_LOOKS else 0


def _outside(looked: Mapping[str, Mapping[date, int]], area: Sequence[str]) -> tuple[int, int]:
    """Places that speak on two days and lie outside where the pack was meant to be sold."""
    if not area:
        return 0, 0
    outside = [place for place, days in looked.items() if len(days) >= 2 and not place.startswith(tuple(area))]
    return len(outside), _step(len(outside), {1: 15, 3: 30})


def impossible(here: Point, then: datetime, there: Point, now: datetime) -> bool:
    """Whether no airliner covers the way between two looks in the time between them."""
    hours = abs((now - then).total_seconds()) / 3600
    return _distance_km(here, there) - 2 * SLACK_KM > FASTEST_KMH * hours


def _distance_km(here: Point, there: Point) -> float:
    """Great circle on a sphere (haversine)."""
    north, south = math.radians(here.latitude), math.radians(there.latitude)
    across, along = south - north, math.radians(there.longitude - here.longitude)
    chord = math.sin(across / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(along / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


class Outcome(StrEnum):
    """What the office found when it looked into a code."""

    COPIED = "copied"
    FLOODED = "flooded"
    EXPLAINED = "explained"
    NOT_FOUND = "not_found"


#: Findings after which the looks so far count no more; whoever found a copy leaves the warning standing.
INNOCENT = frozenset({Outcome.FLOODED, Outcome.EXPLAINED})


def write_signals(signals: Sequence[tuple[Signal, int]]) -> str:
    """As one line of text, which every database hands back as it was: ``places:6 travel:3``."""
    return " ".join(f"{signal}:{count}" for signal, count in signals)


def read_signals(text: str) -> tuple[tuple[Signal, int], ...]:
    """The reverse of ``write_signals``."""
    pairs = (one.partition(":") for one in text.split())
    return tuple((Signal(name), int(count)) for name, _, count in pairs)
