"""The golden vectors of verdicts: every program that judges our codes agrees with one file, and it misses nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import trace.rules
from trace.cli.audit import CHECKERS, answer
from trace.cli.verdict_claims import facts, told
from trace.rules.scans import Signal
from trace.rules.verdicts import LicenceStatus, decide

RULES = Path(trace.rules.__file__).parent
VECTORS: list[dict[str, Any]] = json.loads((RULES / "data" / "verdict-vectors.json").read_text("utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_the_rule_gives_what_the_file_says(vector: dict[str, Any]) -> None:
    assert told(decide(facts(vector["facts"]))) == vector["verdict"]


def every_reason() -> set[str]:
    """As the rule's own text gives them: plain codes, and those made of a status or a signal."""
    plain = set(re.findall(r'Reason\(\s*"(verdicts\.[a-z_]+)"', (RULES / "verdicts.py").read_text("utf-8")))
    ended = [one for one in LicenceStatus if one is not LicenceStatus.VALID]
    when = ("at_packing", "today")
    return (
        plain
        | {f"verdicts.licence_{one}.{status}" for one in when for status in ended}
        | {f"verdicts.brand_{one}.{state}" for one in when for state in ("suspended", "ended")}
        | {f"verdicts.suspicious.{signal}" for signal in Signal}
    )


def missing(vectors: list[dict[str, Any]]) -> set[str]:
    """Reasons that no vector gives, and reasons that lead none although they lead a page."""
    said = {one["code"] for vector in vectors for one in vector["verdict"]["reasons"]}
    return every_reason() - said


def test_every_reason_stands_in_the_file_and_names_are_told_once() -> None:
    assert len(every_reason()) > 35
    assert missing(VECTORS) == set()
    assert len({one["name"] for one in VECTORS}) == len(VECTORS)


def test_a_file_that_lost_a_reason_is_noticed() -> None:
    kept = [one for one in VECTORS if all(told["code"] != "verdicts.held" for told in one["verdict"]["reasons"])]
    assert missing(kept) == {"verdicts.held"}


def test_the_command_answers_by_the_same_rule() -> None:
    for vector in VECTORS:
        found = answer(CHECKERS["verdict"], json.dumps(vector["facts"]).encode())
        assert found == {"ok": True, "value": vector["verdict"], "code": ""}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"signature": "fine"}, "input.not_a_choice"),
        ({"key": 1}, "input.not_text"),
        ({"today": "2026-02-30"}, "input.not_a_date"),
        ({"code": []}, "input.not_an_object"),
        ({"code": {"batch": "x"}}, "input.missing_field"),
        ({"looked_up": 1}, "input.not_yes_no"),
        ({"colour": "green"}, "input.unknown_field"),
    ],
)
def test_facts_of_another_shape_are_refused(change: dict[str, Any], refusal: str) -> None:
    claim = json.dumps({**VECTORS[0]["facts"], **change}).encode()
    assert answer(CHECKERS["verdict"], claim) == {"ok": False, "value": None, "code": refusal}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"signals": ["places"]}, "input.not_a_list"),
        ({"signals": [{"signal": "place", "count": 1}]}, "input.not_a_choice"),
        ({"scans_before": -1}, "input.not_a_whole_number"),
        ({"brand_halt_today": {"brand": "x"}}, "input.missing_field"),
    ],
)
def test_records_of_another_shape_are_refused(change: dict[str, Any], refusal: str) -> None:
    claim = {**VECTORS[0]["facts"], "code": {**VECTORS[0]["facts"]["code"], **change}}
    assert answer(CHECKERS["verdict"], json.dumps(claim).encode())["code"] == refusal
