"""Faults put back beside their cells, and the sheet sent back with its reasons can be mended and read again."""

from __future__ import annotations

from brand.kernel.delimited import write_csv
from brand.kernel.errors import Fault
from tests import make
from trace.formats.carcass_export import carcass_rows
from trace.formats.carcass_sheet import COLUMNS, read_carcasses
from trace.formats.reasons import located, with_reasons
from trace.formats.tables import column_of, letter, read_table, write_xlsx

FAULTY = make.sample("carcasses-with-faults.xlsx")


def test_each_fault_finds_its_cell_and_what_is_written_there():
    sheet, found = read_table(FAULTY, "f.xlsx"), read_carcasses(FAULTY, "f.xlsx")
    marks = {one.cell: one.written for one in located(sheet, COLUMNS, [*found.faults, *found.doubts])}
    assert marks["G15"] == "十七点二"
    assert marks["I17"] == ""
    assert marks["H21"] == "１８.３"
    assert len(marks) == 12


def test_a_fault_known_only_by_row_and_heading_is_located_too():
    sheet = read_table(FAULTY, "f.xlsx")
    (mark,) = located(sheet, COLUMNS, [Fault("batches.tag_slaughtered", "", {}, 7, "耳标号")])
    assert (mark.cell, mark.written) == ("A7", "315082421040014")


def test_faults_are_told_row_by_row_and_a_recorder_s_cell_by_its_own_name():
    sheet = read_table(FAULTY, "f.xlsx")
    late = Fault("cold_room.time_not_after", "A9", {}, 9, "A")
    early = Fault("batches.tag_slaughtered", "", {}, 7, "耳标号")
    found = located(sheet, COLUMNS, [late, early])
    assert [one.cell for one in found] == ["A7", "A9"]
    assert found[1].written == str(sheet.rows[8].cells[0])
    assert [column_of(letter(one)) for one in (0, 25, 26, 701, 702)] == [0, 25, 26, 701, 702]


def test_a_fault_of_the_whole_sheet_has_no_cell():
    (mark,) = located(read_table(FAULTY, "f.xlsx"), COLUMNS, [Fault("imports.no_rows", "A4", {}, 4)])
    assert (mark.cell, mark.written) == ("A4", "")


def test_the_sheet_with_reasons_is_the_same_sheet_to_read():
    """Whoever forgets to take the reasons out again gets the same answer: the added column is passed over."""
    sheet = read_table(FAULTY, "f.xlsx")
    back = with_reasons(sheet, COLUMNS, {7: "=1+1 是重复的耳标", 15: "应填数字"}, "问题所在")
    again, first = read_carcasses(back, "back.xlsx"), read_carcasses(FAULTY, "f.xlsx")
    assert [(one.code, one.pointer) for one in again.faults] == [(one.code, one.pointer) for one in first.faults]
    assert again.rows == first.rows
    assert again.ignored[-1] == "问题所在"
    assert str(read_table(back, "back.xlsx").rows[6].cells[-1]).startswith("'=1+1")


def test_export_then_import_changes_nothing():
    lines = read_carcasses(make.sample("carcasses.xlsx"), "c.xlsx").rows
    rows = carcass_rows([(line, ("优等",)) for line in lines], ("等级",), staff=True)
    for data, name in ((write_csv(rows), "e.csv"), (write_xlsx(rows), "e.xlsx")):
        again = read_carcasses(data, name)
        assert again.accepted
        assert [one.__dict__ | {"row": 0} for one in again.rows] == [one.__dict__ | {"row": 0} for one in lines]


def test_staff_numbers_leave_only_with_staff():
    line = make.carcass_lines(1, remark="=HYPERLINK(1)")[0]
    rows = carcass_rows([(line, ())], (), staff=False)
    assert "评级员工号" not in rows[0]
    assert line.grader not in rows[1]
    assert b"'=HYPERLINK(1)" in write_csv(rows)
