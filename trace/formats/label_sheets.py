"""Sheets of labels as one PDF, written as the run comes in.

Source: ISO 32000-1; performance plan, path P2 (bytes and seconds per label).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from brand.kernel.errors import invalid
from trace.formats.label_drawing import Fact, LabelText, drawing
from trace.formats.label_lines import Lettering
from trace.formats.layouts import Layout
from trace.formats.pdf_objects import PdfFile
from trace.formats.qr_symbols import BATCH, encode_symbols
from trace.formats.qr_tables import Codewords, Level, size_of, version_of
from trace.formats.symbol_check import decode_check
from trace.formats.symbol_strips import add_strip_font, matrices_of, strip_lines, symbol_size

__all__ = ["Fact", "LabelText", "write_sheet_pdf"]


def _checked_lines(labels: list[LabelText], level: Level, at_least: int) -> Codewords:
    """Strips of the labels' symbols, each read back from the very bytes that go into the file."""
    addresses = [label.address for label in labels]
    shown = strip_lines(encode_symbols(addresses, level, at_least=at_least))
    decode_check(matrices_of(shown), addresses)
    return shown


class _Sheets:
    """One run on its way into a file."""

    def __init__(self, layout: Layout, level: Level, out: BinaryIO) -> None:
        self._layout = layout
        self._level = level
        self._file = PdfFile(out)
        self._lettering = Lettering()
        self._use(1)
        self.labels = 0

    def _use(self, version: int) -> None:
        self._version = version
        self._drawing = drawing(self._layout, size_of(version), self._lettering)

    def add(self, labels: list[LabelText]) -> None:
        """Whole sheets, or the last labels of the run. A symbol never gets smaller than those before it in the run."""
        shown = _checked_lines(labels, self._level, self._version)
        version = version_of(symbol_size(shown))
        if version != self._version:
            self._use(version)
        for start in range(0, len(labels), self._layout.per_sheet):
            chosen = slice(start, start + self._layout.per_sheet)
            self._file.add_page(self._page(labels[chosen], shown[chosen]))
        self.labels += len(labels)

    def _page(self, labels: list[LabelText], shown: Codewords) -> bytes:
        parts = [b"0.3 w\n"]
        for (x, y), label, symbol in zip(self._layout.corners, labels, shown, strict=False):
            parts += (b"q 1 0 0 1 %.2f %.2f cm\n" % (x, y), self._drawing.draw(label, symbol.tobytes()), b"Q\n")
        return b"".join(parts)

    def finish(self) -> None:
        fonts = b"<</Font<</T %d 0 R/S %d 0 R>>>>" % (self._lettering.add_font(self._file), add_strip_font(self._file))
        # Scaled labels miss their die cuts and their module width: ask for actual size, printed on one side.
        self._file.finish(
            b"/MediaBox[0 0 %.2f %.2f]/Resources %b" % (*self._layout.page, fonts),
            b"/Lang(zh-CN)/ViewerPreferences<</PrintScaling/None/Duplex/Simplex>>",
        )


def write_sheet_pdf(labels: Iterable[LabelText], layout: Layout, out: BinaryIO, *, level: Level = Level.M) -> int:
    """Write the run's sheets to ``out`` and return how many labels they hold.

    ``labels`` is consumed as the file grows: memory stays the same for ten labels and for a million. Equal input gives
    equal bytes. A line too wide for its place shrinks to its floor and is then cut with an ellipsis; the code is not.
    Raises `labels.nothing_to_print`, `labels.character_missing`, `labels.code_too_long`, `labels.text_too_long`,
    `labels.text_not_ascii`, `labels.symbol_unreadable`; the output is then unfinished and worthless.
    """
    sheets = _Sheets(layout, level, out)
    coming = iter(labels)
    while chunk := list(islice(coming, max(BATCH // layout.per_sheet, 1) * layout.per_sheet)):
        sheets.add(chunk)
    if not sheets.labels:
        raise invalid("labels.nothing_to_print")
    sheets.finish()
    return sheets.labels
