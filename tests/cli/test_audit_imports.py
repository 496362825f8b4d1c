"""``brandtrace audit import-carcasses`` names faults by row and column letter and stores nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import trace.demo
from trace.cli.audit import audit

SAMPLES = Path(trace.demo.__path__[0]) / "urad-lamb"


def answers(*claims: object) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(claim) + "\n" for claim in claims)
    result = CliRunner().invoke(audit, ["import-carcasses"], input=lines)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_a_good_sheet_is_ok_and_the_planted_faults_are_named_where_a_person_sees_them() -> None:
    good, faulty = answers(
        {"path": str(SAMPLES / "carcasses.xlsx")}, {"path": str(SAMPLES / "carcasses-with-faults.xlsx")}
    )
    assert good == {"ok": True, "value": {"rows": 160, "faults": []}, "code": ""}
    assert (faulty["ok"], faulty["code"], faulty["value"]["rows"]) == (False, "imports.faults", 40)
    cells = [(fault["column"], fault["row"]) for fault in faulty["value"]["faults"]]
    assert cells == [
        *(("A", 7), ("A", 9), ("A", 11), ("H", 13), ("G", 15), ("I", 17)),
        *(("D", 19), ("N", 23), ("K", 25), ("F", 29), ("A", 31)),
    ]
    assert faulty["value"]["doubts"] == [{"row": 21, "column": "H", "code": "doubts.cold_above_hot"}]


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"path": "/nowhere/at-all.xlsx"}, "imports.no_such_file"),
        ({"path": "/"}, "imports.no_such_file"),
        ({"path": "a\x00b"}, "imports.no_such_file"),
        ({"path": "x" * 5000}, "imports.no_such_file"),
        ({"path": 7}, "input.not_text"),
        ({}, "input.missing_field"),
    ],
)
def test_a_claim_without_a_file_is_answered(claim: object, code: str) -> None:
    assert answers(claim) == [{"ok": False, "value": None, "code": code}]


def test_a_file_that_is_no_table_is_answered(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 not really")
    assert answers({"path": str(bad)}) == [{"ok": False, "value": None, "code": "tables.unreadable"}]
