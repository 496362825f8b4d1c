"""The line of characters under the symbol, and the same line as people type it back.

Source: codes-and-log plan, part 2; Crockford's base 32 reading rules (I and L as 1, O as 0). The line is batch, serial
and one check character over both: 25 characters in groups of four.
"""

from __future__ import annotations

from brand.kernel.errors import invalid
from trace.crypto import crockford
from trace.crypto.code_profiles import BATCH_SIZE, SERIAL_SIZE, UnitCode

SIZE = BATCH_SIZE + SERIAL_SIZE + 1
LONGEST = 200
_MARK = 2
_SEPARATORS = " \t\u00a0\u2009\u202f\u3000-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u30fc"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FULL_WIDTH = {ord(ch) + 0xFEE0: ch for ch in "0123456789" + _LETTERS + _LETTERS.lower()}
_TO_CAPITALS = str.maketrans(_LETTERS.lower(), _LETTERS)
_AS_MEANT = str.maketrans("ILO", "110")


def human_readable(code: UnitCode) -> str:
    """``XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-X``: batch, serial, check character."""
    characters = code.batch + code.serial
    characters += crockford.check_character(characters, mark=_MARK)
    return in_groups(characters)


def in_groups(characters: str) -> str:
    """``XXXX-XXXX-…``, as they stand under a symbol."""
    return "-".join(characters[start : start + 4] for start in range(0, len(characters), 4))


def parse_typed(text: str) -> UnitCode:
    """The code meant by a typed line: any case, spaces and dashes anywhere, full-width input, I, L and O forgiven.

    Raises ``codes.typed_length``, ``codes.typed_character`` (with the character), ``codes.typed_check`` when one
    character is wrong or two are swapped, and then ``codes.batch_check`` should several errors have cancelled out.
    """
    if len(text) > LONGEST:
        raise invalid("codes.typed_length", given=len(text), expected=SIZE)
    characters = bare(text)
    for character in characters:
        if character not in crockford.ALPHABET:
            raise invalid("codes.typed_character", character=character)
    if len(characters) != SIZE:
        raise invalid("codes.typed_length", given=len(characters), expected=SIZE)
    if not crockford.is_checked(characters, mark=_MARK):
        raise invalid("codes.typed_check")
    return UnitCode(characters[:BATCH_SIZE], characters[BATCH_SIZE : BATCH_SIZE + SERIAL_SIZE])


def bare(text: str) -> str:
    """Capitals only, without separators. By table and not by ``str.upper``, which turns foreign letters into ours."""
    kept = "".join(character for character in text if character not in _SEPARATORS)
    return kept.translate(_FULL_WIDTH).translate(_TO_CAPITALS).translate(_AS_MEANT)
