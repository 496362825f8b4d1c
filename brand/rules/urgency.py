"""How near the last day of anything that waits is: late, today, within a few working days, later, or without a term.

Source: domain notes B7 (working days by the gazetted calendar); what counts as near is the same as for complaints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from brand.rules.working_days import MOST_DAYS, Calendar, is_working_day


class Nearness(StrEnum):
    """In the order of the queue."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NO_TERM = "no_term"


@dataclass(frozen=True)
class Standing:
    """``working_days`` are those left after today, the last day among them; 0 where it is today, past or not set."""

    nearness: Nearness
    working_days: int = 0


def standing(calendar: Calendar, due: date | None, today: date, soon: int) -> Standing:
    """Where a last day stands; the last day itself is still in time. ``soon`` working days or fewer are near."""
    if due is None:
        return Standing(Nearness.NO_TERM)
    if due <= today:
        return Standing(Nearness.TODAY if due == today else Nearness.OVERDUE)
    ahead = range(1, min((due - today).days, MOST_DAYS) + 1)
    left = sum(is_working_day(calendar, today + timedelta(days=one)) for one in ahead)
    return Standing(Nearness.SOON if left <= soon else Nearness.LATER, left)
