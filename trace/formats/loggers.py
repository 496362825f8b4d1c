"""Reads temperature files of any recorder: guesses which column is what, says so, and reads by the columns it is told.

Source: exports of common recorders: lines about the device above the headings, one or two channels, day and time in one
or two cells, day-first, month-first or year-first dates, comma, semicolon or tab, a comma as the decimal sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice

from brand.kernel.errors import AppError, Fault, invalid
from trace.formats.cells import compact
from trace.formats.logger_cells import CLOCK, DATE, DayOrder, day_of, degrees, joined, moment
from trace.formats.tables import Cell, Row, Sheet, letter

#: Rows looked at for the guess, headings and lines about the device among them.
LOOKED_AT = 60
NOWHERE = -1


_PLACES = ("heading", "at", "clock", "room", "core")


@dataclass(frozen=True)
class LoggerShape:
    """Where things stand: columns from 0 (-1: not there), and the heading's row (0: none)."""

    heading: int
    at: int
    clock: int = NOWHERE
    room: int = NOWHERE
    core: int = NOWHERE
    order: DayOrder = DayOrder.YEAR_FIRST

    def said(self) -> dict[str, str]:
        """As kept beside a file and with a device."""
        return {name: str(value) for name, value in asdict(self).items()}

    @staticmethod
    def of(said: Mapping[str, str]) -> LoggerShape | None:
        """The shape told beside a file, if any; raises ``loggers.columns`` for one that cannot be."""
        if "at" not in said:
            return None
        try:
            heading, at, clock, room, core = (int(said.get(name, "-1")) for name in _PLACES)
            order = DayOrder(said.get("order", DayOrder.YEAR_FIRST))
        except ValueError:
            raise _columns("/at") from None
        shape = LoggerShape(heading, at, clock, room, core, order)
        columns = [one for one in (shape.at, shape.clock, shape.room, shape.core) if one != NOWHERE]
        if shape.heading < 0 or shape.at < 0 or min(columns) < 0 or max(columns) > 200:
            raise _columns("/at")
        if len(set(columns)) != len(columns):
            raise _columns("/core")
        if shape.room == shape.core == NOWHERE:
            raise _columns("/room")
        return shape


@dataclass(frozen=True)
class Reading:
    """One line: its row, the moment in UTC, temperatures in °C; None where the channel was silent or absent."""

    row: int
    at: datetime
    room_c: Decimal | None
    core_c: Decimal | None


_ROOM = re.compile(r"库|室|环境|空气|房|间温|room|ambient|air|internal|内置|ch(annel)?1$|通道1|温度1|t1", re.IGNORECASE)
_CORE = re.compile(r"中心|肉|胴体|产品|core|probe|探头|external|外置|ch(annel)?2$|通道2|温度2|t2", re.IGNORECASE)
_OTHER = re.compile(r"湿|humid|rh|序号|编号|^no\.?$|电|batt|露点|dew|volt|信号", re.IGNORECASE)
_SERIAL = re.compile(r"(?:设备|仪器|记录仪)?(?:序列号|编号|serial(?:number|no\.?)?|s/?n)[:：]?(.*)", re.IGNORECASE)


def guess(sheet: Sheet) -> LoggerShape | None:
    """What the columns most likely are; None where no column reads as time beside one that reads as temperature."""
    rows = sheet.rows[:LOOKED_AT]
    width = max((len(row.cells) for row in rows), default=0)
    order = _order(rows, width)
    times = [_count(rows, index, lambda cell: _day_or_moment(cell, order)) for index in range(width)]
    if not width or not max(times):
        return None
    at = times.index(max(times))
    clock = _clock_column(rows, at, width)
    first = next(row.number for row in rows if _reads(lambda cell: _day_or_moment(cell, order), _cell(row, at)))
    heading = first - 1 if first > 1 and len([one for one in rows[first - 2].cells if one != ""]) > 1 else 0
    names = {index: str(_cell(rows[heading - 1], index)) if heading else "" for index in range(width)}
    taken = {at, clock}
    untaken = (one for one in range(width) if one not in taken and not _OTHER.search(compact(names[one])))
    fitting = [index for index in untaken if _count(rows[first - 1 :], index, _degrees)]
    shape = LoggerShape(heading, at, clock, order=order)
    return _channels(shape, fitting, names) if fitting else None


def _channels(shape: LoggerShape, fitting: Sequence[int], names: Mapping[int, str]) -> LoggerShape:
    core = next((one for one in fitting if _CORE.search(compact(names[one]))), NOWHERE)
    room = next((one for one in fitting if one != core and _ROOM.search(compact(names[one]))), NOWHERE)
    rest = [one for one in fitting if one not in (room, core)]
    if room == NOWHERE and rest:
        room = rest.pop(0)
    if core == NOWHERE and rest:
        core = rest.pop(0)
    return replace(shape, room=room, core=core)


