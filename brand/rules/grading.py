"""Grade one carcass by a grade table: the worst criterion decides and is named.

Source: NY/T 630-2002 values as data (``grade_tables``); the decision rule is ours and written in the table (B1.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from brand.kernel.errors import invalid
from brand.rules.grade_tables import MEASURED, NAMED, CarcassClass, Criterion, Grade, GradeTable, Row

_RANK = {grade: place for place, grade in enumerate(Grade)}
_ORDER = {criterion: place for place, criterion in enumerate(Criterion)}
_CONFIRMED = frozenset({"V", "S", "S2"})


@dataclass(frozen=True)
class Carcass:
    """What was measured and seen on one carcass: kg (the weight the grading is declared on), cm, words of the scales.

    ``None`` means not assessed; weight is always needed, backfat wherever the table states it for the class.
    ``lean_colour`` is ``deep_red`` or any other word: only deep red has a place in the table.
    """

    carcass_class: CarcassClass
    carcass_kg: Decimal
    backfat_cm: Decimal | None = None
    marbling: str | None = None
    firmness: str | None = None
    lean_colour: str | None = None
    fat_colour: str | None = None

    def value(self, criterion: Criterion) -> Decimal | str | None:
        found: Decimal | str | None = getattr(self, criterion.value)
        return found


@dataclass(frozen=True)
class GradeResult:
    """A grade, the criterion that decided it, and the table and edition it rests on; neither where no table is for it.

    ``to_be_checked``: a row that mattered is written from memory (confidence B) and must be shown as such.
    """

    grade: Grade
    decided_by: Criterion | None
    by_criterion: Mapping[Criterion, Grade]
    not_assessed: tuple[Criterion, ...]
    table: str
    edition: str
    to_be_checked: bool


def ungraded() -> GradeResult:
    """A carcass no table is for: two persons grade it by hand."""
    return GradeResult(Grade.MANUAL, None, {}, (), "", "", False)


def grade(table: GradeTable, carcass: Carcass) -> GradeResult:
    """Grade a carcass.

    Raises ``grading.<criterion>.missing``, ``.not_a_number``, ``.not_positive`` (measures) or ``.word`` (words).
    Values no row covers are no error: they give ``manual``.
    """
    rows = table.classes[carcass.carcass_class]
    stated = {criterion for row in rows for criterion in row.asks}
    _check(table, carcass, stated)
    found = {
        criterion: _best(table, rows, criterion, value)
        for criterion in Criterion
        if criterion in stated and (value := carcass.value(criterion)) is not None
    }
    decided_by = max(found, key=lambda criterion: (_RANK[found[criterion]], -_ORDER[criterion]))
    return GradeResult(
        found[decided_by],
        decided_by,
        found,
        tuple(criterion for criterion in Criterion if criterion not in found),
        table.name,
        table.edition,
        _rests_on_memory(rows, set(found.values())),
    )


def _best(table: GradeTable, rows: tuple[Row, ...], criterion: Criterion, value: Decimal | str) -> Grade:
    """The best grade whose requirement the value meets; rows stand best first."""
    met = (row.grade for row in rows if table.meets(criterion, value, row.asks[criterion]))
    return next(met, Grade.MANUAL)


def _rests_on_memory(rows: tuple[Row, ...], grades: set[Grade]) -> bool:
    """Falling outside the table rests on every row of it; a grade only on the rows the criteria landed in."""
    return any(row.confidence not in _CONFIRMED for row in rows if row.grade in grades or Grade.MANUAL in grades)


def _check(table: GradeTable, carcass: Carcass, stated: set[Criterion]) -> None:
    for criterion in MEASURED:
        _check_measure(criterion, carcass.value(criterion), needed=criterion in stated)
    for criterion, scale in table.scales.items():
        value = carcass.value(criterion)
        if value is not None and value not in scale:
            raise invalid(f"grading.{criterion}.word", value=str(value))
    for criterion in NAMED:
        if carcass.value(criterion) == "":
            raise invalid(f"grading.{criterion}.word", value="")


def _check_measure(criterion: Criterion, value: Decimal | str | None, *, needed: bool) -> None:
    if value is None:
        if needed:
            raise invalid(f"grading.{criterion}.missing")
        return
    if not isinstance(value, Decimal) or not value.is_finite():
        raise invalid(f"grading.{criterion}.not_a_number", value=str(value))
    # No fat at all is possible, no weight is not.
    if value < 0 or (value == 0 and criterion is Criterion.CARCASS_KG):
        raise invalid(f"grading.{criterion}.not_positive", value=format(value, "f"))
