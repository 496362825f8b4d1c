"""Where the lines and bars of a chart stand: pure geometry for templates/parts/charts.html, no Flask, no colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
WIDTH, HEIGHT = 400, 240
LEFT, RIGHT, TOP, BOTTOM = 32, 392, 10, 208
HOUR_STEPS = (1, 2, 3, 6, 12, 24, 48, 72, 168)
BAR_LEFT, BAR_ROOM, BAR_PITCH, BAR_HEIGHT = 86, 196, 34, 20


@dataclass(frozen=True)
class Series:
    """One measured quantity over time; ``values`` has one entry per time, None where the logger was silent."""

    name: str
    values: Sequence[Decimal | None]


@dataclass(frozen=True)
class Limit:
    """A threshold that holds for one series (by index); beyond ``highest`` or below ``lowest`` is a breach.

    ``after`` is when it begins to hold (cores are warm at first); None means from the start.
    """

    series: int
    text: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    after: datetime | None = None


@dataclass(frozen=True)
class Tick:
    at: Decimal
    text: str


@dataclass(frozen=True)
class Band:
    top: Decimal
    height: Decimal


@dataclass(frozen=True)
class Point:
    x: Decimal
    y: Decimal


@dataclass(frozen=True)
class Line:
    name: str
    path: str


@dataclass(frozen=True)
class LineChart:
    """Everything in units of the view box; ``rows`` is the table twin: time, then one text per series."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    limits: tuple[Tick, ...]
    lines: tuple[Line, ...]
    breaches: tuple[Point, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    top: int
    middle: Decimal
    height: int
    length: Decimal


@dataclass(frozen=True)
class BarChart:
    """Lying bars with their words; ``rows`` is the table twin: label, value, share in percent."""

    width: int
    height: int
    left: int
    bars: tuple[Bar, ...]
    rows: tuple[tuple[str, str, str], ...]


def rounded(value: Decimal) -> Decimal:
    """A tenth of a view-box unit is finer than any screen."""
    return value.quantize(Decimal("0.1"))


def tick_values(lowest: Decimal, highest: Decimal, about: int = 5) -> list[Decimal]:
    """Round numbers (1, 2, 5 × a power of ten apart) that enclose the range."""
    span = (highest - lowest) or Decimal(1)
    power = Decimal(10) ** (span / about).log10().to_integral_value(ROUND_FLOOR)
    step = next(power * m for m in (1, 2, 5, 10) if power * m * about >= span)
    first = (lowest / step).to_integral_value(ROUND_FLOOR)
    last = (highest / step).to_integral_value(ROUND_CEILING)
    return [step * n for n in range(int(first), max(int(last), int(first) + 1) + 1)]


def thinned(count: int, most: int, keep: Iterable[int] = ()) -> list[int]:
    """At most about ``most`` indices, evenly spread, first and last among them, and every one of ``keep``."""
    if count <= most:
        return list(range(count))
    spread = {round(i * (count - 1) / (most - 1)) for i in range(most)}
    return sorted(spread | set(keep))


def out_of_limits(
    times: Sequence[datetime], series: Sequence[Series], limits: Sequence[Limit]
) -> list[tuple[int, int]]:
    """(series, index) of every reading beyond a limit that holds for it at that time."""
    return [
        (limit.series, i)
        for limit in limits
        for i, value in enumerate(series[limit.series].values)
        if value is not None
        and (limit.after is None or times[i] >= limit.after)
        and (
            (limit.highest is not None and value > limit.highest) or (limit.lowest is not None and value < limit.lowest)
        )
    ]


def extremes(values: Sequence[Decimal | None]) -> list[int]:
    """Indices of the lowest and highest reading: thinning must not hide them."""
    known = [(value, i) for i, value in enumerate(values) if value is not None]
    return [min(known)[1], max(known)[1]] if known else []


class Scale:
    """Time to x and value to y within the plot."""

    def __init__(self, begin: datetime, end: datetime, low: Decimal, high: Decimal) -> None:
        self.begin, self.low = begin, low
        self.seconds = Decimal((end - begin).total_seconds()) or Decimal(1)
        self.span = high - low

    def x(self, time: datetime) -> Decimal:
        passed = Decimal((time - self.begin).total_seconds())
        return rounded(LEFT + (RIGHT - LEFT) * passed / self.seconds)

    def y(self, value: Decimal) -> Decimal:
        return rounded(BOTTOM - (BOTTOM - TOP) * (value - self.low) / self.span)


def hour_ticks(begin: datetime, end: datetime, scale: Scale, zone: tzinfo) -> tuple[Tick, ...]:
    """At most six round hours; midnight shows the day instead."""
    hours = (end - begin).total_seconds() / 3600
    step = next((s for s in HOUR_STEPS if hours / s <= 6), HOUR_STEPS[-1])
    midnight = begin.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    times = (midnight + timedelta(hours=step * n) for n in range(int((hours + 24) / step) + 1))
    return tuple(Tick(scale.x(t), f"{t:%m-%d}" if t.hour == 0 else f"{t:%H:%M}") for t in times if begin <= t <= end)


def path(points: Iterable[Point | None]) -> str:
    """An SVG path; a silent logger (None) lifts the pen."""
    steps, pen_down = [], False
    for point in points:
        if point is not None:
            steps.append(f"{'L' if pen_down else 'M'}{point.x} {point.y}")
        pen_down = point is not None
    return "".join(steps)


def limit_band(limit: Limit, scale: Scale) -> Band | None:
    if limit.lowest is None or limit.highest is None:
        return None
    top = scale.y(limit.highest)
    return Band(top, scale.y(limit.lowest) - top)


def line_chart(
    times: Sequence[datetime],
    series: Sequence[Series],
    limits: Sequence[Limit] = (),
    *,
    most: int = 96,
    zone: tzinfo = BEIJING,
) -> LineChart:
    """Geometry of readings over time.

    ``times`` are aware and rising, one per reading, at least two; every series is as long. At most about ``most``
    readings are drawn and listed, always with the extremes and both ends of every stretch beyond a limit.
    """
    beyond = out_of_limits(times, series, limits)
    found = set(beyond)
    edges = [(s, i) for s, i in beyond if (s, i - 1) not in found or (s, i + 1) not in found]
    keep = [i for one in series for i in extremes(one.values)] + [i for _, i in edges]
    shown = thinned(len(times), most, keep)
    known = [v for one in series for v in one.values if v is not None]
    bounds = [b for limit in limits for b in (limit.lowest, limit.highest) if b is not None]
    values = tick_values(min(known + bounds), max(known + bounds))
    scale = Scale(times[0], times[-1], values[0], values[-1])

    def at(s: int, i: int) -> Point | None:
        value = series[s].values[i]
        return None if value is None else Point(scale.x(times[i]), scale.y(value))

    return LineChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        bottom=BOTTOM,
        x_ticks=hour_ticks(times[0], times[-1], scale, zone),
        y_ticks=tuple(Tick(scale.y(v), f"{v:f}") for v in values),
        bands=tuple(band for limit in limits if (band := limit_band(limit, scale)) is not None),
        limits=tuple(Tick(scale.y(limit.highest), limit.text) for limit in limits if limit.highest is not None),
        lines=tuple(Line(one.name, path(at(s, i) for i in shown)) for s, one in enumerate(series)),
        breaches=tuple(point for s, i in edges if (point := at(s, i)) is not None),
        rows=tuple(
            (
                f"{times[i].astimezone(zone):%Y-%m-%d %H:%M}",
                *("–" if one.values[i] is None else str(one.values[i]) for one in series),
            )
            for i in shown
        ),
    )


def bar_chart(values: Sequence[tuple[str, Decimal]], *, unit: str = "") -> BarChart:
    """Geometry of counts or weights per label; ``values`` are not negative, in the order to be shown."""
    total = sum((value for _, value in values), Decimal(0))
    most = max((value for _, value in values), default=Decimal(0)) or Decimal(1)
    bars, rows = [], []
    for n, (label, value) in enumerate(values):
        share = f"{(value / total * 100 if total else Decimal(0)).quantize(Decimal('0.1'))} %"
        top = n * BAR_PITCH + (BAR_PITCH - BAR_HEIGHT) // 2
        text = f"{value:,} {unit}".strip()
        middle = rounded(Decimal(top) + Decimal(BAR_HEIGHT) / 2)
        bars.append(Bar(label, f"{text} · {share}", top, middle, BAR_HEIGHT, rounded(BAR_ROOM * value / most)))
        rows.append((label, text, share))
    return BarChart(WIDTH, max(len(values), 1) * BAR_PITCH, BAR_LEFT, tuple(bars), tuple(rows))
