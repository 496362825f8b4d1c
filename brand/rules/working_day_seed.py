"""The first filling of the working-day table, so that a new registry starts with the notices published so far.

Source: the ``chinesecalendar`` package (MIT), which transcribes the State Council notices from 2004 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from brand.rules.working_days import Calendar, DayKind, SpecialDay, calendar


def seed_rows() -> Iterator[SpecialDay]:
    """Every gazetted day off and make-up day, in date order, with the Chinese name of the holiday it belongs to."""
    off = ((day, DayKind.OFF, name) for day, name in holidays.items())
    work = ((day, DayKind.WORK, name) for day, name in workdays.items())
    for day, kind, name in sorted((*off, *work)):
        yield SpecialDay(day, kind, Holiday(name).chinese)


def seed_years() -> frozenset[int]:
    """The years whose notice the package holds."""
    return frozenset(day.year for day in holidays)


@cache
def seed_calendar() -> Calendar:
    """The seed as one value, for callers without a database (the audit command, tests)."""
    return calendar(seed_rows(), seed_years())
