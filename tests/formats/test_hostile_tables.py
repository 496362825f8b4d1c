"""Hostile and broken files end in a named refusal within five seconds; the child that reads them is held."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brand.kernel import confined
from brand.kernel.errors import AppError, Kind
from tests.formats.workbooks import SHEET_END, SHEET_START, STRINGS_END, STRINGS_START, changed, packed, small
from trace.formats import spreadsheet_child, tables
from trace.formats.tables import read_table, write_xlsx

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def refusal(data: bytes) -> str:
    """The code with which the file is refused; the refusal must come within five seconds and be invalid input."""
    begun = time.monotonic()
    with pytest.raises(AppError) as caught:
        read_table(data, "上传.xlsx")
    assert time.monotonic() - begun < 5
    assert caught.value.kind is Kind.INVALID
    assert caught.value.params["file"] == "上传.xlsx"
    return caught.value.code


def huge_shared_string() -> bytes:
    text = b"x" * 40_000_000
    strings = STRINGS_START + text + STRINGS_END
    return changed(small(), xl__sharedStrings_xml=strings)


def one_huge_cell() -> bytes:
    return changed(
        small(),
        xl__worksheets__sheet1_xml=SHEET_START
        + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
        + bytes(random_letters(600_000))
        + b"</t></is></c></row>"
        + SHEET_END,
    )


def random_letters(count: int) -> bytearray:
    """Letters that hardly compress, so that only the length of the cell is wrong."""
    state, letters = 12345, bytearray()
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        letters.append(97 + (state >> 16) % 26)
    return letters


def ten_thousand_members() -> bytes:
    return packed({"[Content_Types].xml": CONTENT_TYPES} | {f"xl/m{n}.xml": b"<a/>" for n in range(10_000)})


def entities() -> bytes:
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    laughs += b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9))
    return changed(small(), xl__sharedStrings_xml=laughs + b"]><sst><si><t>&j;</t></si></sst>")


def outside_entity() -> bytes:
    page = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + SHEET_START
    page += b'<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>' + SHEET_END
    return changed(small(), xl__worksheets__sheet1_xml=page)


def far_cell() -> bytes:
    page = SHEET_START + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + SHEET_END
    return changed(small(), xl__worksheets__sheet1_xml=page)


def many_rows() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 50_100))
    return changed(small(), xl__worksheets__sheet1_xml=SHEET_START + rows + SHEET_END)


def nameless_cells() -> bytes:
    """A million cells without names: no early warning, the limits of the child must hold."""
    rows = (b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>") * 1500
    return changed(small(), xl__worksheets__sheet1_xml=SHEET_START + rows + SHEET_END)


def deep_nesting() -> bytes:
    return changed(small(), xl__worksheets__sheet1_xml=b"<a>" * 300_000)


def lie_about_size() -> bytes:
    """A member that declares ten bytes and unpacks to forty million."""
    data = huge_shared_string()
    name = b"xl/sharedStrings.xml"
    central = data.rindex(name) - 46
    return data[: central + 24] + (10).to_bytes(4, "little") + data[central + 28 :]


def zeros_in_ods() -> bytes:
    spans = b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
    spans += b'table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'
    page = (
        b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        b'<table:table table:name="s">' + spans + b"</table:table></office:spreadsheet></office:body>"
        b"</office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": kind, "content.xml": page, "META-INF/manifest.xml": manifest})


def twice_the_same_member() -> bytes:
    target = io.BytesIO(small())
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("bomb", "codes"),
    [
        (huge_shared_string, {"tables.unpacks_too_large"}),
        (one_huge_cell, {"tables.cell_too_long"}),
        (ten_thousand_members, {"tables.too_many_members"}),
        (entities, {"tables.unsafe"}),
        (outside_entity, {"tables.unsafe"}),
        (far_cell, {"tables.too_many_rows"}),
        (many_rows, {"tables.too_many_rows"}),
        (nameless_cells, {"tables.too_costly", "tables.too_many_columns", "tables.unpacks_too_large"}),
        (deep_nesting, {"tables.unreadable"}),
        (lie_about_size, {"tables.unreadable", "tables.unpacks_too_large"}),
        (zeros_in_ods, {"tables.too_costly", "tables.too_many_rows", "tables.unreadable"}),
        (twice_the_same_member, {"tables.unsafe"}),
    ],
)
def test_a_bomb_is_refused_in_time(bomb: Callable[[], bytes], codes: set[str]) -> None:
    data = bomb()
    assert len(data) <= tables.MAX_BYTES
    assert refusal(data) in codes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "tables.empty"),
        (b"\xef\xbb\xbf\r\n", "tables.empty"),
        (b",,,\r\n,,\r\n", "tables.empty"),
        (b"a," * 3_000_000, "tables.too_large"),
        (b"%PDF-1.7\n\x00\x01\x02", "tables.not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "tables.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "tables.unreadable"),
        (b"PK\x03\x04" + b"\x00" * 200, "tables.unreadable"),
        (b'a,b\r\n"1,2\r\n', "tables.broken_quotes"),
        (b"a" * 2001 + b",b", "tables.cell_too_long"),
        (b"," * 100, "tables.too_many_columns"),
        (b"1\n" * 50_001, "tables.too_many_rows"),
    ],
)
def test_what_is_no_table_has_a_name(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_an_empty_workbook_is_empty() -> None:
    assert refusal(write_xlsx([])) == "tables.empty"


def test_a_cut_workbook_is_unreadable() -> None:
    assert refusal(small()[:-300]) == "tables.unreadable"


def named_or_read(data: bytes) -> bool:
    """Whether the bytes gave rows or one of our codes; any other exception is a failure of the test."""
    try:
        return bool(read_table(data, "x").rows)
    except AppError as error:
        return error.code.startswith("tables.")


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_garbage_gets_rows_or_a_name(data: bytes) -> None:
    assert named_or_read(data)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_a_workbook_with_a_damaged_place_gets_rows_or_a_name(place: int, noise: bytes) -> None:
    data = small()
    place %= len(data)
    assert named_or_read(data[:place] + noise + data[place + len(noise) :])


def child(tmp_path: Path, body: str) -> Path:
    script = tmp_path / "child.py"
    script.write_text("import resource, sys, time\n" + body, "utf-8")
    return script


@pytest.mark.parametrize(
    "body",
    [
        "time.sleep(60)",
        "while True: pass",
        "import os; os.abort()",
        "raise SystemExit(3)",
        "pass",
        "resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2); bytearray(10**10)",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2); sys.stdout.write('x' * 10**7)",
    ],
)
def test_a_child_that_misbehaves_is_ended(tmp_path: Path, body: str) -> None:
    begun = time.monotonic()
    with pytest.raises(confined.OverrunError):
        confined.run(child(tmp_path, body), b"", confined.Limits(output=1_000_000, processor=1, wall=0.7))
    assert time.monotonic() - begun < 3


def test_a_child_answers_and_sees_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for children")
    script = child(tmp_path, "import os, json; print(json.dumps([sys.stdin.read(), 'SECRET_KEY' in os.environ]))")
    assert json.loads(confined.run(script, b"data", confined.Limits())) == ["data", False]


def test_without_limits_the_same_bombs_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted twin: with the archive checks taken away the huge string is read, so the test above can go red."""
    monkeypatch.setattr(spreadsheet_child, "MAX_RATIO", 10**9)
    monkeypatch.setattr(spreadsheet_child, "MAX_CELL", 10**9)
    text = b"x" * 4_000_000
    strings = STRINGS_START + text + STRINGS_END
    page = SHEET_START + b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + SHEET_END
    data = changed(small(), xl__sharedStrings_xml=strings, xl__worksheets__sheet1_xml=page)
    assert len(spreadsheet_child.read(data)["rows"][0][0]) == 4_000_000
    monkeypatch.undo()
    with pytest.raises(spreadsheet_child.StoppedError):
        spreadsheet_child.read(data)
