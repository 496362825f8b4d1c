"""Crockford base32 as printed in codes, and a check character that stays inside its 32 letters.

Source: Douglas Crockford, «Base 32» (alphabet, and I, L, O read as 1, 1, 0 when typed); codes-and-log plan, part 2.
Crockford's own check symbol is taken modulo 37 and needs five symbols outside the alphabet (one of them U), so it is
not used. Ours is a linear code over GF(32): the character at distance i from the end weighs α^i, α = 2 being a
generator of the field with x⁵ + x² + 1, and the weighted sum must equal a fixed mark. Up to 31 characters all
weights differ and none is zero, therefore every single wrong character and every swap of two characters, adjacent or
not, changes the sum. A mark that is not zero keeps a row of zeros from being valid, and different marks keep a text
of one kind from passing as the other.
"""

from __future__ import annotations

import base64

from brand.kernel.errors import invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTER = "[0-9A-HJKMNP-TV-Z]"
"""Regular expression of one character; never used with IGNORECASE."""
LONGEST_CHECKED = 31
_FROM_RFC_4648 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_TO_RFC_4648 = str.maketrans(ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_TIMES_ALPHA = [value << 1 ^ (0b100101 if value & 16 else 0) for value in range(32)]


def encode(data: bytes) -> str:
    """``data`` (a multiple of 5 bytes) as 8 characters per 5 bytes, most significant bit first."""
    if len(data) % 5:
        raise invalid("codes.randomness_size", size=len(data), expected=5)
    return base64.b32encode(data).decode("ascii").translate(_FROM_RFC_4648)


def decode(text: str) -> bytes:
    """The bytes of a multiple of 8 characters of the alphabet."""
    return base64.b32decode(text.translate(_TO_RFC_4648))


def check_character(text: str, *, mark: int) -> str:
    """The character to put behind ``text`` (at most 30 characters of the alphabet)."""
    return ALPHABET[_TIMES_ALPHA[_sum(text)] ^ mark]


def is_checked(text: str, *, mark: int) -> bool:
    """Whether ``text`` (at most 31 characters of the alphabet, the check character last) sums to ``mark``."""
    return len(text) <= LONGEST_CHECKED and _sum(text) == mark


def _sum(text: str) -> int:
    total = 0
    for letter in text:
        total = _TIMES_ALPHA[total] ^ _VALUE[letter]
    return total
