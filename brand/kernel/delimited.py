"""Writes rows as delimited text that no spreadsheet program runs as formulas.

Source: RFC 4180 for delimited text; OWASP «CSV injection» for what is neutralised on the way out.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

DANGEROUS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫\t\r\n\x00")


def neutral(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would otherwise run it.

    Looked at behind blanks and invisible signs, which some programs drop before they decide.
    """
    return "'" + text if _would_run(text) else text


def restored(text: str) -> str:
    """What ``neutral`` was given: an apostrophe before a dangerous beginning is ours, any other is the writer's."""
    return text[1:] if text.startswith("'") and _would_run(text[1:]) else text


def _would_run(text: str) -> bool:
    for sign in text:
        if sign in DANGEROUS:
            return True
        if not sign.isspace() and unicodedata.category(sign) != "Cf":
            return False
    return False


def outgoing(cell: object) -> str | int | Decimal:
    """A cell as it leaves the house: whole numbers and Decimals plain, nothing as "", everything else neutral text."""
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return cell
    return "" if cell is None else neutral(str(cell))


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Delimited text for Excel in China: UTF-8 with its mark, CRLF, numbers plain, every text neutralised."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    writer.writerows([outgoing(cell) for cell in row] for row in rows)
    return page.getvalue().encode("utf-8-sig")
