"""What the checkers of ``brandtrace audit`` read out of a claim: fields by name, each of one kind, nothing besides."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from brand.kernel.errors import invalid

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Claim = dict[str, Any]


def only(claim: Claim, *, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """A misspelt optional field must not silently count as absent: it would better the answer."""
    for field in needed:
        if field not in claim:
            raise invalid("input.missing_field", field=field)
    for field in claim:
        if field not in (*needed, *optional):
            raise invalid("input.unknown_field", field=field)


def text(claim: Claim, field: str) -> str:
    value = claim[field]
    if not isinstance(value, str):
        raise invalid("input.not_text", field=field)
    return value


def whole(claim: Claim, field: str) -> int:
    value = claim[field]
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("input.not_a_whole_number", field=field)
    return value


def day(claim: Claim, field: str) -> date:
    found = text(claim, field)
    if not DAY.fullmatch(found):
        raise invalid("input.not_a_date", field=field)
    try:
        return date.fromisoformat(found)
    except ValueError as error:
        raise invalid("input.not_a_date", field=field) from error
