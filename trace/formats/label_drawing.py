"""One label on paper: county line, product, weight, dates, lot and producer beside the symbol and its code.

Source: ISO 32000-1 clause 9.4 (text objects); codes-and-log plan, part 2 (modules of 0.40 mm, quiet zone of four).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from brand.kernel.errors import invalid
from trace.formats.label_lines import Lettering, Place, Style
from trace.formats.layouts import DOT, MM, Layout, on_dot
from trace.formats.qr_tables import QUIET_MODULES
from trace.formats.symbol_strips import STRIP

_HALF_DOT: Final = DOT / 2
_LEAST_MODULE: Final = 0.40 * MM

_BRAND: Final = Style(6.2, 5.2)
_PRODUCT: Final = Style(13, 7, weight=0.42)
_CUT: Final = Style(8, 6)
_WEIGHT: Final = Style(10, 7, weight=0.32)
_SMALL: Final = Style(6.2, 5.4)
# Dates, lot and credit code: what people compare letter by letter is rather small than cut.
_FACT: Final = Style(6.2, 3.1)
_CODE: Final = Style(6.2, 5.0)

# A run of catch weights has as many different lines as packs; memory must not grow with it.
_REMEMBERED: Final = 4096

_SHORT: Final = Style(7, 5.4, weight=0.25)
_TINY: Final = Style(4.6, 4.2)

_MARGIN: Final = 4.0 * MM
_TIGHT_MARGIN: Final = 2.5 * MM
# Labels narrower than so many millimetres have no room for captions beside values, or for wide margins.
_NARROW: Final = 50
_TIGHT: Final = 62
_SMALL_SIDE: Final = 24.2 * MM
_EDGE: Final = 1.0 * MM
_SYMBOL_MARGIN: Final = 2.4 * MM
_TIGHT_SYMBOL_MARGIN: Final = 1.2 * MM
_SYMBOL_SIDE: Final = 25.9 * MM
_PITCH: Final = 2.4
_CAPTION_GAP: Final = 1.2 * MM
_CAPTION_SHARE: Final = 0.38
#: From the first caption to the last value beside a small symbol, in millimetres, where one of them takes two lines.
_STACK: Final = 13.0


class Fact(NamedTuple):
    """A captioned line of the label, both parts in the reader's language."""

    caption: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelText:
    """All that one label says. ``address`` is drawn as the symbol, ``code`` is its line for people's eyes.

    ``second`` is the hidden code under a scratch layer; it stands in lists for printing houses and is never drawn.
    """

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
    second: str = ""


class SymbolPlace(NamedTuple):
    """Lower left corner of a symbol with its quiet zone, one module's side and how many there are along a side."""

    left: float
    bottom: float
    module: float
    modules: int

    @property
    def side(self) -> float:
        return self.module * self.modules

    @property
    def edge(self) -> float:
        """Where the dark part begins."""
        return self.left + QUIET_MODULES * self.module


def drawing(layout: Layout, size: int, lettering: Lettering) -> LabelDrawing:
    """The arrangement that suits labels of that layout, for symbols of ``size`` modules."""
    kind = SmallDrawing if layout.width < _NARROW else LabelDrawing
    return kind(layout.width, layout.height, size, lettering)


def _module(size: int, room: float) -> float:
    """Points per module: as many whole half-dots (600 dpi) as the symbol's room gives, never under 0.40 mm."""
    return max(int(room / (size + 2 * QUIET_MODULES) / _HALF_DOT) * _HALF_DOT, _LEAST_MODULE)


