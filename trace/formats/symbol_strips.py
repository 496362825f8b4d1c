"""QR symbols as lines of text: a Type 3 font whose 128 glyphs are strips one module wide and seven modules tall.

Source: ISO 32000-1 clause 9.6.5 (Type 3 fonts), 9.4.3 (text-showing operators). Seven modules to a glyph, because then
the codes 128-255 suffice: no byte of a string needs an escape, and version 8 (49 modules) is exactly seven lines.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from trace.formats.pdf_objects import PdfFile
from trace.formats.qr_tables import Codewords, Modules

STRIP: Final = 7
_FIRST: Final = 128
_OPEN, _CLOSE = b"(", b")'"


def strip_lines(matrices: Modules) -> Codewords:
    """``(n, size, size)`` → ``(n, lines, size + 3)`` bytes: each line a string and the operator that shows it below."""
    count, size, _ = matrices.shape
    lines = -(-size // STRIP)
    padded = np.zeros((count, lines * STRIP, size), dtype=np.uint8)
    padded[:, :size] = matrices
    grouped = padded.reshape(count, lines, STRIP, size)
    shown = np.empty((count, lines, len(_OPEN) + size + len(_CLOSE)), dtype=np.uint8)
    shown[:, :, 0] = ord(_OPEN)
    shown[:, :, -2:] = np.frombuffer(_CLOSE, dtype=np.uint8)
    codes = shown[:, :, 1:-2]
    codes[...] = _FIRST
    for row in range(STRIP):
        codes |= grouped[:, :, row] << np.uint8(row)
    return shown


def symbol_size(shown: Codewords) -> int:
    """Modules along one side of the symbols these lines draw."""
    return int(shown.shape[-1]) - len(_OPEN) - len(_CLOSE)


def matrices_of(shown: Codewords) -> Modules:
    """The modules that these very bytes will draw: the way back from `strip_lines`."""
    codes = shown[:, :, None, 1:-2]
    size = symbol_size(shown)
    rows = (codes >> np.arange(STRIP, dtype=np.uint8)[:, None]) & np.uint8(1)
    return rows.reshape(len(shown), -1, size)[:, :size].astype(np.bool_)


def _drawing(strip: int) -> bytes:
    """Dark runs of one strip as rectangles; bit k is the k-th module from the top."""
    runs = []
    top = 0
    for row in range(STRIP + 1):
        if row < STRIP and strip >> row & 1:
            continue
        if row > top:
            runs.append(b"0 %d 1 %d re" % (STRIP - row, row - top))
        top = row + 1
    return b"1 0 0 0 1 %d d1 %b" % (STRIP, b" ".join([*runs, b"f"]) if runs else b"")


# Without this, whoever copies the text of a sheet gets rows of accented letters between the labels.
_AS_BLANKS: Final = (
    b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Strips def/CMapType 2 def\n"
    b"1 begincodespacerange<00><ff>endcodespacerange\n2 beginbfrange\n<%02x><bf>[%b]\n<c0><ff>[%b]\nendbfrange\n"
    b"endcmap CMapName currentdict/CMap defineresource pop end end" % (_FIRST, b"<0020>" * 64, b"<0020>" * 64)
)


def add_strip_font(file: PdfFile) -> int:
    """Write the font; one text unit is one module. Returns its object number."""
    glyphs = 256 - _FIRST
    procedures = b" ".join(b"/s%d %d 0 R" % (strip, file.add_stream(_drawing(strip))) for strip in range(glyphs))
    names = b" ".join(b"/s%d" % strip for strip in range(glyphs))
    meaning = file.add_stream(_AS_BLANKS)
    return file.add(
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 %d]/FontMatrix[1 0 0 1 0 0]/FirstChar %d/LastChar 255"
        b"/Widths[%b]/Encoding<</Type/Encoding/Differences[%d %b]>>/CharProcs<<%b>>/Resources<<>>"
        b"/ToUnicode %d 0 R>>" % (STRIP, _FIRST, b" ".join([b"1"] * glyphs), _FIRST, names, procedures, meaning)
    )
