"""How long a licence runs and what it is worth on any given day.

Source: domain notes B6 end (term of three years by analogy) and architecture «asks again at each scan»: the state of
a licence on a day follows from its dates and its sanctions, never from a stored flag.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum


class LicenceStatus(StrEnum):
    """What a licence is on one day; only VALID lets goods carry the brand."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class BrandLife:
    """A brand that moved at least once: (day in China, state reached), in the order they were reached."""

    name: str
    name_en: str
    steps: tuple[tuple[date, str], ...]

    def state_on(self, day: date) -> str:
        """The state on that day; a step counts for the whole day it falls on."""
        return _last(self.steps, day)


@dataclass(frozen=True)
class Halt:
    """The brand because of which a licence does not count, and its state: suspended or ended."""

    brand: str
    brand_en: str
    state: str


@dataclass(frozen=True)
class Standing:
    """What a licence is worth on one day; ``halt`` where a brand above it is the reason."""

    status: LicenceStatus
    halt: Halt | None = None


#: States of an enterprise under which its licences do not count.
HOLDER_HALTED = frozenset({"suspended", "merged"})


def last_day(first: date, years: int) -> date:
    """The last day of a term of whole years: the day before the anniversary (29 February counts to 1 March)."""
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:
        anniversary = date(first.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def ban_ends(revoked_on: date, years: int) -> date:
    """The last day on which a new application is refused after a revocation (A5.12: within three years)."""
    return last_day(revoked_on, years)


def renewal_opens(valid_until: date, months: int) -> date:
    """The first day on which the holder may apply for the term that follows."""
    whole = valid_until.year * 12 + valid_until.month - 1 - months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(valid_until.day, calendar.monthrange(year, month + 1)[1]))


def share_of_successor(left_kg: Decimal, old_days: int, new_days: int) -> Decimal:
    """What the licence that follows gets of the weight left in the calendar year of the change, by days, rounded down.

    Both licences together never carry more than the year's allowance; ``old_days`` are those the old one still has.
    """
    if new_days <= 0 or left_kg <= 0:
        return Decimal(0)
    return (left_kg * new_days / (max(old_days, 0) + new_days)).quantize(Decimal("0.001"), ROUND_DOWN)


def calendar_years(first: date, last: date) -> tuple[int, ...]:
    """Every calendar year the term touches; each carries its own weight allowance."""
    return tuple(range(first.year, last.year + 1))


def status_on(valid_from: date, valid_until: date, sanctions: Iterable[tuple[date, str]], day: date) -> LicenceStatus:
    """The status on ``day``.

    ``sanctions`` are (day in China, state reached) in the order they were made. A sanction counts for the whole day it
    falls on; of several on one day the last one counts. A revoked licence stays revoked after its term.
    """
    state = LicenceStatus.VALID
    for when, reached in sanctions:
        if when <= day:
            state = LicenceStatus(reached)
    if state is LicenceStatus.REVOKED:
        return state
    if day < valid_from:
        return LicenceStatus.NOT_YET
    return LicenceStatus.EXPIRED if day > valid_until else state


def held_back(status: LicenceStatus, holder: Iterable[tuple[date, str]], day: date) -> LicenceStatus:
    """The status once the holder's own state on ``day`` is looked at: a valid licence of a halted holder is suspended.

    ``holder`` are (day in China, state reached) of the enterprise, in the order they were reached; a suspension counts
    for the whole day it falls on.
    """
    halted = _last(holder, day) in HOLDER_HALTED
    return LicenceStatus.SUSPENDED if status is LicenceStatus.VALID and halted else status


def under_brands(status: LicenceStatus, chain: Iterable[BrandLife], day: date) -> Standing:
    """The status once its brand and those above it are looked at, the lowest first.

    Under an ended brand every licence that was not over by itself is expired; under a suspended one a valid licence is
    suspended. What was revoked or over stays what it is.
    """
    if status in (LicenceStatus.REVOKED, LicenceStatus.EXPIRED):
        return Standing(status)
    states = [(one, one.state_on(day)) for one in chain]
    for state, reached in (("ended", LicenceStatus.EXPIRED), ("suspended", LicenceStatus.SUSPENDED)):
        one = next((life for life, found in states if found == state), None)
        if one is not None and (state == "ended" or status is LicenceStatus.VALID):
            return Standing(reached, Halt(one.name, one.name_en, state))
    return Standing(status)


def _last(steps: Iterable[tuple[date, str]], day: date) -> str:
    state = ""
    for when, reached in steps:
        if when <= day:
            state = reached
    return state
