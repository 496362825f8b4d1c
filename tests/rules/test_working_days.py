"""Working days over holidays, make-up weekends and years without a notice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.working_day_seed import seed_calendar, seed_rows, seed_years
from brand.rules.working_days import Calendar, DayKind, add_working_days, calendar, is_working_day

SEED = seed_calendar()
EMPTY = Calendar(frozenset(), frozenset(), frozenset())
days = st.dates(date(2004, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "end", "provisional"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10), False),  # over National Day, on a Saturday worked
        (date(2026, 9, 7), 5, date(2026, 9, 14), False),  # a plain week
        (date(2026, 9, 11), 1, date(2026, 9, 14), False),  # Friday to Monday
        (date(2026, 9, 12), 1, date(2026, 9, 14), False),  # from a Saturday
        (date(2026, 9, 19), 1, date(2026, 9, 20), False),  # onto a Sunday worked
        (date(2026, 9, 12), 0, date(2026, 9, 12), False),
        (date(2026, 2, 13), 2, date(2026, 2, 24), False),  # Spring Festival: 14 worked, 15–23 off
        (date(2026, 12, 31), 1, date(2027, 1, 1), True),  # nobody has gazetted 2027 yet
        (date(2026, 12, 28), 5, date(2027, 1, 4), True),
        (date(2026, 12, 28), 3, date(2026, 12, 31), False),
        (date(2003, 12, 31), 1, date(2004, 1, 2), True),
    ],
)
def test_known_periods(start, count, end, provisional):
    deadline = add_working_days(SEED, start, count)
    assert (deadline.end, deadline.provisional) == (end, provisional)


#: The six weekend days worked in 2026 by the State Council's notice, each with the holiday it makes up for.
MAKE_UP_2026 = (
    (date(2026, 1, 4), "元旦"),
    (date(2026, 2, 14), "春节"),
    (date(2026, 2, 28), "春节"),
    (date(2026, 5, 9), "劳动节"),
    (date(2026, 9, 20), "国庆节"),
    (date(2026, 10, 10), "国庆节"),
)


@pytest.mark.parametrize(("day", "name"), MAKE_UP_2026, ids=lambda one: str(one))
def test_each_make_up_day_of_2026_counts_as_a_working_day(day, name):
    assert day.weekday() >= 5
    assert is_working_day(SEED, day)
    assert add_working_days(SEED, day - timedelta(days=1), 1).end == day
    assert (day, DayKind.WORK, name) in {(row.day, row.kind, row.name) for row in seed_rows()}


def test_no_other_weekend_day_of_2026_is_worked():
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    worked = [day for day in year if day.weekday() >= 5 and is_working_day(SEED, day)]
    assert worked == [day for day, _ in MAKE_UP_2026]


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_two_periods_in_a_row_are_one_long_one(start, first, second):
    middle = add_working_days(SEED, start, first)
    last = add_working_days(SEED, middle.end, second)
    whole = add_working_days(SEED, start, first + second)
    assert whole.end == last.end
    assert whole.provisional == (middle.provisional or last.provisional)


@given(days, st.integers(1, 60))
def test_the_end_is_a_working_day_and_the_count_is_exact(start, count):
    end = add_working_days(SEED, start, count).end
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert is_working_day(SEED, end)
    assert sum(is_working_day(SEED, day) for day in between) == count


@given(days, st.integers(1, 60))
def test_without_any_notice_weekdays_are_a_guess_and_say_so(start, count):
    deadline = add_working_days(EMPTY, start, count)
    assert deadline.provisional
    assert deadline.end.weekday() < 5


@pytest.mark.parametrize("count", [-1, 2001])
def test_impossible_counts_are_refused(count):
    with pytest.raises(AppError) as caught:
        add_working_days(SEED, date(2026, 9, 28), count)
    assert caught.value.code == "working_days.days"


def test_a_start_at_the_end_of_time_is_refused():
    with pytest.raises(AppError) as caught:
        add_working_days(SEED, date.max, 1)
    assert caught.value.code == "working_days.start"


def test_the_seed_is_plain_rows_an_administrator_can_edit():
    rows = list(seed_rows())
    assert seed_years() >= set(range(2004, 2027))
    assert [row.day for row in rows] == sorted({row.day for row in rows})
    assert ("国庆节", DayKind.WORK) in {(row.name, row.kind) for row in rows if row.day == date(2026, 10, 10)}
    assert calendar(rows, seed_years()) == SEED
    assert all(row.day.weekday() >= 5 for row in rows if row.kind is DayKind.WORK)


def test_an_edited_row_moves_the_deadline():
    edited = calendar((row for row in seed_rows() if row.day != date(2026, 10, 10)), seed_years())
    assert add_working_days(edited, date(2026, 9, 28), 5).end == date(2026, 10, 12)
