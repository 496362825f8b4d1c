"""Chilling: the breach of the sample day, limits at their edges, silences, and properties of the intervals."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.product_rules import RuleKind, shipped
from trace.rules.chilling import BreachKind, ColdStep, Gap, Reading, evaluate, limits_of

RULE = shipped(RuleKind.CHILLING, "lamb")
LIMITS = limits_of(RULE, ColdStep.CHILLING)
START = datetime(2026, 9, 12, 5, 0, tzinfo=UTC)  # 13:00 in Shanghai
STEP = timedelta(minutes=5)
# The sample day whole: one reading each five minutes from 13:00 to 12:55, °C.
ROOM = """
1.8 1.9 1.8 2.1 1.7 2.2 2.3 1.4 1.6 1.9 2.3 2.2 1.7 2.0 2.2 1.9 2.9 1.7 1.2 2.2 2.4 2.3 2.3 1.6 2.1 2.3 2.1 2.2 2.1
2.2 2.3 2.1 2.2 2.2 2.3 2.5 2.4 2.5 1.3 1.3 1.8 2.2 2.2 2.2 2.5 1.9 2.0 2.2 2.3 1.9 1.6 2.2 2.0 2.4 2.4 2.1 2.3 2.0
2.2 2.3 2.1 1.6 2.4 2.0 2.1 1.8 1.6 2.2 2.6 2.3 1.6 1.7 2.2 1.3 1.8 2.1 2.2 2.2 2.0 2.7 1.9 2.1 1.4 2.5 1.6 2.6 1.2
2.1 2.5 2.0 2.3 2.5 1.8 2.5 2.3 1.7 5.6 6.2 6.4 6.3 5.8 6.7 6.2 6.2 6.3 6.7 6.1 6.0 1.8 2.1 2.0 1.6 1.7 2.1 1.9 2.1
2.0 2.1 2.1 1.8 2.7 2.3 2.3 2.8 1.9 2.0 2.2 2.6 2.5 2.3 1.6 1.9 2.8 2.0 1.9 1.9 2.4 1.6 2.0 2.6 3.0 1.7 1.9 1.7 1.9
1.6 2.5 1.9 2.6 2.0 2.4 2.3 1.7 2.4 2.2 1.3 1.6 2.1 1.6 2.4 1.8 1.9 2.6 2.8 2.0 2.6 2.0 1.9 1.8 2.6 2.2 1.7 2.3 2.4
2.2 2.6 1.9 2.5 1.9 1.7 2.5 2.2 1.9 3.0 1.5 2.7 1.8 2.3 2.0 1.9 1.6 1.5 1.4 2.2 2.2 1.2 2.1 2.6 1.8 2.3 2.1 2.0 1.8
2.0 1.2 1.6 1.9 1.7 2.1 1.8 2.3 2.0 2.0 2.1 2.0 2.4 2.2 2.1 2.4 1.9 2.3 1.9 1.7 1.8 1.4 1.4 1.9 1.8 2.6 1.7 2.3 2.0
1.7 1.6 2.1 1.7 1.7 1.8 2.3 1.3 1.5 2.5 1.8 2.0 2.6 2.0 2.0 2.5 2.2 2.0 1.7 2.5 1.6 1.2 1.6 1.9 2.1 1.9 2.6 2.0 2.3
2.3 2.0 2.2 1.7 2.0 1.7 2.1 2.4 2.1 1.8 2.4 1.4 2.1 1.9 2.3 1.9 2.5 1.8 2.4 2.1 1.6 2.6 1.8 1.9 2.9 1.9 1.2
"""
CORE = """
33.1 32.2 31.4 30.6 29.7 29.0 28.2 27.5 26.8 26.1 25.4 24.7 24.1 23.5 22.9 22.3 21.8 21.2 20.6 20.1 19.6 19.1 18.7
18.2 17.7 17.3 16.9 16.5 16.1 15.7 15.3 14.9 14.6 14.2 13.9 13.6 13.3 13.0 12.6 12.3 12.0 11.7 11.5 11.2 11.0 10.7
10.5 10.2 10.0 9.8 9.6 9.4 9.2 9.0 8.8 8.6 8.4 8.2 8.1 7.9 7.7 7.6 7.4 7.3 7.1 7.0 6.8 6.7 6.6 6.5 6.3 6.2 6.1 6.0
5.8 5.7 5.6 5.5 5.4 5.4 5.3 5.2 5.1 5.0 4.9 4.8 4.7 4.7 4.6 4.5 4.5 4.4 4.3 4.3 4.2 4.2 4.2 4.3 4.3 4.4 4.4 4.5 4.5
4.6 4.6 4.7 4.7 4.8 4.7 4.6 4.5 4.4 4.4 4.3 4.2 4.2 4.1 4.1 4.0 3.9 3.9 3.9 3.8 3.8 3.7 3.7 3.6 3.6 3.6 3.6 3.5 3.5
3.4 3.4 3.4 3.3 3.3 3.2 3.2 3.2 3.2 3.1 3.1 3.1 3.0 3.0 3.0 2.9 2.9 2.9 2.9 2.9 2.9 2.8 2.8 2.8 2.7 2.7 2.7 2.7 2.7
2.6 2.6 2.6 2.6 2.6 2.6 2.6 2.6 2.6 2.6 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.4 2.5 2.4 2.4 2.4 2.4 2.4 2.4
2.4 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.2 2.2 2.2 2.2 2.2 2.2 2.2 2.2 2.2 2.2 2.2 2.2 2.1 2.2 2.2 2.2 2.2
2.2 2.2 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.1 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0
2.0 2.0 2.0 2.1 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0
2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.0 2.1 2.1 2.0
"""


def readings(values, start=START, step=STEP):
    return [Reading(start + n * step, Decimal(room), Decimal(core)) for n, (room, core) in enumerate(values)]


def sample_day():
    return readings(zip(ROOM.split(), CORE.split(), strict=True))


def shanghai(hour, minute):
    return datetime(2026, 9, 12, hour - 8, minute, tzinfo=UTC)


def test_the_sample_day_has_one_breach_of_the_room():
    day = sample_day()
    report = evaluate(day, LIMITS)
    assert len(day) == 288
    (breach,) = report.breaches
    assert breach.kind is BreachKind.ROOM_ABOVE
    assert (breach.start, breach.end) == (shanghai(21, 0), shanghai(21, 55))
    assert (breach.worst_c, breach.limit_c) == (Decimal("6.7"), Decimal("4"))
    assert (report.hours, report.final_core_c, report.gaps) == (Decimal("23.9"), Decimal("2.0"), ())


@pytest.mark.parametrize(
    ("room", "kind"),
    [("0", None), ("4", None), ("4.1", BreachKind.ROOM_ABOVE), ("-0.1", BreachKind.ROOM_BELOW)],
)
def test_the_limits_themselves_are_kept(room, kind):
    report = evaluate(readings([(room, "5")]), LIMITS)
    assert [breach.kind for breach in report.breaches] == ([kind] if kind else [])


def test_the_core_counts_from_ten_hours_on():
    hourly = readings([("2", "7.1")] * 12, step=timedelta(hours=1))
    (breach,) = evaluate(hourly, LIMITS).breaches
    assert breach.kind is BreachKind.CORE_ABOVE
    assert breach.start == START + timedelta(hours=10)
    assert breach.end == START + timedelta(hours=11)
    assert not evaluate(readings([("2", "7.0")] * 12, step=timedelta(hours=1)), LIMITS).breaches


def test_from_too_warm_to_too_cold_are_two_breaches_in_order():
    report = evaluate(readings([("5", "3"), ("-1", "3"), ("-2", "3"), ("2", "3")]), LIMITS)
    assert [(b.kind, b.worst_c) for b in report.breaches] == [("room_above", Decimal(5)), ("room_below", Decimal(-2))]


def test_a_silence_over_fifteen_minutes_is_a_gap_and_does_not_end_a_breach():
    times = [0, 15, 31]
    day = [Reading(START + timedelta(minutes=minute), Decimal("5"), Decimal("3")) for minute in times]
    report = evaluate(day, LIMITS)
    assert report.gaps == (Gap(day[1].at, day[2].at),)
    assert [(breach.start, breach.end) for breach in report.breaches] == [(day[0].at, day[2].at)]


def test_unusable_records_are_refused():
    good = readings([("2", "5"), ("2", "5")])
    naive = [Reading(datetime(2026, 9, 12, 13, 0), Decimal(2), Decimal(5))]  # noqa: DTZ001
    cases = {
        "chilling.no_readings": [],
        "chilling.not_in_order": good[::-1],
        "chilling.time_without_zone": naive,
        "chilling.not_a_number": [Reading(START, Decimal("NaN"), Decimal(5))],
    }
    for code, day in cases.items():
        with pytest.raises(AppError) as caught:
            evaluate(day, LIMITS)
        assert caught.value.code == code
    with pytest.raises(AppError, match=r"chilling\.not_in_order"):
        evaluate([good[0], good[0]], LIMITS)


celsius = st.decimals("-5", "12", places=1)
days = st.lists(st.tuples(celsius, celsius, st.integers(1, 60)), min_size=1, max_size=60)


def drawn(rows):
    at, day = START, []
    for room, core, minutes in rows:
        at += timedelta(minutes=minutes)
        day.append(Reading(at, room, core))
    return day


@given(days)
def test_breaches_cover_exactly_the_readings_beyond_the_limits(rows):
    day = drawn(rows)
    report = evaluate(day, LIMITS)
    for reading in day:
        late = reading.at - day[0].at >= LIMITS.core_from
        expected = {
            BreachKind.ROOM_ABOVE: reading.room_c > 4,
            BreachKind.ROOM_BELOW: reading.room_c < 0,
            BreachKind.CORE_ABOVE: late and reading.core_c > 7,
        }
        for kind, beyond in expected.items():
            covering = [b for b in report.breaches if b.kind is kind and b.start <= reading.at <= b.end]
            assert len(covering) == beyond


@given(days)
def test_the_worst_value_was_read_inside_and_lies_beyond_the_limit(rows):
    day = drawn(rows)
    for breach in evaluate(day, LIMITS).breaches:
        inside = [r for r in day if breach.start <= r.at <= breach.end]
        values = [r.core_c if breach.kind is BreachKind.CORE_ABOVE else r.room_c for r in inside]
        assert breach.worst_c == (min if breach.kind is BreachKind.ROOM_BELOW else max)(values)
        assert breach.worst_c != breach.limit_c


@given(days)
def test_a_warmer_room_never_has_fewer_warm_readings(rows):
    def warm(shift):
        day = drawn([(room + shift, core, minutes) for room, core, minutes in rows])
        breaches = [b for b in evaluate(day, LIMITS).breaches if b.kind is BreachKind.ROOM_ABOVE]
        return sum(any(b.start <= r.at <= b.end for b in breaches) for r in day)

    assert warm(Decimal(1)) >= warm(Decimal(0))
