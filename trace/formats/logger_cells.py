"""Reads one cell of a recorder's file: a temperature with or without its sign, a date in any usual order, a time.

Source: exports of common recorders; times are Chinese wall-clock time.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from brand.kernel.errors import invalid
from trace.formats.cells import CHINA, Moment, Number, compact, shown
from trace.formats.tables import Cell

TEMPERATURE = Number(Decimal(-60), Decimal(60), 2)
DATE = re.compile(r"([0-9]{1,4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,4})日?")
CLOCK = re.compile(
    r"(?P<before>am|pm|上午|下午)?([0-9]{1,2})[:时]([0-9]{2})(?:[分:]([0-9]{2})(?:\.0+)?秒?)?(?P<after>am|pm|上午|下午)?",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"(?:°c|℃|c)$", re.IGNORECASE)
_SILENT = frozenset({"", "-", "--", "---", "open", "err", "error", "n/a", "na", "nan", "无", "断线"})


class DayOrder(StrEnum):
    """How a date is written; a two-digit year is of this century."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def degrees(cell: Cell) -> Decimal | None:
    """°C between −60 and 60 with at most two decimals; None for the signs recorders write when a probe is silent."""
    if not isinstance(cell, str):
        return TEMPERATURE.read(cell)
    text = _SIGNS.sub("", compact(cell))
    if text.casefold() in _SILENT:
        return None
    return TEMPERATURE.read(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)


def moment(cell: Cell, order: DayOrder) -> datetime:
    """A date with a time on a Chinese clock → aware UTC; raises ``imports.not_a_time``."""
    if isinstance(cell, str):
        parts = re.split(r"[ T]+", " ".join(_words(cell)), maxsplit=1)
        if len(parts) == 2:
            return joined(parts[0], parts[1], order)
    return Moment().read(cell)


def joined(day_cell: Cell, clock_cell: Cell, order: DayOrder) -> datetime:
    """A day and a time of day from two cells."""
    clock = clock_cell.strftime("%H:%M:%S") if isinstance(clock_cell, datetime) else compact(str(clock_cell))
    match = CLOCK.fullmatch(clock)
    found = day_of(day_cell, order)
    if match is None or found is None:
        raise invalid("imports.not_a_time", value=f"{shown(day_cell)} {shown(clock_cell)}")
    hour = int(match[2])
    half = (match["before"] or match["after"] or "").casefold()
    if half and not 1 <= hour <= 12:
        raise invalid("imports.not_a_time", value=shown(clock_cell))
    if half:
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    try:
        local = datetime(found.year, found.month, found.day, hour, int(match[3]), int(match[4] or 0), tzinfo=CHINA)
    except ValueError:
        raise invalid("imports.not_a_time", value=f"{shown(day_cell)} {shown(clock_cell)}") from None
    return Moment().read(local.replace(tzinfo=None))


def day_of(cell: Cell, order: DayOrder) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = DATE.fullmatch(compact(str(cell)))
    if match is None:
        return None
    first, second, third = (int(one) for one in match.groups())
    if len(match[1]) == 4:
        year, month, day = first, second, third
    else:
        year = third if len(match[3]) == 4 else 2000 + third
        month, day = (second, first) if order is DayOrder.DAY_FIRST else (first, second)
        if order is DayOrder.YEAR_FIRST:
            year, month, day = (2000 + first, second, third) if len(match[3]) < 3 else (third, second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _words(text: str) -> list[str]:
    """The words of a cell in plain signs; «PM» goes to the time it belongs to."""
    words = [compact(one) for one in text.split()]
    return [words[0], "".join(words[1:])] if len(words) > 1 else words
