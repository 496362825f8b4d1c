"""Writes the workbook a person fills in: headings with notes and drop-downs, and a second sheet with an example.

Source: ECMA-376 through XlsxWriter; titles, notes and example rows are data in ``data/*_notes.json``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from trace.formats.cells import Number, Whole, Words
from trace.formats.columns import Column
from trace.formats.tables import workbook, write_cell

HEADING_ROW = 2
LINES_WITH_DROP_DOWNS = 2_000
WIDTH = 18


@cache
def _notes() -> Mapping[str, Any]:
    folder = files("trace.formats").joinpath("data")
    found = [
        json.loads(folder.joinpath(name).read_text("utf-8"))
        for name in ("sheet_notes.json", "herd_notes.json", "goods_notes.json", "row_notes.json")
    ]
    return {name: note for notes in found for name, note in notes.items()}


def write_template(sheet: str, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> bytes:
    """An xlsx with the headings in row 3 and ``rows`` from row 4 on (none: an empty template).

    ``sheet`` names the entry of the notes. Codes and times stand in text cells, so that no program reshapes them.
    """
    notes = _notes()[sheet]
    target = io.BytesIO()
    with workbook(target) as book:
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "heading": book.add_format({"bold": True, "bg_color": "#E7EFE6", "border": 1, "text_wrap": True}),
            "text": book.add_format({"num_format": "@"}),
        }
        page = book.add_worksheet(notes["name"])
        write_cell(page, 0, 0, notes["title"], styles["title"])
        write_cell(page, 1, 0, notes["how"])
        _write_headings(page, columns, notes["notes"], styles)
        _write_rows(page, HEADING_ROW + 1, rows)
        page.freeze_panes(HEADING_ROW + 1, 0)
        _write_example(book.add_worksheet(_notes()["example_name"]), columns, notes, styles)
    return target.getvalue()


def _write_headings(page: Any, columns: Sequence[Column], notes: Mapping[str, str], styles: Mapping[str, Any]) -> None:
    last = HEADING_ROW + LINES_WITH_DROP_DOWNS
    for index, column in enumerate(columns):
        as_text = None if isinstance(column.kind, (Number, Whole)) else styles["text"]
        page.set_column(index, index, WIDTH, as_text)
        write_cell(page, HEADING_ROW, index, column.heading, styles["heading"])
        page.write_comment(HEADING_ROW, index, notes[column.field])
        rule = _rule(column)
        if rule:
            page.data_validation(HEADING_ROW + 1, index, last, index, rule)


def _rule(column: Column) -> dict[str, Any]:
    """What the spreadsheet itself should refuse in this column; our own reading decides again."""
    kind = column.kind
    if isinstance(kind, Words):
        return {"validate": "list", "source": kind.choices}
    if isinstance(kind, Whole):
        return {"validate": "integer", "criteria": "between", "minimum": kind.low, "maximum": kind.high}
    if isinstance(kind, Number):
        return {"validate": "decimal", "criteria": "between", "minimum": float(kind.low), "maximum": float(kind.high)}
    return {}


def _write_rows(page: Any, first: int, rows: Sequence[Sequence[object]]) -> None:
    for number, row in enumerate(rows, first):
        for index, value in enumerate(row):
            if value not in (None, ""):
                write_cell(page, number, index, f"{value:%Y-%m-%d}" if isinstance(value, date) else value)


def _write_example(page: Any, columns: Sequence[Column], notes: Mapping[str, Any], styles: Mapping[str, Any]) -> None:
    """Headings, the example rows, then every column's note in words."""
    for index, column in enumerate(columns):
        page.set_column(index, index, WIDTH)
        write_cell(page, 0, index, column.heading, styles["heading"])
    _write_rows(page, 1, notes["example"])
    first_note = len(notes["example"]) + 2
    for number, column in enumerate(columns, first_note):
        write_cell(page, number, 0, column.heading, styles["heading"])
        write_cell(page, number, 1, notes["notes"][column.field])
