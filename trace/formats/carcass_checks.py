"""Holds each carcass row against the rules that need several cells: tag, teeth, weights, repetition in the file.

Source: ``trace.rules`` (ear tags, carcass classes, mass balance); here only the cell to point at is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from brand.kernel.errors import AppError, Fault
from trace.formats.cells import CHINA, shown
from trace.formats.lines import Line, Lines
from trace.rules.carcass_classes import age_matches_teeth
from trace.rules.ear_tags import Species, check_ear_tag
from trace.rules.mass_balance import Weights, carcass_faults

WEIGHTS = ("live_kg", "hot_kg", "cold_kg")
TEETH = ("age_months", "incisor_pairs")
DAYS_IN_A_MONTH = 30.44
DOUBTS = {
    "mass_balance.cold_above_hot": "doubts.cold_above_hot",
    "mass_balance.hot_not_below_live": "doubts.hot_not_below_live",
    "mass_balance.dressing_impossible": "doubts.dressing_impossible",
    "carcasses.age_against_teeth": "doubts.age_against_teeth",
}


@dataclass(frozen=True)
class Contradiction:
    """Cells that cannot all be true; ``doubt`` is set where one of them is a figure we had to normalise."""

    fault: Fault
    doubt: Fault | None


def tag_faults(found: Lines, species: Species) -> list[Fault]:
    """Ear tags that cannot be of that species. Where a time is unreadable, another row of the sheet gives the day."""
    days = [day for line in found.lines if (day := _slaughter_day(line))]
    spare = min(days, default=None)
    faults = []
    for line in found.lines:
        day = _slaughter_day(line) or spare
        error = _tag_error(line, day, species) if day and "ear_tag" in line.values else None
        if error:
            faults.append(found.fault(line, "ear_tag", error.code, **error.params))
    return faults


def _slaughter_day(line: Line) -> date | None:
    moment = line.values.get("slaughtered_at")
    return moment.astimezone(CHINA).date() if moment else None


def _tag_error(line: Line, day: date, species: Species) -> AppError | None:
    """What is wrong with the tag on the day of slaughter; a county code of the time of birth is right as well."""
    error = _checked(line.values["ear_tag"], day, species)
    if error is None or error.code != "ear_tags.county" or "age_months" not in line.values:
        return error
    born = day - timedelta(days=round(line.values["age_months"] * DAYS_IN_A_MONTH))
    return error if _checked(line.values["ear_tag"], born, species) else None


def _checked(tag: str, day: date, species: Species) -> AppError | None:
    try:
        check_ear_tag(tag, day, species=species)
    except AppError as error:
        return error
    return None


def repeated(found: Lines, field: str, code: str) -> list[Fault]:
    """A value that stood in an earlier row already; the fault names both rows."""
    first_rows: dict[object, int] = {}
    faults = []
    for line in found.lines:
        if field not in line.values:
            continue
        value = line.values[field]
        first_row = first_rows.setdefault(value, line.number)
        if first_row != line.number:
            faults.append(found.fault(line, field, code, value=value, first_row=first_row))
    return faults


def contradictions(found: Lines, species: Species) -> list[Contradiction]:
    """Ages against teeth and weights against each other, row by row; of the teeth of cattle no limit has a source."""
    checks = (_teeth, _weights) if species is Species.SHEEP else (_weights,)
    return [clash for line in found.lines for check in checks for clash in check(found, line)]


def _teeth(found: Lines, line: Line) -> Iterator[Contradiction]:
    if not line.values.keys() >= set(TEETH):
        return
    age, pairs = (line.values[field] for field in TEETH)
    if not age_matches_teeth(age, pairs):
        # Teeth are seen at the line, the age is a statement: the age is the cell to look at.
        fault = found.fault(line, "age_months", "carcasses.age_against_teeth", age=age, pairs=pairs)
        yield _contradiction(found, line, fault, TEETH)


def _weights(found: Lines, line: Line) -> Iterator[Contradiction]:
    if not line.values.keys() >= set(WEIGHTS):
        return
    weights = Weights(*(line.values[field] for field in WEIGHTS))
    for wrong in carcass_faults(weights):
        cold_over_hot = wrong.code == "mass_balance.cold_above_hot"
        field = "cold_kg" if cold_over_hot else _suspect(weights)
        fault = found.fault(line, field, wrong.code, **wrong.params)
        yield _contradiction(found, line, fault, WEIGHTS[1:] if cold_over_hot else WEIGHTS[:2])


def _suspect(weights: Weights) -> str:
    """The weight standing alone: the live weight when the cold weight does not fit it either, else the hot weight."""
    cold_as_hot = Weights(weights.live_kg, weights.cold_kg, weights.cold_kg)
    return "live_kg" if carcass_faults(cold_as_hot) else "hot_kg"


def _contradiction(found: Lines, line: Line, fault: Fault, fields: tuple[str, ...]) -> Contradiction:
    changed = next((field for field in fields if field in line.normalised), None)
    if changed is None:
        return Contradiction(fault, None)
    reading = {"written": line.normalised[changed], "read_as": shown(line.values[changed])}
    return Contradiction(fault, found.fault(line, changed, DOUBTS[fault.code], **{**fault.params, **reading}))
