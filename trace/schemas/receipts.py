"""Shapes of receipts over the API."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape


class ToldOut(Shape):
    """One act the log tells of; ``place`` is null while it waits for a signed head, and there is no receipt yet."""

    act = fields.String()
    statement = fields.String()
    at = fields.AwareDateTime()
    place = fields.Integer(allow_none=True)


class ToldListOut(Shape):
    """The acts on one thing, the newest first."""

    rows = fields.List(fields.Nested(ToldOut))
