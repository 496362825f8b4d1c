"""How long a registered trademark runs and when it must be renewed.

Source: Trademark Law of the PRC (2019) as noted in domain notes B5; the figures stand in ``data/trademark-terms.json``.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from brand.kernel.errors import refused

_NUMBER = re.compile(r"[0-9]{1,9}[A-Z]?")
#: Classes of goods and services of the Nice Agreement.
FIRST_CLASS, LAST_CLASS = 1, 45


class MarkKind(StrEnum):
    """A county's name may stand in a mark only as a collective or a certification mark (B5)."""

    COLLECTIVE = "collective"
    CERTIFICATION = "certification"
    ORDINARY = "ordinary"


class Phase(StrEnum):
    """Where a registration stands on a day."""

    RUNNING = "running"
    RENEW = "renew"
    GRACE = "grace"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Terms:
    """The law's figures, and where they are read from."""

    term_years: int
    renewal_months: int
    grace_months: int
    source: str
    source_en: str
    confidence: str


@cache
def terms() -> Terms:
    path = Path(__file__).parent / "data" / "trademark-terms.json"
    return Terms(**json.loads(path.read_text(encoding="utf-8")))


def is_number(text: str) -> bool:
    """Digits, with one capital letter behind them at most; the register's own numbers are not checked further."""
    return _NUMBER.fullmatch(text) is not None


def last_day(registered_on: date) -> date:
    """The last day of the first term."""
    return _later(registered_on, terms().term_years * 12) - timedelta(days=1)


def renewed(valid_until: date) -> date:
    """The last day of the next term, which follows the present one whenever in time it was renewed."""
    return _later(valid_until + timedelta(days=1), terms().term_years * 12) - timedelta(days=1)


def renewal_opens(valid_until: date) -> date:
    """The first day on which a renewal may be asked for."""
    return _later(valid_until + timedelta(days=1), -terms().renewal_months)


def grace_ends(valid_until: date) -> date:
    """The last day on which a late renewal is still possible."""
    return _later(valid_until + timedelta(days=1), terms().grace_months) - timedelta(days=1)


def phase(valid_until: date, day: date) -> Phase:
    if day > grace_ends(valid_until):
        return Phase.LAPSED
    if day > valid_until:
        return Phase.GRACE
    return Phase.RENEW if day >= renewal_opens(valid_until) else Phase.RUNNING


def due(valid_until: date, day: date) -> date | None:
    """The day by which the renewal must be done, while it can be; None before and after."""
    return {Phase.RENEW: valid_until, Phase.GRACE: grace_ends(valid_until)}.get(phase(valid_until, day))


def check_renewable(valid_until: date, day: date) -> None:
    """Raise ``brand_marks.not_renewable`` outside the window."""
    if due(valid_until, day) is None:
        raise refused("brand_marks.not_renewable", opens=renewal_opens(valid_until), ends=grace_ends(valid_until))


def _later(day: date, months: int) -> date:
    """The same day so many months later; in a shorter month the last day of it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
