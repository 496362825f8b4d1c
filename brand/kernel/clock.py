"""The only place that asks what time it is; everything else receives a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
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
