"""The life cycles in the docs are those of the program."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from brand import rules as of_brands
from brand.kernel.workflow import Workflow
from tests.house import workflows
from trace import rules as of_goods


def test_the_diagrams_in_the_docs_are_the_tables_in_force() -> None:
    assert workflows.PAGE.read_text(encoding="utf-8") == workflows.page()


def test_every_life_cycle_of_the_program_is_in_the_docs() -> None:
    named = {id(one) for one in workflows.LIFE_CYCLES.values()}
    lacking = []
    for room in (of_brands, of_goods):
        for one in iter_modules(room.__path__, f"{room.__name__}."):
            found = vars(import_module(one.name))
            lacking += [
                (one.name, name) for name, flow in found.items() if isinstance(flow, Workflow) and id(flow) not in named
            ]
    assert not lacking
