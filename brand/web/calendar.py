"""The work calendar's page: which days are off or worked against their weekday, and which years are gazetted."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import reading, writing
from brand.queries import calendar as reads
from brand.rules.working_days import DayKind, SpecialDay
from brand.schemas.schemes import DayIn, DayOutIn, YearIn
from brand.services import calendar

bp = Blueprint("calendar", __name__)


@bp.get("/calendar")
@signed_in
def show() -> ResponseReturnValue:
    return _page(Form(DayIn()), Form(YearIn()))


@bp.post("/calendar/days")
@needs("calendar.manage")
def set_day() -> ResponseReturnValue:
    form = Form(DayIn())
    with form.catching(), writing() as work:
        row = calendar.set_day(work, **form.values())
        return back("calendar.show", "The day is entered.", year=row.day[:4])
    return _page(form, Form(YearIn()))


@bp.post("/calendar/days/remove")
@needs("calendar.manage")
def remove_day() -> ResponseReturnValue:
    form = Form(DayOutIn())
    with writing() as work:
        day = form.values()["day"]
        calendar.remove_day(work, day)
    return back("calendar.show", "The day is taken out; its weekday decides again.", year=day.year)


@bp.post("/calendar/years")
@needs("calendar.manage")
def set_year() -> ResponseReturnValue:
    form = Form(YearIn())
    with form.catching(), writing() as work:
        row = calendar.set_gazetted(work, **form.values())
        return back("calendar.show", "The year is updated.", year=row.year)
    return _page(Form(DayIn()), form)


def _page(day: Form, year: Form) -> ResponseReturnValue:
    with reading() as work:
        years = reads.years(work.session)
        shown = request.args.get("year", work.today.year, type=int)
        shown = min(max(shown, calendar.FIRST_YEAR), calendar.LAST_YEAR)
        days = reads.days_of(work.session, shown)
    page = render(
        "schemes/calendar.html",
        years=years,
        shown=shown,
        row=next((one for one in years if one.year == shown), None),
        days=days,
        months=[_month(shown, number, days) for number in range(1, 13)],
        holidays=_holidays(days),
        day_form=day,
        year_form=year,
    )
    return page, max(day.status, year.status)


def _month(year: int, number: int, days: Sequence[SpecialDay]) -> list[list[tuple[date | None, SpecialDay | None]]]:
    """The weeks of a month, Monday first; days of the neighbouring months are left empty."""
    special = {one.day: one for one in days}
    weeks = Weeks().monthdatescalendar(year, number)
    return [[(one, special.get(one)) if one.month == number else (None, None) for one in week] for week in weeks]


def _holidays(days: Sequence[SpecialDay]) -> dict[str, dict[str, list[tuple[date, date]]]]:
    """Holiday → days off and days worked, as runs of neighbouring days (first, last)."""
    found: dict[str, dict[str, list[tuple[date, date]]]] = {}
    for one in days:
        runs = found.setdefault(one.name, {kind.value: [] for kind in DayKind})[one.kind]
        if runs and runs[-1][1] + timedelta(days=1) == one.day:
            runs[-1] = (runs[-1][0], one.day)
        else:
            runs.append((one.day, one.day))
    return found
