"""Reads test reports written one tested item a row, and checks each stated verdict against its figures.

Source: test reports and rapid-test records as received; the comparison is ``trace.rules.lab_verdicts``. A laboratory
reports a day; a rapid test states the minute, because the term for its retest is counted in hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from brand.kernel.errors import Fault
from trace.formats.cells import Day, Identifier, Moment, Text, Words, shown_moment
from trace.formats.columns import Column
from trace.formats.lines import Line, Lines, in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template
from trace.rules.events import CHINA
from trace.rules.lab_reports import TestKind
from trace.rules.lab_verdicts import Outcome, outcome

VERDICTS = Words({"合格": "pass", "符合": "pass", "不合格": "fail", "不符合": "fail"})
RAPID_VERDICTS = Words({**VERDICTS.meanings, "阴性": "pass", "阳性": "fail"})
_SAMPLE = Column("sample_lot", "样品批号", Identifier(), ("批号", "样品编号"))
_ITEM = Column("item", "检测项目", Text(60), ("检验项目", "项目"))
_RESULT = Column("result", "结果", Text(40), ("检测结果", "检验结果", "实测值"))
_LIMIT = Column("limit", "限量", Text(40), ("标准要求", "限值", "技术要求"), required=False)
COLUMNS = (
    Column("report_no", "报告编号", Identifier(), ("报告号", "检验报告编号")),
    _SAMPLE,
    _ITEM,
    Column("method", "方法", Text(100), ("检测方法", "检验方法", "检测依据")),
    _RESULT,
    Column("unit", "单位", Text(20), ("计量单位",)),
    _LIMIT,
    Column("stated", "判定", VERDICTS, ("单项判定", "结论", "检验结论")),
    Column("tested_on", "检测日期", Day(), ("检验日期", "报告日期")),
    Column("laboratory", "检测机构", Text(100), ("检验机构", "实验室")),
)
RAPID_COLUMNS = (
    Column("report_no", "记录编号", Identifier(), ("编号", "快检编号", "快速检测编号")),
    _SAMPLE,
    _ITEM,
    Column("method", "试剂和批号", Text(100), ("方法", "试剂盒", "检测卡", "检测方法")),
    _RESULT,
    Column("unit", "单位", Text(20), ("计量单位",), required=False),
    _LIMIT,
    Column("stated", "判定", RAPID_VERDICTS, ("单项判定", "结论")),
    Column("tested_at", "检测时间", Moment(), ("快检时间",)),
    Column("laboratory", "检测单位", Text(100), ("快检室", "检测点", "检测机构")),
)
SAME_IN_ONE_REPORT = ("sample_lot", "tested_on", "tested_at", "laboratory")
#: A rapid test without a printed limit asks for a negative.
RAPID_LIMIT = "阴性"


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
    """One report: its number, the sample's lot or seal, the day, the laboratory and its items.

    ``tested_at`` is the minute of a rapid test, UTC.
    """

    report_no: str
    sample_lot: str
    tested_on: date
    laboratory: str
    items: tuple[LabItem, ...]
    kind: TestKind = TestKind.LABORATORY
    tested_at: datetime | None = None


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
    return _read(data, name, COLUMNS)


def read_rapid_tests(data: bytes, name: str) -> LabSheet:
    """The same for the records of rapid tests."""
    return _read(data, name, RAPID_COLUMNS)


def _read(data: bytes, name: str, columns: Sequence[Column]) -> LabSheet:
    found = read_lines(read_table(data, name), columns)
    faults = [*found.faults, *_verdict_faults(found), *_report_faults(found)]
    return LabSheet(_reports(found), in_reading_order(faults), found.ignored, hashlib.sha256(data).hexdigest())


def _verdict_faults(found: Lines) -> list[Fault]:
    faults = []
    for line in found.lines:
        if not {"result", "stated"} <= line.values.keys():
            continue
        computed = _computed(line)
        params = {"result": line.values["result"], "limit": _limit(line), "computed": computed.value}
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
    at: datetime | None = head.get("tested_at")
    kind = TestKind.LABORATORY if at is None else TestKind.RAPID
    day = at.astimezone(CHINA).date() if at else head["tested_on"]
    return LabReport(head["report_no"], head["sample_lot"], day, head["laboratory"], items, kind, at)


def _item(line: Line) -> LabItem:
    return LabItem(
        row=line.number,
        item=line.values["item"],
        method=line.values["method"],
        result=line.values["result"],
        unit=line.values.get("unit", ""),
        limit=_limit(line),
        stated=line.values["stated"],
        computed=_computed(line),
    )


def _limit(line: Line) -> str:
    limit: str = line.values.get("limit", "")
    return limit or (RAPID_LIMIT if "tested_at" in line.values else "")


def _computed(line: Line) -> Outcome:
    return outcome(line.values["result"], _limit(line))


def lab_report_template(filled: Sequence[LabReport] = ()) -> bytes:
    """The sheet to fill in, or the given reports written back in the same columns."""
    return write_template("lab_report", COLUMNS, _rows(filled))


def rapid_tests_template(filled: Sequence[LabReport] = ()) -> bytes:
    """The same for rapid tests."""
    return write_template("rapid_tests", RAPID_COLUMNS, _rows(filled))


def _rows(filled: Sequence[LabReport]) -> list[tuple[object, ...]]:
    return [
        (
            *(report.report_no, report.sample_lot, item.item, item.method, item.result, item.unit, item.limit),
            *(VERDICTS.first_words[item.stated], _when(report), report.laboratory),
        )
        for report in filled
        for item in report.items
    ]


def _when(report: LabReport) -> object:
    return shown_moment(report.tested_at) if report.tested_at else report.tested_on
