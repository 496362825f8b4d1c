"""Reads a laboratory report written one tested item a row, and checks each stated verdict against its figures.

Source: test reports as received; the comparison is ``trace.rules.lab_verdicts``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from brand.kernel.errors import Fault
from trace.formats.cells import Day, Identifier, Text, Words
from trace.formats.columns import Column
from trace.formats.lines import Line, Lines, in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template
from trace.rules.lab_verdicts import Outcome, outcome

VERDICTS = Words({"合格": "pass", "符合": "pass", "不合格": "fail", "不符合": "fail"})
COLUMNS = (
    Column("report_no", "报告编号", Identifier(), ("报告号", "检验报告编号")),
    Column("sample_lot", "样品批号", Identifier(), ("批号", "样品编号")),
    Column("item", "检测项目", Text(60), ("检验项目", "项目")),
    Column("method", "方法", Text(100), ("检测方法", "检验方法", "检测依据")),
    Column("result", "结果", Text(40), ("检测结果", "检验结果", "实测值")),
    Column("unit", "单位", Text(20), ("计量单位",)),
    Column("limit", "限量", Text(40), ("标准要求", "限值", "技术要求"), required=False),
    Column("stated", "判定", VERDICTS, ("单项判定", "结论", "检验结论")),
    Column("tested_on", "检测日期", Day(), ("检验日期", "报告日期")),
    Column("laboratory", "检测机构", Text(100), ("检验机构", "实验室")),
)
SAME_IN_ONE_REPORT = ("sample_lot", "tested_on", "laboratory")


@dataclass(frozen=True)
class LabItem:
    """One tested item: result and limit as printed, the verdict printed (pass or fail) and the one computed."""

    row: int
    item: str
    method: str
    result: str
    unit: str
    limit: str
    stated: str
    computed: Outcome


@dataclass(frozen=True)
class LabReport:
    """One report: its number, the sample's lot, the day, the laboratory and its items."""

    report_no: str
    sample_lot: str
    tested_on: date
    laboratory: str
    items: tuple[LabItem, ...]


@dataclass(frozen=True)
class LabSheet:
    """The reports in the order of the file, all faults, headings not used, SHA-256 of the file."""

    rows: tuple[LabReport, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str


def read_lab_report(data: bytes, name: str) -> LabSheet:
    """Reports with their items. Faults where a stated verdict and the figures differ or cannot be compared, where
    one report names two lots, days or laboratories, and where an item comes twice.
    """
    found = read_lines(read_table(data, name), COLUMNS)
    faults = [*found.faults, *_verdict_faults(found), *_report_faults(found)]
    return LabSheet(_reports(found), in_reading_order(faults), found.ignored, hashlib.sha256(data).hexdigest())


def _verdict_faults(found: Lines) -> list[Fault]:
    faults = []
    for line in found.lines:
        if not {"result", "stated"} <= line.values.keys():
            continue
        computed = _computed(line)
        params = {"result": line.values["result"], "limit": line.values.get("limit", ""), "computed": computed.value}
        if computed is Outcome.UNDECIDED:
            faults.append(found.fault(line, "result", "lab_report.not_comparable", **params))
        elif computed is not Outcome.NO_LIMIT and computed.value != line.values["stated"]:
            faults.append(found.fault(line, "stated", "lab_report.verdict_differs", **params))
    return faults


def _report_faults(found: Lines) -> list[Fault]:
    """What contradicts an earlier row of the same report."""
    first_lines: dict[str, Line] = {}
    item_rows: dict[tuple[str, str], int] = {}
    faults = []
    for line in found.lines:
        number = line.values.get("report_no", "")
        first = first_lines.setdefault(number, line)
        for field in SAME_IN_ONE_REPORT:
            if {field} <= line.values.keys() & first.values.keys() and line.values[field] != first.values[field]:
                faults.append(found.fault(line, field, "lab_report.differs_in_report", first_row=first.number))
        if "item" in line.values:
            first_row = item_rows.setdefault((number, line.values["item"]), line.number)
            if first_row != line.number:
                faults.append(found.fault(line, "item", "lab_report.item_twice", first_row=first_row))
    return faults


def _reports(found: Lines) -> tuple[LabReport, ...]:
    grouped: dict[str, list[Line]] = {}
    for line in found.lines:
        if line.complete:
            grouped.setdefault(line.values["report_no"], []).append(line)
    return tuple(_report(lines) for lines in grouped.values())


def _report(lines: Sequence[Line]) -> LabReport:
    head = lines[0].values
    items = tuple(_item(line) for line in lines)
    return LabReport(head["report_no"], head["sample_lot"], head["tested_on"], head["laboratory"], items)


def _item(line: Line) -> LabItem:
    return LabItem(
        row=line.number,
        item=line.values["item"],
        method=line.values["method"],
        result=line.values["result"],
        unit=line.values["unit"],
        limit=line.values.get("limit", ""),
        stated=line.values["stated"],
        computed=_computed(line),
    )


def _computed(line: Line) -> Outcome:
    return outcome(line.values["result"], line.values.get("limit", ""))


def lab_report_template(filled: Sequence[LabReport] = ()) -> bytes:
    """The sheet to fill in, or the given reports written back in the same columns."""
    rows = [
        (
            *(report.report_no, report.sample_lot, item.item, item.method, item.result, item.unit, item.limit),
            *(VERDICTS.first_words[item.stated], report.tested_on, report.laboratory),
        )
        for report in filled
        for item in report.items
    ]
    return write_template("lab_report", COLUMNS, rows)
