"""Withdrawal periods: which day is the last closed one, and what closes slaughter on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.rules.withdrawal import MOST_DAYS, Use, closed_until, opens, running

D = date(2026, 6, 1)


@pytest.mark.parametrize(("days", "last"), [(1, date(2026, 6, 2)), (28, date(2026, 6, 29)), (30, date(2026, 7, 1))])
def test_the_last_day_is_still_closed(days: int, last: date) -> None:
    until = closed_until(D, days)
    assert until == last
    assert running([Use("示范药", "1", D, until)], last)
    assert not running([Use("示范药", "1", D, until)], opens(last))


def test_a_label_that_asks_for_none_closes_nothing() -> None:
    assert closed_until(D, 0) is None
    assert running([Use("示范疫苗", "1", D, None)], D) == []


@pytest.mark.parametrize("days", [-1, MOST_DAYS + 1])
def test_impossible_periods_are_refused_with_the_bound(days: int) -> None:
    with pytest.raises(AppError) as caught:
        closed_until(D, days)
    assert (caught.value.code, caught.value.params["days"]) == ("withdrawal.days", days)


def test_what_is_given_later_closes_nothing_earlier_and_the_longest_comes_first() -> None:
    short, long = Use("短", "1", D, D + timedelta(3)), Use("长", "2", D, D + timedelta(9))
    later = Use("后", "3", D + timedelta(5), D + timedelta(50))
    assert running([short, long, later], D + timedelta(2)) == [long, short]
    assert running([short, long, later], D + timedelta(5)) == [later, long]


@settings(max_examples=60)
@given(st.integers(1, MOST_DAYS), st.integers(0, 2 * MOST_DAYS))
def test_closed_exactly_from_the_dose_to_the_last_day(days: int, after: int) -> None:
    """N whole days certainly lie between a dose of unknown hour and the first open day."""
    use = Use("药", "1", D, closed_until(D, days))
    assert bool(running([use], D + timedelta(after))) == (after <= days)
