"""Editions of standards that come with the program, with where each was read and how sure that is.

Source: ``data/shipped-standards.json``; the table of NY/T 630-2002 in ``data/nyt630-2002.json`` (domain notes B1).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from brand.rules.grade_tables import DATA, shipped_table
from brand.rules.standards import EMPTY


@dataclass(frozen=True)
class Shipped:
    """One edition as the standards library takes it in."""

    code: str
    label: str
    content: dict[str, Any]


@cache
def editions() -> tuple[Shipped, ...]:
    """Every shipped edition."""
    raw = json.loads((DATA / "shipped-standards.json").read_text(encoding="utf-8"))
    return tuple(_edition(one) for one in raw)


def edition(code: str) -> Shipped | None:
    """The shipped edition of the standard a product cites, or nothing."""
    return next((one for one in editions() if one.code == code), None)


def _edition(raw: dict[str, Any]) -> Shipped:
    table = shipped_table(raw["grade_table"])
    content = {**EMPTY, **raw["content"], "effective_on": table["in_force_from"], "grade_table": table}
    return Shipped(table["table"], table["edition"], content)
