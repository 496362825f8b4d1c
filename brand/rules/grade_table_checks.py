"""Say what is wrong with a grade table before anybody grades by it, each fault at its place.

Source: the shape of ``data/nyt630-2002.json`` and the traps of such tables (domain notes B1.3): shared edges, rows
that overlap, criteria stated in one row and not in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any

from brand.kernel.errors import Fault
from brand.rules.grade_tables import MEASURED, NAMED, SHIPPED_SCALES, CarcassClass, Criterion, Grade, Interval
from brand.rules.presets import Confidence

#: Decimals a scale or a ruler gives: whole grams, whole hundredths of a centimetre.
PLACES = {Criterion.CARCASS_KG: 3, Criterion.BACKFAT_CM: 2}
LARGEST = {Criterion.CARCASS_KG: Decimal(200), Criterion.BACKFAT_CM: Decimal(20)}
NAMED_WORDS = {Criterion.LEAN_COLOUR: ("deep_red",)}
_GRADES = [one.value for one in Grade if one is not Grade.MANUAL]


def check(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault of a table in its JSON form; pointers as in the file, ``/classes/lamb/0/carcass_kg/from``."""
    for name in ("table", "edition", "source"):
        if not table.get(name):
            yield Fault("input.required", f"/{name}")
    if table.get("attribution_confidence") not in list(Confidence):
        yield Fault("grade_tables.confidence", "/attribution_confidence")
    if {name: set(words) for name, words in table.get("scales", {}).items()} != _VOCABULARY:
        yield Fault("grade_tables.scales", "/scales")
    for one in CarcassClass:
        rows = table.get("classes", {}).get(one.value) or []
        for fault in check_class(rows, one):
            yield replace(fault, pointer=f"/classes/{one}{fault.pointer}")


_VOCABULARY = {name.value: set(words) for name, words in SHIPPED_SCALES.items()}


def check_class(rows: Sequence[Mapping[str, Any]], one: CarcassClass) -> Iterator[Fault]:
    """Every fault of one class; pointers begin at the class, ``/0/carcass_kg/from``, and are empty for all of it."""
    name = {"class": f"grading.classes.{one}"}
    if not rows:
        yield Fault("grade_tables.class_empty", "", name)
        return
    grades = [row.get("grade") for row in rows]
    if grades != [grade for grade in _GRADES if grade in grades]:
        yield Fault("grade_tables.order", "", name)
    faults = [fault for place, row in enumerate(rows) for fault in _row(row, f"/{place}")]
    yield from faults
    yield from (replace(fault, params={**fault.params, **name}) for fault in _columns(rows))
    if not faults:
        for criterion in MEASURED:
            yield from (replace(fault, params={**fault.params, **name}) for fault in _edges(rows, criterion))


def _columns(rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """A criterion stands in every row of a class or in none; weight always stands."""
    for criterion in Criterion:
        found = [criterion.value in row for row in rows]
        if not all(found) and (any(found) or criterion is Criterion.CARCASS_KG):
            yield Fault("grade_tables.not_in_every_row", "", {"criterion": f"grading.criteria.{criterion}"})


def _row(row: Mapping[str, Any], at: str) -> Iterator[Fault]:
    if row.get("confidence") not in list(Confidence):
        yield Fault("grade_tables.confidence", f"{at}/confidence")
    for criterion in Criterion:
        if criterion.value in row:
            asked = row[criterion.value]
            if criterion in MEASURED:
                yield from _measure(asked, f"{at}/{criterion}", criterion)
            elif asked not in (NAMED_WORDS if criterion in NAMED else SHIPPED_SCALES)[criterion]:
                yield Fault("grade_tables.word", f"{at}/{criterion}")


def _measure(asked: Any, at: str, criterion: Criterion) -> Iterator[Fault]:
    ends = {}
    for end in ("from", "to"):
        if end not in asked:
            continue
        number = _number(asked[end])
        if number is None:
            yield Fault("grade_tables.not_a_number", f"{at}/{end}")
        elif not 0 <= number <= LARGEST[criterion]:
            yield Fault("grade_tables.out_of_range", f"{at}/{end}", {"most": str(LARGEST[criterion])})
        elif number != round(number, PLACES[criterion]):
            yield Fault("grade_tables.too_precise", f"{at}/{end}", {"places": PLACES[criterion]})
        else:
            ends[end] = number
    if not asked:
        yield Fault("grade_tables.no_end", at)
    if len(ends) == 2 and ends["from"] >= ends["to"]:
        yield Fault("grade_tables.upside_down", at, {"from": str(ends["from"]), "to": str(ends["to"])})


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(value) if isinstance(value, str) and len(value) < 20 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _edges(rows: Sequence[Mapping[str, Any]], criterion: Criterion) -> Iterator[Fault]:
    """Two rows ask for the same stretch, or for stretches apart; a shared edge belongs to exactly one of them."""
    stretches = [Interval.from_json(row[criterion.value]) for row in rows if criterion.value in row]
    for upper, lower in combinations(stretches, 2):
        if upper == lower:
            continue
        first, second = sorted((upper, lower), key=lambda one: one.low if one.low is not None else Decimal(-1))
        params = {"criterion": f"grading.criteria.{criterion}"}
        if first.high is None or second.low is None or second.low < first.high:
            yield Fault("grade_tables.overlap", "", params)
        elif second.low == first.high and second.low_included == first.high_included:
            code = "grade_tables.edge_twice" if second.low_included else "grade_tables.edge_nowhere"
            yield Fault(code, "", {**params, "edge": str(second.low)})
