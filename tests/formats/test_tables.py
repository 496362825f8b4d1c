"""Tables of every kind become rows as people see them, and nothing we write runs as a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.delimited import neutral, restored, write_csv
from tests.formats.workbooks import SHEET_END, SHEET_START, changed, small
from trace.formats.tables import letter, read_table, write_xlsx


def test_content_decides_not_the_name() -> None:
    assert read_table(small(), "list.csv").rows[1].cells == ("a", Decimal(1))
    assert read_table("甲,乙\n1,2\n".encode("gb18030"), "list.xlsx").rows[0].cells == ("甲", "乙")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_delimited_text_is_read_in_both_encodings(delimiter: str, encoding: str) -> None:
    text = f'时间{delimiter}库温(℃)\r\n"a{delimiter}b"{delimiter}１８\r\n'
    sheet = read_table(text.encode(encoding), "x.csv")
    assert [row.cells for row in sheet.rows] == [("时间", "库温(℃)"), (f"a{delimiter}b", "１８")]
    assert [row.number for row in sheet.rows] == [1, 2]


def test_rows_before_the_first_filled_cell_count() -> None:
    data = write_xlsx([[], [], ["", "here"]])
    assert [row.number for row in read_table(data, "x").rows if "here" in row.cells] == [3]


def test_numbers_keep_the_digits_people_see() -> None:
    data = changed(
        small(),
        xl__worksheets__sheet1_xml=SHEET_START
        + b'<row r="1"><c r="A1"><v>69.40000000000001</v></c><c r="B1"><v>315082421040014</v></c></row>'
        + SHEET_END,
    )
    assert read_table(data, "x").rows[0].cells == (Decimal("69.4"), Decimal(315082421040014))


def test_an_error_cell_is_not_blank() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet().write_formula(0, 0, "=1/0", None, "#DIV/0!")
    book.close()
    sheet = read_table(target.getvalue(), "x")
    assert sheet.rows[0].cells == ("#ERROR!",)
    assert sheet.formulas == {"A1": "=1/0"}


def test_the_first_visible_sheet_is_read() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    hidden, shown = book.add_worksheet("hidden"), book.add_worksheet("shown")
    hidden.write_string(0, 0, "no")
    shown.write_string(0, 0, "yes")
    shown.activate()
    hidden.hide()
    book.close()
    sheet = read_table(target.getvalue(), "x")
    assert (sheet.name, sheet.rows[0].cells) == ("shown", ("yes",))


def test_an_empty_sheet_before_the_filled_one_is_passed_over() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("Sheet1")
    book.add_worksheet("数据").write_formula(1, 0, "=1+1", None, 2)
    book.close()
    sheet = read_table(target.getvalue(), "x")
    assert (sheet.name, sheet.rows[1].cells, sheet.formulas) == ("数据", (Decimal(2),), {"A2": "=1+1"})


def test_styled_cells_without_values_do_not_count_as_columns() -> None:
    page = SHEET_START + b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>' + SHEET_END
    assert read_table(changed(small(), xl__worksheets__sheet1_xml=page), "x").rows[0].cells == (Decimal(1),)


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


PLAIN_DANGERS = ["=1+1", "+1", "-1", "@SUM(A1)"]
DANGEROUS = [*PLAIN_DANGERS, "\t=1", "\r=1", "\n=1", "\x00=1", "＝1+1", "＋1", "－1", "＠x", " =1", "\ufeff=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["", "羊腿", "≤-18℃", "A=1", "1-2", "18.3", "'quoted'"])
def test_harmless_text_stays(text: str) -> None:
    assert neutral(text) == text


@given(st.text())
def test_neutral_text_comes_back(text: str) -> None:
    assert restored(neutral(text)) == text or text.startswith("'")
    assert neutral(neutral(text)) == neutral(text)


def test_a_written_workbook_holds_no_formula_and_no_link() -> None:
    data = write_xlsx([[*PLAIN_DANGERS, "http://example.cn", Decimal("1.50"), 7, None, True]])
    archive = zipfile.ZipFile(io.BytesIO(data))
    page = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in page
    assert b"hyperlink" not in page.lower()
    assert not [name for name in archive.namelist() if "externalLink" in name]
    cells = read_table(data, "x").rows[0].cells
    assert cells == ("'=1+1", "'+1", "'-1", "'@SUM(A1)", "http://example.cn", Decimal("1.5"), Decimal(7), "", "True")


def test_written_text_holds_no_formula() -> None:
    data = write_csv([["名称", Decimal("-1.5"), *DANGEROUS]])
    assert data.startswith(b"\xef\xbb\xbf")
    row = next(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert row[:2] == ["名称", "-1.5"]
    assert all(cell.startswith("'") for cell in row[2:])


def test_the_same_rows_give_the_same_bytes() -> None:
    assert small() == small()
