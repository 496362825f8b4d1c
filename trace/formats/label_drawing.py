"""One label on paper: county line, product, weight, dates, lot and producer beside the symbol and its code.

Source: ISO 32000-1 clause 9.4 (text objects); codes-and-log plan, part 2 (modules of 0.40 mm, quiet zone of four).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from brand.kernel.errors import invalid
from trace.formats.label_lines import MM, Lettering, Place, Style
from trace.formats.qr_tables import QUIET_MODULES
from trace.formats.symbol_strips import STRIP

# One dot of a 300 dpi printer in points. Symbols and label corners stand on dots: modules print with equal widths.
DOT: Final = 72 / 300
_HALF_DOT: Final = DOT / 2
_LEAST_MODULE: Final = 0.40 * MM

_BRAND: Final = Style(6.2, 5.2)
_PRODUCT: Final = Style(13, 7, weight=0.42)
_CUT: Final = Style(8, 6)
_WEIGHT: Final = Style(10, 7, weight=0.32)
_SMALL: Final = Style(6.2, 5.4)
_CODE: Final = Style(6.2, 5.0)

# A run of catch weights has as many different lines as packs; memory must not grow with it.
_REMEMBERED: Final = 4096

_MARGIN: Final = 4.0 * MM
_SYMBOL_MARGIN: Final = 2.4 * MM
_SYMBOL_SIDE: Final = 25.9 * MM
_PITCH: Final = 2.4
_CAPTION_GAP: Final = 1.2 * MM
_CAPTION_SHARE: Final = 0.38


class Fact(NamedTuple):
    """A captioned line of the label, both parts in the reader's language."""

    caption: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelText:
    """All that one label says. ``address`` is drawn as the symbol, ``code`` is its line for people's eyes."""

    address: str
    code: str
    brand: str
    product: str
    cut: str
    net_weight: Fact
    packed: Fact
    best_before: Fact
    lot: Fact
    producer: Fact
    credit_code: Fact


def on_dot(points: float) -> float:
    return round(points / DOT) * DOT


def _module(size: int) -> float:
    """Points per module: as many whole half-dots (600 dpi) as the symbol's room gives, never under 0.40 mm."""
    return max(int(_SYMBOL_SIDE / (size + 2 * QUIET_MODULES) / _HALF_DOT) * _HALF_DOT, _LEAST_MODULE)


class LabelDrawing:
    """Labels of one width and height (millimetres) and one symbol size, in points from the lower left corner."""

    def __init__(self, width: float, height: float, size: int, lettering: Lettering) -> None:
        self._lettering = lettering
        self._height = height * MM
        module = _module(size)
        side = module * (size + 2 * QUIET_MODULES)
        left = on_dot(width * MM - _SYMBOL_MARGIN - side)
        bottom = on_dot((self._height - side) / 2 + _PITCH * MM)
        self._symbol_head = b"BT/S %.4f Tf %.4f TL 0 Tr %.2f %.2f Td" % (
            module,
            STRIP * module,
            left + QUIET_MODULES * module,
            # The first line is shown one line below this point, and a strip stands on its base line.
            bottom + side - QUIET_MODULES * module,
        )
        # Flush with the symbol's dark edge: one place and size for all codes of a run also saves bytes on every label.
        edge = left + QUIET_MODULES * module
        self._code_places = tuple(Place(edge, bottom - row * _PITCH * MM, left + side - edge) for row in (0.5, 1.5))
        self._text_width = left - _MARGIN - MM
        self._blocks: dict[tuple[str | Fact, ...], bytes] = {}
        x, y, width = self._at(6.7)
        self._keyline = b"%.2f %.2f m %.2f %.2f l S\n" % (x, y, x + width, y)

    def draw(self, label: LabelText, symbol: bytes) -> bytes:
        """Operators for one label; ``symbol`` is its strip lines. Raises `labels.code_too_long`."""
        head = self._once(self._head, label.brand, label.product, label.cut)
        weight = self._once(self._weight, label.net_weight)
        rows = self._once(self._rows, label.packed, label.best_before, label.lot, label.producer, label.credit_code)
        return b"".join((head, weight, rows, *self._code(label.code), self._symbol_head, symbol, b" ET\n"))

    def _once(self, block: Callable[..., Iterator[bytes]], *said: str | Fact) -> bytes:
        """The block's operators, kept: a run says nearly the same on every label. Bounded, for runs that do not."""
        found = self._blocks.get(said)
        if found is None:
            if len(self._blocks) >= _REMEMBERED:
                self._blocks.clear()
            found = self._blocks[said] = b"".join(block(*said))
        return found

    def _at(self, from_top: float) -> Place:
        return Place(_MARGIN, self._height - from_top * MM, self._text_width)

    def _head(self, brand: str, product: str, cut: str) -> Iterator[bytes]:
        line = self._lettering.line
        yield line(brand, _BRAND, self._at(5.6))
        yield self._keyline
        yield line(product, _PRODUCT, self._at(11.5))
        yield line(cut, _CUT, self._at(15.0))

    def _weight(self, fact: Fact) -> Iterator[bytes]:
        return self._row(fact, self._at(18.9), self._indent(fact), _WEIGHT)

    def _rows(self, packed: Fact, best_before: Fact, lot: Fact, producer: Fact, credit_code: Fact) -> Iterator[bytes]:
        """The small rows, their values in one column; a long producer takes two of them."""
        facts = (packed, best_before, lot, producer, credit_code)
        indent = self._indent(*facts)
        name, *more = self._lettering.broken(producer.value, _SMALL, self._text_width - indent - _CAPTION_GAP)
        foot = (Fact(producer.caption, name), *(Fact("", rest) for rest in more), credit_code)
        for first, group in ((21.9, facts[:3]), (29.4, foot)):
            for place, fact in enumerate(group):
                yield from self._row(fact, self._at(first + place * _PITCH), indent, _SMALL)

    def _indent(self, *facts: Fact) -> float:
        """Room for the longest caption, within its share of the width: values matter more."""
        longest = max(self._lettering.width(fact.caption, _SMALL.size) for fact in facts)
        return min(longest, self._text_width * _CAPTION_SHARE)

    def _row(self, fact: Fact, place: Place, indent: float, style: Style) -> Iterator[bytes]:
        yield self._lettering.line(fact.caption, _SMALL, place._replace(width=indent))
        start = indent + _CAPTION_GAP
        yield self._lettering.line(fact.value, style, place._replace(x=place.x + start, width=place.width - start))

    def _code(self, code: str) -> Iterator[bytes]:
        """The code on one line or two, never cut: a code with a hole in it is no code."""
        for part, place in zip(_halves(code), self._code_places, strict=False):
            if self._lettering.fitted(part, _CODE, place.width)[0] != part:
                raise invalid("labels.code_too_long", code=code)
            yield self._lettering.line(part, _CODE, place)


def _halves(code: str) -> tuple[str, ...]:
    """Broken behind the hyphen nearest to the middle when it is long."""
    if len(code) <= 18:
        return (code,)
    hyphens = [place + 1 for place, character in enumerate(code) if character == "-"]
    middle = min(hyphens, key=lambda place: abs(2 * place - len(code)), default=len(code))
    return (code[:middle], code[middle:])
