"""Hold the readings of a chilling room against the limits and say where, how far and how long they were left.

Source: GB/T 9961-2008 (room 0–4 °C, core at most 7 °C from 10 hours on) as data in ``data/chilling.json``; B2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

from brand.kernel.errors import invalid

DATA = Path(__file__).parent / "data"
TENTH = Decimal("0.1")


class BreachKind(StrEnum):
    ROOM_ABOVE = "room_above"
    ROOM_BELOW = "room_below"
    CORE_ABOVE = "core_above"


@dataclass(frozen=True)
class Reading:
    """One moment (aware time): temperature of the room and of the carcass core, °C."""

    at: datetime
    room_c: Decimal
    core_c: Decimal


@dataclass(frozen=True)
class Limits:
    """What a chilling must keep to, and where that is written."""

    room_least_c: Decimal
    room_most_c: Decimal
    core_most_c: Decimal
    core_from: timedelta
    longest_gap: timedelta
    standard: str
    confidence: str


@dataclass(frozen=True)
class Breach:
    """An unbroken run of readings beyond one limit, from the first of them to the last; temperatures in °C."""

    kind: BreachKind
    start: datetime
    end: datetime
    worst_c: Decimal
    limit_c: Decimal


@dataclass(frozen=True)
class Gap:
    """A silence of the recorder longer than allowed, between two readings."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Report:
    """What one chilling looks like; ``hours`` from first to last reading, one place."""

    hours: Decimal
    final_core_c: Decimal
    breaches: tuple[Breach, ...]
    gaps: tuple[Gap, ...]


@cache
def chilling_limits() -> Limits:
    """The limits in force."""
    raw = json.loads((DATA / "chilling.json").read_text(encoding="utf-8"))
    return Limits(
        Decimal(raw["room_c"]["least"]),
        Decimal(raw["room_c"]["most"]),
        Decimal(raw["core_c"]["most"]),
        timedelta(hours=float(raw["core_c"]["from_hours"])),
        timedelta(minutes=float(raw["gap_minutes"]["most"])),
        raw["standard"],
        raw["confidence"],
    )


def evaluate(readings: Sequence[Reading], limits: Limits) -> Report:
    """Evaluate one chilling; its clock starts with the first reading. Breaches come in order of their start.

    Raises ``chilling.no_readings``, ``.time_without_zone``, ``.not_in_order`` (also a repeated time) or
    ``.not_a_number``.
    """
    _check(readings)
    started, ended = readings[0].at, readings[-1].at
    breaches = [breach for kind in BreachKind for breach in _breaches(readings, kind, limits)]
    return Report(
        (Decimal((ended - started) // timedelta(seconds=1)) / 3600).quantize(TENTH),
        readings[-1].core_c,
        tuple(sorted(breaches, key=lambda breach: (breach.start, breach.kind))),
        tuple(
            Gap(before.at, after.at)
            for before, after in pairwise(readings)
            if after.at - before.at > limits.longest_gap
        ),
    )


def _breaches(readings: Sequence[Reading], kind: BreachKind, limits: Limits) -> Iterator[Breach]:
    """Runs of one kind; a silent recorder does not end a run, only a reading within the limit does."""
    core_from = readings[0].at + limits.core_from
    limit = _limit(kind, limits)

    def excess(reading: Reading) -> Decimal:
        value = _value(kind, reading)
        return limit - value if kind is BreachKind.ROOM_BELOW else value - limit

    def beyond(reading: Reading) -> bool:
        in_force = kind is not BreachKind.CORE_ABOVE or reading.at >= core_from
        return in_force and excess(reading) > 0

    for outside, group in groupby(readings, beyond):
        if outside:
            run = list(group)
            yield Breach(kind, run[0].at, run[-1].at, _value(kind, max(run, key=excess)), limit)


def _value(kind: BreachKind, reading: Reading) -> Decimal:
    return reading.core_c if kind is BreachKind.CORE_ABOVE else reading.room_c


def _limit(kind: BreachKind, limits: Limits) -> Decimal:
    return {
        BreachKind.ROOM_ABOVE: limits.room_most_c,
        BreachKind.ROOM_BELOW: limits.room_least_c,
        BreachKind.CORE_ABOVE: limits.core_most_c,
    }[kind]


def _check(readings: Sequence[Reading]) -> None:
    if not readings:
        raise invalid("chilling.no_readings")
    for reading in readings:
        if reading.at.utcoffset() is None:
            raise invalid("chilling.time_without_zone", at=reading.at.isoformat())
        if not (reading.room_c.is_finite() and reading.core_c.is_finite()):
            raise invalid("chilling.not_a_number", at=reading.at.isoformat())
    for before, after in pairwise(readings):
        if after.at <= before.at:
            raise invalid("chilling.not_in_order", at=after.at.isoformat())
