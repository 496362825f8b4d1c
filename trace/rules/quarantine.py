"""Quarantine certificates (动物检疫合格证明): the four forms, how long each may be valid, and when one may be used.

Source: domain notes B5.2 as data in ``data/quarantine.json`` (a page of 2021, marked «to be checked»). The format of
the number was not found, so any text is taken; look-alike writings of one number count as one.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import AppError, Fault, Kind, invalid, pointing, quota_exceeded
from brand.rules.places import county

DATA = Path(__file__).parent / "data"


class Form(StrEnum):
    ANIMAL_A = "animal_a"
    ANIMAL_B = "animal_b"
    PRODUCT_A = "product_a"
    PRODUCT_B = "product_b"

    @property
    def of_animals(self) -> bool:
        return bool(policy()["forms"][self.value]["of"] == "animal")


@cache
def policy() -> Any:
    """Forms with the longest validity in days, the source, and its mark."""
    return json.loads((DATA / "quarantine.json").read_text("utf-8"))


def number_key(number: str) -> str:
    """One spelling for all writings of a number: full-width and blanks and signs between digits do not make another."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(one for one in plain if one.isalnum())


def last_day(form: Form, issued_on: date, days: int) -> date:
    """The last day a certificate is valid, the day of issue being the first.

    Raises ``quarantine.days`` when more days are stated than the form can have.
    """
    most = policy()["forms"][form.value]["most_days"]
    if not 1 <= days <= most:
        raise _at("valid_days", "quarantine.days", days=days, most=most)
    return issued_on + timedelta(days=days - 1)


def check(form: Form, number: str, county_code: str, issued_on: date, today: date) -> None:
    """Raises ``quarantine.number``, ``.county`` or ``.issued_in_future``."""
    if not number_key(number):
        raise _at("number", "quarantine.number")
    if county(county_code, issued_on) is None:
        raise _at("county_code", "quarantine.county", county=county_code, day=issued_on.isoformat())
    if issued_on > today:
        raise _at("issued_on", "quarantine.issued_in_future", day=issued_on.isoformat())


def check_use(issued_on: date, valid_until: date, day: date) -> None:
    """Raises ``quarantine.expired`` (or not issued yet on that day) with both days."""
    if not issued_on <= day <= valid_until:
        days = {"first": issued_on.isoformat(), "last": valid_until.isoformat(), "day": day.isoformat()}
        raise AppError(Kind.REFUSED, "quarantine.expired", faults=[Fault("quarantine.expired", "/day", days)], **days)


def check_covered(whole: Decimal, used: Decimal, asked: Decimal) -> None:
    """Raises ``quarantine.used_up`` with the figures where less is left than asked for."""
    if used + asked > whole:
        figures = {"in": whole, "used": used, "asked": asked, "left": whole - used}
        with pointing({"": "/quantity"}):
            raise quota_exceeded(
                "quarantine.used_up", **{name: f"{one.normalize():f}" for name, one in figures.items()}
            )


def _at(field: str, code: str, /, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
