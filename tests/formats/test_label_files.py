"""Every kind of print file, read the way its printer or reader reads it: each symbol decodes, each word is there."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from brand.kernel.errors import AppError
from tests.formats.test_label_sheets import label, labels
from trace.formats.label_drawing import Fact, LabelText
from trace.formats.label_files import Printing, PrintKind, printing, write
from trace.formats.label_raster import RESOLUTIONS
from trace.formats.layouts import LAYOUTS, ROLL_40_30, ROLL_60_40
from trace.formats.qr_symbols import encode_symbols
from trace.formats.symbol_pictures import svg_symbols

COUNT = 5


def made(wanted: Printing, run: Any = None) -> bytes:
    out = BytesIO()
    assert write(labels(COUNT) if run is None else run, wanted, out) == COUNT
    return out.getvalue()


def read(dark: np.ndarray[Any, Any]) -> str | None:
    """What a scanner sees on paper of that darkness, a margin around it."""
    found = zxingcpp.read_barcode(np.where(np.pad(dark, 40), np.uint8(0), np.uint8(255)))
    return found.text if found else None


class ZplPrinter:
    """As much of a printer as our jobs need: stored graphics, fields of graphics, repeated lines."""

    def __init__(self, job: bytes) -> None:
        self.labels: list[np.ndarray[Any, Any]] = []
        head, *rest = job.decode("ascii").split("^XA")
        self._kept = self._stored(head)
        for one in rest:
            if "^PW" in one:
                self.labels.append(self._print(one.partition("^XZ")[0]))
            if "~DG" in one:
                self._kept = self._stored(one)

    def _stored(self, text: str) -> np.ndarray[Any, Any]:
        found = re.search(r"~DGR:LABEL\.GRF,(\d+),(\d+),([0-9A-F]+)", text)
        assert found
        return self._bits(found[3], int(found[1]), int(found[2]))

    @staticmethod
    def _bits(data: str, size: int, width: int) -> np.ndarray[Any, Any]:
        lines: list[str] = []
        at = 0
        while at < len(data):
            if data[at] == ":":
                lines.append(lines[-1])
                at += 1
            else:
                lines.append(data[at : at + 2 * width])
                at += 2 * width
        raw = bytes.fromhex("".join(lines))
        assert len(raw) == size
        return np.unpackbits(np.frombuffer(raw, np.uint8).reshape(-1, width), axis=1).astype(bool)

    def _print(self, text: str) -> np.ndarray[Any, Any]:
        width, height = (int(re.search(rf"\^{one}(\d+)", text)[1]) for one in ("PW", "LL"))  # type: ignore[index]
        paper = np.zeros((height, width + 16), dtype=bool)
        assert "^FO0,0^XGR:LABEL.GRF,1,1^FS" in text
        paper[: len(self._kept), : self._kept.shape[1]] |= self._kept
        for left, top, size, same, row, data in re.findall(
            r"\^FO(\d+),(\d+)\^GFA,(\d+),(\d+),(\d+),([0-9A-F:]+)\^FS", text
        ):
            assert size == same
            dots = self._bits(data, int(size), int(row))
            assert int(top) + len(dots) <= height
            paper[int(top) : int(top) + len(dots), int(left) : int(left) + dots.shape[1]] |= dots
        return paper[:, :width]


def tspl_labels(job: bytes) -> list[np.ndarray[Any, Any]]:
    """The labels a TSPL printer prints: a picture put down, bitmaps over it (a zero bit is a black dot)."""
    pages, picture, at = [], None, 0
    paper: Any = None
    while at < len(job):
        if found := re.compile(rb'DOWNLOAD "LABEL\.BMP",(\d+),').match(job, at):
            end = found.end() + int(found[1])
            picture = ~np.array(Image.open(BytesIO(job[found.end() : end])).convert("1"))
            at = end
        elif found := re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,").match(job, at):
            left, top, width, height = map(int, found.groups())
            end = found.end() + width * height
            rows = np.frombuffer(job[found.end() : end], np.uint8).reshape(height, width)
            dots = ~np.unpackbits(rows, axis=1).astype(bool)
            part = paper[top : top + height, left : left + dots.shape[1]]
            part[...] = dots[: part.shape[0], : part.shape[1]]
            at = end
        elif job.startswith(b'PUTBMP 0,0,"LABEL.BMP"', at):
            paper = picture.copy()
        elif job.startswith(b"PRINT 1,1", at):
            pages.append(paper)
        at = job.index(b"\n", at) + 1
    return pages


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("layout", [ROLL_60_40, ROLL_40_30])
def test_what_label_printers_print_reads_back(layout: Any, dpi: int) -> None:
    wanted = [label(number).address for number in range(COUNT)]
    zpl = ZplPrinter(made(Printing(PrintKind.ZPL, layout, dpi))).labels
    tspl = tspl_labels(made(Printing(PrintKind.TSPL, layout, dpi)))
    assert [read(one) for one in zpl] == wanted
    assert [read(one) for one in tspl] == wanted
    assert zpl[0].shape == (round(layout.height / 25.4 * dpi), round(layout.width / 25.4 * dpi))
    for first, second in zip(zpl, tspl, strict=True):
        assert np.array_equal(first, second), "both languages print the same dots"


def test_words_are_sent_once_and_again_when_they_change() -> None:
    same = made(Printing(PrintKind.ZPL, ROLL_60_40, 203))
    assert same.count(b"~DGR:LABEL.GRF") == 1
    run = [label(n) if n < 3 else LabelText(**{**_fields(label(n)), "cut": "羊小腿"}) for n in range(COUNT)]
    changed = made(Printing(PrintKind.ZPL, ROLL_60_40, 203), run)
    assert changed.count(b"~DGR:LABEL.GRF") == 2
    assert made(Printing(PrintKind.TSPL, ROLL_60_40, 203)).count(b"DOWNLOAD") == 1


def _fields(one: LabelText) -> dict[str, Any]:
    return {name: getattr(one, name) for name in LabelText.__slots__}


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_a_picture_of_a_label_reads_back(name: str) -> None:
    archive = zipfile.ZipFile(BytesIO(made(Printing(PrintKind.PNG, LAYOUTS[name], 203))))
    opened = [Image.open(archive.open(one)) for one in archive.namelist()]
    # At the resolution it states, a picture is as large as its label.
    width = pytest.approx(LAYOUTS[name].width, abs=0.1)
    assert [one.size[0] / one.info["dpi"][0] * 25.4 for one in opened] == [width] * COUNT
    pictures = [np.array(one.convert("L")) for one in opened]
    assert [read(one < 128) for one in pictures] == [label(number).address for number in range(COUNT)]


def test_symbols_drawn_by_strokes_are_the_symbols() -> None:
    matrices = encode_symbols([label(number).address for number in range(COUNT)])
    for svg, matrix in zip(svg_symbols(matrices), matrices, strict=True):
        side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])  # type: ignore[index]
        drawn = np.zeros((side, side), dtype=bool)
        x = y = 0
        for kind, numbers in re.findall(r"([Mmh])([\d. ]+)", re.search(r'stroke="#000" d="([^"]+)"', svg)[1]):  # type: ignore[index]
            if kind == "M":
                x, y = (int(float(one)) for one in numbers.split())
            elif kind == "m":
                x += int(numbers.split()[0])
            else:
                drawn[y, x : x + int(numbers)] = True
                x += int(numbers)
        assert np.array_equal(drawn[4:-4, 4:-4], matrix)
        assert drawn.sum() == matrix.sum()
    archive = zipfile.ZipFile(BytesIO(made(Printing(PrintKind.SVG))))
    assert archive.namelist()[0] == f"000001-{label(0).code}.svg"


def test_the_list_for_a_printing_house_holds_no_formula() -> None:
    hostile = [LabelText(**{**_fields(label(n)), "product": "=1+1", "lot": Fact("批号", "+86")}) for n in range(COUNT)]
    rows = list(csv.DictReader(io.StringIO(made(Printing(PrintKind.CSV), hostile).decode("utf-8-sig"))))
    assert [row["address"] for row in rows] == [label(number).address for number in range(COUNT)]
    assert (rows[0]["position"], rows[0]["product"], rows[0]["lot"]) == ("1", "'=1+1", "'+86")


@pytest.mark.parametrize("kind", list(PrintKind))
def test_equal_runs_give_equal_bytes_and_nothing_is_no_run(kind: PrintKind) -> None:
    wanted = Printing(kind, ROLL_60_40, 203)
    assert made(wanted) == made(wanted)
    with pytest.raises(AppError) as refusal:
        write([], wanted, BytesIO())
    assert refusal.value.code == "labels.nothing_to_print"


def test_a_label_printer_needs_a_roll() -> None:
    for kind in ("zpl", "tspl"):
        with pytest.raises(AppError) as refusal:
            printing(kind=kind, layout="a4-24", dpi=203)
        assert refusal.value.code == "labels.layout_needs_roll"
    assert printing(kind="zpl", layout="roll-60x40", dpi=203).name == "zpl:roll-60x40"
