"""Reads the last day of what waits on a desk: working days of a policy value, counted from the day it came there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session, col, func, select

from brand.kernel.clock import local_day
from brand.kernel.workflow import Facts
from brand.models.licences import Application, ApplicationStep
from brand.models.schemes import Brand
from brand.queries import appeal_states, objections, schemes
from brand.queries import calendar as calendars
from brand.rules import whose_turn
from brand.rules.terms import CARRY_OUT, DECISION, SOON, STATIONS
from brand.rules.whose_turn import Turn
from brand.rules.working_days import Calendar, Deadline, add_working_days


class Terms:
    """The terms as they stand now; calendar and values are read once and only when something asks for them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._values: dict[tuple[str, str], int | None] = {}

    @cached_property
    def calendar(self) -> Calendar:
        return calendars.calendar(self._session)

    def deadline(self, key: str, since: date | datetime, scheme_id: str = "") -> Deadline | None:
        """The last day; that on which it came is not counted. None where no scheme sets a term.

        Without a scheme (enterprises and what they declare belong to none) the shortest term any scheme sets counts.
        """
        days = self._days(key, scheme_id)
        if days is None:
            return None
        return add_working_days(self.calendar, local_day(since) if isinstance(since, datetime) else since, days)

    def last_day(self, key: str, since: date | datetime, scheme_id: str = "") -> date | None:
        found = self.deadline(key, since, scheme_id)
        return found.end if found else None

    @cached_property
    def near(self) -> int:
        """So many working days or fewer before the last day it is time: the largest number any scheme sets, or none."""
        return max(schemes.values_in_force(self._session, SOON), default=0)

    def _days(self, key: str, scheme_id: str) -> int | None:
        if (key, scheme_id) not in self._values:
            held = schemes.policy_row(self._session, scheme_id, key) if scheme_id else None
            values = schemes.values_in_force(self._session, key) if not scheme_id else [held.value] if held else []
            self._values[key, scheme_id] = min(values, default=None)
        return self._values[key, scheme_id]

    def turn(self, application: Application, facts: Facts) -> Turn:
        """Whose turn it is, with the last day of that station; ``facts`` are what ``whose_turn.turn`` looks at."""
        now = whose_turn.turn(application.state, facts)
        if now.key == "objections":  # the term of the first answer that is owed
            ends = [add_working_days(self.calendar, *one) for one in objections.terms(self._session, application.id)]
            first = min(ends, key=lambda one: one.end, default=None)
            return replace(now, due=first.end, provisional=first.provisional) if first else now
        if now.key not in STATIONS:
            return now
        key = STATIONS[now.key]
        since = self._since(application, key, facts)
        found = self.deadline(key, since, self._session.get_one(Brand, application.brand_id).scheme_id)
        return replace(now, due=found.end, provisional=found.provisional, policy=key) if found else now

    def _since(self, application: Application, key: str, facts: Facts) -> date | datetime:
        """The end of the notice, the answer to the appeal, else the last step, which brought it to this desk."""
        notice = facts.get("notice_end") if key == DECISION else None
        if isinstance(notice, Deadline):
            return notice.end
        answered = appeal_states.refusal_changed(self._session, application.id) if key == CARRY_OUT else None
        return answered or self._came(application)

    def _came(self, application: Application) -> datetime:
        statement = select(func.max(col(ApplicationStep.at))).where(ApplicationStep.application_id == application.id)
        return self._session.scalar(statement) or application.updated_at
