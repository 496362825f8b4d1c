"""Tables of figures the office works by: measures by severity and repeat, and points of the two score sheets.

Source: the files beside this one until two persons settle an edition of the scheme's own; domain notes A5.8 (severity
and repeat decide) and B6 (subjects of the joint check). Contents are plain JSON, so editions can be kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from brand.kernel.errors import Fault, invalid
from brand.rules import inspections, reviews
from brand.rules.inspections import Measure, SanctionTable, Severity
from brand.rules.reviews import Item, ReviewKind, Sheet
from brand.rules.sanctions import Sanction


class Table(StrEnum):
    """The measures, and the score sheets of the desk review and of the site inspection."""

    SANCTIONS = "sanctions"
    DESK = "desk"
    SITE = "site"


#: Found for the first time, again, and more often.
COLUMNS = 3
GRADES = (Severity.MINOR, Severity.SERIOUS, Severity.GRAVE)
MEASURES = (Measure.ADVICE, Measure.RECTIFY, Measure.SUSPEND, Measure.REVOKE)
MOST_POINTS = 100


@dataclass(frozen=True)
class OfficeTable:
    """One edition of a table; edition 1 is the one that comes with the program."""

    table: Table
    content: Mapping[str, Any]
    source: str
    source_en: str
    confidence: str
    edition: int = 1


@cache
def shipped(table: Table) -> OfficeTable:
    """The table a scheme has until two persons settle one of its own."""
    path = inspections.SHIPPED if table is Table.SANCTIONS else reviews.SHIPPED
    found = json.loads(path.read_text(encoding="utf-8"))
    content = (
        {**found["measures"], "immediate": sorted(found["immediate"])}
        if table is Table.SANCTIONS
        else {"points": {one["code"]: one["most"] for one in found["sheets"][table.value]}}
    )
    return OfficeTable(table, content, found["source"], found["source_en"], found["confidence"])


def subjects(table: Table) -> list[str]:
    """What a score sheet may score; a subject with no points is left out of it."""
    return list(shipped(table).content["points"])


def sanctions(content: Mapping[str, Any]) -> SanctionTable:
    """The table as the rule of findings reads it."""
    measures = {one: tuple(map(Measure, content[one])) for one in GRADES}
    return SanctionTable(measures, frozenset(content["immediate"]))


def sheet(one: OfficeTable) -> Sheet:
    """The score sheet as the rule of records reads it."""
    items = tuple(Item(code, most) for code, most in one.content["points"].items() if most)
    return Sheet(str(one.edition), items)


def sheet_kind(kind: ReviewKind) -> Table | None:
    """The score sheet of a kind of record; the others carry an opinion only."""
    return Table(kind) if kind.value in set(Table) else None


def checked(table: Table, content: Any) -> dict[str, Any]:
    """The content in its one shape; raises ``input.invalid`` with one fault per cell that is wrong."""
    given = content if isinstance(content, Mapping) else {}
    faults = list(_sanctions(given) if table is Table.SANCTIONS else _points(table, given))
    if faults:
        raise invalid("input.invalid", faults=faults)
    if table is Table.SANCTIONS:
        return {**{one.value: list(given[one]) for one in GRADES}, "immediate": sorted(set(given["immediate"]))}
    return {"points": {code: given["points"][code] for code in subjects(table)}}


def _sanctions(given: Mapping[str, Any]) -> Iterator[Fault]:
    if set(given) != {*GRADES, "immediate"}:
        yield Fault("office_tables.rows", "/content")
        return
    reasons = given["immediate"]
    if not isinstance(reasons, list) or not all(one in set(Sanction) for one in reasons):
        yield Fault("office_tables.reason", "/immediate")
    rows: list[list[int]] = []
    for grade in GRADES:
        row = given[grade]
        if not isinstance(row, list) or len(row) != COLUMNS or not all(one in MEASURES for one in row):
            yield Fault("office_tables.measure", f"/{grade}")
            return
        rows.append([MEASURES.index(one) for one in row])
    for grade, row, milder in zip(GRADES, rows, (None, *rows), strict=False):
        over = milder is not None and any(less > more for less, more in zip(milder, row, strict=True))
        if row != sorted(row) or over:
            yield Fault("office_tables.milder", f"/{grade}")


def _points(table: Table, given: Mapping[str, Any]) -> Iterator[Fault]:
    points = given.get("points")
    if not isinstance(points, Mapping) or set(given) != {"points"} or set(points) != set(subjects(table)):
        yield Fault("office_tables.subjects", "/content", {"subjects": ", ".join(subjects(table))})
        return
    for code, most in points.items():
        if type(most) is not int or not 0 <= most <= MOST_POINTS:
            yield Fault("office_tables.points", f"/points_{code}", {"most": MOST_POINTS})
    if not any(points.values()):
        yield Fault("office_tables.no_points", "/content")
