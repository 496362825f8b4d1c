"""Label sheets as a printer and a reader meet them: rendered, decoded, measured, refused."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.formats.label_lines import Lettering, Style
from trace.formats.label_sheets import Fact, LabelText, write_sheet_pdf
from trace.formats.layouts import A4_24, LAYOUTS
from trace.formats.qr_symbols import encode_symbols
from trace.formats.qr_tables import Level
from trace.formats.symbol_check import decode_check
from trace.formats.symbol_strips import matrices_of, strip_lines

SIGNATURE = "UbJSMG3HjiwA_bu8c42L0PuXejHK6a1Bc3wUFa3LENfrcj_bFdfGQ2_WblngwnZho4foJ_S5_vDXEDtaGZijDQ"
LONG = "内蒙古自治区巴彦淖尔市乌拉特中旗示范草原牧业专业合作社联合社有限责任公司第一分公司"


def label(number: int) -> LabelText:
    return LabelText(
        address=f"https://trace.example.cn/u/WCVP3AW8/{number:016}?s=a7.{SIGNATURE}",
        code=f"WCVP-3AW8-0000-0000-{number:08}"[:24] + f"-{number % 10000:04}-5",
        brand="乌拉特中旗区域公共品牌 · 示范",
        product="乌拉特羊肉（示范）",
        cut="法式羊肋脊排 · 优级",
        net_weight=Fact("净含量", "0.500 kg"),
        packed=Fact("包装日期", "2026-09-14"),
        best_before=Fact("保质期", "365 天，≤-18℃ 冷冻"),
        lot=Fact("批号", "20260912A"),
        producer=Fact("生产者", "示范牧业专业合作社"),
        credit_code=Fact("信用代码", "91150824MA0DEMO00X"),
    )


def labels(count: int) -> Iterator[LabelText]:
    return map(label, range(count))


def sheet(run: Iterator[LabelText] | list[LabelText], level: Level = Level.M) -> bytes:
    out = BytesIO()
    write_sheet_pdf(run, A4_24, out, level=level)
    return out.getvalue()


def page(data: bytes, number: int, dpi: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Grey pixels of one page."""
    with pypdfium2.PdfDocument(data) as document:
        return np.array(document[number].render(scale=dpi / 72, grayscale=True).to_numpy())


def said(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)


def read_cells(data: bytes, dpi: int) -> list[str | None]:
    """What a reader finds in each of the 24 cells of the first page."""
    pixels = page(data, 0, dpi)
    scale = dpi / 72
    texts: list[str | None] = []
    for x, y in A4_24.corners:
        top = len(pixels) - int((y + A4_24.height * 72 / 25.4) * scale)
        left, width, height = (max(int(v * scale), 0) for v in (x, 70 * 72 / 25.4, 37 * 72 / 25.4))
        read = zxingcpp.read_barcode(np.ascontiguousarray(pixels[max(top, 0) : top + height, left : left + width]))
        texts.append(read.text if read else None)
    return texts


@pytest.fixture(scope="module")
def one_sheet() -> bytes:
    return sheet(labels(24))


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_every_symbol_reads_at_printer_resolutions(one_sheet: bytes, dpi: int) -> None:
    assert read_cells(one_sheet, dpi) == [label(number).address for number in range(24)]


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != "a4-24"])
def test_every_layout_reads_at_printer_resolutions(name: str, dpi: int) -> None:
    layout, out = LAYOUTS[name], BytesIO()
    count = layout.per_sheet + 1
    assert write_sheet_pdf(labels(count), layout, out) == count
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        assert len(document) == 2
        assert document[0].get_size() == pytest.approx(layout.page, abs=0.01)
    seen = {read.text for number in (0, 1) for read in zxingcpp.read_barcodes(page(out.getvalue(), number, dpi))}
    assert seen == {label(number).address for number in range(count)}
    assert all(words in said(out.getvalue()) for words in ("0.500 kg", "2026-09-14", "20260912A"))


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_dates_and_lot_are_rather_small_than_cut(name: str) -> None:
    """What people compare letter by letter: a date with its storage, and the longest lot there may be."""
    facts = {"best_before": Fact("保质期", "2027-09-14（≤-18℃）"), "lot": Fact("批号", "URAD-20260912-A-0001")}
    for lot in (facts["lot"], Fact("批号", "W" * 20)):
        out = BytesIO()
        write_sheet_pdf([replace(label(1), **{**facts, "lot": lot})], LAYOUTS[name], out)
        words = "".join(said(out.getvalue()).split())
        assert lot.value in words
        assert "2027-09-14（≤-18℃）" in words


