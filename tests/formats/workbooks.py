"""Workbooks made by hand, member by member, for tests that need what no writer would produce."""

from __future__ import annotations

import io
import zipfile

from trace.formats.tables import write_xlsx

SHEET_START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
STRINGS_START = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
STRINGS_END = b"</t></si></sst>"
SHEET_END = b"</sheetData></worksheet>"


def changed(data: bytes, **members: bytes) -> bytes:
    """The workbook with members replaced or added; ``a__b_xml`` stands for the path ``a/b.xml``."""
    source = zipfile.ZipFile(io.BytesIO(data))
    contents = {name: source.read(name) for name in source.namelist()}
    contents |= {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in members.items()}
    return packed(contents)


def packed(contents: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def small() -> bytes:
    return write_xlsx([["甲", "乙"], ["a", 1]])
