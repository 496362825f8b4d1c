"""What an animal can be, how it comes and goes, and whether what a carcass says fits the animal that was recorded.

Source: 畜牧法 (2022) art. 41 (what a farm file holds), order 67 on tags (one animal one tag, never used again), domain
notes B4 and B5; how far ages may lie apart is policy in ``data/animals.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, conflict, invalid
from brand.rules.identifiers import half_width
from trace.rules.ear_tags import Species, check_ear_tag
from trace.rules.events import EventKind

DATA = Path(__file__).parent / "data"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"
    CASTRATED = "castrated"


class Birth(StrEnum):
    """How exactly the birth is known."""

    DAY = "day"
    MONTH = "month"
    ESTIMATED = "estimated"


class State(StrEnum):
    ALIVE = "alive"
    SLAUGHTERED = "slaughtered"
    DEAD = "dead"
    SOLD = "sold"
    LOST = "lost"


class IdKind(StrEnum):
    """Whose number it is. Only the 15-digit tag is one of the state's and stands for one animal for ever."""

    EAR_TAG = "ear_tag_15"
    ASSOCIATION = "association"
    OWN = "own"
    OTHER = "other"


class Coming(StrEnum):
    """How an animal came into a herd."""

    BIRTH = "birth"
    PURCHASE = "purchase"
    RECORDED = "recorded"  # it was there when the herd was first written down
    MOVE = "move"
    FOUND = "found"


class Leaving(StrEnum):
    """How an animal left for good, or until it is found or bought back."""

    DEATH = "death"
    SALE = "sale"
    LOSS = "loss"


AFTER = {Leaving.DEATH: State.DEAD, Leaving.SALE: State.SOLD, Leaving.LOSS: State.LOST}
EVENTS = {
    Coming.BIRTH: EventKind.BIRTH,
    Coming.PURCHASE: EventKind.PURCHASE,
    Coming.RECORDED: EventKind.STOCK_TAKING,
    Coming.MOVE: EventKind.HERD_MOVE,
    Coming.FOUND: EventKind.FOUND,
    Leaving.DEATH: EventKind.DEATH,
    Leaving.SALE: EventKind.HERD_SALE,
    Leaving.LOSS: EventKind.HERD_LOSS,
}
#: Kinds of the events that can be withdrawn: animals that came from outside the herds of their keeper, and that left.
ARRIVALS = frozenset(EVENTS[one].value for one in (Coming.BIRTH, Coming.PURCHASE, Coming.RECORDED))
DEPARTURES = frozenset(EVENTS[one].value for one in (Coming.MOVE, *Leaving))
WITHDRAWABLE = ARRIVALS | DEPARTURES
#: The words of a carcass sheet for the sexes.
CARCASS_SEX = {"ram": Sex.MALE, "ewe": Sex.FEMALE, "wether": Sex.CASTRATED}


@dataclass(frozen=True)
class Known:
    """What was recorded of an animal, as far as a carcass can speak against it."""

    state: State
    state_on: date
    sex: str
    breed: str
    born_on: date | None
    birth: str


@dataclass(frozen=True)
class Seen:
    """What the line of a carcass says."""

    day: date
    sex: str
    breed: str
    age_months: int


def clean_tag(text: str, species: Species, born_on: date | None, today: date) -> str:
    """The 15 digits; the county code may be one of today or of the day of birth. Raises ``ear_tags.*``."""
    try:
        return check_ear_tag(text, today, species=species).text
    except Exception:
        if born_on is None:
            raise
        return check_ear_tag(text, born_on, species=species).text


def clean_number(text: str) -> str:
    """A herder's or association's number in plain signs; raises ``animals.number`` when nothing is left of it."""
    number = "".join(half_width(text).upper().split())
    if not number or len(number) > 40:
        raise invalid("animals.number", faults=[Fault("animals.number", "/own_number")])
    return number


def check_days(born_on: date | None, came_on: date, today: date) -> None:
    """Nothing happens tomorrow, no animal comes before its birth: ``animals.in_future``, ``animals.before_birth``."""
    if came_on > today:
        raise _at("day", "animals.in_future", day=came_on.isoformat(), today=today.isoformat())
    if born_on is not None and born_on > came_on:
        raise _at("born_on", "animals.before_birth", born=born_on.isoformat(), day=came_on.isoformat())


def check_since(since: date, day: date) -> None:
    """An animal leaves a herd on a day it was in it; raises ``animals.before_coming``."""
    if day < since:
        raise _at("day", "animals.before_coming", day=day.isoformat(), since=since.isoformat())


def check_begun(since: date, name: str, day: date, field: str = "day") -> None:
    """Nothing comes into a herd before there was one; raises ``herds.not_begun``."""
    if day < since:
        raise _at(field, "herds.not_begun", name=name, day=day.isoformat(), since=since.isoformat())


def check_alive(state: str) -> None:
    """Raises ``animals.not_alive.<state>``: what is dead, sold or lost is not treated, moved or sold."""
    if state != State.ALIVE:
        raise conflict(f"animals.not_alive.{state}")


def contradictions(known: Known, seen: Seen) -> Iterator[Fault]:
    """Everything in which the carcass speaks against the animal: alive on the day, sex, breed, age."""
    if known.state != State.ALIVE:
        yield Fault(f"slaughter.not_alive.{known.state}", "/ear_tag", {"day": known.state_on.isoformat()})
    recorded = Sex(known.sex)
    stated = CARCASS_SEX.get(seen.sex, seen.sex)
    if stated != recorded and not (recorded is Sex.MALE and stated is Sex.CASTRATED):
        words = {"recorded": f"animal.sex.{recorded}", "stated": f"animal.sex.{stated}"}
        yield Fault("slaughter.sex", "/sex", words)
    if known.breed and _plain(known.breed) != _plain(seen.breed):
        yield Fault("slaughter.breed", "/breed", {"recorded": known.breed, "stated": seen.breed})
    yield from _age(known, seen)


def _age(known: Known, seen: Seen) -> Iterator[Fault]:
    if known.born_on is None:
        return
    if seen.day < known.born_on:
        days = {"born": known.born_on.isoformat(), "day": seen.day.isoformat()}
        yield Fault("slaughter.before_birth", "/slaughtered_at", days)
        return
    months = age_months(known.born_on, seen.day)
    apart = Decimal(policy()["age_months_apart"][known.birth])
    if abs(months - seen.age_months) > apart:
        params = {"born": known.born_on.isoformat(), "age": f"{months:.1f}", "stated": seen.age_months}
        yield Fault("slaughter.age", "/age_months", {**params, "apart": str(apart)})


def age_months(born_on: date, on: date) -> Decimal:
    """Age in months of the average length, one place."""
    return (Decimal((on - born_on).days) / Decimal(policy()["average_month_days"])).quantize(Decimal("0.1"))


@cache
def policy() -> Any:
    """The figures of this topic with their sources."""
    return json.loads((DATA / "animals.json").read_text("utf-8"))


def _plain(text: str) -> str:
    return "".join(half_width(text).casefold().split())


def _at(field: str, code: str, /, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
