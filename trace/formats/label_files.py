"""A run of labels as the file somebody asked for: sheets, a printer's job, pictures, or a list for a printing house."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from brand.kernel.delimited import outgoing
from brand.kernel.errors import Fault, invalid
from trace.formats.age_files import check_recipient, encrypt
from trace.formats.label_drawing import LabelText
from trace.formats.label_raster import RESOLUTIONS, Printer, png
from trace.formats.label_sheets import write_sheet_pdf
from trace.formats.layouts import LAYOUTS, Layout
from trace.formats.printer_jobs import in_batches, write_tspl, write_zpl
from trace.formats.qr_symbols import encode_symbols
from trace.formats.qr_tables import Modules
from trace.formats.symbol_check import decode_check
from trace.formats.symbol_pictures import svg_symbols

#: Entries of a ZIP carry this moment, the format's first, so that equal runs give equal bytes.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_COLUMNS: Final = (
    "position", "code", "address", "brand", "product", "cut", "net_weight", "packed", "best_before", "lot", "producer",
    "credit_code",
)  # fmt: skip


class PrintKind(StrEnum):
    PDF = "pdf"
    ZPL = "zpl"
    TSPL = "tspl"
    PNG = "png"
    SVG = "svg"
    CSV = "csv"


@dataclass(frozen=True)
class Printing:
    """What to make: kind of file, how labels lie, the printer's resolution in dots per inch, and who alone may read it.

    ``recipient`` is an `age` key; empty means that the file is as it is.
    """

    kind: PrintKind = PrintKind.PDF
    layout: Layout = LAYOUTS["a4-24"]
    dpi: int = RESOLUTIONS[1]
    recipient: str = ""

    @property
    def name(self) -> str:
        """For the print log: what was made."""
        if self.recipient:
            return f"{self.kind.value}+age:{self.layout.name}"
        return self.layout.name if self.kind is PrintKind.PDF else f"{self.kind.value}:{self.layout.name}"

    @property
    def media_type(self) -> str:
        return "application/octet-stream" if self.recipient else _MEDIA_TYPES[self.kind]

    @property
    def ending(self) -> str:
        plain = "zip" if self.kind in (PrintKind.PNG, PrintKind.SVG) else self.kind.value
        return f"{plain}.age" if self.recipient else plain


def printing(*, kind: str, layout: str, dpi: int, recipient: str = "") -> Printing:
    """What was asked for; raises ``labels.layout_needs_roll`` where a label printer is to print sheets of A4.

    Raises besides ``labels.recipient_shape`` and ``labels.recipient_weak``.
    """
    found = Printing(PrintKind(kind), LAYOUTS[layout], dpi, check_recipient(recipient) if recipient else "")
    if found.kind in (PrintKind.ZPL, PrintKind.TSPL) and not found.layout.roll:
        code = "labels.layout_needs_roll"
        raise invalid(code, faults=[Fault(code, "/layout")])
    return found


def write(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    """Write the run and return how many labels it holds; memory does not grow with the run (pictures: with the list).

    Raises what ``write_sheet_pdf`` raises; the output is then unfinished and worthless.
    """
    if not wanted.recipient:
        return _WRITERS[wanted.kind](labels, wanted, out)
    with TemporaryFile() as plain:  # without a name: nobody else can open it, and it goes with the process
        count = _WRITERS[wanted.kind](labels, wanted, plain)
        plain.seek(0)
        encrypt(plain, out, wanted.recipient)
    return count


def _pdf(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    return write_sheet_pdf(labels, wanted.layout, out)


def _zpl(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    return write_zpl(labels, wanted.layout, wanted.dpi, out)


def _tspl(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    return write_tspl(labels, wanted.layout, wanted.dpi, out)


def _png(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    """Whole labels as pictures."""

    def drawn(some: list[LabelText], matrices: Modules) -> Iterator[bytes]:
        printer = Printer(wanted.layout, matrices.shape[1], wanted.dpi)
        return (png(printer.label(one, matrix), wanted.dpi) for one, matrix in zip(some, matrices, strict=True))

    return _zipped(labels, "png", drawn, out)


def _svg(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    """The bare symbols, for a printing house's own design."""
    del wanted

    def drawn(_: list[LabelText], matrices: Modules) -> Iterator[bytes]:
        return (svg.encode("ascii") for svg in svg_symbols(matrices))

    return _zipped(labels, "svg", drawn, out)


def _zipped(
    labels: Iterable[LabelText],
    ending: str,
    drawn: Callable[[list[LabelText], Modules], Iterator[bytes]],
    out: BinaryIO,
) -> int:
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for some in in_batches(_some(labels)):
            addresses = [one.address for one in some]
            matrices = encode_symbols(addresses)
            decode_check(matrices, addresses)
            for one, data in zip(some, drawn(some, matrices), strict=True):
                count += 1
                archive.writestr(zipfile.ZipInfo(f"{count:06d}-{one.code}.{ending}", _NO_TIME), data)
    return count


def _csv(labels: Iterable[LabelText], wanted: Printing, out: BinaryIO) -> int:
    """One row a label, in the spelling Excel in China opens; texts that a spreadsheet would run are neutralised."""
    del wanted
    page = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(page)
    count = 0
    for count, one in enumerate(_some(labels), start=1):
        hidden = (one.second,) if one.second else ()
        if count == 1:
            writer.writerow((*_COLUMNS, *(["second_code"] if hidden else [])))
        facts = (one.net_weight, one.packed, one.best_before, one.lot, one.producer, one.credit_code)
        words = (one.code, one.address, one.brand, one.product, one.cut, *(fact.value for fact in facts), *hidden)
        writer.writerow((count, *map(outgoing, words)))
    page.detach()
    return count


def _some(labels: Iterable[LabelText]) -> Iterator[LabelText]:
    coming = iter(labels)
    first = list(islice(coming, 1))
    if not first:
        raise invalid("labels.nothing_to_print")
    return chain(first, coming)


_WRITERS: Mapping[PrintKind, Callable[[Iterable[LabelText], Printing, BinaryIO], int]] = {
    PrintKind.PDF: _pdf,
    PrintKind.ZPL: _zpl,
    PrintKind.TSPL: _tspl,
    PrintKind.PNG: _png,
    PrintKind.SVG: _svg,
    PrintKind.CSV: _csv,
}
_MEDIA_TYPES: Mapping[PrintKind, str] = {
    PrintKind.PDF: "application/pdf",
    PrintKind.ZPL: "application/octet-stream",
    PrintKind.TSPL: "application/octet-stream",
    PrintKind.PNG: "application/zip",
    PrintKind.SVG: "application/zip",
    PrintKind.CSV: "text/csv",
}
