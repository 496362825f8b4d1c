"""One text for one JSON value: the canonicalization of RFC 8785, over JSON narrowed to I-JSON (RFC 7493).

Reading is strict where two readers could understand two things: a repeated name, a lone surrogate, NaN, and a whole
number that a double cannot hold are refused. Strings are never normalised (RFC 8785 section 3.1).
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

import rfc8785

from brand.kernel.errors import invalid

DEEPEST = 32
_SAFE = 2**53 - 1
#: Escapes as section 3.2.2.2 wants them; three times as fast as the library, which writes whatever is not plain.
_plain_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_LONGEST_NUMBER = 400  # a double ends at 309 places, and longer figures cost quadratic time to read
_OPENING = {"{": 1, "[": 1, "}": -1, "]": -1}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def canonical(value: object) -> bytes:
    """The canonical UTF-8 bytes of a JSON value made of dict, list, str, bool, None, int and float.

    Raises ``canonical.number`` for NaN, infinity and whole numbers beyond 2⁵³, ``canonical.value`` for all else that
    has no text.
    """
    try:
        return _plain_text(value).encode("utf-8") if _is_plain(value) else rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.IntegerDomainError, rfc8785.FloatDomainError) as error:
        raise invalid("canonical.number") from error
    except ValueError as error:  # of the library, or of encoding half a surrogate pair in a name
        raise invalid("canonical.value") from error


def _is_plain(value: Any) -> bool:
    """Whether Python's own writer spells it as RFC 8785 does: no doubles, names that sort alike in any encoding."""
    kind = type(value)
    if kind is dict:
        return all(type(name) is str and name.isascii() for name in value) and all(map(_is_plain, value.values()))
    if kind is list:
        return all(map(_is_plain, value))
    return kind is str or kind is bool or value is None or (kind is int and -_SAFE <= value <= _SAFE)


def parse(text: str) -> Any:
    """The value of a JSON text; whole numbers beyond 2⁵³ come as float, and only when a float says the same.

    Raises ``canonical.not_json``, ``canonical.repeated_name``, ``canonical.too_deep``, ``canonical.number``.
    """
    if _depth(text) > DEEPEST:
        raise invalid("canonical.too_deep", most=DEEPEST)
    try:
        return json.loads(
            text, parse_int=_whole, parse_float=_double, parse_constant=_refuse, object_pairs_hook=_object
        )
    except (ValueError, RecursionError) as error:
        raise invalid("canonical.not_json") from error


def recode(text: str) -> str:
    """The canonical text of the value another text tells; raises what ``parse`` and ``canonical`` raise."""
    return canonical(parse(text)).decode("utf-8")


def _whole(figures: str) -> float | int:
    """A whole number means itself: one that a double would round is refused, not changed."""
    if len(figures) > _LONGEST_NUMBER:
        _refuse(figures)
    value = int(figures)
    if abs(value) < 2**53:
        return value
    double = _double(figures)
    if canonical(double).decode("ascii") != figures:
        _refuse(figures)
    return double


def _double(figures: str) -> float:
    value = float(figures)
    if not math.isfinite(value):
        _refuse(figures)
    return value


def _refuse(_: str) -> NoReturn:
    raise invalid("canonical.number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise invalid("canonical.repeated_name")
    return found


def _depth(text: str) -> int:
    """How deep objects and arrays are nested, strings left out."""
    deepest = depth = 0
    for sign in _STRING.sub("", text):
        depth += _OPENING.get(sign, 0)
        deepest = max(deepest, depth)
    return deepest
