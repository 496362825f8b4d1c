"""Keeps the work calendar: its first filling, the days an administrator enters, and which years are gazetted."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.work import Work
from brand.models.schemes import CalendarDay, CalendarYear
from brand.rules import working_day_seed
from brand.rules.working_days import SATURDAY, DayKind

SEED = "chinesecalendar"
FIRST_YEAR, LAST_YEAR = 2000, 2100


def seed(work: Work) -> None:
    """Fill an empty calendar with the notices published so far; a calendar somebody keeps is left alone."""
    work.actor.require("calendar.manage")
    if work.session.exec(select(CalendarYear.year)).first() is not None:
        return
    years = sorted(working_day_seed.seed_years())
    work.session.add_all(CalendarYear(year=year, gazetted=True, source=SEED) for year in years)
    rows = list(working_day_seed.seed_rows())
    work.session.add_all(CalendarDay(day=row.day.isoformat(), kind=row.kind, name=row.name) for row in rows)
    work.session.flush()
    audit.record(work, "calendar.seed", "calendar", f"{years[0]}-{years[-1]}", days=len(rows), source=SEED)


def set_day(work: Work, day: date, *, kind: str, name: str) -> CalendarDay:
    """Enter a day off, or a weekend day that is worked; a day that stands already is overwritten."""
    work.actor.require("calendar.manage")
    _check_year(day.year, "/day")
    if kind == DayKind.WORK and day.weekday() < SATURDAY:
        raise invalid("calendar.weekday_works_anyway", faults=[Fault("calendar.weekday_works_anyway", "/day")])
    _year(work, day.year)
    row = work.session.get(CalendarDay, day.isoformat())
    before = f"{row.kind} {row.name}" if row else ""
    if row is None:
        row = CalendarDay(day=day.isoformat(), kind=kind, name=name)
        work.session.add(row)
    row.kind, row.name = kind, name
    audit.record(work, "calendar.set_day", "calendar", row.day, kind=kind, name=name, before=before)
    return row


def remove_day(work: Work, day: date) -> None:
    """Take a day out, so that its weekday decides again."""
    work.actor.require("calendar.manage")
    row = work.session.get(CalendarDay, day.isoformat())
    if row is None:
        raise unknown()
    audit.record(work, "calendar.remove_day", "calendar", row.day, kind=row.kind, name=row.name)
    work.session.delete(row)


def set_gazetted(work: Work, year: int, *, gazetted: bool, source: str) -> CalendarYear:
    """Say whether the yearly notice of the State Council is entered; ``source`` names the notice.

    Until then deadlines that reach into the year are provisional.
    """
    work.actor.require("calendar.manage")
    _check_year(year, "/year")
    if gazetted and not source:
        raise invalid("calendar.source_needed", faults=[Fault("calendar.source_needed", "/source")])
    row = _year(work, year)
    row.gazetted, row.source = gazetted, source or row.source
    audit.record(work, "calendar.gazette" if gazetted else "calendar.ungazette", "calendar", str(year), source=source)
    return row


def _year(work: Work, year: int) -> CalendarYear:
    row = work.session.get(CalendarYear, year)
    if row is None:
        row = CalendarYear(year=year, gazetted=False, source="")
        work.session.add(row)
        work.session.flush()
    return row


def _check_year(year: int, pointer: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        params = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise invalid("calendar.year_range", faults=[Fault("calendar.year_range", pointer, params)], **params)
