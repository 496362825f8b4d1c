"""Shapes of the office's records: what was seen, said and scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load

from brand.rules import office_tables
from brand.rules.reviews import Opinion, ReviewKind
from brand.schemas.materials import FileOut
from brand.schemas.shape import Shape, Text, Whole, one_of

LARGEST_VERSION = 1_000_000
_PREFIX = "score_"


class RecordIn(Shape):
    """One record; ``scores`` are points by item of its sheet."""

    version = Whole(1, LARGEST_VERSION, required=True)
    held_on = fields.Date(required=True)
    opinion = one_of(Opinion, required=True)
    present = Text(500, load_default="")
    comment = Text(2000, lines=True, required=True)
    scores = fields.Dict(keys=Text(20), values=Whole(0, 100), load_default=dict)


class _RecordPage(Shape):
    version = Whole(1, LARGEST_VERSION, required=True)
    held_on = fields.Date(required=True)
    opinion = one_of(Opinion, required=True)
    present = Text(500, load_default="")
    comment = Text(2000, lines=True, required=True)

    @post_load
    def _gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One mapping of points out of the single fields."""
        names = [name for name in data if name.startswith(_PREFIX)]
        return data | {"scores": {name.removeprefix(_PREFIX): data.pop(name) for name in names}}


def _page(kind: ReviewKind) -> type[Shape]:
    table = office_tables.sheet_kind(kind)
    subjects = office_tables.subjects(table) if table else ()
    points = {f"{_PREFIX}{code}": Whole(0, office_tables.MOST_POINTS) for code in subjects}
    return type(f"RecordPage{kind.title()}", (_RecordPage,), points)


#: The form of each kind, with one field per subject a sheet may score; what the sheet in force asks is the rule's.
RECORD_PAGES: Mapping[ReviewKind, type[Shape]] = {kind: _page(kind) for kind in ReviewKind}


class RecordOut(Shape):
    """One record as the office keeps it."""

    kind = fields.String(attribute="review.kind")
    held_on = fields.Date(attribute="review.held_on")
    opinion = fields.String(attribute="review.opinion")
    score_percent = fields.Integer(attribute="review.score", allow_none=True)
    scores = fields.Dict(attribute="review.scores")
    present = fields.String(attribute="review.present")
    comment = fields.String(attribute="review.comment")
    at = fields.DateTime(attribute="review.at")
    by = fields.String(attribute="review.person_name")
    counts = fields.Boolean()
    files = fields.List(fields.Nested(FileOut))
