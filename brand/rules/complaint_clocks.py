"""Which term runs for a complaint in which state, its last day, and how near that day is.

Source: the market regulator's rules on complaints and reports (2022), domain notes B5: seven working days to accept or
refuse counted from receipt, mediation ends forty-five working days after acceptance, a report is looked into within
fifteen working days of receipt. Objections and comments have no term of their own; theirs are taken by analogy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from brand.rules.complaint_flow import ComplaintState, Kind
from brand.rules.terms import CLUE
from brand.rules.working_days import Calendar, Deadline, add_working_days, is_working_day


class Start(StrEnum):
    """From which day a term is counted; that day itself is not counted."""

    RECEIPT = "received"
    ACCEPTANCE = "accepted"


@dataclass(frozen=True)
class Clock:
    """A term that runs: the policy value it takes its working days from, and the day it is counted from."""

    policy: str
    start: Start


class Urgency(StrEnum):
    """How near the last day is; shown as words with a colour."""

    CALM = "calm"
    SOON = "soon"
    OVERDUE = "overdue"


_REPORT = Clock(CLUE, Start.RECEIPT)
_COMMENT = Clock("comment_answer_working_days", Start.RECEIPT)
_CLOCKS = {
    (Kind.COMPLAINT, ComplaintState.RECEIVED): Clock("complaint_acceptance_working_days", Start.RECEIPT),
    (Kind.COMPLAINT, ComplaintState.IN_WORK): Clock("complaint_mediation_working_days", Start.ACCEPTANCE),
    (Kind.REPORT, ComplaintState.RECEIVED): _REPORT,
    (Kind.REPORT, ComplaintState.IN_WORK): _REPORT,
    (Kind.COMMENT, ComplaintState.RECEIVED): _COMMENT,
    (Kind.COMMENT, ComplaintState.IN_WORK): _COMMENT,
    (Kind.OBJECTION, ComplaintState.OPEN): Clock("objection_answer_working_days", Start.RECEIPT),
}
#: The policy values the clocks rest on.
POLICIES = tuple(sorted({one.policy for one in _CLOCKS.values()}))


def clock(kind: str, state: str) -> Clock | None:
    """The term that runs, or None where nothing is due."""
    return _CLOCKS.get((Kind(kind), ComplaintState(state)))


def last_day(calendar: Calendar, start: date, working_days: int | None) -> Deadline | None:
    """The last day of a term by the calendar as it is known; None where the scheme sets no number of days."""
    return None if working_days is None else add_working_days(calendar, start, working_days)


def urgency(calendar: Calendar, due: Deadline | None, today: date, soon: int) -> Urgency | None:
    """How near the last day is; the last day itself is still in time. ``soon`` working days or fewer are near."""
    if due is None:
        return None
    if today > due.end:
        return Urgency.OVERDUE
    day, left = today, 0
    while day < due.end and left <= soon:
        day = date.fromordinal(day.toordinal() + 1)
        left += is_working_day(calendar, day)
    return Urgency.SOON if left <= soon else Urgency.CALM
