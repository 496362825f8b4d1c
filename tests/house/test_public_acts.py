"""Every act the services record is told to the log or kept with a reason, and what is told is public by nature."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import brand.rules
import trace.rules
from brand.kernel import public_acts
from brand.kernel.workflow import Workflow

ROOT = Path(__file__).resolve().parents[2]
#: Names that would publish what the log may never hold.
PERSONAL = {"name", "name_en", "phone", "words", "comment", "person", "account", "contact", "address", "reason"}


def of_workflows() -> Iterator[str]:
    for package in (brand.rules, trace.rules):
        for module in pkgutil.iter_modules(package.__path__):
            for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values():
                if isinstance(value, Workflow):
                    yield from (step.audit for step in value.steps)


def of_services() -> Iterator[str]:
    """The words handed to ``audit.record`` or to a service's own ``_record``, ``_note`` and ``_audit``."""
    for path in [*ROOT.glob("brand/**/*.py"), *ROOT.glob("trace/**/*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call) in {"record", "_record", "_note", "_audit"}:
                for part in (one for given in call.args[:3] for one in ast.walk(given)):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.count(".") == 1:
                        yield part.value


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_act_is_told_or_kept() -> None:
    acts = {*of_workflows(), *of_services()}
    assert len(acts) > 150, "the walk finds what the services do"
    undecided = []
    for one in sorted(acts - {"flows.", "containers."}):  # beginnings of words that the services put together
        try:
            public_acts.told(one, {})
        except ValueError:
            undecided.append(one)
    assert undecided == [], "decide in brand/kernel/public_acts.py"


def test_no_list_is_shadowed_by_the_other() -> None:
    assert not set(public_acts.PUBLIC) & set(public_acts.KEPT)
    assert not {one.partition(".")[0] for one in public_acts.PUBLIC} & set(public_acts.KEPT), "kept whole, yet told"
    assert all(public_acts.KEPT.values())


def test_an_act_nobody_decided_on_is_not_done() -> None:
    with pytest.raises(ValueError, match=r"pigeons\.fly"):
        public_acts.told("pigeons.fly", {})
    with pytest.raises(ValueError, match=r"licences\.lend"):
        public_acts.told("licences.lend", {})


def test_a_drill_is_not_told() -> None:
    assert public_acts.told("recalls.open", {"drill": True}) is None
    assert public_acts.told("recalls.open", {"drill": False}) is not None


def test_facts_are_no_words_and_no_persons() -> None:
    told = {(one.statement, fact) for one in public_acts.PUBLIC.values() for fact in one.facts}
    assert {fact for kind, fact in told if fact in PERSONAL} == {"reason"}, "that of a void, a code of ours"
    assert {kind for kind, fact in told if fact == "reason"} == {"void"}
