"""Turns the bytes of a spreadsheet or delimited text into plain rows, and writes workbooks that run nothing.

Source: ECMA-376 and OpenDocument through python-calamine (in a confined child), RFC 4180 for delimited text; what goes
out is neutralised as in ``kernel/delimited``.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from brand.kernel import confined
from brand.kernel.delimited import outgoing
from brand.kernel.errors import invalid
from trace.formats import spreadsheet_child

Cell = str | Decimal | datetime | date

MAX_BYTES = 5 * 1024 * 1024
SPREADSHEET_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (";", "\t", ",")
#: Of what we write: the heading stays in sight, and columns hold a name or a moment without being drawn wider first.
_WIDTH, _WIDE_COLUMNS = 18, 19
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001  a fixed day: the same rows give the same bytes


@dataclass(frozen=True)
class Row:
    """One row with the number the person sees beside it; cells from column A on."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The first visible filled sheet: its rows from row 1, and the text of formulas by cell (``Q27`` → ``=…``)."""

    name: str
    rows: tuple[Row, ...]
    formulas: Mapping[str, str] = field(default_factory=dict)


def letter(index: int) -> str:
    """Column letters of a column counted from 0: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """The column, counted from 0, that ``letter`` writes so."""
    place = 0
    for one in letters:
        place = place * 26 + ord(one) - 64
    return place - 1


def read_table(data: bytes, name: str, limits: confined.Limits | None = None) -> Sheet:
    """The rows of an uploaded file. Its content decides the type; ``name`` is only repeated in errors.

    Raises ``tables.*`` (invalid) for anything that is not a table within the limits.
    """
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise invalid("tables.empty", file=name)
    if len(data) > MAX_BYTES:
        raise invalid("tables.too_large", file=name, limit_mb=MAX_BYTES // 1024**2)
    if data.startswith(SPREADSHEET_MAGIC):
        sheet = _spreadsheet(data, name, limits or confined.Limits())
    else:
        sheet = _delimited(data, name)
    if not any(cell != "" for row in sheet.rows for cell in row.cells):
        raise invalid("tables.empty", file=name)
    return sheet


def _spreadsheet(data: bytes, name: str, limits: confined.Limits) -> Sheet:
    """xlsx, xls or ods, read by the confined child."""
    try:
        written = confined.run(Path(spreadsheet_child.__file__), data, limits)
        answer: dict[str, Any] = json.loads(written)
    except (confined.OverrunError, ValueError):
        raise invalid("tables.too_costly", file=name) from None
    if "error" in answer:
        raise invalid(answer["error"], file=name, **_named_cell(answer["params"]))
    rows = tuple(
        Row(number, tuple(_cell(value) for value in values)) for number, values in enumerate(answer["rows"], 1)
    )
    return Sheet(answer["name"], rows, answer["formulas"])


def _named_cell(params: dict[str, Any]) -> dict[str, Any]:
    """Row and column numbers of the child as the cell name people read."""
    if "row" not in params:
        return params
    return {"cell": f"{letter(params['column'] - 1)}{params['row']}", "limit": params["limit"]}


def _cell(value: Any) -> Cell:
    """One JSON value of the child. Numbers keep the 15 digits a spreadsheet shows: 69.40000000000001 is 69.4."""
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["day"])
    if isinstance(value, (int, float)):
        return Decimal(f"{value:.15g}")
    return str(value)


def _delimited(data: bytes, name: str) -> Sheet:
    """Comma, semicolon or tab separated text in UTF-8 or GB 18030; no type guessing, every cell is text."""
    text = _text(data, name)
    rows: list[Row] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            _check_row(len(rows) + 1, cells, name)
            rows.append(Row(len(rows) + 1, tuple(cells)))
    except csv.Error:
        raise invalid("tables.broken_quotes", file=name, row=len(rows) + 1) from None
    return Sheet("", tuple(rows))


def _text(data: bytes, name: str) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(sign in "\t\r\n" or unicodedata.category(sign) != "Cc" for sign in set(text)):
            return text
    raise invalid("tables.not_a_table", file=name)


def _delimiter(text: str) -> str:
    """The separator that stands equally often in most of the first lines; a decimal comma yields to a semicolon."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]

    def steady(delimiter: str) -> int:
        return max(Counter(count for line in lines if (count := line.count(delimiter))).values(), default=0)

    return max(DELIMITERS, key=steady)


def _check_row(number: int, cells: list[str], name: str) -> None:
    if number > spreadsheet_child.MAX_ROWS:
        raise invalid("tables.too_many_rows", file=name, limit=spreadsheet_child.MAX_ROWS)
    if len(cells) > spreadsheet_child.MAX_COLUMNS:
        raise invalid("tables.too_many_columns", file=name, limit=spreadsheet_child.MAX_COLUMNS)
    for index, cell in enumerate(cells):
        if len(cell) > spreadsheet_child.MAX_CELL:
            cell_name = f"{letter(index)}{number}"
            raise invalid("tables.cell_too_long", file=name, cell=cell_name, limit=spreadsheet_child.MAX_CELL)


def write_xlsx(rows: Iterable[Sequence[object]], *, sheet: str = "Sheet1") -> bytes:
    """A workbook of one sheet with typed cells: numbers as numbers, texts neutralised and never formulas or links."""
    return write_sheets([(sheet, rows)])


def write_sheets(sheets: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> bytes:
    """The same with several sheets, each with its name."""
    target = io.BytesIO()
    with workbook(target) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.set_column(0, _WIDE_COLUMNS, _WIDTH)
            for number, row in enumerate(rows):
                for index, cell in enumerate(row):
                    write_cell(page, number, index, cell)
    return target.getvalue()


def workbook(target: io.BytesIO) -> Any:
    """An empty workbook that turns no text into a formula, a link or a number, and carries no clock."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": CREATED})
    return book


def write_cell(page: Any, row: int, column: int, cell: object, style: Any = None) -> None:
    """One typed cell, row and column from 0: Decimal and int as number, everything else as neutral text."""
    value = outgoing(cell)
    if isinstance(value, str):
        page.write_string(row, column, value, style)
    else:
        page.write_number(row, column, float(value), style)  # a spreadsheet keeps doubles and shows 15 digits
