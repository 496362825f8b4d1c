"""Every code a sheet can give has a Chinese and an English text, and every parameter a text asks for is given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import trace.demo
from brand.kernel import texts
from brand.kernel.errors import Fault
from trace.formats import (
    carcass_checks,
    carcass_sheet,
    cells,
    cold_room,
    lab_report,
    lines,
    packing_sheet,
    spreadsheet_child,
    tables,
)
from trace.formats.carcass_sheet import read_carcasses

SAMPLES = Path(trace.demo.__path__[0]) / "urad-lamb"
MODULES = (carcass_checks, carcass_sheet, cells, cold_room, lab_report, lines, packing_sheet, spreadsheet_child, tables)
CODE = re.compile(r'"((?:tables|imports|carcasses|doubts|cold_room|packing|lab_report)\.[a-z_]+)"')


def codes() -> set[str]:
    return {code for module in MODULES for code in CODE.findall(Path(str(module.__file__)).read_text("utf-8"))}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_code_has_a_text(language: str) -> None:
    assert len(codes()) > 30
    assert [code for code in sorted(codes()) if not texts.has(language, code)] == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_texts_of_the_planted_faults_are_complete(language: str) -> None:
    sheet = read_carcasses((SAMPLES / "carcasses-with-faults.xlsx").read_bytes(), "x")
    said = [texts.say(language, fault.code, **fault.params) for fault in (*sheet.faults, *sheet.doubts)]
    assert [text for text in said if "‹" in text or "%(" in text] == []
    assert len(set(said)) == 12


def test_a_text_short_of_a_parameter_would_show() -> None:
    """The planted twin of the test above."""
    fault = Fault("carcasses.tag_twice", "A7", {"value": "1"})
    assert "‹first_row›" in texts.say("en", fault.code, **fault.params)
