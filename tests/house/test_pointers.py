"""Mistaken input is named at its place: an ``invalid`` of rules and services says at which field, or why it cannot."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What is typed at a command's line or read from files of this machine has no fields.
_COMMANDS = ("backups", "keys", "notes", "proofs", "recovery", "signer", "sources", "wire")
#: Raised about one value: who asked knows where it stood and says so (at a row, a tag, a line of a list).
_OF_ONE_VALUE = {
    "carcass_classes.age", "carcass_classes.teeth",
    "chilling.no_readings", "chilling.not_a_number", "chilling.not_in_order", "chilling.time_without_zone",
    "ear_tags.county", "ear_tags.digits", "ear_tags.length", "ear_tags.species",
    "gtins.check_digit", "gtins.goods_taken", "gtins.gtin_taken", "gtins.line_twice", "gtins.prefix_foreign",
    "gtins.product", "gtins.restricted", "gtins.shape", "gtins.zero",
    "mass_balance.asked_kg.not_positive", "mass_balance.no_carcasses",
}  # fmt: skip
#: A step of something that stands: the page has a button and no field.
_OF_A_STEP = {"flows.another_person", "recalls.nothing"}


def _unplaced(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "invalid":
            code = node.args[0]
            if isinstance(code, ast.Constant) and not any(one.arg == "faults" for one in node.keywords):
                yield str(code.value)


def test_mistaken_input_is_named_at_its_field() -> None:
    rooms = (*ROOT.glob("trace/services/*.py"), *ROOT.glob("trace/rules/*.py"))
    found = {code for path in rooms for code in _unplaced(path.read_text())}
    told = {code for code in found if code.partition(".")[0] not in _COMMANDS}
    assert told == _OF_ONE_VALUE | _OF_A_STEP


def test_a_refusal_without_its_field_would_be_seen() -> None:
    assert list(_unplaced('raise invalid("a.b", day="1")')) == ["a.b"]
    assert not list(_unplaced('raise invalid("a.b", faults=[Fault("a.b", "/day")])'))
