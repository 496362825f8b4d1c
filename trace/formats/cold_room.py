"""Reads the temperature readings a chiller writes down: time, room and core temperature.

Source: logger exports as received (GB 18030 text or a spreadsheet); GB 31605-2020 asks for the recording.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from brand.kernel.errors import Fault
from trace.formats.cells import Moment, Number, shown, shown_moment
from trace.formats.columns import Column
from trace.formats.lines import Lines, in_reading_order, read_lines
from trace.formats.loggers import LoggerShape, guess, read_by, serial_of
from trace.formats.tables import Sheet, read_table
from trace.formats.templates import write_template

TEMPERATURE = Number(Decimal(-60), Decimal(60), 2)
#: 脱酸 is the plan's own slip for 排酸; both are read.
_ROOMS = ("库内温度(℃)", "冷库温度(℃)", "排酸间温度(℃)", "脱酸间温度(℃)", "排酸库温(℃)", "脱酸库温(℃)")
COLUMNS = (
    Column("at", "时间", Moment(), ("记录时间", "测量时间", "采集时间", "日期时间", "time")),
    Column("room_c", "库温(℃)", TEMPERATURE, (*_ROOMS, "环境温度(℃)", "室温(℃)")),
    Column("core_c", "胴体中心温度(℃)", TEMPERATURE, ("中心温度(℃)", "胴体温度(℃)", "肉温(℃)", "产品中心温度(℃)")),
)


@dataclass(frozen=True)
class ColdRoomRow:
    """One reading: moment in UTC, temperatures in °C; None where the recorder has no such channel or was silent."""

    row: int
    at: datetime
    room_c: Decimal | None
    core_c: Decimal | None


@dataclass(frozen=True)
class ColdRoomSheet:
    """Readings in the order of the file, all faults, headings not used, SHA-256 of the file.

    ``shape`` says which column was read as what where the headings are not those of our sheet; ``serial`` is the
    recorder's number as the file tells it; ``head`` are the first rows, for a person to compare; ``said`` is what was
    told beside the file: step, device, columns.
    """

    rows: tuple[ColdRoomRow, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str
    shape: LoggerShape | None = None
    serial: str = ""
    head: tuple[tuple[str, ...], ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


#: Faults which mean that the headings are not ours: then the columns are guessed.
_FOREIGN = frozenset({"imports.no_headings", "imports.heading_missing", "imports.heading_unit"})
HEAD = 8


def read_cold_room(data: bytes, name: str, said: Mapping[str, str] | None = None) -> ColdRoomSheet:
    """Readings of a logger file. Times must run forward: a repeated or earlier time is a fault naming both rows.

    ``said`` may tell the columns; else our own headings are looked for, then the columns are guessed.
    """
    told = dict(said or {})
    shape = LoggerShape.of(told)
    return replace(_read(data, read_table(data, name), shape), said=told)


def _read(data: bytes, table: Sheet, shape: LoggerShape | None) -> ColdRoomSheet:
    if shape is not None:
        return _read_foreign(data, table, shape)
    found = read_lines(table, COLUMNS)
    if any(fault.code in _FOREIGN for fault in found.faults) and (guessed := guess(table)) is not None:
        return _read_foreign(data, table, guessed)
    rows = tuple(ColdRoomRow(line.number, **line.values) for line in found.lines if line.complete)
    faults = in_reading_order([*found.faults, *_backward_times(found)])
    return ColdRoomSheet(rows, faults, found.ignored, hashlib.sha256(data).hexdigest())


def _read_foreign(data: bytes, table: Sheet, shape: LoggerShape) -> ColdRoomSheet:
    readings, faults, lines = read_by(table, shape)
    if not lines:
        faults = (Fault("imports.no_rows", f"A{shape.heading + 1}", {}, shape.heading + 1),)
    head = tuple(tuple(shown(cell) for cell in row.cells) for row in table.rows[: shape.heading + HEAD])
    rows = tuple(ColdRoomRow(one.row, one.at, one.room_c, one.core_c) for one in readings)
    return ColdRoomSheet(rows, faults, (), hashlib.sha256(data).hexdigest(), shape, serial_of(table), head)


def _backward_times(found: Lines) -> list[Fault]:
    timed = [line for line in found.lines if "at" in line.values]
    faults = []
    for before, line in pairwise(timed):
        if line.values["at"] <= before.values["at"]:
            faults.append(found.fault(line, "at", "cold_room.time_not_after", first_row=before.number))
    return faults


def cold_room_template(filled: Sequence[ColdRoomRow] = ()) -> bytes:
    """The sheet to fill in, or the given readings written back in the same columns."""
    rows = [(shown_moment(row.at), row.room_c, row.core_c) for row in filled]
    return write_template("cold_room", COLUMNS, rows)
