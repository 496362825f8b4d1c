"""Reads and writes the list of an enterprise's places: what each is called, what it is, where, how large, since when.

Source: lists as cooperatives keep them for their members' pastures and plots; areas in 亩.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brand.kernel.errors import Fault
from trace.formats.cells import Day, Number, Text, Words
from trace.formats.columns import Column
from trace.formats.lines import Lines, in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template
from trace.rules.places import PlaceKind

#: Words of the sheet; the first of each kind is the one a template offers.
KINDS: Mapping[str, str] = {
    "草场": PlaceKind.PASTURE,
    "牧场": PlaceKind.PASTURE,
    "耕地": PlaceKind.PLOT,
    "地块": PlaceKind.PLOT,
    "茶园": PlaceKind.TEA_GARDEN,
    "果园": PlaceKind.ORCHARD,
    "蜂场": PlaceKind.APIARY,
    "圈舍": PlaceKind.BARN,
    "棚圈": PlaceKind.BARN,
    "收购站点": PlaceKind.STATION,
    "屠宰场": PlaceKind.ABATTOIR,
    "冷库": PlaceKind.COLD_STORE,
    "加工车间": PlaceKind.WORKSHOP,
    "仓库": PlaceKind.WAREHOUSE,
    "市场": PlaceKind.MARKET,
}
COLUMNS = (
    Column("name", "名称", Text(80), ("场所名称", "地块名称", "草场名称")),
    Column("kind", "类型", Words(KINDS), ("场所类型",)),
    Column("township", "苏木镇", Text(40), ("乡镇", "镇", "苏木"), required=False),
    Column(
        "declared_mu", "申报面积(亩)", Number(Decimal("0.01"), Decimal(10_000_000), 2), ("面积(亩)",), required=False
    ),
    Column("opened_on", "启用日期", Day(), ("开始使用日期",)),
    Column("name_en", "英文名称", Text(80), (), required=False),
    Column("name_mn", "蒙古文名称", Text(80), (), required=False),
)


@dataclass(frozen=True)
class PlaceRow:
    """One place; ``township`` is the name as written, the area in 亩."""

    row: int
    name: str
    kind: str
    opened_on: date
    township: str = ""
    declared_mu: Decimal | None = None
    name_en: str = ""
    name_mn: str = ""


@dataclass(frozen=True)
class PlaceSheet:
    """Places in the order of the file, all faults, headings not used, SHA-256 of the file."""

    rows: tuple[PlaceRow, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str


def read_places(data: bytes, name: str) -> PlaceSheet:
    """The places of a file; a name stands in it once."""
    found = read_lines(read_table(data, name), COLUMNS)
    rows = tuple(PlaceRow(line.number, **line.values) for line in found.lines if line.complete)
    faults = in_reading_order([*found.faults, *_twins(found)])
    return PlaceSheet(rows, faults, found.ignored, hashlib.sha256(data).hexdigest())


def _twins(found: Lines) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for line in found.lines:
        name = line.values.get("name")
        if name is not None and first.setdefault(name, line.number) != line.number:
            faults.append(found.fault(line, "name", "places.name_twice", first_row=first[name]))
    return faults


def places_template(filled: Sequence[PlaceRow] = ()) -> bytes:
    """The sheet to fill in, or the given places written back in the same columns."""
    words = {meaning: word for word, meaning in reversed(list(KINDS.items()))}
    rows = [
        tuple(words[row.kind] if column.field == "kind" else getattr(row, column.field) for column in COLUMNS)
        for row in filled
    ]
    return write_template("places", COLUMNS, rows)
