"""Count Chinese working days from a table of gazetted days off and make-up working days.

Source: the yearly holiday notices of the State Council office, as rows; domain notes B7. The table is passed in: it is
kept by the administrator, and a year nobody has gazetted is counted by weekdays and marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from brand.kernel.errors import invalid

MOST_DAYS = 2000  # about eight years: longer than any term in the rulebooks, short enough to walk day by day
SATURDAY = 5


class DayKind(StrEnum):
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class SpecialDay:
    """One row of the table: a day off, or a weekend day that is worked to make up for one."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True)
class Calendar:
    """What the notices say: the years they cover, the days off, the weekend days worked."""

    gazetted_years: frozenset[int]
    days_off: frozenset[date]
    make_up_days: frozenset[date]


@dataclass(frozen=True)
class Deadline:
    """The last day of a period; provisional while a year inside it awaits its notice."""

    end: date
    provisional: bool


def calendar(rows: Iterable[SpecialDay], gazetted_years: Iterable[int]) -> Calendar:
    """A calendar from the rows of the table and the years whose notice is out."""
    table = tuple(rows)
    return Calendar(
        frozenset(gazetted_years),
        frozenset(row.day for row in table if row.kind is DayKind.OFF),
        frozenset(row.day for row in table if row.kind is DayKind.WORK),
    )


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Make-up days are worked, gazetted days off are not, otherwise Monday to Friday."""
    if day in calendar.make_up_days:
        return True
    return day.weekday() < SATURDAY and day not in calendar.days_off


def add_working_days(calendar: Calendar, start: date, days: int) -> Deadline:
    """The day on which ``days`` working days after ``start`` are complete; the start day itself is not counted.

    Zero days end on the start day. Raises ``working_days.days`` outside 0…2000 and ``working_days.start`` where the
    count would leave the years a date can hold.
    """
    if not 0 <= days <= MOST_DAYS:
        raise invalid("working_days.days", days=days, least=0, most=MOST_DAYS)
    if start.year > date.max.year - 10:
        raise invalid("working_days.start", start=start.isoformat())
    day, left, provisional = start, days, start.year not in calendar.gazetted_years
    while left:
        day += timedelta(days=1)
        left -= is_working_day(calendar, day)
        provisional = provisional or day.year not in calendar.gazetted_years
    return Deadline(day, provisional)
