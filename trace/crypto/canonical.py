"""One text for one JSON value: the canonicalization of RFC 8785, over JSON narrowed to I-JSON (RFC 7493).

Reading is strict where two readers could understand two things: a repeated name, a lone surrogate, NaN, and a whole
number that a double cannot hold are refused. Strings are never normalised (RFC 8785 section 3.1).
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any, NoReturn

from brand.kernel.errors import invalid

DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPENING = {"{": 1, "[": 1, "}": -1, "]": -1}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def canonical(value: object) -> bytes:
    """The canonical UTF-8 bytes of a JSON value made of dict, list, str, bool, None, int and float.

    Raises ``canonical.number``, ``canonical.number_changes``, ``canonical.surrogate``, ``canonical.name`` or
    ``canonical.kind``.
    """
    return "".join(_written(value)).encode("utf-8")


def parse(text: str) -> Any:
    """The value of a JSON text, whole numbers as int where they have no fraction or exponent, others as float.

    Raises ``canonical.not_json``, ``canonical.repeated_name``, ``canonical.too_deep`` and what ``canonical`` raises
    for numbers and strings.
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


def number(value: float) -> str:
    """A double as ECMAScript writes it (RFC 8785 section 3.2.2.3); raises ``canonical.number`` for NaN and infinity."""
    if not math.isfinite(value):
        raise invalid("canonical.number")
    if value == 0:
        return "0"  # minus zero too
    # Python's repr and ECMAScript agree on the shortest digits and differ in where they start to use an exponent.
    sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, figures))
    point = len(digits) + int(exponent)  # places before the decimal point
    return ("-" if sign else "") + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """``digits`` with the point after ``point`` of them: plain from 1e-6 up to 1e21, else with an exponent."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"


def _written(value: object) -> list[str]:
    if value is None or isinstance(value, bool):
        return [{None: "null", True: "true", False: "false"}[value]]
    if isinstance(value, str):
        return [_string(value)]
    if isinstance(value, int):
        return [_integer(value)]
    if isinstance(value, float):
        return [number(value)]
    if isinstance(value, list | tuple):
        return ["[", *_joined(_written(one) for one in value), "]"]
    if isinstance(value, dict):
        return ["{", *_joined([_string(name), ":", *_written(value[name])] for name in _names(value)), "}"]
    raise invalid("canonical.kind", kind=type(value).__name__)


def _joined(parts: Any) -> list[str]:
    joined: list[str] = []
    for part in parts:
        joined += [",", *part] if joined else part
    return joined


def _names(value: dict[Any, Any]) -> list[str]:
    """The names in the order of their UTF-16 code units (RFC 8785 section 3.2.3)."""
    for name in value:
        if not isinstance(name, str):
            raise invalid("canonical.name", kind=type(name).__name__)
        _check(name)
    return sorted(value, key=lambda name: name.encode("utf-16-be"))


def _string(text: str) -> str:
    _check(text)
    return json.dumps(text, ensure_ascii=False)


def _check(text: str) -> None:
    if _SURROGATE.search(text):
        raise invalid("canonical.surrogate")


def _integer(value: int) -> str:
    """A whole number means itself: one that a double would round is refused, not changed."""
    try:
        written = number(float(value))
    except OverflowError as error:
        raise invalid("canonical.number") from error
    if written != str(value):
        raise invalid("canonical.number_changes", value=str(value)[:40], becomes=written)
    return written


def _whole(figures: str) -> float | int:
    if figures == "-0":
        return 0
    if len(figures) > 400:  # a double ends at 309 places; longer text costs quadratic time to read
        raise invalid("canonical.number")
    value = int(figures)
    _integer(value)
    return value


def _double(figures: str) -> float:
    value = float(figures)
    number(value)
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
