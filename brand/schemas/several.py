"""Shapes of one step on several records: which, the version of each that was seen, and what became of it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.kernel.paging import LARGEST_PAGE
from brand.schemas.shape import Shape, Text, Whole

#: A record's id (at most 40 letters, digits and dashes), a colon, the version.
_CHOICE = r"^[A-Za-z0-9_-]{1,40}:[0-9]{1,7}\Z"


class SeveralIn(Shape):
    """``chosen`` are the values of the ticked boxes, ``<id>:<version>``, loaded as (id, version)."""

    chosen = fields.List(
        fields.String(validate=validate.Regexp(_CHOICE, error="input.not_a_choice")),
        required=True,
        error_messages={"required": "several.nothing_chosen"},
        validate=validate.Length(max=LARGEST_PAGE, error="several.too_many"),
    )

    def take(self, data: Any) -> dict[str, Any]:
        """The pairs in the order of the page; one record stands there once."""
        pairs = [one.rsplit(":", 1) for one in super().take(data)["chosen"]]
        return {"chosen": {record: int(version) for record, version in pairs}}


class PickedIn(Shape):
    """One record and the version of it that was read."""

    id = Text(40, required=True)
    version = Whole(1, 9_999_999, required=True)


class PickedListIn(Shape):
    """Which records take the step; each stands there once, the last version said counts."""

    chosen = fields.List(
        fields.Nested(PickedIn),
        required=True,
        validate=validate.Length(min=1, max=LARGEST_PAGE, error="several.too_many"),
    )


def picked(values: dict[str, Any]) -> dict[str, int]:
    """Versions by id, in the order sent."""
    return {one["id"]: one["version"] for one in values["chosen"]}


class OutcomeOut(Shape):
    """What became of one of them; ``code`` is empty where it is done."""

    id = fields.String()
    done = fields.Function(lambda one: one.refusal is None, metadata={"type": "boolean"})
    code = fields.Function(lambda one: one.refusal.code if one.refusal else "", metadata={"type": "string"})


class OutcomesOut(Shape):
    """Every record in the order sent; a refusal undoes no other."""

    rows = fields.List(fields.Nested(OutcomeOut))
