"""Shapes of brand schemes for readers and of the work calendar's entries."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.rules.working_days import DayKind
from brand.schemas.shape import Shape, Text, Whole, one_of

#: How brands and products are named for programs.
CODE = validate.Regexp(r"^[a-z0-9]+([_-][a-z0-9]+)*\Z", error="presets.code")


class LoadIn(Shape):
    """Which shipped preset to load."""

    preset = Text(60, required=True)


class DayIn(Shape):
    """A day off, or a weekend day that is worked."""

    day = fields.Date(required=True)
    kind = one_of(DayKind, required=True)
    name = Text(40, required=True)


class DayOutIn(Shape):
    """A day to take out of the calendar."""

    day = fields.Date(required=True)


class YearIn(Shape):
    """Whether the yearly notice is entered, and which one it is."""

    year = Whole(2000, 2100, required=True)
    gazetted = fields.Boolean(load_default=False)
    source = Text(120, load_default="")


class SourcedOut(Shape):
    source = fields.String()
    source_en = fields.String()
    confidence = fields.String()


class SchemeOut(SourcedOut):
    """A scheme in a list."""

    id = fields.String()
    code = fields.String()
    edition = fields.String()
    name = fields.String()
    name_en = fields.String()
    county_code = fields.String()
    owner = fields.String()
    owner_en = fields.String()
    loaded_at = fields.AwareDateTime(format="iso")


class ProductOut(SourcedOut):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    name_mn = fields.String()
    standard = fields.String()
    unit = fields.String()
    hero = fields.Boolean()


class BrandOut(SourcedOut):
    id = fields.String()
    code = fields.String()
    parent_id = fields.String(allow_none=True)
    name = fields.String()
    name_en = fields.String()
    name_mn = fields.String()


class BrandWithProducts(Shape):
    brand = fields.Nested(BrandOut)
    products = fields.List(fields.Nested(ProductOut))


class TierOut(SourcedOut):
    """A tier; ``slots_max`` null means open."""

    id = fields.String()
    level = fields.Integer()
    name = fields.String()
    name_en = fields.String()
    slots_min = fields.Integer()
    slots_max = fields.Integer(allow_none=True)
    slots_used = fields.Integer()
    heroes_min = fields.Integer()
    heroes_max = fields.Integer(allow_none=True)
    heroes_used = fields.Integer()
    allowed_uses = fields.List(fields.String())
    process = fields.String()


class TierWithBrands(Shape):
    tier = fields.Nested(TierOut)
    exceptional = fields.Integer()
    slots_left = fields.Integer(allow_none=True)
    slots_missing = fields.Integer()
    heroes = fields.Integer()
    heroes_missing = fields.Integer()
    brands = fields.List(fields.Nested(BrandWithProducts))


class PolicyOut(Shape):
    """A policy value with where it comes from; none of them is presented as law."""

    key = fields.String()
    value = fields.Integer()
    unit = fields.String()
    provenance = fields.String()
    provenance_en = fields.String()
    confidence = fields.String()
    valid_from = fields.Date()
    edition = fields.Integer()


class WholeSchemeOut(Shape):
    """A scheme with all it holds."""

    scheme = fields.Nested(SchemeOut)
    tiers = fields.List(fields.Nested(TierWithBrands))
    policies = fields.List(fields.Nested(PolicyOut))
