"""Sizes, ranges and quarters of label orders."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.rules.labels import LARGEST_ORDER, check_order_size, check_range, kept_until, quarter_of, quarter_window

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_day_lies_in_the_window_of_its_quarter_and_in_no_other(day):
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)  # noon in China
    begin, end = quarter_window(quarter_of(day))
    assert begin <= noon < end
    before = quarter_window(quarter_of((begin - timedelta(days=1)).date()))
    assert before[1] == begin


def test_quarters_begin_at_midnight_in_china():
    assert quarter_window("2026Q4") == (datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    with pytest.raises(ValueError, match="2026Q5"):
        quarter_window("2026Q5")


@given(DAYS, st.none() | DAYS)
def test_a_public_key_outlives_goods_and_quarter_by_two_years(day, last_good_day):
    quarter = quarter_of(day)
    kept = kept_until(quarter, last_good_day)
    assert kept.date() >= quarter_window(quarter)[1].date() + timedelta(days=730)
    if last_good_day:
        assert kept.date() >= last_good_day + timedelta(days=730)


@pytest.mark.parametrize("packs", [-1, 0, LARGEST_ORDER + 1])
def test_orders_of_no_size(packs):
    with pytest.raises(AppError, match=r"labels\.order_size"):
        check_order_size(packs)


def test_orders_of_a_size():
    check_order_size(1)
    check_order_size(LARGEST_ORDER)


@given(st.integers(-3, 30), st.integers(-3, 30), st.integers(1, 20))
def test_a_range_lies_inside(first, last, packs):
    inside = first >= 1 and first <= last and last <= packs
    if inside:
        check_range(first, last, packs)
        return
    with pytest.raises(AppError, match=r"labels\.range") as caught:
        check_range(first, last, packs)
    assert caught.value.faults[0].pointer in ("/first", "/last")
