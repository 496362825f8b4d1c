"""Gives texts that look alike one spelling, so that a report number cannot come twice in another script or with an O.

Source: Unicode Technical Standard 39 (confusable characters), cut down to what a number or a name in Latin letters can
be mistaken for; Chinese signs stay as they are.
"""

from __future__ import annotations

import unicodedata

_CYRILLIC_AND_GREEK = "АВЕЅІЈКМНОРСТУХЗаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικονρυ"
_LATIN = "ABESIJKMHOPCTYX3aesijopcyxABEZHIKMNOPTYXaikovpu"
_DASHES = "‐‑‒–—―−﹣－ー﹘"
_SAME = str.maketrans(
    dict(zip(_CYRILLIC_AND_GREEK, _LATIN, strict=True))
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("()（）【】[]", "")
)
_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})


def one_spelling(text: str) -> str:
    """The text folded for comparing only: width, case, script, blanks, invisible signs, dashes, O/0 and I/l/1."""
    # Folding case may take a letter and its mark apart, which only the next turn sees.
    while (folded := _folded(text)) != text:
        text = folded
    return text


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    seen = "".join(one for one in plain if unicodedata.category(one)[0] not in "CZM")
    return seen.casefold().translate(_DIGITS)
