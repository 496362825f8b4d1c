"""Reads the work calendar: as one value for the rules, and year by year for the page."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from brand.models.schemes import CalendarDay, CalendarYear
from brand.rules import working_days
from brand.rules.working_days import Calendar, DayKind, SpecialDay


def calendar(session: Session) -> Calendar:
    """The whole calendar, as the working-day rules want it."""
    gazetted = session.exec(select(CalendarYear.year).where(col(CalendarYear.gazetted)))
    return working_days.calendar((_special(one) for one in session.exec(select(CalendarDay))), gazetted)


def years(session: Session) -> list[CalendarYear]:
    return list(session.exec(select(CalendarYear).order_by(col(CalendarYear.year).desc())))


def days_of(session: Session, year: int) -> list[SpecialDay]:
    """The special days of one year in date order."""
    rows = session.exec(
        select(CalendarDay).where(col(CalendarDay.day).startswith(f"{year:04d}-")).order_by(CalendarDay.day)
    )
    return [_special(one) for one in rows]


def _special(row: CalendarDay) -> SpecialDay:
    return SpecialDay(date.fromisoformat(row.day), DayKind(row.kind), row.name)
