"""Sums up what the carcasses of one sheet have in common and how many its table gave each grade.

Said once, when the sheet is taken in, and kept beside it: neither carcasses nor the table's grades change afterwards,
and every page about their packs tells it. What persons decide later on is kept apart (``models/grading``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple


class Graded(NamedTuple):
    """What counts of one carcass: age in months, cold weight in kg, criteria nobody assessed."""

    breed: str
    animal_class: str
    age_months: Decimal
    not_assessed: Iterable[str]
    grade: str
    cold_kg: Decimal
    to_be_checked: bool


def alike(carcasses: Iterable[Graded]) -> dict[str, Any]:
    """JSON: breeds and classes in order, ages as text, criteria as they came; by grade: head, kg as text, doubtful.

    Empty where there are no carcasses.
    """
    found = list(carcasses)
    if not found:
        return {}
    by_grade: dict[str, list[Graded]] = defaultdict(list)
    for one in found:
        by_grade[one.grade].append(one)
    ages = [one.age_months for one in found]
    return {
        "breeds": sorted({one.breed for one in found}),
        "youngest": _text(min(ages)),
        "oldest": _text(max(ages)),
        "classes": sorted({one.animal_class for one in found}),
        "not_assessed": list(dict.fromkeys(name for one in found for name in one.not_assessed)),
        "grades": {
            grade: [
                len(some),
                _text(sum((one.cold_kg for one in some), Decimal(0))),
                sum(one.to_be_checked for one in some),
            ]
            for grade, some in by_grade.items()
        },
    }


def _text(value: Decimal) -> str:
    """One spelling for one value, however many places a sheet or a column gives it."""
    return f"{value.normalize():f}"