class LabelDrawing:
    """Labels of one width and height (millimetres) and one symbol size, in points from the lower left corner."""

    def __init__(self, width: float, height: float, size: int, lettering: Lettering) -> None:
        self._lettering = lettering
        self._width, self._height = width * MM, height * MM
        self._margin = _TIGHT_MARGIN if width < _TIGHT else _MARGIN
        self.symbol = self._symbol(size)
        left, bottom, module, _ = self.symbol
        self._symbol_head = b"BT/S %.4f Tf %.4f TL 0 Tr %.2f %.2f Td" % (
            module,
            STRIP * module,
            self.symbol.edge,
            # The first line is shown one line below this point, and a strip stands on its base line.
            bottom + self.symbol.side - QUIET_MODULES * module,
        )
        # Flush with the symbol's dark edge: one place and size for all codes of a run also saves bytes on every label.
        width_of_code = left + self.symbol.side - self.symbol.edge
        self._code_places = tuple(
            Place(self.symbol.edge, bottom - row * _PITCH * MM, width_of_code) for row in (0.5, 1.5)
        )
        self._text_width = left - self._margin - MM
        self._blocks: dict[tuple[str | Fact, ...], bytes] = {}

    def _symbol(self, size: int) -> SymbolPlace:
        """At the right edge, half way up."""
        module, modules = _module(size, _SYMBOL_SIDE), size + 2 * QUIET_MODULES
        margin = _SYMBOL_MARGIN if self._margin == _MARGIN else _TIGHT_SYMBOL_MARGIN
        left = on_dot(self._width - margin - module * modules)
        return SymbolPlace(left, on_dot((self._height - module * modules) / 2 + _PITCH * MM), module, modules)

    def draw(self, label: LabelText, symbol: bytes) -> bytes:
        """Operators for one label; ``symbol`` is its strip lines. Raises `labels.code_too_long`."""
        return b"".join((self.words(label), *self.code(label.code), self._symbol_head, symbol, b" ET\n"))

    def words(self, label: LabelText) -> bytes:
        """Everything but symbol and code: on most labels of a run the same."""
        head = self._once(self._head, label.brand, label.product, label.cut)
        weight = self._once(self._weight, label.net_weight)
        rows = self._once(self._rows, label.packed, label.best_before, label.lot, label.producer, label.credit_code)
        return head + weight + rows

    def _once(self, block: Callable[..., Iterator[bytes]], *said: str | Fact) -> bytes:
        """The block's operators, kept: a run says nearly the same on every label. Bounded, for runs that do not."""
        found = self._blocks.get(said)
        if found is None:
            if len(self._blocks) >= _REMEMBERED:
                self._blocks.clear()
            found = self._blocks[said] = b"".join(block(*said))
        return found

    def _at(self, from_top: float) -> Place:
        return Place(self._margin, self._height - from_top * MM, self._text_width)

    def _head(self, brand: str, product: str, cut: str) -> Iterator[bytes]:
        line = self._lettering.line
        yield line(brand, _BRAND, self._at(5.6))
        yield self._lettering.rule(self._at(6.7))
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
                style = _SMALL if fact in foot[:-1] else _FACT
                yield from self._row(fact, self._at(first + place * _PITCH), indent, style)

    def _indent(self, *facts: Fact) -> float:
        """Room for the longest caption, within its share of the width: values matter more."""
        longest = max(self._lettering.width(fact.caption, _SMALL.size) for fact in facts)
        return min(longest, self._text_width * _CAPTION_SHARE)

    def _row(self, fact: Fact, place: Place, indent: float, style: Style) -> Iterator[bytes]:
        yield self._lettering.line(fact.caption, _SMALL, place._replace(width=indent))
        start = indent + _CAPTION_GAP
        yield self._lettering.line(fact.value, style, place._replace(x=place.x + start, width=place.width - start))

    def code(self, code: str) -> Iterator[bytes]:
        """The code on one line or two, never cut: a code with a hole in it is no code."""
        for part, place in zip(_halves(code), self._code_places, strict=False):
            if self._lettering.fitted(part, _CODE, place.width)[0] != part:
                raise invalid("labels.code_too_long", code=code)
            yield self._lettering.line(part, _CODE, place)


class SmallDrawing(LabelDrawing):
    """A narrow label: the symbol at the left with its code below, a column of short lines beside it."""

    def _symbol(self, size: int) -> SymbolPlace:
        module, modules = _module(size, _SMALL_SIDE), size + 2 * QUIET_MODULES
        return SymbolPlace(on_dot(_EDGE), on_dot(self._height - _EDGE / 2 - module * modules), module, modules)

    def _column(self, from_top: float) -> Place:
        left = self.symbol.left + self.symbol.side
        return Place(left, self._height - from_top * MM, self._width - left - _EDGE)

    def words(self, label: LabelText) -> bytes:
        facts = (label.net_weight, label.packed, label.best_before, label.lot)
        return self._once(self._short, label.product, label.cut, *facts)

    def _short(self, product: str, cut: str, *facts: Fact) -> Iterator[bytes]:
        line = self._lettering.line
        column = self._column(3.6)
        for row, words in enumerate(self._lettering.broken(product, _SHORT, column.width)):
            yield line(words, _SHORT, self._column(3.6 + row * 2.8))
        yield line(cut, _SMALL, self._column(9.2))
        yield line(facts[0].value, _SHORT, self._column(12.8))
        yield from self._stacked(facts[1:])

    def _stacked(self, facts: tuple[Fact, ...]) -> Iterator[bytes]:
        """Captions over values; one that is too long for its line takes a second, and all move closer together."""
        groups = [(fact.caption, *self._lettering.broken(fact.value, _SMALL, self._column(0).width)) for fact in facts]
        more = sum(map(len, groups)) - 2 * len(groups)
        within, between = (2.1, 2.5) if not more else (_STACK / (sum(map(len, groups)) - 1),) * 2
        from_top = 16.0 if not more else 15.6
        for caption, *values in groups:
            for words, style in ((caption, _TINY), *((one, _FACT) for one in values)):
                yield self._lettering.line(words, style, self._column(from_top))
                from_top += within
            from_top += between - within


def _halves(code: str) -> tuple[str, ...]:
    """Broken behind the hyphen nearest to the middle when it is long."""
    if len(code) <= 18:
        return (code,)
    hyphens = [place + 1 for place, character in enumerate(code) if character == "-"]
    middle = min(hyphens, key=lambda place: abs(2 * place - len(code)), default=len(code))
    return (code[:middle], code[middle:])
