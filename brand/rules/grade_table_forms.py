"""Turn what people type about a grade table into its JSON form, and back.

Source: the shape of ``data/nyt630-2002.json``. A form has one page per class; the cells of a row are named
``<grade>-<criterion>``, the ends of a measure ``<grade>-<criterion>-from`` and ``-to``; ``-from_edge`` and ``-to_edge``
say ``in`` or ``out``: whether the edge itself belongs to the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from brand.kernel.errors import invalid
from brand.rules import grade_table_checks
from brand.rules.grade_tables import MEASURED, CarcassClass, Criterion, Grade, shipped_table

GRADES = tuple(one for one in Grade if one is not Grade.MANUAL)
#: Entries of a table's head as a form names them.
HEAD = (
    "table_source",
    "table_source_zh",
    "attribution_confidence",
    *(f"site_{one}{tail}" for one in MEASURED for tail in ("", "_zh")),
)
_ENDS = ("from", "to")
#: An edge belongs to the row it opens and not to the row it closes, unless the row says otherwise.
_USUAL = {"from": True, "to": False}


def with_head(table: Mapping[str, Any] | None, entries: Mapping[str, str]) -> dict[str, Any]:
    """The table with another head; a table that begins here has no rows yet, and the scales and rule of the engine."""
    begun = dict(table) if table is not None else _begun()
    begun["source"], begun["source_zh"] = entries["table_source"], entries["table_source_zh"]
    begun["attribution_confidence"] = entries["attribution_confidence"]
    begun["measuring_sites"] = {one.value: entries[f"site_{one}"] for one in MEASURED}
    begun["measuring_sites_zh"] = {one.value: entries[f"site_{one}_zh"] for one in MEASURED}
    return begun


def head_of(table: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a form shows of a table's head."""
    found = table or {}
    shown = {f"table_{name}": found.get(name, "") for name in ("source", "source_zh")}
    shown["attribution_confidence"] = found.get("attribution_confidence", "")
    for one in MEASURED:
        shown[f"site_{one}"] = found.get("measuring_sites", {}).get(one.value, "")
        shown[f"site_{one}_zh"] = found.get("measuring_sites_zh", {}).get(one.value, "")
    return shown


def _begun() -> dict[str, Any]:
    engine = shipped_table("nyt630-2002.json")
    kept = ("decision_rule", "decision_rule_confidence", "units", "scales")
    return {**{name: engine[name] for name in kept}, "classes": {}}


def cells_of(table: Mapping[str, Any], carcass_class: CarcassClass) -> dict[str, Any]:
    """What the form of one class shows."""
    cells: dict[str, Any] = {}
    for row in table["classes"].get(carcass_class.value, ()):
        cells[f"{row['grade']}-confidence"] = row["confidence"]
        for criterion in Criterion:
            asked = row.get(criterion.value)
            if isinstance(asked, str):
                cells[f"{row['grade']}-{criterion}"] = asked
            elif asked is not None:
                cells |= dict(_cells_of_measure(asked, f"{row['grade']}-{criterion}"))
    return cells


def _cells_of_measure(asked: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    for end in _ENDS:
        if end in asked:
            yield f"{name}-{end}", asked[end]
            yield f"{name}-{end}_edge", "in" if asked.get(f"{end}_included", _USUAL[end]) else "out"


def with_class(table: Mapping[str, Any], carcass_class: CarcassClass, cells: Mapping[str, str]) -> dict[str, Any]:
    """The table with other rows for one class; raises ``standards.table_faulty``, each fault at its cell."""
    rows = [row for one in GRADES if (row := _row(one, cells))]
    faults = list(grade_table_checks.check_class(rows, carcass_class))
    if faults:
        placed = [replace(one, pointer=_cell(one.pointer, rows)) for one in faults]
        raise invalid("standards.table_faulty", faults=placed, count=len(placed))
    return {**table, "classes": {**table["classes"], carcass_class.value: rows}}


def _row(grade: Grade, cells: Mapping[str, str]) -> dict[str, Any] | None:
    """One row, or nothing where every cell of it is empty."""
    asks: dict[str, Any] = {}
    for criterion in Criterion:
        name = f"{grade}-{criterion}"
        if criterion in MEASURED:
            if measure := _measure(name, cells):
                asks[criterion.value] = measure
        elif cells.get(name):
            asks[criterion.value] = cells[name]
    return {"grade": grade.value, "confidence": cells.get(f"{grade}-confidence", ""), **asks} if asks else None


def _measure(name: str, cells: Mapping[str, str]) -> dict[str, Any]:
    measure: dict[str, Any] = {}
    for end in _ENDS:
        if number := cells.get(f"{name}-{end}", ""):
            measure[end] = number
            said = cells.get(f"{name}-{end}_edge", "")
            included = said == "in" if said else _USUAL[end]
            if included is not _USUAL[end]:
                measure[f"{end}_included"] = included
    return measure


def _cell(pointer: str, rows: list[dict[str, Any]]) -> str:
    """``/0/carcass_kg/from`` as the form's own name of that cell; faults of a whole class belong to no cell."""
    place, _, rest = pointer.lstrip("/").partition("/")
    return f"/{rows[int(place)]['grade']}-{rest.replace('/', '-')}" if rest else ""
