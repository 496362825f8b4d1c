"""Puts faults back beside the cells they speak of: for the table on the screen and the sheet sent back to be mended.

Source: the row numbers and headings of the uploaded sheet itself; nothing of it is kept anywhere.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brand.kernel.errors import Fault
from trace.formats.cells import Text
from trace.formats.columns import Column
from trace.formats.lines import HEADING_WITHIN, Lines, in_reading_order, read_lines
from trace.formats.tables import Cell, Sheet, column_of, letter, workbook, write_cell

WIDTH, REASON_WIDTH = 14, 70


@dataclass(frozen=True)
class Marked:
    """A fault with the cell it belongs to (``G15``; empty for the sheet as a whole) and what is written there."""

    fault: Fault
    cell: str
    written: str


def located(sheet: Sheet, columns: Sequence[Column], faults: Sequence[Fault]) -> tuple[Marked, ...]:
    """Each fault with its cell, found by row and heading: the printed one or the one our own sheets use."""
    places = _places(read_lines(sheet, columns), columns)
    return tuple(_marked(sheet, places, fault) for fault in in_reading_order(faults))


def with_reasons(sheet: Sheet, columns: Sequence[Column], reasons: Mapping[int, str], heading: str) -> bytes:
    """The whole sheet as xlsx, rows where they were, with a column of reasons at the end and bad rows coloured.

    Every row is in it, because a batch is taken in whole: a sheet of only the bad rows would become a batch of its own.
    """
    found = read_lines(sheet, columns)
    words = {found.places[one.field][0] for one in columns if isinstance(one.kind, Text) and one.field in found.places}
    last = max((len(row.cells) for row in sheet.rows), default=0)
    target = io.BytesIO()
    with workbook(target) as book:
        bad = book.add_format({"bg_color": "#FBE3DC", "text_wrap": True, "valign": "top"})
        page = book.add_worksheet(sheet.name[:31] or "Sheet1")
        page.set_column(0, max(last - 1, 0), WIDTH)
        page.set_column(last, last, REASON_WIDTH)
        for row in sheet.rows:
            style = bad if row.number in reasons else None
            for index, cell in enumerate(row.cells):
                written = _written(sheet, row.number, index, cell) if index in words else cell
                if written != "":
                    write_cell(page, row.number - 1, index, written, style)
            if row.number in reasons:
                write_cell(page, row.number - 1, last, reasons[row.number], bad)
        write_cell(page, _heading_row(sheet, found) - 1, last, heading, bad)
    return target.getvalue()


def _written(sheet: Sheet, row: int, index: int, cell: Cell) -> Cell:
    """Where words belong, a formula goes back as the text it is, not as what it would compute."""
    return sheet.formulas.get(f"{letter(index)}{row}", cell)


def _places(found: Lines, columns: Sequence[Column]) -> dict[str, int]:
    """Heading → column index, under the printed heading and under ours."""
    ours = {one.field: one.heading for one in columns}
    return {heading: index for field, (index, printed) in found.places.items() for heading in (printed, ours[field])}


def _heading_row(sheet: Sheet, found: Lines) -> int:
    printed = {heading for _, heading in found.places.values()}
    rows = (row for row in sheet.rows[:HEADING_WITHIN] if printed & {str(cell).strip() for cell in row.cells})
    return next((row.number for row in rows), 1)


def _marked(sheet: Sheet, places: Mapping[str, int], fault: Fault) -> Marked:
    index = places.get(fault.column, _named(fault.pointer)) if fault.column else None
    if fault.row is None or index is None or fault.row > len(sheet.rows):
        return Marked(fault, fault.pointer, "")
    cells = sheet.rows[fault.row - 1].cells
    return Marked(fault, f"{letter(index)}{fault.row}", str(cells[index]) if index < len(cells) else "")


def _named(pointer: str) -> int | None:
    """The column of a pointer that is a cell's name already, as those of recorders' files are."""
    match = re.fullmatch(r"([A-Z]{1,3})[0-9]+", pointer)
    return column_of(match[1]) if match else None