def serial_of(sheet: Sheet) -> str:
    """The recorder's serial number, where the lines above the headings tell it."""
    for row in sheet.rows[:20]:
        for index, cell in enumerate(row.cells):
            match = _SERIAL.fullmatch(compact(str(cell)))
            if match:
                told = match[1] or compact(str(_cell(row, index + 1)))
                if re.fullmatch(r"[0-9A-Za-z._/-]{2,40}", told):
                    return told
    return ""


def read_by(sheet: Sheet, shape: LoggerShape) -> tuple[tuple[Reading, ...], tuple[Fault, ...], int]:
    """Readings, faults at their cells, and how many lines held anything."""
    readings: list[Reading] = []
    faults: list[Fault] = []
    lines = 0
    for row in sheet.rows[shape.heading :]:
        if not any(_cell(row, index) != "" for index in (shape.at, shape.room, shape.core) if index != NOWHERE):
            continue
        lines += 1
        try:
            at = _moment(row, shape)
            values = [_temperature(row, index) for index in (shape.room, shape.core)]
        except _BadCellError as bad:
            faults.append(_fault(bad.error, row, bad.index, sheet, shape))
            continue
        if readings and at <= readings[-1].at:
            error = invalid("cold_room.time_not_after", first_row=readings[-1].row)
            faults.append(_fault(error, row, shape.at, sheet, shape))
        elif any(one is not None for one in values):
            readings.append(Reading(row.number, at, *values))
    return tuple(readings), tuple(faults), lines


class _BadCellError(Exception):
    def __init__(self, error: AppError, index: int) -> None:
        self.error, self.index = error, index


def _fault(error: AppError, row: Row, index: int, sheet: Sheet, shape: LoggerShape) -> Fault:
    heading = str(_cell(sheet.rows[shape.heading - 1], index)) if shape.heading else letter(index)
    params = {**error.params, "column": heading, "row": row.number}
    return Fault(error.code, f"{letter(index)}{row.number}", params, row.number, heading)


def _moment(row: Row, shape: LoggerShape) -> datetime:
    cell = _cell(row, shape.at)
    try:
        if shape.clock == NOWHERE:
            return moment(cell, shape.order)
        return joined(cell, _cell(row, shape.clock), shape.order)
    except AppError as error:
        raise _BadCellError(error, shape.at) from None


def _temperature(row: Row, index: int) -> Decimal | None:
    if index == NOWHERE:
        return None
    cell = _cell(row, index)
    try:
        return degrees(cell)
    except AppError as error:
        raise _BadCellError(error, index) from None


def _order(rows: Iterable[Row], width: int) -> DayOrder:
    """By the first date whose figures leave no choice; else as in China."""
    seen = [
        match.groups()
        for row in rows
        for cell in row.cells[:width]
        if isinstance(cell, str) and (match := DATE.fullmatch(compact(re.split(r"[ T]", cell.strip())[0])))
    ]
    if any(len(one[0]) == 4 for one in seen) or not seen:
        return DayOrder.YEAR_FIRST
    if all(len(one[2]) < 3 for one in seen) and any(int(one[0]) > 12 for one in seen) and _same(seen, 0):
        return DayOrder.YEAR_FIRST  # 26-09-12: the first figure never changes, a day would
    return DayOrder.MONTH_FIRST if any(int(one[1]) > 12 for one in seen) else DayOrder.DAY_FIRST


def _same(seen: Sequence[tuple[str, ...]], place: int) -> bool:
    return len({one[place] for one in seen}) == 1 and int(seen[0][place]) >= 20


def _day_or_moment(cell: Cell, order: DayOrder) -> object:
    found = day_of(cell, order)
    return found if found is not None and not isinstance(cell, datetime) else moment(cell, order)


def _degrees(cell: Cell) -> object:
    if degrees(cell) is None:
        raise invalid("imports.not_a_number", value="")
    return cell


def _clock_column(rows: Sequence[Row], at: int, width: int) -> int:
    """The column of the time of day, where the first holds days only."""
    if any(":" in str(_cell(row, at)) or isinstance(_cell(row, at), datetime) for row in islice(rows, 1, None)):
        return NOWHERE
    hits = {
        index: sum(1 for row in rows if CLOCK.fullmatch(compact(str(_cell(row, index)))))
        for index in range(width)
        if index != at
    }
    best = max(hits, key=lambda index: hits[index], default=NOWHERE)
    return best if best != NOWHERE and hits[best] else NOWHERE


def _count(rows: Sequence[Row], index: int, read: Callable[[Cell], object]) -> int:
    return sum(1 for row in rows if _reads(read, _cell(row, index)))


def _reads(read: Callable[[Cell], object], cell: Cell) -> bool:
    try:
        return cell != "" and read(cell) is not None
    except AppError:
        return False


def _cell(row: Row, index: int) -> Cell:
    return row.cells[index] if 0 <= index < len(row.cells) else ""


def _columns(pointer: str) -> AppError:
    return invalid("loggers.columns", faults=[Fault("loggers.columns", pointer)])
