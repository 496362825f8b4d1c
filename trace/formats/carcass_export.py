"""Writes carcasses back in the columns they came in, with their grade beside them: importing that changes nothing.

Source: the columns of ``carcass_sheet``; headings that importing does not know are passed over there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from trace.formats.carcass_sheet import CATTLE_COLUMNS, COLUMNS
from trace.formats.cells import Words, shown_moment
from trace.formats.columns import Column

#: The words of both sheets; where they share one, they write it alike.
_WORDS = {
    column.field: {**of_cattle.kind.first_words, **column.kind.first_words}
    for column, of_cattle in zip(COLUMNS, CATTLE_COLUMNS, strict=True)
    if isinstance(column.kind, Words) and isinstance(of_cattle.kind, Words)
}
STAFF_ONLY = frozenset({"grader"})


def carcass_rows(
    carcasses: Iterable[tuple[Any, Sequence[object]]], more: Sequence[str], *, staff: bool
) -> list[list[object]]:
    """Heading row and one row per carcass: the sheet's columns, then the cells beside each under ``more``.

    A carcass is anything with the fields of the sheet as attributes; staff numbers only where ``staff`` says so.
    """
    columns = [column for column in COLUMNS if staff or column.field not in STAFF_ONLY]
    rows: list[list[object]] = [[*(column.heading for column in columns), *more]]
    rows += [[*(_written(one, column) for column in columns), *beside] for one, beside in carcasses]
    return rows


def _written(one: Any, column: Column) -> object:
    value = getattr(one, column.field)
    if column.field in _WORDS:
        return _WORDS[column.field].get(value, value)
    return shown_moment(value) if isinstance(value, datetime) else value
