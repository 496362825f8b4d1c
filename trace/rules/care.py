"""What may be given to animals and how; what must be written down of it.

Source: 农产品质量安全法 (2022) art. 27 (name, source, use, dose and dates of what is used, two years),
畜牧法 (2022) art. 41.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from brand.kernel.errors import Fault, invalid

#: A treatment of more days is two treatments; a bound of the program.
LONGEST_COURSE = timedelta(days=90)


class CareKind(StrEnum):
    MEDICINE = "medicine"
    VACCINE = "vaccine"
    FEED = "feed"


class Source(StrEnum):
    """Where a withdrawal period was read."""

    LABEL = "label"
    PRESCRIPTION = "prescription"


class Route(StrEnum):
    ORAL = "oral"
    INJECTION = "injection"
    DIP = "dip"
    TOPICAL = "topical"
    FEED = "feed"


def check_dates(given_on: date, last_dose_on: date, today: date) -> None:
    """Raises ``care.in_future``, ``care.order`` or ``care.too_long``."""
    if given_on > today or last_dose_on > today:
        field = "given_on" if given_on > today else "last_dose_on"
        raise _at(field, "care.in_future", today=today.isoformat())
    if last_dose_on < given_on:
        raise _at("last_dose_on", "care.order", first=given_on.isoformat(), last=last_dose_on.isoformat())
    if last_dose_on - given_on > LONGEST_COURSE:
        raise _at("last_dose_on", "care.too_long", most=LONGEST_COURSE.days)


def clean_dose(text: str) -> str:
    """A positive decimal as text; raises ``care.dose``."""
    try:
        dose = Decimal(text)
    except InvalidOperation:
        raise _at("dose", "care.dose") from None
    if not dose.is_finite() or not 0 < dose <= 1_000_000 or len(f"{dose:f}") > 20:
        raise _at("dose", "care.dose")
    return f"{dose.normalize():f}"


def _at(field: str, code: str, /, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
