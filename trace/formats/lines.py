"""Finds the heading row of a sheet and reads the lines below it by column, each bad cell named as the person sees it.

Source: sheets as received carry a title above the headings, columns in any order, extra columns and blank rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brand.kernel.errors import AppError, Fault
from trace.formats.cells import Text, was_normalised
from trace.formats.columns import Column, heading_parts
from trace.formats.tables import Cell, Row, Sheet, letter

HEADING_WITHIN = 10
ENOUGH_HEADINGS = 2


@dataclass(frozen=True)
class Line:
    """The readable values of one row by field; ``normalised`` keeps the writing we changed to read it, by field."""

    number: int
    values: Mapping[str, Any]
    normalised: Mapping[str, str]
    complete: bool


@dataclass(frozen=True)
class Lines:
    """Everything read: lines with their row numbers, faults in reading order, headings nobody asked for."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    places: Mapping[str, tuple[int, str]]

    def fault(self, line: Line, field: str, code: str, **params: Any) -> Fault:
        """A fault at the cell of ``field`` in ``line``."""
        index, heading = self.places[field]
        return at(code, line.number, index, heading, params)


def at(code: str, row: int, index: int, heading: str, params: Mapping[str, Any]) -> Fault:
    return Fault(code, f"{letter(index)}{row}", {**params, "column": heading, "row": row}, row, heading)


def in_reading_order(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Row by row, and within a row from left to right."""
    return tuple(sorted(faults, key=lambda fault: (fault.row or 0, len(fault.pointer), fault.pointer)))


def read_lines(sheet: Sheet, columns: Sequence[Column]) -> Lines:
    """Every filled row below the headings. Missing or doubled headings and wrong units are faults, and then no line
    is read: a value under the wrong heading would be believed.
    """
    heading_row = _heading_row(sheet, columns)
    if heading_row is None:
        names = "、".join(column.heading for column in columns if column.required)
        return Lines((), (Fault("imports.no_headings", "A1", {"headings": names}, 1),), (), {})
    places, faults, ignored = _places(heading_row, columns)
    if faults:
        return Lines((), in_reading_order(faults), ignored, places)
    lines: list[Line] = []
    for row in sheet.rows[heading_row.number :]:
        if any(_filled(row, index) for index, _ in places.values()):
            line, bad = _line(row, columns, places, sheet.formulas)
            lines.append(line)
            faults.extend(bad)
    if not lines:
        faults.append(Fault("imports.no_rows", f"A{heading_row.number + 1}", {}, heading_row.number + 1))
    return Lines(tuple(lines), tuple(faults), ignored, places)


def _heading_row(sheet: Sheet, columns: Sequence[Column]) -> Row | None:
    """The row among the first ten that holds most of the headings, if it holds enough of them."""
    names = frozenset().union(*(column.names for column in columns))

    def known(row: Row) -> int:
        return len({heading_parts(str(cell))[0] for cell in row.cells} & names)

    best = max(sheet.rows[:HEADING_WITHIN], key=known, default=None)
    return best if best is not None and known(best) >= min(ENOUGH_HEADINGS, len(columns)) else None


def _places(row: Row, columns: Sequence[Column]) -> tuple[dict[str, tuple[int, str]], list[Fault], tuple[str, ...]]:
    """Field → (column index, heading as printed), what is wrong with the headings, and the headings not asked for."""
    places: dict[str, tuple[int, str]] = {}
    faults: list[Fault] = []
    ignored: list[str] = []
    for index, cell in enumerate(row.cells):
        printed = str(cell).strip()
        name, unit = heading_parts(printed)
        column = next((column for column in columns if name in column.names), None)
        if column is None:
            ignored.extend([printed] if printed else [])
        elif column.field in places:
            faults.append(at("imports.heading_twice", row.number, index, printed, {"heading": printed}))
        else:
            places[column.field] = (index, printed)
            if not column.takes_unit(unit):
                params = {"heading": column.heading, "value": printed}
                faults.append(at("imports.heading_unit", row.number, index, printed, params))
    for column in columns:
        if column.required and column.field not in places:
            params = {"heading": column.heading}
            faults.append(Fault("imports.heading_missing", f"A{row.number}", params, row.number, column.heading))
    return places, faults, tuple(ignored)


def _line(
    row: Row, columns: Sequence[Column], places: Mapping[str, tuple[int, str]], formulas: Mapping[str, str]
) -> tuple[Line, list[Fault]]:
    values: dict[str, Any] = {}
    normalised: dict[str, str] = {}
    faults: list[Fault] = []
    for column in columns:
        if column.field not in places:
            continue
        index, heading = places[column.field]
        cell = _cell(row, index)
        if isinstance(column.kind, Text):
            # A formula where words belong is kept as its own text: what it would compute is nobody's remark.
            cell = formulas.get(f"{letter(index)}{row.number}", cell)
        if _blank(cell):
            if column.required:
                faults.append(at("imports.missing", row.number, index, heading, {}))
            continue
        try:
            values[column.field] = column.kind.read(cell)
        except AppError as error:
            faults.append(at(error.code, row.number, index, heading, error.params))
        if was_normalised(cell):
            normalised[column.field] = str(cell).strip()
    return Line(row.number, values, normalised, not faults), faults


def _cell(row: Row, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else ""


def _filled(row: Row, index: int) -> bool:
    return not _blank(_cell(row, index))


def _blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
