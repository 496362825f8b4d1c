"""The public name of a place, ``/f/{code}``: eight characters drawn at random, never taken from a record's id.

Source: codes-and-log plan, part 2 (ids never derive from database ids and are never renumbered). The mark of the check
character differs from that of batches, so that the one never passes as the other.
"""

from __future__ import annotations

import re
import secrets

from trace.crypto import crockford

SIZE = 8
_MARK = 3
_SHAPE = re.compile(f"{crockford.LETTER}{{{SIZE}}}")


def new_place_code(random_bytes: bytes) -> str:
    """A code from 5 random bytes, of which 35 bits are used; the caller's unique key catches a repetition."""
    number = crockford.encode(random_bytes)[: SIZE - 1]
    return number + crockford.check_character(number, mark=_MARK)


def fresh_place_code() -> str:
    """A code from the operating system's randomness."""
    return new_place_code(secrets.token_bytes(5))


def is_place_code(text: str) -> bool:
    """Whether the text has the shape of a place's code and its check character is right."""
    return _SHAPE.fullmatch(text) is not None and crockford.is_checked(text, mark=_MARK)