def test_a_line_is_broken_before_a_bracket_where_the_rest_then_fits() -> None:
    lettering, style = Lettering(), Style(6.2, 5.4)
    assert lettering.broken("2027-09-14（≤-18℃）", style, 39) == ("2027-09-14", "（≤-18℃）")
    assert lettering.broken("旗（示范）养羊合作社联合社", style, 39)[0] == "旗（示范）养羊"


def test_a_credit_code_is_whole_on_every_layout_that_shows_it() -> None:
    for name, layout in LAYOUTS.items():
        out = BytesIO()
        write_sheet_pdf(labels(1), layout, out)
        assert ("91150824MA0DEMO00X" in said(out.getvalue())) == (name != "roll-40x30"), name


def test_words_can_be_searched_and_copied(one_sheet: bytes) -> None:
    text = said(one_sheet)
    for words in ("乌拉特羊肉（示范）", "0.500 kg", "2026-09-14", "示范牧业专业合作社", "91150824MA0DEMO00X"):
        assert text.count(words) == 24
    assert not re.search("[\x80-\xa0\xc0-\xff]", text)


def test_equal_input_gives_equal_bytes(one_sheet: bytes) -> None:
    assert sheet(labels(24)) == one_sheet
    assert sheet(labels(23)) != one_sheet
    assert b"/CreationDate" not in one_sheet


def test_a_run_goes_on_over_sheets_of_a4() -> None:
    out = BytesIO()
    assert write_sheet_pdf(labels(24 * 103 + 1), A4_24, out) == 2473
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        assert len(document) == 104
        assert document[103].get_size() == pytest.approx((595.2, 841.92), abs=0.01)
        assert document[103].get_textpage().get_text_bounded().count("批号") == 1


def test_the_file_is_what_it_says() -> None:
    """Renderers mend broken tables in silence, so the offsets are followed here."""
    data = sheet(labels(30))
    start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", data)[0])
    head = re.match(rb"xref\n0 (\d+)\n", data[start:])
    assert head is not None
    table = start + head.end()
    entries = [data[table + 20 * row : table + 20 * row + 20] for row in range(int(head[1]))]
    assert entries[0] == b"0000000000 65535 f \n"
    for number, entry in enumerate(entries[1:], 1):
        assert data[int(entry[:10]) :].startswith(b"%d 0 obj\n" % number)
        assert entry.endswith(b" 00000 n \n")
    assert data[table + 20 * len(entries) :].startswith(b"trailer\n")
    for size, stream in re.findall(rb"/Length (\d+)[^>]*>>\nstream\n(.*?)\nendstream", data, re.DOTALL):
        assert int(size) == len(stream)


def test_memory_does_not_grow_with_the_run() -> None:
    class Nowhere(BytesIO):
        def write(self, data: Any) -> int:
            return len(data)

    def peak(count: int) -> int:
        tracemalloc.start()
        write_sheet_pdf(labels(count), A4_24, Nowhere())
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(24)
    assert peak(2400) < peak(480) * 1.05


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("length", [25, 60, 86, 130, 175])
def test_symbols_of_other_sizes_fit_their_place(length: int, level: Level) -> None:
    run = [replace(label(n), address=f"https://trace.example.cn/{n:02}".ljust(length, "x")) for n in range(24)]
    assert read_cells(sheet(run, level), 300) == [one.address for one in run]


def test_the_largest_symbol_still_fits() -> None:
    run = [replace(label(n), address=f"https://trace.example.cn/{n:02}".ljust(251, "x")) for n in range(24)]
    assert read_cells(sheet(run), 300) == [one.address for one in run]


