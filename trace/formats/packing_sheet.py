"""Reads the packing list of a day: which cut, how much in a pack, how many packs, from which lot.

Source: packing lists as received; GB 7718-2011 4.1 for net content, date, shelf life and storage on a pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brand.kernel.errors import Fault
from trace.formats.cells import Day, Identifier, Number, Text, Whole
from trace.formats.columns import Column
from trace.formats.lines import Lines, in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template

COLUMNS = (
    Column("source_lot", "来源批号", Identifier(), ("批号", "原料批号", "屠宰批号")),
    Column("cut", "分割产品", Text(60), ("产品名称", "产品", "部位", "分割品名")),
    Column(
        "net_kg", "净含量(kg/袋)", Number(Decimal("0.001"), Decimal(100), 3), ("每袋净含量(kg/袋)", "单袋重(kg/袋)")
    ),
    Column("packs", "袋数", Whole(1, 1_000_000), ("包装袋数", "数量(袋)", "包数")),
    Column("total_kg", "合计(kg)", Number(Decimal("0.001"), Decimal(1_000_000), 3), ("合计重量(kg)", "总重(kg)")),
    Column("packed_on", "包装日期", Day(), ("生产日期", "分装日期")),
    Column("shelf_life_days", "保质期(天)", Whole(1, 3650)),
    Column("storage", "贮存条件", Text(60), ("储存条件", "保存条件")),
)


@dataclass(frozen=True)
class PackingRow:
    """One kind of pack: net and total in kg, shelf life in days from the packing day."""

    row: int
    source_lot: str
    cut: str
    net_kg: Decimal
    packs: int
    total_kg: Decimal
    packed_on: date
    shelf_life_days: int
    storage: str


@dataclass(frozen=True)
class PackingSheet:
    """Packing rows in the order of the file, all faults, headings not used, SHA-256 of the file."""

    rows: tuple[PackingRow, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str


def read_packing(data: bytes, name: str) -> PackingSheet:
    """Packing rows. The written total must be net content × packs to the gram."""
    found = read_lines(read_table(data, name), COLUMNS)
    rows = tuple(PackingRow(line.number, **line.values) for line in found.lines if line.complete)
    faults = in_reading_order([*found.faults, *_wrong_totals(found)])
    return PackingSheet(rows, faults, found.ignored, hashlib.sha256(data).hexdigest())


def _wrong_totals(found: Lines) -> list[Fault]:
    faults = []
    for line in found.lines:
        written, net, packs = (line.values.get(field) for field in ("total_kg", "net_kg", "packs"))
        if written is not None and net is not None and packs is not None and written != net * packs:
            figures = {"written": f"{written:f}", "computed": f"{net * packs:f}", "net": f"{net:f}", "packs": packs}
            faults.append(found.fault(line, "total_kg", "packing.total_differs", **figures))
    return faults


def packing_template(filled: Sequence[PackingRow] = ()) -> bytes:
    """The sheet to fill in, or the given rows written back in the same columns."""
    rows = [tuple(getattr(row, column.field) for column in COLUMNS) for row in filled]
    return write_template("packing", COLUMNS, rows)
