"""Times an event may carry, days without a time, and what a correction may say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from brand.kernel.errors import AppError
from trace.rules.events import BIZ_STEPS, CLOCK_DRIFT, EventKind, check_changes, check_time, correctable, moment_of_day
from trace.rules.lots import check_lot, one_shift, same_lot

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


def refusal(act, *given):
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value.code


def test_every_kind_that_stands_by_itself_is_a_business_step():
    assert set(BIZ_STEPS) == set(EventKind) - {EventKind.CORRECTION, EventKind.ANSWER}


def test_a_clock_may_be_five_minutes_ahead_and_no_more():
    check_time(NOW + CLOCK_DRIFT, NOW)
    assert refusal(check_time, NOW + CLOCK_DRIFT + timedelta(seconds=1), NOW) == "events.in_future"
    assert refusal(check_time, NOW.replace(tzinfo=None), NOW) == "events.time_without_zone"


def test_a_day_stands_at_its_noon_in_china_and_today_at_now():
    assert moment_of_day(date(2026, 9, 12), NOW) == datetime(2026, 9, 12, 4, 0, tzinfo=UTC)
    assert moment_of_day(date(2026, 9, 14), NOW) == NOW
    just_after_midnight = datetime(2026, 9, 13, 16, 1, tzinfo=UTC)
    assert moment_of_day(date(2026, 9, 14), just_after_midnight) == just_after_midnight


def test_what_a_correction_may_say():
    data = {"head": 160, "grades": {"special": 3}, "cuts": ["羊腿"], "passed": True, "laboratory": "示范检测中心"}
    assert correctable(data) == ["head", "laboratory"]
    check_changes(data, {"head": "159"})
    assert refusal(check_changes, data, {"head": "160"}) == "events.no_change"
    assert refusal(check_changes, data, {}) == "events.no_change"
    for name in ("grades", "passed", "nothing"):
        assert refusal(check_changes, data, {name: "x"}) == "events.no_such_value"


def test_a_lot_is_read_in_capitals_and_half_width():
    assert check_lot(" ２０２６０９１２a ") == "20260912A"
    assert same_lot("20260912a", "20260912A")
    assert not same_lot("20260912B", "20260912A")
    for wrong in ("", "A" * 21, "A/1", "A B", "批1"):
        assert refusal(check_lot, wrong) == "lots.shape"


def test_a_night_shift_is_one_lot_and_the_next_day_another():
    assert one_shift(NOW, NOW + timedelta(hours=23, minutes=59))
    assert not one_shift(NOW, NOW + timedelta(hours=24))
