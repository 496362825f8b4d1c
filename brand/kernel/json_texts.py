"""The one reading of a JSON text: no duplicate keys, no NaN, no abysses, no unpaired surrogates.

Source: RFC 8259; I-JSON (RFC 7493) for what readers disagree about.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from brand.kernel.errors import invalid

DEEPEST = 32
LARGEST_INTEGER = 2**53


def strict_json(data: bytes) -> Any:
    """The one reading of a JSON text that every reader shares; raises ``input.not_json``."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise invalid("input.not_json") from error
    return _plain(value, 0)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST or (isinstance(value, int) and abs(value) > LARGEST_INTEGER):
        raise invalid("input.not_json")
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise invalid("input.not_json")
    if isinstance(value, str):
        if any(0xD800 <= ord(one) < 0xE000 or one == "\0" for one in value):
            raise invalid("input.not_json")
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {_plain(key, depth + 1): _plain(one, depth + 1) for key, one in value.items()}
    return value
