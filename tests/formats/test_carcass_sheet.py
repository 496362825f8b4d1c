"""The sample day reads whole, the planted faults are found at their cells alone, and a filled template comes back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import trace.demo
from brand.kernel.delimited import write_csv
from trace.formats.carcass_sheet import COLUMNS, CarcassRow, CarcassSheet, carcass_template, read_carcasses

SAMPLES = Path(trace.demo.__path__[0]) / "urad-lamb"
GOOD = CarcassRow(
    row=4,
    ear_tag="315082421040000",
    breed="杜泊×蒙古羊",
    sex="wether",
    age_months=5,
    incisor_pairs=0,
    live_kg=Decimal("27.0"),
    hot_kg=Decimal("13.15"),
    cold_kg=Decimal("13.09"),
    backfat_cm=Decimal("0.45"),
    marbling="distinct",
    firmness="soft",
    lean_colour="deep_red",
    fat_colour="pale_yellow",
    slaughtered_at=datetime(2026, 9, 11, 22, 0, tzinfo=UTC),
    carcass_no="A0912-001",
    grader="G01",
)
OTHER = replace(GOOD, row=5, ear_tag="315082421040007", carcass_no="A0912-002")


def sample(name: str) -> CarcassSheet:
    return read_carcasses((SAMPLES / name).read_bytes(), name)


def again(*rows: CarcassRow) -> CarcassSheet:
    return read_carcasses(carcass_template(rows), "again.xlsx")


def codes(sheet: CarcassSheet) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in sheet.faults]


def test_the_sample_day_reads_whole() -> None:
    sheet = sample("carcasses.xlsx")
    assert (len(sheet.rows), sheet.count, sheet.faults, sheet.doubts, sheet.ignored) == (160, 160, (), (), ())
    assert sheet.accepted
    assert sheet.rows[0] == GOOD
    assert sheet.rows[159].ear_tag == "315082421041113"
    assert [row.cold_kg for row in sheet.rows[150:153]] == [Decimal(25), Decimal(22), Decimal(19)]


def test_exactly_the_eleven_planted_faults_are_found_at_their_cells() -> None:
    sheet = sample("carcasses-with-faults.xlsx")
    assert [(fault.pointer, fault.row, fault.column, fault.code) for fault in sheet.faults] == [
        ("A7", 7, "耳标号", "carcasses.tag_twice"),
        ("A9", 9, "耳标号", "ear_tags.county"),
        ("A11", 11, "耳标号", "ear_tags.length"),
        ("H13", 13, "冷胴体重(kg)", "mass_balance.cold_above_hot"),
        ("G15", 15, "热胴体重(kg)", "imports.not_a_number"),
        ("I17", 17, "背膘厚(cm)", "imports.missing"),
        ("D19", 19, "月龄", "carcasses.age_against_teeth"),
        ("N23", 23, "屠宰时间", "imports.not_a_time"),
        ("K25", 25, "脂肪和肌肉硬实度", "imports.unknown_word"),
        ("F29", 29, "宰前活重(kg)", "mass_balance.hot_not_below_live"),
        ("A31", 31, "耳标号", "ear_tags.species"),
    ]
    assert sheet.count == 40
    assert sheet.faults[0].params["first_row"] == 6


def test_the_two_oddities_are_read() -> None:
    rows = {row.row: row for row in sample("carcasses-with-faults.xlsx").rows}
    assert rows[21].cold_kg == Decimal("18.3")
    assert rows[27].remark == '=HYPERLINK("http://x","点我")'


def test_a_contradiction_resting_on_our_own_reading_is_a_question_and_still_refuses() -> None:
    sheet = sample("carcasses-with-faults.xlsx")
    assert [(doubt.pointer, doubt.code) for doubt in sheet.doubts] == [("H21", "doubts.cold_above_hot")]
    assert sheet.doubts[0].params["written"] == "１８.３"
    assert sheet.doubts[0].params["read_as"] == "18.3"
    assert not replace(sheet, faults=()).accepted


def test_the_template_filled_with_the_sample_gives_the_same_rows() -> None:
    sheet = sample("carcasses.xlsx")
    filled = read_carcasses(carcass_template(sheet.rows), "template.xlsx")
    assert filled.rows == sheet.rows
    assert filled.accepted


def test_a_remark_comes_back_and_leaves_only_as_text() -> None:
    row = replace(GOOD, remark='=HYPERLINK("http://x")')
    data = carcass_template([row])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert read_carcasses(data, "x").rows == (row,)


def test_the_empty_template_has_drop_downs_notes_units_and_an_example() -> None:
    data = carcass_template()
    archive = zipfile.ZipFile(io.BytesIO(data))
    page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '"丰富,明显,略有,无"' in page
    assert page.count("<dataValidation ") == 11
    assert len(archive.read("xl/comments1.xml").decode().split("<comment ")) - 1 == len(COLUMNS)
    assert len([name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]) == 2
    assert codes(read_carcasses(data, "x")) == [("A4", "imports.no_rows")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda: replace(OTHER, carcass_no="A0912-001"), [("O5", "carcasses.number_twice")]),
        (lambda: replace(OTHER, ear_tag=GOOD.ear_tag), [("A5", "carcasses.tag_twice")]),
        (lambda: replace(OTHER, ear_tag="31508242104000X"), [("A5", "ear_tags.digits")]),
        (lambda: replace(OTHER, cold_kg=Decimal("13.16")), [("H5", "mass_balance.cold_above_hot")]),
        (lambda: replace(OTHER, cold_kg=Decimal("13.15")), []),
        (lambda: replace(OTHER, hot_kg=Decimal("27.5")), [("G5", "mass_balance.hot_not_below_live")]),
        (lambda: replace(OTHER, live_kg=Decimal("13.1")), [("F5", "mass_balance.hot_not_below_live")]),
        (lambda: replace(OTHER, live_kg=Decimal("90")), [("F5", "mass_balance.dressing_impossible")]),
        (lambda: replace(OTHER, hot_kg=Decimal("25")), [("G5", "mass_balance.dressing_impossible")]),
        (lambda: replace(OTHER, age_months=30), [("D5", "carcasses.age_against_teeth")]),
        (lambda: replace(OTHER, age_months=14, incisor_pairs=1), []),
        (lambda: replace(OTHER, lean_colour="bright_red"), []),
    ],
)
def test_one_change_gives_one_fault_at_its_cell(
    change: Callable[[], CarcassRow], expected: list[tuple[str, str]]
) -> None:
    assert codes(again(GOOD, change())) == expected


def test_a_county_code_of_the_time_of_birth_is_right() -> None:
    """Lufeng was 532331 until 2020 and is 532302 since: a sheep born before the change carries the old one for life."""
    old = replace(OTHER, ear_tag="353233121040007", age_months=60, incisor_pairs=4)
    later = datetime(2024, 9, 12, 1, 0, tzinfo=UTC)
    assert codes(again(replace(old, slaughtered_at=later))) == []
    assert codes(again(replace(old, slaughtered_at=later, age_months=12, incisor_pairs=1))) == [
        ("A4", "ear_tags.county")
    ]


def test_an_unreadable_time_does_not_hide_a_bad_tag() -> None:
    texts = [[column.heading for column in COLUMNS], *([*line] for line in written(GOOD, OTHER))]
    texts[2][0], texts[2][13] = "315099921040035", "昨天"
    sheet = read_carcasses(write_csv(texts), "x.csv")
    assert codes(sheet) == [("A3", "ear_tags.county"), ("N3", "imports.not_a_time")]


def written(*rows: CarcassRow) -> list[list[object]]:
    from trace.formats.tables import read_table

    return [list(row.cells) for row in read_table(carcass_template(rows), "x").rows[3:]]


def test_full_width_figures_in_a_sound_row_raise_no_question() -> None:
    texts = [[column.heading for column in COLUMNS], *written(GOOD)]
    texts[1][6], texts[1][0] = "１３．１５", "３１５０８２４２１０４００００"
    sheet = read_carcasses(write_csv(texts), "x.csv")
    assert sheet.accepted
    assert sheet.rows[0] == replace(GOOD, row=2)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (7, "１４", "doubts.cold_above_hot"),
        (5, "１３", "doubts.hot_not_below_live"),
        (5, "９０", "doubts.dressing_impossible"),
        (3, "３０", "doubts.age_against_teeth"),
    ],
)
def test_each_contradiction_has_its_question(column: int, text: str, code: str) -> None:
    texts = [[heading.heading for heading in COLUMNS], *written(GOOD)]
    texts[1][column] = text
    sheet = read_carcasses(write_csv(texts), "x.csv")
    assert sheet.faults == ()
    assert [doubt.code for doubt in sheet.doubts] == [code]


def test_the_digest_tells_the_same_upload() -> None:
    assert sample("carcasses.xlsx").digest == sample("carcasses.xlsx").digest
    assert sample("carcasses.xlsx").digest != sample("carcasses-with-faults.xlsx").digest
