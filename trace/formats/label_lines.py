"""Lines of label text: measured, shrunk or cut to their width, and written as PDF operators.

Source: ISO 32000-1 clause 9.3-9.4 (text state and text objects), 9.7 (Type 0 fonts), 9.10.3 (ToUnicode CMaps).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from trace.formats import label_type
from trace.formats.label_type import ASCENT, BOUNDS, CAP_HEIGHT, DESCENT, FONT_NAME, UNITS_PER_EM
from trace.formats.pdf_objects import PdfFile

_ELLIPSIS: Final = "…"
_SIZE_STEP: Final = 0.1
#: Before these a line is broken rather than elsewhere.
_BREAKS: Final = " （("


@dataclass(frozen=True)
class Style:
    """``size`` and the ``floor`` it may shrink to, in points; ``weight`` is a stroke that thickens the letters."""

    size: float
    floor: float
    weight: float = 0.0


class Place(NamedTuple):
    """Where a line starts and how long it may get, in points from the label's lower left corner."""

    x: float
    y: float
    width: float


class _Numbers(dict[str, bytes]):
    """Hexadecimal glyph numbers of the characters met so far; a new character takes the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: dict[str, int] = {}

    def __missing__(self, character: str) -> bytes:
        self.widths[character] = label_type.glyph(character).width
        found = self[character] = b"%04x" % (len(self) + 1)
        return found


class Lettering:
    """The characters of one file, numbered as they come."""

    def __init__(self) -> None:
        self._numbers = _Numbers()

    def _codes(self, text: str) -> bytes:
        return b"".join(map(self._numbers.__getitem__, text))

    def _units(self, text: str) -> int:
        """Length of the line in thousandths of an em."""
        try:
            return sum(map(self._numbers.widths.__getitem__, text))
        except KeyError:
            self._codes(text)
            return self._units(text)

    def width(self, text: str, size: float) -> float:
        """Length of the line in points. Raises `labels.character_missing`."""
        return self._units(text) * size / UNITS_PER_EM

    def fitted(self, text: str, style: Style, width: float) -> tuple[str, float]:
        """The text and size that keep within ``width``: smaller down to the floor, then cut with an ellipsis."""
        units = self._units(text)
        if units * style.size <= width * UNITS_PER_EM:
            return text, style.size
        size = int(width * UNITS_PER_EM / units / _SIZE_STEP) * _SIZE_STEP
        if size >= style.floor:
            return text, size
        kept = text
        while kept and self.width(kept + _ELLIPSIS, style.floor) > width:
            kept = kept[:-1].rstrip()
        return kept + _ELLIPSIS, style.floor

    def broken(self, text: str, style: Style, width: float) -> tuple[str, ...]:
        """One line, or two when the text is too long at its floor: at a blank or a bracket, else anywhere."""
        fitting = len(text)
        while fitting and self.width(text[:fitting], style.floor) > width:
            fitting -= 1
        if fitting in (0, len(text)):
            return (text,)
        breaks = [place for place in range(1, fitting + 1) if text[place] in _BREAKS]
        if breaks and (text[breaks[-1]] == " " or self.width(text[breaks[-1] :], style.floor) <= width):
            fitting = breaks[-1]
        return text[:fitting].rstrip(), text[fitting:].lstrip()

    def line(self, text: str, style: Style, place: Place) -> bytes:
        """Operators that show one line, shrunk or cut to the width of its place."""
        if not text:
            return b""
        shown, size = self.fitted(text, style, place.width)
        thick = b"2 Tr %.2f w " % (style.weight * size / style.size) if style.weight else b"0 Tr "
        return b"BT/T %.4g Tf %b%.2f %.2f Td<%b>Tj ET\n" % (size, thick, place.x, place.y, self._codes(shown))

    def rule(self, place: Place) -> bytes:
        """Operators for a thin line across the place."""
        x, y, width = place
        return b"%.2f %.2f m %.2f %.2f l S\n" % (x, y, x + width, y)

    def add_font(self, file: PdfFile) -> int:
        """Write the typeface with just the characters used; returns its object number."""
        characters = tuple(self._numbers)
        program = file.add_stream(label_type.compact_font(characters), b"/Subtype/CIDFontType0C")
        descriptor = file.add(
            b"<</Type/FontDescriptor/FontName/%b/Flags 4/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80"
            b"/FontBBox[%d %d %d %d]/FontFile3 %d 0 R>>" % (_NAME, ASCENT, DESCENT, CAP_HEIGHT, *BOUNDS, program)
        )
        widths = b" ".join(b"%d" % self._numbers.widths[character] for character in characters)
        descendant = file.add(
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/DW 1000/W[1[%b]]>>" % (_NAME, descriptor, widths)
        )
        meaning = file.add_stream(_meanings(characters))
        return file.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b-Identity-H/Encoding/Identity-H/DescendantFonts[%d 0 R]"
            b"/ToUnicode %d 0 R>>" % (_NAME, descendant, meaning)
        )


# Six letters and a plus sign mark a subset (clause 9.6.4).
_NAME: Final = b"LABELS+" + FONT_NAME.encode("ascii")


def _meanings(characters: tuple[str, ...]) -> bytes:
    """The CMap that turns glyph numbers back into text, so that labels can be searched and copied."""
    pairs = [
        b"<%04x><%b>" % (place, char.encode("utf-16-be").hex().encode()) for place, char in enumerate(characters, 1)
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = b"".join(b"%d beginbfchar\n%b\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks)
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def"
        b"/CMapType 2 def\n1 begincodespacerange<0000><ffff>endcodespacerange\n"
        b"%bendcmap CMapName currentdict/CMap defineresource pop end end" % body
    )
