"""Labels as the dots of a label printer: the same arrangement as on paper sheets, drawn at the printer's resolution.

A run says nearly the same on every label, so its words are drawn once; symbols come as bits, whole runs at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from trace.formats.label_drawing import LabelDrawing, LabelText, SymbolPlace, drawing
from trace.formats.label_lines import Lettering, Place, Style
from trace.formats.layouts import Layout
from trace.formats.qr_tables import QUIET_MODULES, Modules

#: Resolutions of label printers, dots per inch.
RESOLUTIONS: Final = (203, 300, 600)
_POINTS: Final = 72
# Letters this much darker than white become black: thin strokes survive on paper.
_DARK: Final = 160
_REGULAR: Final = 2  # Simplified Chinese in the collection

Dots = NDArray[np.bool_]


@dataclass(frozen=True)
class _Words:
    text: str
    size: float
    weight: float
    x: float
    y: float


class Strip(NamedTuple):
    """A piece of a label: its first column and row, and its dots."""

    left: int
    top: int
    dots: Dots


@dataclass
class _Recorder(Lettering):
    """Lettering that keeps what is said where, in points, instead of writing it."""

    words: list[_Words] = field(default_factory=list)
    rules: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def line(self, text: str, style: Style, place: Place) -> bytes:
        if text:
            shown, size = self.fitted(text, style, place.width)
            self.words.append(_Words(shown, size, style.weight, place.x, place.y))
        return b""

    def rule(self, place: Place) -> bytes:
        self.rules.append(place)
        return b""


class Printer:
    """Labels of one layout and symbol size at one resolution; ``dpi`` is one of ``RESOLUTIONS``."""

    def __init__(self, layout: Layout, size: int, dpi: int) -> None:
        self._layout, self._size, self._scale = layout, size, dpi / _POINTS
        page = layout.width / 25.4 * dpi, layout.height / 25.4 * dpi
        self.width, self.height = round(page[0]), round(page[1])
        place = self._drawing(Lettering()).symbol
        self.module = max(int(place.side * self._scale / place.modules), 1)
        self.corner = self._corner(place)
        self._codes = _Recorder()
        self._coder = self._drawing(self._codes)

    def _drawing(self, lettering: Lettering) -> LabelDrawing:
        return drawing(self._layout, self._size, lettering)

    def _corner(self, place: SymbolPlace) -> tuple[int, int]:
        """Upper left dot of the dark part, in the middle of its room on paper."""
        spare = (place.side * self._scale - place.modules * self.module) / 2 + QUIET_MODULES * self.module
        top = self.height - (place.bottom + place.side) * self._scale
        return round(place.left * self._scale + spare), max(round(top + spare), 0)

    def words(self, label: LabelText) -> Dots:
        """``(height, width)`` dots, dark true: everything but symbol and code."""
        recorder = _Recorder()
        self._drawing(recorder).words(label)
        return self._drawn(recorder)

    def code(self, code: str) -> Strip:
        """The lines under the symbol; raises ``labels.code_too_long``."""
        recorder = self._codes
        recorder.words.clear()
        list(self._coder.code(code))
        lines = [self._typed(one) for one in recorder.words]
        top, left = min(one.top for one in lines), min(one.left for one in lines)
        bottom = min(max(one.top + one.dots.shape[0] for one in lines), self.height)
        dots = np.zeros((bottom - top, max(one.left + one.dots.shape[1] for one in lines) - left), dtype=np.bool_)
        for one in lines:
            rows = dots[one.top - top : one.top - top + one.dots.shape[0], one.left - left :]
            rows[:, : one.dots.shape[1]] |= one.dots[: len(rows)]
        return Strip(left, top, dots)

    def _typed(self, one: _Words) -> Strip:
        """A line put together from letters drawn once: a code is all that differs from label to label."""
        size = max(round(one.size * self._scale), 6)
        letters = [_letter(letter, size) for letter in one.text]
        top = round(self.height - one.y * self._scale) - len(letters[0])
        return Strip(round(one.x * self._scale), top, np.concatenate(letters, axis=1))

    def symbols(self, matrices: Modules) -> Dots:
        """``(n, size, size)`` modules as ``(n, size, size · module)`` dots: each row stands for ``module`` rows."""
        return np.repeat(matrices, self.module, axis=2)

    def label(self, label: LabelText, matrix: Modules) -> Dots:
        """One whole label, for a preview or a picture."""
        dots, code = self.words(label), self.code(label.code)
        dots[code.top : code.top + len(code.dots), code.left : code.left + code.dots.shape[1]] |= code.dots
        dark = np.repeat(self.symbols(matrix[None])[0], self.module, axis=0)
        left, top = self.corner
        dots[top : top + len(dark), left : left + dark.shape[1]] |= dark
        return dots

    def _drawn(self, recorder: _Recorder) -> Dots:
        picture = Image.new("L", (self.width, self.height), 255)
        pen = ImageDraw.Draw(picture)
        for one in recorder.words:
            font = _font(max(round(one.size * self._scale), 6))
            at = (one.x * self._scale, self.height - one.y * self._scale)
            pen.text(at, one.text, fill=0, font=font, anchor="ls", stroke_width=round(one.weight * self._scale / 2))
        for x, y, width in recorder.rules:
            row = round(self.height - y * self._scale)
            pen.line((x * self._scale, row, (x + width) * self._scale, row), fill=0)
        return np.array(picture) < _DARK


def png(dots: Dots, dpi: int) -> bytes:
    """A one-bit picture of one label that says how large it is, so that any program prints it at its true size."""
    out = BytesIO()
    Image.fromarray(~dots).save(out, format="PNG", optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_collection()), size, index=_REGULAR, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=512)
def _letter(letter: str, size: int) -> Dots:
    """A letter of a code as wide as it advances, standing on the last row: codes have no descenders."""
    font = _font(size)
    picture = Image.new("L", (max(round(font.getlength(letter)), 1), size), 255)
    ImageDraw.Draw(picture).text((0, size), letter, fill=0, font=font, anchor="ls")
    return np.array(picture) < _DARK


@lru_cache(maxsize=1)
def _collection() -> bytes:
    return files("noto_cjk_sans_otc").joinpath("NotoSansCJK-Regular.ttc").read_bytes()
