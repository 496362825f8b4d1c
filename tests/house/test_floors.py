"""The two laws of the house and the habits that keep them, checked on the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*ROOT.glob("brand/**/*.py"), *ROOT.glob("trace/**/*.py")])
NAMES = [str(one.relative_to(ROOT)) for one in MODULES]


def test_contracts_of_the_house(capsys: pytest.CaptureFixture[str]) -> None:
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_every_module_says_what_it_is_for(name: str) -> None:
    if not name.endswith("__init__.py"):
        assert ast.get_docstring(ast.parse((ROOT / name).read_text())), f"{name} opens without a sentence"


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def _offenders(folders: str, forbidden: re.Pattern[str], allowed: frozenset[str] = frozenset()) -> list[str]:
    found = []
    for name, path in zip(NAMES, MODULES, strict=True):
        if re.match(folders, name) and name not in allowed:
            found += [f"{name}: {call}" for call in _calls(ast.parse(path.read_text())) if forbidden.search(call)]
    return found


def test_only_the_kernel_commits() -> None:
    assert _offenders(r".*", re.compile(r"\.commit$"), frozenset({"brand/kernel/db.py"})) == []


def test_services_rules_and_queries_do_not_look_at_the_clock() -> None:
    clock = re.compile(r"(clock\.now|datetime\.now|date\.today|time\.time)$")
    assert _offenders(r"(brand|trace)/(services|queries|rules|crypto|formats|models|schemas)/", clock) == []


def test_doors_do_not_touch_the_database() -> None:
    assert (
        _offenders(r"(brand|trace)/(web|api)/", re.compile(r"(^select$|session\.(exec|add|get|scalar|execute)$)")) == []
    )


def test_no_text_is_declared_safe() -> None:
    assert _offenders(r".*", re.compile(r"(Markup|render_template_string)$")) == []
    unsafe = [str(one) for one in ROOT.glob("templates/**/*.html") if re.search(r"\|\s*safe\b", one.read_text())]
    assert unsafe == []


def test_the_habits_can_be_broken() -> None:
    """The twin: each rule above finds a planted offence."""
    planted = ast.parse("work.session.commit()\nclock.now()\nMarkup('x')\nselect(1)")
    calls = list(_calls(planted))
    for pattern in (r"\.commit$", r"clock\.now$", r"Markup$", r"^select$"):
        assert any(re.search(pattern, call) for call in calls)


def test_no_page_carries_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|\bapplication/ld\+json))|\sstyle=|<style|\son[a-z]+=\"", re.IGNORECASE
    )
    offenders = [str(one) for one in ROOT.glob("templates/**/*.html") if inline.search(one.read_text())]
    assert offenders == []
