"""Shapes of the tables a scheme works by: as programs send them, and as the form of each does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from brand.rules.office_tables import COLUMNS, GRADES, MEASURES, MOST_POINTS, Table, subjects
from brand.rules.sanctions import Sanction
from brand.schemas.product_rules import SaidIn
from brand.schemas.shape import Shape, Whole, one_of


class SchemeTableIn(SaidIn):
    """Other figures; what ``content`` holds depends on the table (see ``rules/office_tables.py``)."""

    content = fields.Dict(required=True)


class SchemeTableOut(Shape):
    """A table in force with where it comes from."""

    table = fields.String()
    edition = fields.Integer()
    content = fields.Dict()
    source = fields.String()
    source_en = fields.String()
    confidence = fields.String()


def _cell(grade: str, column: int) -> str:
    return f"{grade}_{column + 1}"


def _page(table: Table) -> type[SaidIn]:
    """One field per cell: a choice of measure, or points."""
    cells: dict[str, Any] = (
        {_cell(grade, one): one_of(MEASURES, required=True) for grade in GRADES for one in range(COLUMNS)}
        | {"immediate": fields.List(one_of(Sanction), load_default=list)}
        if table is Table.SANCTIONS
        else {f"points_{code}": Whole(0, MOST_POINTS, required=True) for code in subjects(table)}
    )
    return type(f"TablePage{table.title()}", (SaidIn,), cells)


PAGES: Mapping[Table, type[SaidIn]] = {one: _page(one) for one in Table}


def shown(table: Table, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as the cells of its form."""
    if table is Table.SANCTIONS:
        cells = {_cell(grade, at): one for grade in GRADES for at, one in enumerate(content[grade])}
        return cells | {"immediate": content["immediate"]}
    return {f"points_{code}": str(most) for code, most in content["points"].items()}


def typed(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The filled form as what the service takes."""
    said = {name: values[name] for name in ("source", "source_en", "confidence", "reason")}
    if table is Table.SANCTIONS:
        rows = {str(grade): [str(values[_cell(grade, one)]) for one in range(COLUMNS)] for grade in GRADES}
        return said | {"content": rows | {"immediate": [str(one) for one in values["immediate"]]}}
    return said | {"content": {"points": {code: values[f"points_{code}"] for code in subjects(table)}}}
