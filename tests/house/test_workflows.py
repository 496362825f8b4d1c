"""The life cycles in the docs are those of the program."""

from __future__ import annotations

from tests.house import workflows


def test_the_diagrams_in_the_docs_are_the_tables_in_force() -> None:
    assert workflows.PAGE.read_text(encoding="utf-8") == workflows.page()
