"""Charts put readings where they belong, never hide an extreme or a breach, and carry their table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from brand.edge import charts
from brand.edge.scatter import WIDE, Measured, Zone, scatter

BEGIN = datetime(2026, 9, 12, 5, 0, tzinfo=UTC)
NAMES = ("可用", "良好", "优等", "特等")
TEMPERATURES = st.decimals(min_value=-40, max_value=45, places=1)


def every_five_minutes(count: int) -> list[datetime]:
    return [BEGIN + timedelta(minutes=5 * n) for n in range(count)]


def one_line(values: list[Decimal | None], *limits: charts.Limit, most: int = 96) -> charts.LineChart:
    return charts.line_chart(every_five_minutes(len(values)), [charts.Series("core", values)], limits, most=most)


@given(TEMPERATURES, TEMPERATURES)
def test_ticks_enclose_the_range_evenly(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    ticks = charts.tick_values(low, high)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1
    assert 2 <= len(ticks) <= 8


@given(st.lists(TEMPERATURES, min_size=2, max_size=400))
def test_the_line_stays_in_the_plot_and_the_extremes_stay_in_the_table(values: list[Decimal]) -> None:
    chart = one_line(list(values), most=20)
    listed = {Decimal(row[1]) for row in chart.rows}
    assert {min(values), max(values)} <= listed
    points = [point.split() for point in chart.lines[0].path.replace("M", " L").split("L") if point.strip()]
    assert all(charts.LEFT <= Decimal(x) <= charts.RIGHT for x, _ in points)
    assert all(charts.TOP <= Decimal(y) <= charts.BOTTOM for _, y in points)


def test_a_short_breach_between_drawn_readings_is_kept() -> None:
    values: list[Decimal | None] = [Decimal(2)] * 400
    values[201] = values[202] = Decimal("4.1")
    chart = one_line(values, charts.Limit(0, "room", lowest=Decimal(0), highest=Decimal(4)), most=10)
    assert len(chart.breaches) == 2
    assert [row[1] for row in chart.rows].count("4.1") == 2


def test_the_limit_itself_is_no_breach_and_a_limit_waits_for_its_hour() -> None:
    warm = [Decimal(30), Decimal(20), Decimal(7), Decimal(7)]
    times = every_five_minutes(4)
    series = [charts.Series("core", warm)]
    assert charts.out_of_limits(times, series, [charts.Limit(0, "core", highest=Decimal(7), after=times[2])]) == []
    assert charts.out_of_limits(times, series, [charts.Limit(0, "core", highest=Decimal(7), after=times[1])]) == [
        (0, 1)
    ]


def test_too_cold_is_a_breach_too() -> None:
    series = [charts.Series("room", [Decimal(1), Decimal("-0.1")])]
    limit = charts.Limit(0, "room", lowest=Decimal(0), highest=Decimal(4))
    assert charts.out_of_limits(every_five_minutes(2), series, [limit]) == [(0, 1)]


def test_a_silent_logger_leaves_a_gap() -> None:
    chart = one_line([Decimal(3), None, Decimal(4), Decimal(5)])
    assert chart.lines[0].path.count("M") == 2
    assert chart.rows[1][1] == "–"


def test_times_are_shown_in_beijing() -> None:
    chart = charts.line_chart(every_five_minutes(289), [charts.Series("core", [Decimal(3)] * 289)])
    assert chart.rows[0][0] == "2026-09-12 13:00"
    assert [tick.text for tick in chart.x_ticks] == ["18:00", "09-13", "06:00", "12:00"]


def test_bars_share_the_whole_and_the_longest_fills_the_room() -> None:
    chart = charts.bar_chart([("特等", Decimal(41)), ("优等", Decimal(168)), ("手评", Decimal(0))], unit="只")
    assert chart.rows[0] == ("特等", "41 只", "19.6 %")
    assert [bar.length for bar in chart.bars] == [Decimal("47.8"), Decimal(charts.BAR_ROOM), Decimal(0)]


def test_no_bars_and_nothing_but_zeros_are_drawn_empty() -> None:
    assert charts.bar_chart([]).bars == ()
    assert charts.bar_chart([("none", Decimal(0))]).rows == (("none", "0", "0.0 %"),)


def test_names_of_narrow_zones_stand_on_lines_of_their_own() -> None:
    edges = [7, 10, 13, 16, 40]
    zones = [Zone(name, Decimal(low), Decimal(high)) for name, low, high in zip(NAMES, edges, edges[1:], strict=False)]
    found = scatter([Measured(Decimal(20), Decimal("0.4"))], zones).zones
    assert [one.name for one in found] == list(NAMES)
    for line in {one.line for one in found}:
        middles = [one.x + one.width / 2 for one in found if one.line == line]
        assert all(right - left >= 2 * WIDE for left, right in pairwise(middles)), line
    assert found[0].line == found[3].line == 0
