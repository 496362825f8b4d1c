"""Print jobs for label printers: ZPL II and TSPL, one label after the other as the run comes in.

Source: Zebra ZPL II programming guide (~DG, ^XG, ^GFA and its compression of repeated lines), TSC TSPL/TSPL2
programming manual (DOWNLOAD, PUTBMP, BITMAP). Chinese comes as a picture sent once, because printers differ in the
letters they hold; the line under the symbol is ASCII and comes as a picture too, so that all printers print the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import BinaryIO, Final

import numpy as np
from PIL import Image

from brand.kernel.errors import invalid
from trace.formats.label_drawing import LabelText
from trace.formats.label_raster import Dots, Printer, Strip
from trace.formats.layouts import Layout
from trace.formats.qr_symbols import BATCH, encode_symbols
from trace.formats.qr_tables import Level, Modules, version_of
from trace.formats.symbol_check import decode_check

_HEX: Final = np.frombuffer("".join(f"{one:02X}" for one in range(256)).encode("ascii"), dtype=np.uint8).reshape(256, 2)
_GAP_MM: Final = 2


def write_zpl(labels: Iterable[LabelText], layout: Layout, dpi: int, out: BinaryIO, *, level: Level = Level.M) -> int:
    """Write a ZPL II job and return how many labels it prints; raises what ``write_sheet_pdf`` raises."""
    return _written(labels, layout, dpi, out, level, Zpl)


def write_tspl(labels: Iterable[LabelText], layout: Layout, dpi: int, out: BinaryIO, *, level: Level = Level.M) -> int:
    """Write a TSPL job and return how many labels it prints; raises what ``write_sheet_pdf`` raises."""
    return _written(labels, layout, dpi, out, level, _Tspl)


class _Language:
    """What a printer language says for a picture of words and for one label."""

    def __init__(self, layout: Layout, printer: Printer, out: BinaryIO) -> None:
        self._layout, self._printer, self._out = layout, printer, out
        self._said: tuple[object, ...] = ()

    def head(self) -> None:
        """What comes before the first label."""

    def foot(self) -> None:
        """What comes after the last."""

    def keep(self, words: Dots) -> None:
        """Send a picture that the following labels show."""
        raise NotImplementedError

    def label(self, rows: bytes, code: Strip) -> None:
        """One label: its symbol's rows and its code."""
        raise NotImplementedError

    def rows(self, matrices: Modules) -> list[bytes]:
        """The symbols' rows in the language's own spelling."""
        raise NotImplementedError

    def add(self, labels: list[LabelText], matrices: Modules) -> None:
        for one, rows in zip(labels, self.rows(matrices), strict=True):
            said = (one.brand, one.product, one.cut, one.net_weight, one.packed, one.best_before, one.lot, one.producer)
            if said != self._said:
                self.keep(self._printer.words(one))
                self._said = said
            self.label(rows, self._printer.code(one.code))


class Zpl(_Language):
    """ZPL II: hexadecimal rows, of which a repeated one is a colon."""

    def keep(self, words: Dots) -> None:
        packed = np.packbits(words, axis=1)
        self._out.write(b"~DGR:LABEL.GRF,%d,%d,%b\n" % (packed.size, packed.shape[1], _hex(packed)))

    def rows(self, matrices: Modules) -> list[bytes]:
        dots = np.packbits(self._printer.symbols(matrices), axis=2)
        count, rows, width = dots.shape
        spelt = np.full((count, rows, width * 2 + self._printer.module - 1), ord(":"), dtype=np.uint8)
        spelt[:, :, : width * 2] = _HEX[dots].reshape(count, rows, width * 2)
        head = b"^GFA,%d,%d,%d," % ((rows * self._printer.module * width,) * 2 + (width,))
        return [head + one.tobytes() for one in spelt]

    def label(self, rows: bytes, code: Strip) -> None:
        left, top = self._printer.corner
        line = np.packbits(code.dots, axis=1)
        self._out.write(
            b"^XA^PW%d^LL%d^LH0,0^FO0,0^XGR:LABEL.GRF,1,1^FS^FO%d,%d%b^FS^FO%d,%d^GFA,%d,%d,%d,%b^FS^XZ\n"
            % (
                self._printer.width,
                self._printer.height,
                left,
                top,
                rows,
                code.left,
                code.top,
                line.size,
                line.size,
                line.shape[1],
                _hex(line),
            )
        )

    def foot(self) -> None:
        self._out.write(b"^XA^IDR:LABEL.GRF^FS^XZ\n")


class _Tspl(_Language):
    def head(self) -> None:
        size = b"%g mm,%g mm" % (self._layout.width, self._layout.height)
        self._out.write(b"SIZE %b\r\nGAP %d mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\n" % (size, _GAP_MM))

    def keep(self, words: Dots) -> None:
        picture = BytesIO()
        Image.fromarray(~words).save(picture, format="BMP")
        data = picture.getvalue()
        self._out.write(b'DOWNLOAD "LABEL.BMP",%d,%b\r\n' % (len(data), data))

    def rows(self, matrices: Modules) -> list[bytes]:
        printer = self._printer
        dots = np.packbits(~_to_bytes(printer.symbols(matrices)), axis=2)  # a zero is a black dot
        tall = np.repeat(dots, printer.module, axis=1)
        head = b"BITMAP %d,%d,%d,%d,0," % (*printer.corner, tall.shape[2], tall.shape[1])
        return [head + one.tobytes() for one in tall]

    def label(self, rows: bytes, code: Strip) -> None:
        line = np.packbits(~_to_bytes(code.dots), axis=1)
        bitmap = b"BITMAP %d,%d,%d,%d,0,%b" % (code.left, code.top, line.shape[1], line.shape[0], line.tobytes())
        self._out.write(b'CLS\r\nPUTBMP 0,0,"LABEL.BMP"\r\n%b\r\n%b\r\nPRINT 1,1\r\n' % (rows, bitmap))

    def foot(self) -> None:
        self._out.write(b'KILL "LABEL.BMP"\r\n')


def _written(
    labels: Iterable[LabelText],
    layout: Layout,
    dpi: int,
    out: BinaryIO,
    level: Level,
    language: Callable[[Layout, Printer, BinaryIO], _Language],
) -> int:
    count = 0
    spoken: _Language | None = None
    version = 1
    for some in in_batches(labels):
        addresses = [one.address for one in some]
        matrices = encode_symbols(addresses, level, at_least=version)
        decode_check(matrices, addresses)
        grown = version_of(matrices.shape[1])
        if spoken is None or grown != version:
            version = grown
            spoken = language(layout, Printer(layout, matrices.shape[1], dpi), out)
            spoken.head()
        spoken.add(some, matrices)
        count += len(some)
    if spoken is None:
        raise invalid("labels.nothing_to_print")
    spoken.foot()
    return count


def in_batches(labels: Iterable[LabelText]) -> Iterator[list[LabelText]]:
    """The run in pieces of the size symbols are encoded in."""
    coming = iter(labels)
    while some := list(islice(coming, BATCH)):
        yield some


def _hex(packed: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    return _HEX[packed].tobytes()


def _to_bytes(dots: Dots) -> Dots:
    """Padded with white to whole bytes along the last axis: what is left over must not print."""
    missing = -dots.shape[-1] % 8
    return np.pad(dots, [(0, 0)] * (dots.ndim - 1) + [(0, missing)])
