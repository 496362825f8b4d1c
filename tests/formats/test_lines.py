"""Headings are found where people put them, cells read as people write them, and a bad cell is named by its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.formats.cells import Day, Identifier, Kind, Moment, Number, Text, Whole, Words, shown_moment
from trace.formats.columns import Column
from trace.formats.lines import Lines, read_lines
from trace.formats.tables import Cell, Row, Sheet

WEIGHT = Number(Decimal(1), Decimal(100), 2)
COLUMNS = (
    Column("tag", "耳标号", Identifier(), ("耳号",)),
    Column("hot_kg", "热胴体重(kg)", WEIGHT, ("热重(kg)",)),
    Column("age", "月龄", Whole(0, 240)),
    Column("remark", "备注", Text(), required=False),
)
HEADINGS: tuple[Cell, ...] = ("耳标号", "热胴体重(kg)", "月龄", "备注")


def read(*rows: tuple[Cell, ...], formulas: dict[str, str] | None = None) -> Lines:
    return read_lines(Sheet("s", tuple(Row(n, cells) for n, cells in enumerate(rows, 1)), formulas or {}), COLUMNS)


def found(lines: Lines) -> list[tuple[str, str, int | None, str | None]]:
    return [(fault.code, fault.pointer, fault.row, fault.column) for fault in lines.faults]


def test_a_title_and_blank_rows_above_and_below_are_passed_over() -> None:
    lines = read(
        ("屠宰记录 耳标号",), (), HEADINGS, ("A1", Decimal("18.3"), Decimal(6)), ("", " ", ""), ("A2", "20", "7"), ()
    )
    assert lines.faults == ()
    assert [(line.number, dict(line.values)) for line in lines.lines] == [
        (4, {"tag": "A1", "hot_kg": Decimal("18.3"), "age": 6}),
        (6, {"tag": "A2", "hot_kg": Decimal(20), "age": 7}),
    ]


@given(st.permutations(range(5)))
def test_columns_come_in_any_order_with_others_between(order: list[int]) -> None:
    headings = [*HEADINGS, "车间"]
    cells: list[Cell] = ["A1", Decimal("18.3"), Decimal(6), "好", "一车间"]
    lines = read(tuple(headings[n] for n in order), tuple(cells[n] for n in order))
    assert lines.faults == ()
    assert lines.ignored == ("车间",)
    assert dict(lines.lines[0].values) == {"tag": "A1", "hot_kg": Decimal("18.3"), "age": 6, "remark": "好"}


@pytest.mark.parametrize(
    "heading", ["热胴体重（kg）", " 热胴体重 ( KG ) ", "热胴体重(公斤)", "热重（千克）", "热胴体重(ｋｇ)"]
)
def test_a_heading_is_known_in_its_spellings(heading: str) -> None:
    assert read(("耳号", heading, "月龄"), ("A1", "18", "6")).faults == ()


@pytest.mark.parametrize("heading", ["热胴体重(斤)", "热胴体重", "热胴体重(g)"])
def test_a_wrong_or_missing_unit_is_a_fault_and_nothing_is_read(heading: str) -> None:
    lines = read(("耳标号", heading, "月龄"), ("A1", "18", "6"))
    assert found(lines) == [("imports.heading_unit", "B1", 1, heading)]
    assert lines.lines == ()


def test_a_missing_heading_is_named() -> None:
    lines = read((), ("耳标号", "热胴体重(kg)"), ("A1", "18"))
    assert found(lines) == [("imports.heading_missing", "A2", 2, "月龄")]


def test_a_heading_that_comes_twice_is_named_at_the_second() -> None:
    lines = read((*HEADINGS, "耳号"), ("A1", "18", "6", "", "A2"))
    assert found(lines) == [("imports.heading_twice", "E1", 1, "耳号")]


def test_headings_below_the_tenth_row_are_not_searched() -> None:
    assert found(read(*[("x",)] * 10, HEADINGS)) == [("imports.no_headings", "A1", 1, None)]
    assert found(read(*[("x",)] * 9, HEADINGS)) == [("imports.no_rows", "A11", 11, None)]


def test_every_bad_cell_is_named_and_the_good_ones_are_kept() -> None:
    lines = read(("x",), HEADINGS, ("A1", "十八", Decimal("6.5")), ("", "101", Decimal(6)), ("A3",))
    assert found(lines) == [
        ("imports.not_a_number", "B3", 3, "热胴体重(kg)"),
        ("imports.not_whole", "C3", 3, "月龄"),
        ("imports.missing", "A4", 4, "耳标号"),
        ("imports.out_of_range", "B4", 4, "热胴体重(kg)"),
        ("imports.missing", "B5", 5, "热胴体重(kg)"),
        ("imports.missing", "C5", 5, "月龄"),
    ]
    assert [dict(line.values) for line in lines.lines] == [{"tag": "A1"}, {"age": 6}, {"tag": "A3"}]
    assert not any(line.complete for line in lines.lines)
    assert lines.faults[0].params == {"value": "十八", "row": 3, "column": "热胴体重(kg)"}


def test_a_formula_is_kept_as_text_in_words_and_as_value_in_figures() -> None:
    row: tuple[Cell, ...] = ("A1", Decimal(18), Decimal(6), Decimal(0))
    lines = read(HEADINGS, row, formulas={"D2": '=HYPERLINK("http://x")', "B2": "=9*2"})
    assert lines.lines[0].values["remark"] == '=HYPERLINK("http://x")'
    assert lines.lines[0].values["hot_kg"] == Decimal(18)


def test_what_we_changed_to_read_it_is_remembered() -> None:
    line = read(HEADINGS, ("Ａ1", " １８.３ ", " 6 ")).lines[0]
    assert line.values["hot_kg"] == Decimal("18.3")
    assert dict(line.normalised) == {"tag": "Ａ1", "hot_kg": "１８.３"}


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (WEIGHT, "１８．３", Decimal("18.3")),
        (WEIGHT, "+7", Decimal(7)),
        (Whole(0, 9), Decimal("4.0"), 4),
        (Identifier(), Decimal(315082421040014), "315082421040014"),
        (Identifier(), " ３１５ ０８２ ", "315082"),
        (Text(), "  羊腿（带骨） ", "羊腿（带骨）"),
        (Text(), "'=1+1", "=1+1"),
        (Words({"公": "ram"}), " 公 ", "ram"),
        (Moment(), "2026-09-12 06:05", datetime(2026, 9, 11, 22, 5, tzinfo=UTC)),
        (Moment(), "2026/9/12 6:05:07", datetime(2026, 9, 11, 22, 5, 7, tzinfo=UTC)),
        (Moment(), "２０２６年９月１２日 6时05分", datetime(2026, 9, 11, 22, 5, tzinfo=UTC)),
        (Moment(), "2026-09-12T06:05", datetime(2026, 9, 11, 22, 5, tzinfo=UTC)),
        (Moment(), datetime(2026, 9, 12, 6, 5, 0, 300), datetime(2026, 9, 11, 22, 5, tzinfo=UTC)),  # noqa: DTZ001
        (Day(), "2026.9.14", date(2026, 9, 14)),
        (Day(), "2026年9月14号", date(2026, 9, 14)),
        (Day(), "２０２６０９１４", date(2026, 9, 14)),
        (Day(), Decimal(20260914), date(2026, 9, 14)),
        (Day(), "2026-09-14 00:00:00", date(2026, 9, 14)),
        (Day(), date(2026, 9, 14), date(2026, 9, 14)),
        (Day(), datetime(2026, 9, 14), date(2026, 9, 14)),  # noqa: DTZ001
    ],
)
def test_a_cell_is_read_as_written(kind: Kind, cell: Cell, value: object) -> None:
    assert kind.read(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        (WEIGHT, "18.3kg", "imports.not_a_number"),
        (WEIGHT, "1,8", "imports.comma_in_number"),
        (WEIGHT, "1,250.5", "imports.comma_in_number"),
        (WEIGHT, "NaN", "imports.not_a_number"),
        (WEIGHT, "Infinity", "imports.not_a_number"),
        (WEIGHT, "1e2", "imports.not_a_number"),
        (WEIGHT, "#ERROR!", "imports.not_a_number"),
        (WEIGHT, "٣", "imports.not_a_number"),
        (WEIGHT, date(2026, 9, 1), "imports.not_a_number"),
        (WEIGHT, Decimal("18.305"), "imports.too_many_places"),
        (WEIGHT, "-18", "imports.out_of_range"),
        (Whole(0, 9), "4.5", "imports.not_whole"),
        (Whole(0, 9), Decimal(10), "imports.out_of_range"),
        (Identifier(), Decimal(10) ** 15, "imports.digits_lost"),
        (Identifier(), Decimal("1.5"), "imports.digits_lost"),
        (Identifier(4), "12345", "imports.too_long"),
        (Text(4), "12345", "imports.too_long"),
        (Words({"公": "ram"}), "雄", "imports.unknown_word"),
        (Moment(), "2027-13-40 25:00", "imports.not_a_time"),
        (Moment(), "2026-09-12", "imports.not_a_time"),
        (Moment(), date(2026, 9, 12), "imports.not_a_time"),
        (Moment(), Decimal("46277.25"), "imports.not_a_time"),
        (Day(), "2026-02-30", "imports.not_a_day"),
        (Day(), datetime(2026, 9, 14, 1), "imports.not_a_day"),  # noqa: DTZ001
        (Day(), Decimal(46277), "imports.day_as_number"),
        (Day(), Decimal(20261301), "imports.not_a_day"),
        (Day(), "2026-09-12 09:30", "imports.not_a_day"),
    ],
)
def test_a_cell_that_cannot_be_read_has_a_name(kind: Kind, cell: Cell, code: str) -> None:
    with pytest.raises(AppError) as caught:
        kind.read(cell)
    assert caught.value.code == code


@given(st.text() | st.decimals(allow_nan=False, allow_infinity=False) | st.datetimes() | st.dates())
def test_any_cell_is_read_or_named_by_every_kind(cell: Cell) -> None:
    for kind in (WEIGHT, Whole(0, 9), Identifier(), Text(), Words({"公": "ram"}), Moment(), Day()):
        try:
            kind.read(cell)
        except AppError as error:
            named = error.code.startswith("imports.")
            assert named


@given(st.datetimes(min_value=datetime(1992, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_written_is_the_moment_read(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    if whole.year < 9999:
        assert Moment().read(shown_moment(whole)) == whole
