"""Cold room, packing and laboratory sheets: the samples read whole, contradictions are named, templates come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import trace.demo
from brand.kernel.delimited import write_csv
from trace.formats.cold_room import ColdRoomRow, cold_room_template, read_cold_room
from trace.formats.lab_report import lab_report_template, read_lab_report
from trace.formats.packing_sheet import PackingRow, packing_template, read_packing
from trace.formats.tables import write_xlsx
from trace.rules.lab_verdicts import Outcome

SAMPLES = Path(trace.demo.__path__[0]) / "urad-lamb"
TIME, ROOM, CORE = "时间", "库温(℃)", "胴体中心温度(℃)"
PACKING = ("来源批号", "分割产品", "净含量(kg/袋)", "袋数", "合计(kg)", "包装日期", "保质期(天)", "贮存条件")
LAB = ("报告编号", "样品批号", "检测项目", "方法", "结果", "单位", "限量", "判定", "检测日期", "检测机构")


def codes(sheet: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in sheet.faults]


def test_the_cold_room_sample_reads_whole() -> None:
    sheet = read_cold_room((SAMPLES / "cold-room.csv").read_bytes(), "cold-room.csv")
    assert sheet.faults == ()
    assert len(sheet.rows) == 288
    assert sheet.rows[0] == ColdRoomRow(2, datetime(2026, 9, 12, 5, 0, tzinfo=UTC), Decimal("1.8"), Decimal("33.1"))
    assert sheet.rows[-1].at == datetime(2026, 9, 13, 4, 55, tzinfo=UTC)


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_readings_come_as_text_or_workbook_with_other_headings(write: Callable[[Any], bytes]) -> None:
    rows = [("采集时间", "肉温（摄氏度）", "室温(°C)"), ("2026-09-12 13:00:30", "33.10", Decimal("-1.5"))]
    sheet = read_cold_room(write(rows), "log")
    assert sheet.faults == ()
    moment = datetime(2026, 9, 12, 5, 0, 30, tzinfo=UTC)
    assert sheet.rows == (ColdRoomRow(2, moment, Decimal("-1.5"), Decimal("33.1")),)


def test_time_must_run_forward() -> None:
    at = ["2026-09-12 13:00", "2026-09-12 13:05", "2026-09-12 13:05", "x", "2026-09-12 13:04"]
    sheet = read_cold_room(write_csv([(TIME, ROOM, CORE), *((text, 1, 2) for text in at)]), "log.csv")
    assert codes(sheet) == [
        ("A4", "cold_room.time_not_after"),
        ("A5", "imports.not_a_time"),
        ("A6", "cold_room.time_not_after"),
    ]
    assert sheet.faults[2].params["first_row"] == 4


def test_the_packing_sample_reads_whole() -> None:
    sheet = read_packing((SAMPLES / "packing.csv").read_bytes(), "packing.csv")
    assert sheet.faults == ()
    assert sheet.rows[5] == PackingRow(
        7, "20260912A", "里脊", Decimal("0.25"), 226, Decimal("56.5"), date(2026, 9, 14), 365, "≤-18℃"
    )
    assert sum(row.total_kg for row in sheet.rows) == Decimal("2485.5")


def test_a_total_that_is_not_net_times_packs_is_named_with_the_figures() -> None:
    row = ("L1", "羊腿", "2.2", 385, "846.99", "2026-09-14", 365, "≤-18℃")
    sheet = read_packing(write_csv([PACKING, row]), "packing.csv")
    assert codes(sheet) == [("E2", "packing.total_differs")]
    assert sheet.faults[0].params["computed"] == "847.0"
    assert sheet.faults[0].params["written"] == "846.99"


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [(3, "0", "imports.out_of_range"), (3, "385.5", "imports.not_whole"), (5, "2026-09-31", "imports.not_a_day")],
)
def test_a_bad_packing_cell_is_named(column: int, text: str, code: str) -> None:
    row: list[object] = ["L1", "羊腿", "2.2", "385", "847", "2026-09-14", 365, "≤-18℃"]
    row[column] = text
    sheet = read_packing(write_csv([PACKING, row]), "packing.csv")
    assert code in [fault.code for fault in sheet.faults]
    assert sheet.rows == ()


def test_the_laboratory_sample_reads_whole() -> None:
    sheet = read_lab_report((SAMPLES / "lab-report.csv").read_bytes(), "lab-report.csv")
    assert sheet.faults == ()
    (report,) = sheet.rows
    assert (report.report_no, report.sample_lot, report.tested_on) == ("DEMO-2026-0913", "20260912A", date(2026, 9, 13))
    assert [(item.item, item.computed) for item in report.items][:2] == [
        ("克伦特罗", Outcome.PASS),
        ("莱克多巴胺", Outcome.PASS),
    ]
    assert report.items[3].result == "12.4"
    assert {item.stated for item in report.items} == {"pass"}


def lab(*changes: dict[str, object]) -> Any:
    usual = ("R1", "L1", "恩诺沙星", "方法", "12.4", "μg/kg", "100", "合格", "2026-09-13", "示范检测中心")
    rows = [[change.get(heading, value) for heading, value in zip(LAB, usual, strict=True)] for change in changes]
    return read_lab_report(write_csv([LAB, *rows]), "lab.csv")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"结果": "100"}, []),
        ({"结果": "100.1"}, [("H2", "lab_report.verdict_differs")]),
        ({"结果": "100.1", "判定": "不合格"}, []),
        ({"判定": "不合格"}, [("H2", "lab_report.verdict_differs")]),
        ({"结果": "0.1", "限量": "不得检出"}, [("H2", "lab_report.verdict_differs")]),
        ({"结果": "少量"}, [("E2", "lab_report.not_comparable")]),
        ({"结果": "<200"}, [("E2", "lab_report.not_comparable")]),
        ({"限量": ""}, []),
        ({"判定": "良好"}, [("H2", "imports.unknown_word")]),
    ],
)
def test_stated_and_computed_verdicts_are_compared(change: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert codes(lab(change)) == expected


def test_one_report_says_one_thing() -> None:
    other = {"检测项目": "水分", "样品批号": "L2", "检测机构": "另一机构"}
    sheet = lab({}, other, {"检测项目": "恩诺沙星"})
    assert codes(sheet) == [
        ("B3", "lab_report.differs_in_report"),
        ("J3", "lab_report.differs_in_report"),
        ("C4", "lab_report.item_twice"),
    ]


def test_two_reports_in_one_file_stay_two() -> None:
    sheet = lab({}, {"报告编号": "R2", "样品批号": "L2"})
    assert sheet.faults == ()
    assert [(report.report_no, len(report.items)) for report in sheet.rows] == [("R1", 1), ("R2", 1)]


@pytest.mark.parametrize(
    ("name", "read", "template"),
    [
        ("cold-room.csv", read_cold_room, cold_room_template),
        ("packing.csv", read_packing, packing_template),
        ("lab-report.csv", read_lab_report, lab_report_template),
    ],
)
def test_a_template_filled_with_the_sample_says_the_same(
    name: str, read: Callable[..., Any], template: Callable[..., bytes]
) -> None:
    rows = read((SAMPLES / name).read_bytes(), name).rows
    filled = template(rows)
    once = read(filled, "template.xlsx")
    assert once.faults == ()
    assert len(once.rows) == len(rows)
    # Row numbers move with the title above; written again the sheet is the same to the byte.
    assert template(once.rows) == filled
    assert codes(read(template(), "empty.xlsx")) == [("A4", "imports.no_rows")]
