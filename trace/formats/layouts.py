"""How labels lie on paper: grids of equal labels on A4, and rolls with one label to a page.

Sizes in millimetres are those of label stock sold in China and Europe; corners stand on dots of a 300 dpi printer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

MM: Final = 72 / 25.4
# One dot of a 300 dpi printer in points. Symbols and label corners stand on dots: modules print with equal widths.
DOT: Final = 72 / 300
# A4 in whole dots.
_A4: Final = (2480 * DOT, 3508 * DOT)


def on_dot(points: float) -> float:
    return round(points / DOT) * DOT


@dataclass(frozen=True)
class Layout:
    """Equal labels of ``width`` and ``height`` in a grid centred on A4; on a ``roll`` each is a page of its own."""

    name: str
    width: float
    height: float
    columns: int = 1
    rows: int = 1
    roll: bool = False

    @property
    def per_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of a page in points."""
        return (on_dot(self.width * MM), on_dot(self.height * MM)) if self.roll else _A4

    @cached_property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Lower left corners in points, row by row from the top left."""
        if self.roll:
            return ((0.0, 0.0),)
        page_width, page_height = self.page
        left = (page_width - self.columns * self.width * MM) / 2
        top = (page_height + self.rows * self.height * MM) / 2
        return tuple(
            (on_dot(left + column * self.width * MM), on_dot(top - (row + 1) * self.height * MM))
            for row in range(self.rows)
            for column in range(self.columns)
        )


A4_24: Final = Layout("a4-24", 70, 37, columns=3, rows=8)
A4_21: Final = Layout("a4-21", 63.5, 38.1, columns=3, rows=7)
A4_12: Final = Layout("a4-12", 97, 42.3, columns=2, rows=6)
ROLL_60_40: Final = Layout("roll-60x40", 60, 40, roll=True)
ROLL_40_30: Final = Layout("roll-40x30", 40, 30, roll=True)

LAYOUTS: Final[Mapping[str, Layout]] = {one.name: one for one in (A4_24, A4_21, A4_12, ROLL_60_40, ROLL_40_30)}
