"""Reads the sheets of a keeper: animals with their numbers, what was given to them, and those that moved or left.

Source: the farm file of 畜牧法 (2022) art. 41 (tags, origin, dates in and out, medicines with dose and time);
headings and words as keepers write them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from brand.kernel.errors import Fault
from trace.formats.carcass_checks import repeated
from trace.formats.cells import Day, Identifier, Number, Text, Words
from trace.formats.columns import Column
from trace.formats.lines import Line, in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template

SEXES = Words({"公": "male", "母": "female", "羯": "castrated", "雄": "male", "雌": "female", "阉": "castrated"})
BIRTHS = Words({"准确到日": "day", "准确到月": "month", "估计": "estimated"})
COMINGS = Words({"在群": "recorded", "出生": "birth", "购入": "purchase", "存栏": "recorded", "新生": "birth"})
LEAVINGS = Words({"转群": "move", "死亡": "death", "出售": "sale", "丢失": "loss"})
ROUTES = Words({"注射": "injection", "口服": "oral", "药浴": "dip", "外用": "topical", "拌料": "feed"})
HERD = Column("herd", "群号", Identifier(20), ("羊群", "畜群", "圈舍号"))

ANIMALS = (
    HERD,
    Column("ear_tag", "耳标号", Identifier(), ("耳标", "耳号", "畜禽标识"), required=False),
    Column("own_number", "自编号", Identifier(), ("自用号", "场内号"), required=False),
    Column("association", "协会编号", Identifier(), ("登记号", "血统登记号"), required=False),
    Column("sex", "性别", SEXES, ("公母",)),
    Column("breed", "品种", Text(40), required=False),
    Column("born_on", "出生日期", Day(), ("生日",), required=False),
    Column("birth", "出生日期准确程度", BIRTHS, required=False),
    Column("coming", "来源", COMINGS, ("入群方式",)),
    Column("day", "入群日期", Day(), ("日期",)),
    Column("note", "购自", Text(120), ("来源说明",), required=False),
)
CARE = (
    HERD,
    Column("numbers", "耳标或尾号", Text(2000), ("耳标号", "动物"), required=False),
    Column("medicine", "名称", Text(80), ("药品名称", "疫苗名称", "兽药名称")),
    Column("lot", "批号", Identifier(), ("生产批号",)),
    Column("dose", "每头剂量", Number(Decimal("0.0001"), Decimal(1_000_000), 4), ("剂量",)),
    Column("unit", "单位", Text(20), ("剂量单位",)),
    Column("route", "用法", ROUTES, ("给药途径", "使用方法")),
    Column("given_on", "首次用药日期", Day(), ("用药日期", "日期")),
    Column("last_dose_on", "末次用药日期", Day(), required=False),
    Column("person", "用药人", Text(40), ("兽医", "操作人")),
    Column("reason", "原因", Text(200), ("用药原因",), required=False),
)
MOVES = (
    HERD,
    Column("number", "耳标或尾号", Identifier(), ("耳标号",)),
    Column("leaving", "去向", LEAVINGS, ("变动",)),
    Column("to_herd", "转入群号", Identifier(20), ("转入群",), required=False),
    Column("day", "日期", Day(), ("变动日期",)),
    Column("note", "备注", Text(120), ("说明",), required=False),
)
COLUMNS: Mapping[str, Sequence[Column]] = {"animals": ANIMALS, "care": CARE, "herd_moves": MOVES}


@dataclass(frozen=True)
class HerdSheet:
    """What a sheet says: its readable lines by field, faults in reading order, SHA-256 of the file."""

    kind: str
    rows: tuple[Line, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str
    places: Mapping[str, tuple[int, str]]

    def fault(self, line: Line, field: str, code: str, params: Mapping[str, Any]) -> Fault:
        """A fault at the cell of that field, or at the first column where the sheet has no such column."""
        index, heading = self.places.get(field) or next(iter(self.places.values()))
        letters = "" if index is None else chr(65 + index)
        more = {**params, "column": heading, "row": line.number}
        return Fault(code, f"{letters}{line.number}", more, line.number, heading)


def read_animals(data: bytes, name: str) -> HerdSheet:
    """Animals; each number stands once in the file."""
    return _read("animals", data, name, ("ear_tag", "own_number", "association"))


def read_care(data: bytes, name: str) -> HerdSheet:
    """What was given; no numbers means the whole herd."""
    return _read("care", data, name, ())


def read_moves(data: bytes, name: str) -> HerdSheet:
    """Animals that moved to another herd, died, were sold or lost."""
    return _read("herd_moves", data, name, ())


def _read(kind: str, data: bytes, name: str, once: Sequence[str]) -> HerdSheet:
    found = read_lines(read_table(data, name), COLUMNS[kind])
    twice = [fault for field in once if field in found.places for fault in repeated(found, field, "herds.number_twice")]
    whole = tuple(line for line in found.lines if line.complete)
    faults = in_reading_order([*found.faults, *twice])
    return HerdSheet(kind, whole, faults, found.ignored, hashlib.sha256(data).hexdigest(), found.places)


def template(kind: str, filled: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """The sheet to fill in, or the given rows in the same columns."""
    return write_template(kind, COLUMNS[kind], [_written(kind, row) for row in filled])


def export_rows(kind: str, filled: Iterable[Mapping[str, Any]]) -> list[list[object]]:
    """Headings and rows as importing reads them back."""
    return [[column.heading for column in COLUMNS[kind]], *(_written(kind, row) for row in filled)]


def _written(kind: str, row: Mapping[str, Any]) -> list[object]:
    return [_cell(column, row.get(column.field)) for column in COLUMNS[kind]]


def _cell(column: Column, value: object) -> object:
    if value is None:
        return ""
    if isinstance(column.kind, Words):
        return column.kind.first_words.get(str(value), str(value))
    return value.isoformat() if isinstance(value, date) else value


def pieces(sheet: HerdSheet, size: int) -> Iterable[HerdSheet]:
    """The sheet in pieces, so that long looking can say how far it is."""
    for start in range(0, len(sheet.rows), size):
        yield replace(sheet, rows=sheet.rows[start : start + size], faults=())
