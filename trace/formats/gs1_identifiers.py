"""GS1 application identifiers: which there are, what their values look like, and which may lead a Digital Link.

Source: GS1 General Specifications, chapter 3 (``data/gs1-application-identifiers.json`` names the edition read); check
digits section 7.9, global model number check characters section 7.9.5. Whether country, currency and package codes
exist is not checked, only what they look like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from stdnum import iban
from stdnum.exceptions import ValidationError

from brand.kernel.errors import invalid

DATA = Path(__file__).parent / "data" / "gs1-application-identifiers.json"
SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_SET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SET_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
_SETS = {"N": "0123456789", "X": SET_82, "Y": _SET_39, "Z": _SET_64}
_PART = re.compile(r"(?P<set>[NXYZ])(?P<upto>\.\.)?(?P<size>\d+)(?P<checks>(?:,\w+)*)")
#: Weights and characters of the two check characters of a global model number.
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: The winding direction of a roll: across, along, and unknown.
_WINDINGS = "019"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a value: its characters, its length (``least`` to ``most``) and the names of its checks."""

    characters: frozenset[str]
    least: int
    most: int
    checks: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier. ``qualifiers``: None where it cannot lead a Digital Link.

    ``attribute``: whether it may stand in the query of one.
    """

    ai: str
    parts: tuple[Part, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None
    attribute: bool = True


def identifier(ai: str) -> Identifier:
    """The identifier of that number; raises ``gs1.ai_unknown``."""
    found = _table().get(ai)
    if found is None:
        raise invalid("gs1.ai_unknown", ai=ai[:8])
    return found


def check_value(ai: str, value: str) -> None:
    """Refuse a value its identifier does not allow: ``gs1.characters``, ``gs1.length`` or ``gs1.<check>``."""
    rest = value
    for part in identifier(ai).parts:
        if part.optional and not rest:
            break
        piece, rest = rest[: part.most], rest[part.most :]
        if not part.least <= len(piece):
            raise invalid("gs1.length", ai=ai, given=len(value))
        if not part.characters.issuperset(piece):
            raise invalid("gs1.characters", ai=ai)
        for name in part.checks:
            if not _CHECKS[name](piece):
                raise invalid(f"gs1.{name}", ai=ai)
    if rest:
        raise invalid("gs1.length", ai=ai, given=len(value))


def check_digit(figures: str) -> str:
    """The last figure of a GTIN, GLN, SSCC or GSRN from the figures before it: weights 3 and 1 from the right."""
    total = sum(int(figure) * (1 if place % 2 else 3) for place, figure in enumerate(reversed(figures)))
    return str(-total % 10)


def check_pair(text: str) -> str:
    """The two check characters of a global model number from the characters before them."""
    total = sum(SET_82.index(one) * weight for one, weight in zip(reversed(text), _PRIMES, strict=False)) % 1021
    return _SET_32[total >> 5] + _SET_32[total & 31]


def _csum(figures: str) -> bool:
    return check_digit(figures[:-1]) == figures[-1]


def _csumalpha(text: str) -> bool:
    return len(text) > 2 and check_pair(text[:-2]) == text[-2:]


def _key(text: str) -> bool:
    """A GS1 key begins with a company prefix, of at least four figures."""
    return len(text) >= 4 and text[:4].isdigit()


def _day(figures: str) -> bool:
    """YYMMDD; the century does not matter for whether the day exists, except for a 29 February."""
    try:
        date(2000 + int(figures[:2]), int(figures[2:4]), int(figures[4:6]))
    except ValueError:
        return False
    return True


def _day_or_month(figures: str) -> bool:
    """YYMMDD, where day 00 means the whole month."""
    return _day(figures[:4] + "01") if figures.endswith("00") else _day(figures)


def _whole_day(figures: str) -> bool:
    """YYYYMMDD."""
    try:
        date(int(figures[:4]), int(figures[4:6]), int(figures[6:]))
    except ValueError:
        return False
    return True


def _birth_order(text: str) -> bool:
    """First of two and the like: ``1/2``."""
    return re.fullmatch("[1-9]/[1-9]", text) is not None and text[0] <= text[2]


def _clock(figures: str) -> bool:
    return int(figures[:2]) < 24 and all(int(figures[at : at + 2]) < 60 for at in range(2, len(figures), 2))


def _hour(figures: str) -> bool:
    return _day(figures[:6]) and int(figures[6:]) < 24


def _minutes(figures: str) -> bool:
    return len(figures) in (2, 4) and all(int(figures[at : at + 2]) < 60 for at in range(0, len(figures), 2))


def _piece(figures: str) -> bool:
    """Piece 2 of 5 and the like."""
    return 0 < int(figures[:2]) <= int(figures[2:])


def _iban(text: str) -> bool:
    try:
        iban.validate(text, check_country=False)
    except ValidationError:
        return False
    return True


def _percent(text: str) -> bool:
    return not re.search("%(?![0-9A-Fa-f]{2})", text)


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "csum": _csum,
    "csumalpha": _csumalpha,
    "key": _key,
    "yymmdd": _day,
    "yymmd0": _day_or_month,
    "yyyymmdd": _whole_day,
    "birthorder": _birth_order,
    "sex": lambda figure: figure in "0129",
    "nondigit": lambda text: not text.isdigit(),
    "hhmm": _clock,
    "yymmddhh": _hour,
    "mmoptss": _minutes,
    "pieceoftotal": _piece,
    "iban": _iban,
    "pcenc": _percent,
    "yesno": lambda figure: figure in "01",
    "zero": lambda figures: not figures.strip("0"),
    "nonzero": lambda figures: bool(figures.strip("0")),
    "nozeroprefix": lambda figures: figures == "0" or not figures.startswith("0"),
    "winding": lambda figure: figure in _WINDINGS,
    "hyphen": lambda text: text == "-",
    "letters": lambda text: text.isalpha() and text.isupper(),
    "threes": lambda figures: len(figures) % 3 == 0,
    "latitude": lambda figures: int(figures) <= 1_800_000_000,
    "longitude": lambda figures: int(figures) <= 3_600_000_000,
}


@cache
def _table() -> Mapping[str, Identifier]:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["identifiers"]
    return {one.ai: one for row in rows for one in _identifiers(row)}


def _identifiers(row: dict[str, object]) -> list[Identifier]:
    """One row stands for a number, or for a range of numbers of one length."""
    first, _, last = str(row["ai"]).partition("-")
    parts = tuple(_part(text) for text in str(row["parts"]).split())
    listed = row.get("qualifiers")
    qualifiers = tuple(tuple(map(str, one)) for one in listed) if isinstance(listed, list) else None
    numbers = range(int(first), int(last or first) + 1)
    attribute = row.get("attribute") is not False
    return [Identifier(f"{number:0{len(first)}d}", parts, qualifiers, attribute) for number in numbers]


def _part(text: str) -> Part:
    found = _PART.fullmatch(text.strip("[]"))
    assert found, text
    most = int(found["size"])
    checks = tuple(name for name in found["checks"].split(",") if name)
    return Part(frozenset(_SETS[found["set"]]), 1 if found["upto"] else most, most, checks, text.startswith("["))
