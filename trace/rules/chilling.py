"""Hold the readings of a cold room or a vehicle against the limits and say where, how far and how long they were left.

Source: the product's chilling rule with its own source (``brand/rules/product_rules``; as shipped GB/T 9961-2008: room
0–4 °C, core at most 7 °C from 10 hours on); domain notes B2, A2.1 (排酸).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from brand.kernel.errors import Fault, invalid
from brand.rules.product_rules import LIMITS, Rule

TENTH = Decimal("0.1")


class ColdStep(StrEnum):
    """Taking the warmth out of a carcass, keeping the cold carcass until its acid is gone, and keeping goods cold on
    the way and in a store."""

    CHILLING = "chilling"
    AGEING = "ageing"
    COLD_TRANSPORT = "cold_transport"
    COLD_STORAGE = "cold_storage"


#: What people call the two; 脱酸 is a slip for 排酸 that the plan itself makes.
_WORDS = {
    "chilling": ColdStep.CHILLING,
    "冷却": ColdStep.CHILLING,
    "预冷": ColdStep.CHILLING,
    "ageing": ColdStep.AGEING,
    "aging": ColdStep.AGEING,
    "排酸": ColdStep.AGEING,
    "脱酸": ColdStep.AGEING,
    "成熟": ColdStep.AGEING,
    "cold_transport": ColdStep.COLD_TRANSPORT,
    "运输": ColdStep.COLD_TRANSPORT,
    "冷链运输": ColdStep.COLD_TRANSPORT,
    "cold_storage": ColdStep.COLD_STORAGE,
    "冷藏": ColdStep.COLD_STORAGE,
    "入库冷藏": ColdStep.COLD_STORAGE,
}


def step_of(word: str) -> ColdStep:
    """The step a person names; raises ``chilling.step``."""
    found = _WORDS.get(word.strip().lower())
    if found is None:
        raise invalid("chilling.step", faults=[Fault("chilling.step", "/step")], word=word[:40])
    return found


class BreachKind(StrEnum):
    ROOM_ABOVE = "room_above"
    ROOM_BELOW = "room_below"
    CORE_ABOVE = "core_above"


@dataclass(frozen=True)
class Reading:
    """One moment (aware time): temperature of the room and of the carcass core, °C; None where nobody measured."""

    at: datetime
    room_c: Decimal | None
    core_c: Decimal | None


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
    """What one chilling looks like; ``hours`` from first to last reading, one place; the last core anybody measured."""

    hours: Decimal
    final_core_c: Decimal | None
    breaches: tuple[Breach, ...]
    gaps: tuple[Gap, ...]


def limits_of(rule: Rule, step: ColdStep) -> Limits:
    """The limits of a product's chilling rule; in every step but chilling the core was cold when it began."""
    said = {name: Decimal(rule.content[name]) for name in LIMITS}
    hours = said["core_from_hours"] if step is ColdStep.CHILLING else Decimal(0)
    return Limits(
        said["room_least_c"],
        said["room_most_c"],
        said["core_most_c"],
        timedelta(hours=float(hours)),
        timedelta(minutes=float(said["gap_minutes"])),
        str(rule.content["standard"]),
        rule.confidence,
    )


@dataclass(frozen=True)
class Span:
    """When goods were on a journey or in a store; ``key`` names which, no end means until now."""

    key: str
    since: datetime
    until: datetime | None


def within(readings: Sequence[Reading], spans: Sequence[Span]) -> tuple[Span, tuple[Reading, ...]]:
    """The span that most of the readings fall into, and those readings: what a recorder saw before goods were loaded
    or after they had left says nothing of them.

    Raises ``chilling.no_span`` with the first and the last reading.
    """
    inside = [
        (one, tuple(each for each in readings if one.since <= each.at and (one.until is None or each.at <= one.until)))
        for one in spans
    ]
    found, kept = max(inside, key=lambda one: (len(one[1]), one[0].since), default=(None, ()))
    if found is None or not kept:
        _check(readings)
        first, last = (f"{one.at.isoformat(timespec='minutes')}" for one in (readings[0], readings[-1]))
        raise invalid("chilling.no_span", faults=[Fault("chilling.no_span", "/step")], first=first, last=last)
    return found, kept


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
        next((one.core_c for one in reversed(readings) if one.core_c is not None), None),
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

    def excess(value: Decimal) -> Decimal:
        return limit - value if kind is BreachKind.ROOM_BELOW else value - limit

    def beyond(measured: tuple[datetime, Decimal]) -> bool:
        in_force = kind is not BreachKind.CORE_ABOVE or measured[0] >= core_from
        return in_force and excess(measured[1]) > 0

    all_values = ((reading.at, _value(kind, reading)) for reading in readings)
    for outside, group in groupby(((at, value) for at, value in all_values if value is not None), beyond):
        if outside:
            run = list(group)
            yield Breach(kind, run[0][0], run[-1][0], max((value for _, value in run), key=excess), limit)


def _value(kind: BreachKind, reading: Reading) -> Decimal | None:
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
        if not all(one is None or one.is_finite() for one in (reading.room_c, reading.core_c)):
            raise invalid("chilling.not_a_number", at=reading.at.isoformat())
    for before, after in pairwise(readings):
        if after.at <= before.at:
            raise invalid("chilling.not_in_order", at=after.at.isoformat())
