"""Reads and writes sheets of which each row is one record: columns, what stands once in a file, faults at cells.

Source: the conventions of imports in the plan of what people meet; each kind of sheet is data of its own module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from brand.kernel.errors import Fault
from trace.formats.carcass_checks import repeated
from trace.formats.cells import Words
from trace.formats.columns import Column
from trace.formats.lines import Line, in_reading_order, read_lines
from trace.formats.tables import letter, read_table
from trace.formats.templates import write_template


@dataclass(frozen=True)
class LineForm:
    """One kind of sheet: its columns, and for fields that stand once in a file the code of saying them twice."""

    kind: str
    columns: Sequence[Column]
    once: Mapping[str, str] = field(default_factory=dict)

    def read(self, data: bytes, name: str) -> LineSheet:
        """The rows of a file; raises ``tables.*`` where it is no table at all."""
        found = read_lines(read_table(data, name), self.columns)
        twice = [one for at, code in self.once.items() if at in found.places for one in repeated(found, at, code)]
        whole = tuple(line for line in found.lines if line.complete)
        faults = in_reading_order([*found.faults, *twice])
        return LineSheet(self.kind, whole, faults, found.ignored, hashlib.sha256(data).hexdigest(), found.places)

    def template(self, filled: Iterable[Mapping[str, Any]] = ()) -> bytes:
        """The sheet to fill in, or the given rows in the same columns."""
        return write_template(self.kind, self.columns, [self._written(row) for row in filled])

    def export_rows(self, filled: Iterable[Mapping[str, Any]]) -> list[list[object]]:
        """Headings and rows as importing reads them back."""
        return [[column.heading for column in self.columns], *(self._written(row) for row in filled)]

    def _written(self, row: Mapping[str, Any]) -> list[object]:
        return [_cell(column, row.get(column.field)) for column in self.columns]


@dataclass(frozen=True)
class LineSheet:
    """What a sheet says: its readable lines by field, faults in reading order, SHA-256 of the file."""

    kind: str
    rows: tuple[Line, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    digest: str
    places: Mapping[str, tuple[int, str]]

    def fault(self, line: Line, field: str, code: str, params: Mapping[str, Any]) -> Fault:
        """A fault at the cell of that field, or at the first column where the sheet has no such column."""
        index, heading = self.places.get(field) or next(iter(self.places.values()), (0, ""))
        more = {**params, "column": heading, "row": line.number}
        return Fault(code, f"{letter(index)}{line.number}", more, line.number, heading)


def pieces(sheet: LineSheet, size: int) -> Iterable[LineSheet]:
    """The sheet in pieces, so that long looking can say how far it is."""
    for start in range(0, len(sheet.rows), size):
        yield replace(sheet, rows=sheet.rows[start : start + size], faults=())


def _cell(column: Column, value: object) -> object:
    if value is None:
        return ""
    if isinstance(column.kind, Words):
        return column.kind.first_words.get(str(value), str(value))
    return value.isoformat() if isinstance(value, date) else value
