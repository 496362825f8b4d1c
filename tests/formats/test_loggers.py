"""Logger files of many shapes: what each column is taken for, what the cells mean, and what is refused by its cell."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.formats.cold_room import read_cold_room
from trace.formats.logger_cells import DayOrder, degrees, moment
from trace.formats.loggers import LoggerShape, guess, read_by, serial_of
from trace.formats.tables import read_table, write_xlsx

Y, D, M = DayOrder.YEAR_FIRST, DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST
SHAPES = {
    "chinese, gb18030, humidity between": (
        "时间,湿度(%RH),冷库温度\n2026-09-12 13:00:00,80,1.8\n2026-09-12 13:05:00,81,1.9\n".encode("gb18030"),
        LoggerShape(1, 0, room=2),
    ),
    "preamble, semicolon, decimal comma, day and time apart": (
        b"Serial Number: TZ-00991\nInterval;5 min\nDate;Time;Probe 1\n12/09/2026;13:00;3,2\n13/09/2026;13:05;3,4\n",
        LoggerShape(3, 0, 1, core=2, order=D),
    ),
    "american, two channels, half days": (
        "Device,S/N,TZ-00991\n\nNo.,Date Time,Temp1(°C),Temp2(°C)\n"
        "1,9/12/2026 1:00:00 PM,1.8,33.1\n2,9/13/2026 12:05:00 AM,1.9,32\n".encode(),
        LoggerShape(3, 1, room=2, core=3, order=M),
    ),
    "no headings, tab, utf-16, short year": (
        "26-09-12 13:00\t1.8\n26-09-12 13:05\t1.9\n".encode("utf-16"),
        LoggerShape(0, 0, room=1),
    ),
    "脱酸, silent probe": (
        "日期,时刻,脱酸间,肉温\n2026年9月12日,13:00,1.8℃,--\n2026年9月12日,13:05,1.9℃,5.5℃\n".encode(),
        LoggerShape(1, 0, 1, room=2, core=3),
    ),
    "a workbook with its number on top": (
        write_xlsx([("记录仪编号：TZ-00991",), ("序号", "采集时间", "温度1", "温度2"), (1, "2026/9/12 13:00", 1.8, 5)]),
        LoggerShape(2, 1, room=2, core=3),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_columns_are_guessed_and_read(name):
    data, shape = SHAPES[name]
    table = read_table(data, "log")
    assert guess(table) == shape
    readings, faults, lines = read_by(table, shape)
    assert faults == ()
    assert lines == len(readings)
    assert readings[0].at == datetime(2026, 9, 12, 5, 0, tzinfo=UTC)
    assert serial_of(table) in ("", "TZ-00991")
    assert LoggerShape.of(shape.said()) == shape


def test_the_serial_number_is_found_where_it_is_told():
    told = [serial_of(read_table(data, "log")) for data, _ in SHAPES.values()]
    assert [bool(one) for one in told] == [False, True, True, False, False, True]


def test_what_is_no_logger_file_is_not_guessed():
    assert guess(read_table(b"hello,world\nfoo,bar\n", "a.csv")) is None
    faults = read_cold_room(b"hello,world\nfoo,bar\n", "a.csv").faults
    assert [one.code for one in faults] == ["imports.no_headings"]


def test_our_own_headings_need_no_guess_and_what_is_told_wins():
    own = "时间,库温(℃),胴体中心温度(℃)\n2026-09-12 13:00,1.8,33\n".encode()
    assert read_cold_room(own, "a.csv").shape is None
    told = LoggerShape(1, 0, room=2).said() | {"step": "ageing", "device": "X"}
    sheet = read_cold_room(own, "a.csv", told)
    assert (sheet.rows[0].room_c, sheet.rows[0].core_c, sheet.said["step"]) == (Decimal(33), None, "ageing")


def test_bad_cells_are_named_where_they_stand():
    data = b"time,air\n2026-09-12 13:00,1.8\n2026-09-12 12:00,1.8\nyesterday,2\n2026-09-12 14:00,warm\n"
    faults = read_cold_room(data, "a.csv").faults
    assert [(one.code, one.pointer) for one in faults] == [
        ("cold_room.time_not_after", "A3"),
        ("imports.not_a_time", "A4"),
        ("imports.not_a_number", "B5"),
    ]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("12/09/2026 01:02", D, (2026, 9, 12)),
        ("12/09/2026 01:02", M, (2026, 12, 9)),
        ("12.9.26 01:02", D, (2026, 9, 12)),
        ("26-9-12 01:02", Y, (2026, 9, 12)),
        ("2026-09-12T01:02:00", M, (2026, 9, 12)),
        ("12/09/2026 上午1:02", D, (2026, 9, 12)),
        ("2026年9月12日 上午 1:02:00", Y, (2026, 9, 12)),
        ("12/09/2026 上午13:02", D, None),
        ("31/02/2026 01:02", D, None),
        ("12/09/2026 13:02 PM", D, None),
    ],
)
def test_dates_in_their_order(text, order, day):
    if day is None:
        with pytest.raises(AppError):
            moment(text, order)
        return
    assert moment(text, order) == datetime(*day, 1, 2, tzinfo=UTC) - timedelta(hours=8)


def test_temperatures_with_signs_and_silence():
    assert [degrees(one) for one in ("3,2", "-18.5 °C", "４℃", "OPEN", "--")] == [
        Decimal("3.2"),
        Decimal("-18.5"),
        Decimal(4),
        None,
        None,
    ]
    for bad in ("61", "1e3", "1.234", "=1+1"):
        with pytest.raises(AppError):
            degrees(bad)


@pytest.mark.parametrize(
    "said",
    [
        {"at": "0"},
        {"at": "0", "room": "0", "heading": "1"},
        {"at": "-1", "room": "1", "heading": "1"},
        {"at": "0", "room": "999", "heading": "1"},
        {"at": "x", "room": "1", "heading": "1"},
        {"at": "0", "room": "1", "heading": "1", "order": "ydm"},
        {"at": "0", "room": "1", "heading": "-5"},
    ],
)
def test_columns_that_cannot_be_are_refused(said):
    with pytest.raises(AppError) as raised:
        LoggerShape.of(said)
    assert raised.value.code == "loggers.columns"


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=8))
def test_no_file_breaks_the_guess(rows):
    text = "\n".join(",".join(cell.replace('"', "").replace("\n", "") for cell in row) for row in rows)
    try:
        sheet = read_cold_room(text.encode(), "a.csv")
    except AppError:
        return
    assert sheet.digest
