"""What may be said of a sale over the counter and of the area in which packs are meant to be sold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from brand.kernel.errors import Fault, invalid
from brand.rules.places import county

MOST_PLACES = 60
_CODE = re.compile(r"[1-9][0-9](?:[0-9]{2}(?:[0-9]{2})?)?")


def check_day(sold_on: date, today: date) -> None:
    """Nothing is sold in the future: ``sales.day``."""
    if sold_on > today:
        raise invalid("sales.day", faults=[Fault("sales.day", "/sold_on")])


def check_area(places: Iterable[str], on: date) -> list[str]:
    """Codes of GB/T 2260 in order, cut to their telling digits: province two, prefecture four, county six.

    Raises ``sales.area`` with a fault for each that is none.
    """
    given = list(dict.fromkeys(places))
    wrong = [
        one
        for one in given
        if not _CODE.fullmatch(one) or (_short(one) == one and len(one) == 6 and not county(one, on))
    ]
    if wrong or not 1 <= len(given) <= MOST_PLACES:
        faults = [Fault("sales.place", "/places", {"place": one}) for one in wrong] or [Fault("sales.area", "/places")]
        raise invalid("sales.area", faults=faults)
    return sorted({_short(one) for one in given})


def _short(code: str) -> str:
    """``150000`` is a province and ``150800`` a prefecture: what holds for them holds for all below."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code
