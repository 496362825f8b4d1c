"""Draws the family of a batch as boxes in rows with lines between them: pure geometry for an SVG, no words, no colours.

Source: our own; the layers are those of ``rules/genealogy`` (longest path), the lines cubic curves from edge to edge.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from trace.rules.genealogy import Node, Rows

BOX, HIGH, GAP, BETWEEN, MARGIN = 168, 58, 14, 44, 8
#: Half-width letters that fit into a box.
LETTERS = 24


@dataclass(frozen=True)
class Box:
    """The upper left corner of one node's box, in units of the view box."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    """Boxes and the paths between them; every box is ``BOX`` × ``HIGH``."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]
    box: int = BOX
    high: int = HIGH


def picture(rows: Rows) -> Picture:
    """Rows from top to bottom, all beginning at the left, where a phone looks first."""
    widest = max((len(row) for row in rows.rows), default=0)
    width = 2 * MARGIN + widest * (BOX + GAP) - GAP
    boxes: dict[str, Box] = {}
    for place, row in enumerate(rows.rows):
        for number, node in enumerate(row):
            boxes[node.id] = Box(node, MARGIN + number * (BOX + GAP), MARGIN + place * (HIGH + BETWEEN))
    paths = tuple(_curve(boxes[one.source], boxes[one.target]) for one in rows.edges)
    height = 2 * MARGIN + len(rows.rows) * (HIGH + BETWEEN) - BETWEEN
    return Picture(width, height, tuple(boxes.values()), paths)


def _curve(above: Box, below: Box) -> str:
    """From the middle of the lower edge of one box to the upper edge of the other."""
    x, y, to_x, to_y = above.x + BOX // 2, above.y + HIGH, below.x + BOX // 2, below.y
    half = (to_y - y) // 2
    return f"M{x} {y}C{x} {y + half} {to_x} {to_y - half} {to_x} {to_y}"


def fitted(text: str, letters: int = LETTERS) -> str:
    """The beginning of a text that fits a box, with an ellipsis where something is left out; Chinese counts double."""
    wide = [2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text]
    if sum(wide) <= letters:
        return text
    kept, room = "", letters - 1
    for one, width in zip(text, wide, strict=True):
        if room < width:
            break
        kept, room = kept + one, room - width
    return f"{kept}…"
