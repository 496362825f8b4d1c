"""Reads the temperature readings a chiller writes down: time, room and core temperature.

Source: logger exports as received (GB 18030 text or a spreadsheet); GB 31605-2020 asks for the recording.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from brand.kernel.errors import Fault
from trace.formats.cells import Moment, Number, shown_moment
from trace.formats.columns import Column
from trace.formats.lines import Lines, in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template

TEMPERATURE = Number(Decimal(-60), Decimal(60), 2)
COLUMNS = (
    Column("at", "时间", Moment(), ("记录时间", "测量时间", "采集时间", "日期时间", "time")),
    Column("room_c", "库温(℃)", TEMPERATURE, ("库内温度(℃)", "冷库温度(℃)", "环境温度(℃)", "室温(℃)")),
    Column("core_c", "胴体中心温度(℃)", TEMPERATURE, ("中心温度(℃)", "胴体温度(℃)", "肉温(℃)", "产品中心温度(℃)")),
)


@dataclass(frozen=True)
class ColdRoomRow:
    """One reading: moment in UTC, temperatures in °C."""

    row: int
    at: datetime
    room_c: Decimal
    core_c: Decimal


@dataclass(frozen=True)
class ColdRoomSheet:
    """Readings in the order of the file, all faults, headings not used, SHA-256 of the file."""

    rows: tuple[ColdRoomRow, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str


def read_cold_room(data: bytes, name: str) -> ColdRoomSheet:
    """Readings of a logger file. Times must run forward: a repeated or earlier time is a fault naming both rows."""
    found = read_lines(read_table(data, name), COLUMNS)
    rows = tuple(ColdRoomRow(line.number, **line.values) for line in found.lines if line.complete)
    faults = in_reading_order([*found.faults, *_backward_times(found)])
    return ColdRoomSheet(rows, faults, found.ignored, hashlib.sha256(data).hexdigest())


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
