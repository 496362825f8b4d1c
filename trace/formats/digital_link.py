"""GS1 Digital Link addresses: the identifiers in an address, and the element string they spell.

Source: GS1 Digital Link URI syntax, release 1.4. Compressed addresses and the words that once stood for numbers are
not read. A query key that is all figures is an identifier; any other key belongs to somebody else and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address
from socket import inet_aton

from brand.kernel.errors import AppError, invalid
from trace.formats.gs1_identifiers import check_value, identifier

LONGEST = 2048
_ADDRESS = re.compile(
    r"(?:https?|HTTPS?)://(?P<host>[^/?#\s]+)(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?", re.DOTALL
)
_AUTHORITY = re.compile(
    r"(?:(?P<name>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)\.?|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::0*(?P<port>[0-9]*))?"
)
_NUMBER_LAST = re.compile(r"(?:.*\.)?(?:[0-9]+|0[Xx][0-9A-Fa-f]*)")
_LAST_PORT = 65535
#: What an address may consist of at all (RFC 3986, appendix A); everything else is written as an escape.
_NO_ADDRESS = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_FIGURES = re.compile("[0-9]+")
_SHORT_GTINS = (8, 12, 13)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """What an address names: the leading key with its qualifiers in order, and attributes by number."""

    path: tuple[Pair, ...]
    attributes: tuple[Pair, ...]

    @property
    def element_string(self) -> str:
        """Every identifier in brackets before its value: the path as it stands, then attributes ascending."""
        return "".join(f"({ai}){value}" for ai, value in (*self.path, *self.attributes))


def read(address: str) -> Link:
    """The identifiers of an address, each value checked.

    Raises ``gs1.too_long``, ``gs1.address``, ``gs1.no_key``, ``gs1.qualifiers``, ``gs1.repeated``, ``gs1.escape``,
    ``gs1.not_attribute``, ``gs1.in_path`` or what ``check_value`` raises.
    """
    if len(address) > LONGEST:
        raise invalid("gs1.too_long", most=LONGEST)
    found = _ADDRESS.fullmatch(address)
    if found is None or not is_authority(found["host"]):
        raise invalid("gs1.address")
    path = _path(found["path"].split("/")[1:])
    attributes = sorted(_attributes(found["query"] or ""))
    numbers = [ai for ai, _ in (*path, *attributes)]
    if len(set(numbers)) != len(numbers):
        raise invalid("gs1.repeated", ai=next(ai for ai in numbers if numbers.count(ai) > 1))
    for ai, _ in attributes:
        _check_attribute(ai, path)
    for ai, value in (*path, *attributes):
        check_value(ai, value)
    if _NO_ADDRESS.search(address):
        raise invalid("gs1.address")
    return Link(path, tuple(attributes))


def is_authority(text: str) -> bool:
    """Whether a browser could open host and port: a name or an address that exists, port none, empty or 1 to 65535.

    Source: RFC 3986 section 3.2; a name that ends in a number is an IPv4 address or nothing (WHATWG URL, host parsing).
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return False
    # Leading noughts are taken off the port: what is left is empty for none at all, and for port 0.
    port, written = found["port"], text.rpartition(":")[2]
    if port is not None and (len(port) > 5 or not (1 <= int(port) <= _LAST_PORT if port else written == "")):
        return False
    if found["six"] is not None:
        return _is_six(found["six"])
    return not _NUMBER_LAST.fullmatch(found["name"]) or _is_four(found["name"])


def _is_six(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _is_four(text: str) -> bool:
    try:
        inet_aton(text)
    except OSError:
        return False
    return True


def _path(segments: Sequence[str]) -> tuple[Pair, ...]:
    """The pairs at the end of a path, back to the one that may lead; what stands before is the resolver's own."""
    for start in range(len(segments) - 2, -1, -2):
        if _leads(segments[start]):
            pairs = tuple((segments[at], _plain(segments[at + 1])) for at in range(start, len(segments), 2))
            _check_order(pairs)
            return pairs
        if not _FIGURES.fullmatch(segments[start]):
            break
    raise invalid("gs1.no_key")


def _leads(ai: str) -> bool:
    try:
        return identifier(ai).qualifiers is not None
    except AppError:
        return False


def _check_order(pairs: Sequence[Pair]) -> None:
    """Qualifiers stand in the order of one of the alternatives; any of them may be left out."""
    leading, given = identifier(pairs[0][0]), [ai for ai, _ in pairs[1:]]
    if not any(given == [ai for ai in allowed if ai in given] for allowed in (*(leading.qualifiers or ()), ())):
        raise invalid("gs1.qualifiers", ai=leading.ai)


def _check_attribute(ai: str, path: Sequence[Pair]) -> None:
    """What may stand in the query at all, and does not belong into this very path as one more qualifier."""
    if not identifier(ai).attribute:
        raise invalid("gs1.not_attribute", ai=ai)
    given = {one for one, _ in path[1:]}
    if any(ai in allowed and given <= set(allowed) for allowed in identifier(path[0][0]).qualifiers or ()):
        raise invalid("gs1.in_path", ai=ai)


def _attributes(query: str) -> list[Pair]:
    pairs = []
    for part in re.split("[&;]", query):
        key, _, value = part.partition("=")
        if _FIGURES.fullmatch(key):
            identifier(key)
            plain = _plain(value.replace("+", " "))
            # GS1's own examples shorten the number of an item in the query; in a path it always has its 14 figures.
            pairs.append((key, plain.zfill(14) if key == "01" and len(plain) in _SHORT_GTINS else plain))
    return pairs


def _plain(text: str) -> str:
    """``text`` with its escapes undone; values are ASCII, so anything else is caught by the character check."""
    if "%" in _ESCAPE.sub("", text):
        raise invalid("gs1.escape")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
