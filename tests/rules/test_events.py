"""Times an event may carry, days without a time, and what a correction may say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from brand.kernel.errors import AppError
from trace.rules.events import (
    BIZ_STEPS,
    CLOCK_DRIFT,
    WITHDRAWABLE,
    EventKind,
    check_changes,
    check_order,
    check_time,
    check_withdrawable,
    correctable,
    is_late,
    moment_of_day,
)
from trace.rules.lots import check_lot, one_shift, same_lot

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


def refusal(act, *given):
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value.code


def test_every_kind_that_stands_by_itself_is_a_business_step():
    assert set(BIZ_STEPS) == set(EventKind) - {EventKind.CORRECTION, EventKind.ANSWER, EventKind.WITHDRAWN}


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
    data |= {"cold_kg": "2917.29", "from": "2026-09-12T00:00:00+00:00", "count": 3}
    assert correctable(data) == ["laboratory"]
    check_changes(data, {"laboratory": "示范检测所"})
    assert refusal(check_changes, data, {"laboratory": "示范检测中心"}) == "events.no_change"
    assert refusal(check_changes, data, {}) == "events.no_change"
    for name in ("head", "cold_kg", "from", "count"):
        assert refusal(check_changes, data, {name: "9999"}) == "events.figure"
    for name in ("grades", "nothing"):
        assert refusal(check_changes, data, {name: "x"}) == "events.no_such_value"


def test_what_is_late_by_its_hours():
    noon = datetime(2026, 9, 12, 4, 0, tzinfo=UTC)
    for hours, late in ((24, False), (23, True), (None, False)):
        assert is_late(noon, noon + timedelta(hours=24), hours, day_only=False) is late
    over = datetime(2026, 9, 12, 16, 0, tzinfo=UTC)
    assert not is_late(noon, over + timedelta(hours=24), 24, day_only=True), "the hours begin when the day is over"
    assert is_late(noon, over + timedelta(hours=24, seconds=1), 24, day_only=True)


def test_only_what_moved_nothing_is_withdrawn_by_itself():
    for kind in EventKind:
        if kind in WITHDRAWABLE:
            check_withdrawable(kind, joined=False, open_breach=False)
            assert refusal(partial(check_withdrawable, kind, joined=True, open_breach=False)) == "events.withdraw_there"
            assert refusal(partial(check_withdrawable, kind, joined=False, open_breach=True)) == "events.answer_first"
        else:
            refused = partial(check_withdrawable, kind, joined=False, open_breach=False)
            assert refusal(refused) == "events.withdraw_there"


def test_nothing_happens_before_the_goods_are_there():
    check_order(datetime(2026, 9, 11, 16, 0, tzinfo=UTC), date(2026, 9, 12), "A")
    before = datetime(2026, 9, 11, 15, 59, tzinfo=UTC)
    assert refusal(check_order, before, date(2026, 9, 12), "A") == "events.before_batch"


def test_a_lot_is_read_in_capitals_and_half_width():
    assert check_lot(" ２０２６０９１２a ") == "20260912A"
    assert same_lot("20260912a", "20260912A")
    assert not same_lot("20260912B", "20260912A")
    for wrong in ("", "A" * 21, "A/1", "A B", "批1"):
        assert refusal(check_lot, wrong) == "lots.shape"


def test_a_night_shift_is_one_lot_and_the_next_day_another():
    assert one_shift(NOW, NOW + timedelta(hours=23, minutes=59))
    assert not one_shift(NOW, NOW + timedelta(hours=24))
