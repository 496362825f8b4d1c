"""The shape of a list's ticked rows: which records, and the version of each that the person saw."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.kernel.paging import LARGEST_PAGE
from brand.schemas.shape import Shape

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
