"""Reads the sheets of goods that enter and leave the books: harvests from plots, and what was sold, destroyed or lost.

Source: headings and words as cooperatives write them; stages of goods are those of ``rules/data/flows.json``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from trace.formats.carcass_checks import repeated
from trace.formats.cells import Day, Identifier, Number, Text, Words
from trace.formats.columns import Column
from trace.formats.herd_sheets import HerdSheet
from trace.formats.lines import in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template

FORMS = Words(
    {
        "鲜茶叶": "fresh_leaf",
        "原粮": "grain",
        "水果": "fruit",
        "蔬菜": "vegetable",
        "原蜜": "raw_honey",
        "其他货物": "other",
        "茶青": "fresh_leaf",
        "粮食": "grain",
        "蜂蜜": "raw_honey",
    }
)
LEAVINGS = Words({"出售": "sell", "销毁": "destroy", "损失": "lose", "销售": "sell", "丢失": "lose"})
_KG = Number(Decimal("0.001"), Decimal(10_000_000), 3)
_LOT = Column("lot", "批号", Identifier(20), ("批次号", "批次"))

HARVESTS = (
    _LOT,
    Column("place", "地块", Text(80), ("地块名称", "茶园", "果园", "蜂场")),
    Column("product", "产品", Text(80), ("产品名称", "品名")),
    Column("form", "货物形态", FORMS, ("形态",)),
    Column("kg", "重量(kg)", _KG, ("数量(kg)",)),
    Column("day", "收获日期", Day(), ("采收日期", "采摘日期", "日期")),
)
SALES = (
    _LOT,
    Column("leaving", "去向", LEAVINGS, ("变动",)),
    Column("kg", "重量(kg)", _KG, ("数量(kg)",)),
    Column("day", "日期", Day(), ("出货日期", "销售日期")),
    Column("buyer", "卖给", Text(120), ("购买方", "客户"), required=False),
    Column("words", "说明", Text(500), ("备注", "原因"), required=False),
)
COLUMNS: Mapping[str, Sequence[Column]] = {"harvests": HARVESTS, "sales": SALES}


def read_harvests(data: bytes, name: str) -> HerdSheet:
    """Harvests, one batch a row; a lot stands once in the file."""
    return _read("harvests", data, name, ("lot",))


def read_sales(data: bytes, name: str) -> HerdSheet:
    """What left the books; a lot may stand in several rows."""
    return _read("sales", data, name, ())


def template(kind: str, filled: Iterable[Sequence[object]] = ()) -> bytes:
    """The sheet to fill in, or the given rows in the same columns."""
    return write_template(kind, COLUMNS[kind], list(filled))


def _read(kind: str, data: bytes, name: str, once: Sequence[str]) -> HerdSheet:
    found = read_lines(read_table(data, name), COLUMNS[kind])
    twice: list[Any] = [
        fault for field in once if field in found.places for fault in repeated(found, field, "imports.lot_twice")
    ]
    whole = tuple(line for line in found.lines if line.complete)
    faults = in_reading_order([*found.faults, *twice])
    return HerdSheet(kind, whole, faults, found.ignored, hashlib.sha256(data).hexdigest(), found.places)