def test_symbols_never_shrink_within_a_run() -> None:
    short = [replace(label(n), address=f"https://a.cn/{n}") for n in range(240)]
    data = sheet([*short, label(1), *short[:30]])
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 12
    last = page(data, 11, 300)
    assert {read.text for read in zxingcpp.read_barcodes(last)} == {one.address for one in short[23:30]}


def test_long_words_shrink_break_or_end_in_an_ellipsis_and_never_touch_the_symbol() -> None:
    crowded = replace(
        label(7),
        brand=LONG,
        product=LONG,
        cut=LONG,
        net_weight=Fact("净含量" * 9, "0.500 kg " * 20),
        packed=Fact(LONG, LONG),
        best_before=Fact("保质期", LONG),
        lot=Fact("批号", "A" * 90),
        producer=Fact("生产者", LONG),
        credit_code=Fact("信用代码", "91150824MA0DEMO00X"),
    )
    data = sheet([replace(crowded, address=label(n).address) for n in range(24)])
    assert read_cells(data, 203) == [label(n).address for n in range(24)]
    assert "…" in said(data)
    assert said(data).count("91150824MA0DEMO00X") == 24
    pixels = page(data, 0, 300)
    scale, (x, y) = 300 / 25.4, A4_24.corners[0]
    bottom = len(pixels) - int(y * 300 / 72)
    left = int(x * 300 / 72)
    cell = pixels[bottom - int(36.5 * scale) : bottom, left : left + int(70 * scale)]
    # The quiet zone at the left of a version 8 symbol: 43.5 mm to 45.2 mm.
    assert cell[:, int(43.7 * scale) : int(45.0 * scale)].min() == 255
    assert cell[:, : int(3.8 * scale)].min() == 255


def test_a_long_producer_takes_two_lines_and_is_whole() -> None:
    name = "内蒙古乌拉特中旗示范草原牧业专业合作社"
    text = said(sheet([replace(label(1), producer=Fact("生产者", name))]))
    assert name in text.replace("\r", "").replace("\n", "")
    english = "Demo Grassland Herders Cooperative, Urad"
    words = said(sheet([replace(label(1), producer=Fact("Producer", english))])).split()
    assert english in " ".join(words)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="羊肉示范 kgWi1，.", max_size=60), st.floats(5, 200), st.floats(4, 8), st.floats(0, 6))
def test_a_fitted_line_keeps_within_its_width(text: str, width: float, floor: float, above: float) -> None:
    lettering = Lettering()
    shown, size = lettering.fitted(text, Style(floor + above, floor), width)
    assert floor <= size <= floor + above
    assert lettering.width(shown, size) <= width + 1e-9 or shown == "…"
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))
    lines = lettering.broken(text, Style(floor + above, floor), width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_the_strips_draw_exactly_the_modules() -> None:
    for length in (10, 60, 131, 170, 250):
        texts = [f"{n}".ljust(length, "y") for n in range(3)]
        symbols = encode_symbols(texts)
        shown = strip_lines(symbols)
        assert np.array_equal(matrices_of(shown), symbols)
        assert not set(shown[:, :, 1:-2].tobytes()) & set(b"()\\\r\n")
        shown[1, 2:5, 5:-5] ^= 0x55
        with pytest.raises(AppError) as refusal:
            decode_check(matrices_of(shown), texts)
        assert refusal.value.code == "labels.symbol_unreadable"


@pytest.mark.parametrize(
    ("run", "code", "params"),
    [
        ([], "labels.nothing_to_print", {}),
        ([replace(label(1), product="ᠮᠠᠯ")], "labels.character_missing", {"character": "ᠮ", "code_point": "U+182E"}),
        ([replace(label(1), cut="一\n二")], "labels.character_missing", {"character": "\n", "code_point": "U+000A"}),
        ([replace(label(1), code="W" * 40)], "labels.code_too_long", {"code": "W" * 40}),
        ([replace(label(1), address="x" * 300)], "labels.text_too_long", {"length": 300, "limit": 251}),
    ],
)
def test_refusals(run: list[LabelText], code: str, params: dict[str, object]) -> None:
    with pytest.raises(AppError) as refusal:
        sheet(run)
    assert (refusal.value.code, refusal.value.params) == (code, params)
