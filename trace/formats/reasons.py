"""Puts faults back beside the cells they speak of: for the table on the screen and the sheet sent back to be mended.

Source: the row numbers and headings of the uploaded sheet itself; nothing of it is kept anywhere.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brand.kernel.errors import Fault
from trace.formats.lines import HEADING_WITHIN
from trace.formats.tables import Sheet, letter, workbook, write_cell

WIDTH, REASON_WIDTH = 14, 70


@dataclass(frozen=True)
class Marked:
    """A fault with the cell it belongs to (``G15``; empty for the sheet as a whole) and what is written there."""

    fault: Fault
    cell: str
    written: str


def located(sheet: Sheet, faults: Sequence[Fault]) -> tuple[Marked, ...]:
    """Each fault with its cell, found by its pointer or by row and printed heading."""
    headings = _headings(sheet)
    return tuple(_marked(sheet, headings, fault) for fault in faults)


def with_reasons(sheet: Sheet, reasons: Mapping[int, str], heading: str) -> bytes:
    """The whole sheet as xlsx, rows where they were, with a column of reasons at the end and bad rows coloured.

    Every row is in it, because a batch is taken in whole: a sheet of only the bad rows would become a batch of its own.
    """
    headings = _headings(sheet)
    heading_row = min((row for row, _ in headings.values()), default=1)
    last = max((len(row.cells) for row in sheet.rows), default=0)
    target = io.BytesIO()
    with workbook(target) as book:
        bad = book.add_format({"bg_color": "#FBE3DC", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "bg_color": "#FBE3DC"})
        page = book.add_worksheet(sheet.name[:31] or "Sheet1")
        page.set_column(0, max(last - 1, 0), WIDTH)
        page.set_column(last, last, REASON_WIDTH)
        for row in sheet.rows:
            style = bad if row.number in reasons else None
            for index, cell in enumerate(row.cells):
                if cell != "":
                    write_cell(page, row.number - 1, index, cell, style)
            if row.number in reasons:
                write_cell(page, row.number - 1, last, reasons[row.number], bad)
        write_cell(page, heading_row - 1, last, heading, bold)
        page.freeze_panes(heading_row, 0)
    return target.getvalue()


def _headings(sheet: Sheet) -> dict[str, tuple[int, int]]:
    """Text of the first rows → (row number, column index), the first place of each."""
    found: dict[str, tuple[int, int]] = {}
    for row in sheet.rows[:HEADING_WITHIN]:
        for index, cell in enumerate(row.cells):
            found.setdefault(str(cell).strip(), (row.number, index))
    return found


def _marked(sheet: Sheet, headings: Mapping[str, tuple[int, int]], fault: Fault) -> Marked:
    place = headings.get(fault.column or "")
    if fault.row is None or place is None or fault.row > len(sheet.rows):
        return Marked(fault, fault.pointer, "")
    index = place[1]
    cells = sheet.rows[fault.row - 1].cells
    return Marked(fault, f"{letter(index)}{fault.row}", str(cells[index]) if index < len(cells) else "")
