"""The typeface of labels: Noto Sans CJK SC (SIL Open Font License 1.1), glyph by glyph, as small as the text needs.

Source: Adobe Technical Notes 5176 (Compact Font Format) and 5177 (Type 2 charstrings); ISO 32000-1 clause 9.7
(composite fonts). The collection holds 65,000 glyphs; each one used is drawn once per process into a charstring
without subroutines, so that a new set of characters costs milliseconds.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from threading import Lock
from typing import Any, Final, NamedTuple

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from brand.kernel.errors import invalid

FONT_NAME: Final = "NotoSansCJKsc-Regular"
UNITS_PER_EM: Final = 1000
# Vertical measures of the typeface, in thousandths of an em.
ASCENT: Final = 880
DESCENT: Final = -120
CAP_HEIGHT: Final = 733
BOUNDS: Final = (-1002, -1048, 2928, 1808)
# Where Simplified Chinese stands in the collection.
_MEMBER: Final = 2


class Glyph(NamedTuple):
    """``width`` in thousandths of an em and the outline as a charstring of its own."""

    width: int
    outline: T2CharString


class _Face:
    """The open collection. Reading moves a file position, so only one thread reads at a time."""

    def __init__(self) -> None:
        collection = files("noto_cjk_sans_otc").joinpath("NotoSansCJK-Regular.ttc").read_bytes()
        self._font: Any = TTFont(BytesIO(collection), fontNumber=_MEMBER, lazy=True)
        self._names: dict[int, str] = self._font.getBestCmap()
        self._outlines: Any = self._font.getGlyphSet()
        self._glyphs: dict[str, Glyph] = {}
        self._lock = Lock()

    def glyph(self, character: str) -> Glyph:
        found = self._glyphs.get(character)
        return found if found is not None else self._read(character)

    def missing(self, text: str) -> str:
        return next((one for one in text if ord(one) not in self._names), "")

    def _read(self, character: str) -> Glyph:
        name = self._names.get(ord(character)) if character else ".notdef"
        if name is None:
            raise invalid("labels.character_missing", character=character, code_point=f"U+{ord(character):04X}")
        with self._lock:
            width = int(self._font["hmtx"][name][0])
            pen = T2CharStringPen(width, None)
            self._outlines[name].draw(pen)
        outline = pen.getCharString()
        outline.compile()
        return self._glyphs.setdefault(character, Glyph(width, outline))


@lru_cache(maxsize=1)
def _face() -> _Face:
    return _Face()


def glyph(character: str) -> Glyph:
    """One character's glyph; the empty string names the «missing» box. Raises `labels.character_missing`."""
    return _face().glyph(character)


def missing(text: str) -> str:
    """The first character of ``text`` that the typeface lacks, or the empty string."""
    return _face().missing(text)


@lru_cache(maxsize=64)
def compact_font(characters: tuple[str, ...]) -> bytes:
    """A bare CFF font: glyph 0 is the «missing» box, glyph i the i-th character (counted from 1)."""
    names = [".notdef", *(f"c{place}" for place in range(1, len(characters) + 1))]
    glyphs = [glyph(""), *map(glyph, characters)]
    builder = FontBuilder(UNITS_PER_EM, isTTF=False)
    builder.setupGlyphOrder(names)
    outlines = {name: drawn.outline for name, drawn in zip(names, glyphs, strict=True)}
    builder.setupCFF(FONT_NAME, {"FullName": "Noto Sans CJK SC"}, outlines, {})
    compiled: bytes = builder.font["CFF "].compile(builder.font)
    return compiled
