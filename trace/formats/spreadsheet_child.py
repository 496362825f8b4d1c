"""Reads one spreadsheet inside the confined child: bytes on standard input, one JSON object on standard output.

Source: ECMA-376 (Office Open XML) for the container, python-calamine for values. A script, not a library: it runs under
``python -I`` and may import nothing of this project. Errors leave as ``{"error": code, "params": {…}}``.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any
from xml.parsers import expat

MAX_MEMBERS = 200
MAX_UNPACKED = 48 * 1024 * 1024
MAX_RATIO = 100
RATIO_MATTERS_FROM = 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL = 2_000
CHUNK = 64 * 1024
POINTER = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class StoppedError(Exception):
    """A named end of reading."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def main() -> None:
    confine(*(int(text) for text in sys.argv[1:4]))
    try:
        answer = read(sys.stdin.buffer.read())
    except StoppedError as stop:
        answer = {"error": stop.code, "params": stop.params}
    except MemoryError:
        answer = {"error": "tables.too_costly", "params": {}}
    except Exception:
        answer = {"error": "tables.unreadable", "params": {}}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def confine(memory: int, processor: int, output: int) -> None:
    """Put this process under its limits: nothing read before this line, nothing taken back after it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def read(data: bytes) -> dict[str, Any]:
    """The first visible sheet that is not empty as ``{"name", "rows", "formulas"}``; rows from 1, dates as
    ``{"at"|"day": ISO}``.
    """
    zipped = data[:2] == b"PK"
    members = unpacked(data) if zipped else {}
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise StoppedError("tables.password") from None
    sheet = first_filled(book, calamine)
    name = str(sheet.name)
    formulas, errors = scan(members, name) if "xl/workbook.xml" in members else ({}, set())
    check_size(sheet.total_height, sheet.total_width)
    rows = [[plain(value, row, at) for at, value in enumerate(values, 1)] for row, values in numbered(sheet)]
    for row, at in errors:
        if row <= len(rows) and at <= len(rows[row - 1]):
            rows[row - 1][at - 1] = "#ERROR!"
    return {"name": name, "rows": rows, "formulas": formulas}


def numbered(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows with the numbers the person sees: the empty ones before the first filled cell count."""
    return enumerate(sheet.to_python(skip_empty_area=False), 1)


def first_filled(book: Any, calamine: Any) -> Any:
    """Where all are empty it is the first visible one, so that one too damaged to hold anything is not called empty."""
    visible = (
        book.get_sheet_by_name(str(sheet.name))
        for sheet in book.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
    )
    first = next(visible, None)
    if first is None:
        raise StoppedError("tables.empty")
    return next((one for one in chain([first], visible) if one.start is not None), first)


def check_size(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise StoppedError("tables.too_many_rows", limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise StoppedError("tables.too_many_columns", limit=MAX_COLUMNS)


def plain(value: Any, row: int, column: int) -> Any:
    """A cell as JSON carries it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return {"at": value.replace(tzinfo=None).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (int, float)):
        return value if value == value and abs(value) != float("inf") else str(value)
    text = str(value)
    if len(text) > MAX_CELL:
        raise StoppedError("tables.cell_too_long", limit=MAX_CELL, row=row, column=column)
    return text


def unpacked(data: bytes) -> dict[str, bytes]:
    """The members a workbook needs, after every member was unpacked once within the limits.

    Declared sizes are claims: the bytes are counted as they come out, and zipfile checks each against its CRC.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise StoppedError("tables.unreadable") from None
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise StoppedError("tables.too_many_members", limit=MAX_MEMBERS)
    if len({info.filename for info in infos}) != len(infos):
        raise StoppedError("tables.unsafe")
    if any(info.flag_bits & 1 for info in infos):
        raise StoppedError("tables.password")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise StoppedError("tables.unpacks_too_large", limit_mb=MAX_UNPACKED // 1024**2)
    members: dict[str, bytes] = {}
    total = 0
    for info in infos:
        content = member(archive, info, MAX_UNPACKED - total)
        total += len(content)
        if total > RATIO_MATTERS_FROM and total > MAX_RATIO * len(data):
            raise StoppedError("tables.unpacks_too_large", limit_mb=MAX_UNPACKED // 1024**2)
        if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096]:
            raise StoppedError("tables.unsafe")
        if info.filename.startswith(("xl/workbook.xml", "xl/_rels/", "xl/worksheets/")):
            members[info.filename] = content
    return members


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """One member's bytes, read in steps so that a lie about its size stops at the limit."""
    parts: list[bytes] = []
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise StoppedError("tables.unpacks_too_large", limit_mb=MAX_UNPACKED // 1024**2)
            parts.append(chunk)
    return b"".join(parts)


def scan(members: dict[str, bytes], name: str) -> tuple[dict[str, str], set[tuple[int, int]]]:
    """Formula texts by cell (``{"Q27": "=…"}``) and the cells that hold an error value; refuses a sheet too large.

    The value reader gives a formula's cached value only, and blank for an error. A shared formula carries its text in
    the first cell alone; the others keep their value.
    """
    content = members.get(sheet_path(members, name), b"")
    formulas: dict[str, str] = {}
    errors: set[tuple[int, int]] = set()
    place = ""
    text: list[str] | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal place, text
        tag = tag.rpartition(":")[2]
        if tag == "c":
            place = attributes.get("r", "")
            if attributes.get("t") == "e":
                errors.add(numbers(place))
        elif tag in {"v", "is", "f"}:
            # Cells that only carry a style may reach to the end of the sheet; those that hold something may not.
            check_size(*numbers(place))
            text = [] if tag == "f" else None

    def end(tag: str) -> None:
        nonlocal text
        if tag.rpartition(":")[2] == "f" and text is not None:
            if text and place:
                formulas[place] = "=" + "".join(text)[:MAX_CELL]
            text = None

    def characters(part: str) -> None:
        if text is not None:
            text.append(part)

    parse(content, start, end, characters)
    return formulas, errors


def numbers(pointer: str) -> tuple[int, int]:
    """Row and column, both from 1, of a cell name; (0, 0) where a writer left the name out."""
    match = POINTER.fullmatch(pointer)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def sheet_path(members: dict[str, bytes], name: str) -> str:
    """Where the named sheet lies in the archive, by workbook.xml and its relations."""
    wanted = ""
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal wanted
        if tag.rpartition(":")[2] == "sheet" and attributes.get("name") == name:
            wanted = next((text for key, text in attributes.items() if key.endswith(":id")), "")
        elif tag.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    parse(members.get("xl/workbook.xml", b""), start)
    parse(members.get("xl/_rels/workbook.xml.rels", b""), start)
    target = targets.get(wanted, "")
    return target[1:] if target.startswith("/") else f"xl/{target}"


def parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Run expat over one member; document type declarations were refused before."""
    if not content:
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(content, True)


if __name__ == "__main__":
    main()
