"""Terms and the status on any day, against a reading of the sanctions day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.rules.licence_terms import LicenceStatus, calendar_years, held_back, last_day, status_on

FIRST, LAST = date(2026, 8, 24), date(2029, 8, 23)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 8, 24), 3, date(2029, 8, 23)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
        (date(2028, 2, 29), 3, date(2031, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2027, 3, 1), 1, date(2028, 2, 29)),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(first: date, years: int, last: date) -> None:
    assert last_day(first, years) == last


def test_a_term_touches_one_year_more_than_it_lasts() -> None:
    assert calendar_years(FIRST, LAST) == (2026, 2027, 2028, 2029)
    assert calendar_years(date(2026, 1, 1), date(2028, 12, 31)) == (2026, 2027, 2028)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (FIRST - timedelta(days=1), LicenceStatus.NOT_YET),
        (FIRST, LicenceStatus.VALID),
        (date(2026, 10, 1), LicenceStatus.SUSPENDED),
        (date(2026, 11, 1), LicenceStatus.VALID),
        (LAST, LicenceStatus.VALID),
        (LAST + timedelta(days=1), LicenceStatus.EXPIRED),
        (date(2029, 10, 1), LicenceStatus.REVOKED),
    ],
)
def test_the_status_follows_dates_and_sanctions(day: date, status: LicenceStatus) -> None:
    sanctions = [
        (date(2026, 10, 1), "suspended"),
        (date(2026, 11, 1), "suspended"),
        (date(2026, 11, 1), "valid"),
        (date(2029, 10, 1), "revoked"),
    ]
    assert status_on(FIRST, LAST, sanctions, day) is status


_days = st.dates(FIRST - timedelta(days=40), LAST + timedelta(days=40))


@given(st.lists(st.tuples(_days, st.sampled_from(["suspended", "valid"]))), st.none() | _days, _days)
def test_the_status_agrees_with_walking_the_days(
    changes: list[tuple[date, str]], revoked: date | None, day: date
) -> None:
    changes = sorted((one for one in changes if revoked is None or one[0] <= revoked), key=lambda one: one[0])
    sanctions = changes + ([(revoked, "revoked")] if revoked else [])
    found = status_on(FIRST, LAST, sanctions, day)
    if revoked is not None and day >= revoked:
        assert found is LicenceStatus.REVOKED
    elif day < FIRST:
        assert found is LicenceStatus.NOT_YET
    elif day > LAST:
        assert found is LicenceStatus.EXPIRED
    else:
        before = [state for when, state in changes if when <= day]
        assert found == (before[-1] if before else "valid")


def test_a_halted_holder_holds_a_valid_licence_back_for_whole_days() -> None:
    holder = [(date(2026, 9, 1), "confirmed"), (date(2026, 9, 10), "suspended"), (date(2026, 9, 20), "confirmed")]
    worth = {day: held_back(LicenceStatus.VALID, holder, date(2026, 9, day)) for day in (9, 10, 19, 20)}
    assert worth == {
        9: LicenceStatus.VALID,
        10: LicenceStatus.SUSPENDED,
        19: LicenceStatus.SUSPENDED,
        20: LicenceStatus.VALID,
    }
    assert held_back(LicenceStatus.VALID, [(date(2026, 9, 1), "merged")], date(2026, 9, 2)) is LicenceStatus.SUSPENDED
    assert held_back(LicenceStatus.VALID, [], date(2026, 9, 2)) is LicenceStatus.VALID
    for other in set(LicenceStatus) - {LicenceStatus.VALID}:
        assert held_back(other, holder, date(2026, 9, 10)) is other
