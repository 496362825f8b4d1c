"""Holds the name of a cut against the product's list: compared with the printed standard, only listed, or neither.

Source: the product's rule «cut_list»; the shipped list was written from memory (domain notes B3, confidence B), so it
marks names and refuses none. A list the office decided on refuses what it does not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Naming(StrEnum):
    """How far a name can be relied on."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    UNLISTED = "unlisted"
    NO_CUT = "no_cut"


#: Stages of goods whose packs are cuts of meat; all others bear a name of their own, which no list is asked about.
MEAT = frozenset({"carcass", "cuts"})
#: What needs no mark beside it.
PLAIN = frozenset({Naming.VERIFIED, Naming.NO_CUT})


def naming(cut: str, content: Mapping[str, Any]) -> Naming:
    """Of one name under the content of a cut list."""
    for one in content["cuts"]:
        if one["name"] == cut:
            return Naming.VERIFIED if one["verified"] else Naming.UNVERIFIED
    return Naming.UNLISTED


def refuses(cut: str, content: Mapping[str, Any], edition: int) -> bool:
    """Whether packing under this name is refused: only by a list somebody decided on, and only if it names any."""
    return edition > 0 and bool(content["cuts"]) and naming(cut, content) is Naming.UNLISTED
