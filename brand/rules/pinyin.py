"""Finds a Chinese name by the first letters of its syllables, as people type them into a phone.

Source: Hanyu Pinyin (GB/T 16159) readings of the pypinyin tables (MIT licence), chosen by phrase where one is known.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LETTERS = re.compile(r"[a-z]{2,20}")


@lru_cache(maxsize=50_000)
def initials(name: str) -> str:
    """First letters of every syllable, small, letters and digits kept: ``示范羊肉`` is ``sfyr``."""
    from pypinyin import Style, lazy_pinyin  # its tables take a while to load, and few visitors search by letters

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(one for one in letters if one.isascii() and one.isalnum())


def wanted(text: str) -> str | None:
    """The letters a person looks for, or None where the text is no row of at least two Latin letters."""
    letters = text.strip().lower()
    return letters if _LETTERS.fullmatch(letters) else None


def matches(name: str, letters: str) -> bool:
    """Whether the letters stand together somewhere in the name's initials."""
    return letters in initials(name)
