"""Shapes of the log of guidance, norms and services."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.guidance import GuidanceKind
from brand.schemas.shape import Shape, Text, Whole, one_of


class GuidanceIn(Shape):
    """One act."""

    kind = one_of(GuidanceKind, required=True)
    brand_id = Text(20, load_default="")
    held_on = fields.Date(required=True)
    topic = Text(120, required=True)
    words = Text(2000, lines=True, required=True)


class GuidancesIn(Shape):
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class GuidanceOut(Shape):
    """One act with the brand it was about."""

    id = fields.String(attribute="guidance.id")
    kind = fields.String(attribute="guidance.kind")
    brand = fields.String(attribute="brand.name", allow_none=True)
    held_on = fields.Date(attribute="guidance.held_on")
    topic = fields.String(attribute="guidance.topic")
    words = fields.String(attribute="guidance.words")
    at = fields.DateTime(attribute="guidance.at")
    by = fields.String(attribute="guidance.person_name")


class GuidancePageOut(Shape):
    rows = fields.List(fields.Nested(GuidanceOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
