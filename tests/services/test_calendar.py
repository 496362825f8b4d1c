"""Keeping the work calendar."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.queries import calendar as reading
from brand.rules.working_days import add_working_days
from brand.services import calendar
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, PersonOfTheCast


@pytest.fixture(autouse=True)
def _seeded(database: Database) -> None:
    with database.writing() as session:
        calendar.seed(make.work(session))


def test_a_kept_calendar_is_not_filled_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        calendar.remove_day(work, date(2026, 10, 1))
        calendar.seed(work)
        assert date(2026, 10, 1) not in reading.calendar(session).days_off


def test_a_day_entered_moves_deadlines_and_a_day_taken_out_moves_them_back(database: Database) -> None:
    start = date(2026, 11, 9)
    with database.writing() as session:
        work = make.work(session, make.actor(session, ADMIN))
        before = add_working_days(reading.calendar(session), start, 5).end
        calendar.set_day(work, date(2026, 11, 11), kind="off", name="示范节")
        session.flush()
        assert add_working_days(reading.calendar(session), start, 5).end > before
        calendar.remove_day(work, date(2026, 11, 11))
        session.flush()
        assert add_working_days(reading.calendar(session), start, 5).end == before
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == "2026-11-11")).all()
        assert set(actions) == {"calendar.set_day", "calendar.remove_day"}


def test_the_same_day_again_overwrites_it(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        calendar.set_day(work, date(2026, 11, 14), kind="off", name="一")
        calendar.set_day(work, date(2026, 11, 14), kind="work", name="二")
        session.flush()
        found = [one for one in reading.days_of(session, 2026) if one.day == date(2026, 11, 14)]
        assert [(one.kind, one.name) for one in found] == [("work", "二")]


def test_a_year_becomes_firm_when_its_notice_is_named(database: Database) -> None:
    start = date(2027, 3, 1)
    with database.writing() as session:
        work = make.work(session)
        assert add_working_days(reading.calendar(session), start, 5).provisional
        with pytest.raises(AppError) as caught:
            calendar.set_gazetted(work, 2027, gazetted=True, source="")
        assert [one.pointer for one in caught.value.faults] == ["/source"]
        calendar.set_gazetted(work, 2027, gazetted=True, source="示范通知")
        session.flush()
        assert not add_working_days(reading.calendar(session), start, 5).provisional
        calendar.set_gazetted(work, 2027, gazetted=False, source="")
        session.flush()
        assert add_working_days(reading.calendar(session), start, 5).provisional


def test_a_day_in_a_new_year_leaves_it_provisional(database: Database) -> None:
    with database.writing() as session:
        calendar.set_day(make.work(session), date(2028, 1, 3), kind="off", name="元旦")
        session.flush()
        assert next((one.year, one.gazetted) for one in reading.years(session)) == (2028, False)


def test_bad_days_are_refused_by_name(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        for day, kind, code in (
            (date(2026, 11, 11), "work", "calendar.weekday_works_anyway"),
            (date(1999, 1, 1), "off", "calendar.year_range"),
            (date(2101, 1, 1), "off", "calendar.year_range"),
        ):
            with pytest.raises(AppError) as caught:
                calendar.set_day(work, day, kind=kind, name="示范")
            assert caught.value.code == code
        with pytest.raises(AppError) as caught:
            calendar.remove_day(work, date(2026, 11, 11))
        assert caught.value.kind is Kind.UNKNOWN


@pytest.mark.parametrize("person", [CLERK, APPROVER], ids=lambda one: one.username)
def test_only_the_administrator_keeps_it(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        for act in (
            lambda: calendar.set_day(work, date(2026, 11, 14), kind="off", name="示范"),
            lambda: calendar.remove_day(work, date(2026, 10, 1)),
            lambda: calendar.set_gazetted(work, 2027, gazetted=True, source="示范"),
        ):
            with pytest.raises(AppError) as caught:
                act()
            assert caught.value.kind is Kind.UNKNOWN
