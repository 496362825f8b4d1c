"""The only place that asks what time it is; everything else receives a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The moment as a clock on a Chinese wall shows it."""
    return moment.astimezone(CHINA)


def local_day(moment: datetime) -> date:
    """The calendar day in China on which the moment falls; deadlines count these days."""
    return local(moment).date()


def day_begins(day: date) -> datetime:
    """The first moment of that calendar day in China."""
    return datetime.combine(day, time(0), CHINA)
