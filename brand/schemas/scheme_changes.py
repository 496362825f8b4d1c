"""Shapes of proposed changes of a scheme, of the steps that decide them, and of a scheme's editions."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.presets import Confidence, Use
from brand.schemas.office_tables import SchemeTableOut
from brand.schemas.schemes import CODE
from brand.schemas.shape import Shape, Text, Whole, one_of


class PolicyChangeIn(Shape):
    """Another number for a policy value, with where it comes from."""

    value = Whole(0, 2000, required=True)
    provenance = Text(300, required=True)
    provenance_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class TierChangeIn(Shape):
    """Another frame for a tier; a maximum that is not given means open."""

    slots_min = Whole(0, 10_000, required=True)
    slots_max = Whole(1, 10_000, load_default=None, allow_none=True)
    heroes_min = Whole(0, 10_000, load_default=0)
    heroes_max = Whole(1, 10_000, load_default=None, allow_none=True)
    allowed_uses = fields.List(one_of(Use), required=True)
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class ProductIn(Shape):
    """One more product of a brand, with where it is written."""

    code = Text(39, required=True, checks=(CODE,))
    name = Text(120, required=True)
    name_en = Text(120, load_default="")
    name_mn = Text(120, load_default="")
    standard = Text(60, load_default="")
    hero = fields.Boolean(load_default=False)
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class BrandMarkIn(Shape):
    """How a brand is called and which brand, by its code, stands above it, with where that is written."""

    parent = Text(40, load_default="")
    name = Text(120, required=True)
    name_en = Text(120, load_default="")
    name_mn = Text(120, load_default="")
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class BrandIn(BrandMarkIn):
    """One more brand in a tier."""

    code = Text(40, required=True, checks=(CODE,))


class HeadIn(Shape):
    """Name, owner and county code of a scheme, with where that is written."""

    name = Text(120, required=True)
    name_en = Text(120, load_default="")
    owner = Text(120, required=True)
    owner_en = Text(120, load_default="")
    county_code = Text(6, required=True)
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class HeroIn(Shape):
    """Whether it shall be a hero product, with where that is written."""

    hero = fields.Boolean(required=True)
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class ExtraPlaceIn(Shape):
    """Why a full tier needs one place more."""

    reason = Text(1000, lines=True, required=True)


class ChangeDecisionIn(Shape):
    """A decision on a change; ``version`` is the one the sender read."""

    version = Whole(1, 10**9, required=True)
    comment = Text(1000, lines=True, load_default="")


class SchemeDifferenceOut(Shape):
    field = fields.String()
    old = fields.Raw(allow_none=True)
    new = fields.Raw(allow_none=True)


class SchemeChangeOut(Shape):
    """A proposed change and what became of it."""

    id = fields.String()
    scheme_id = fields.String()
    kind = fields.String()
    key = fields.String()
    differences = fields.List(fields.Nested(SchemeDifferenceOut))
    reason = fields.String()
    state = fields.String()
    version = fields.Integer()
    written_by = fields.String(attribute="written_by_name")
    written_at = fields.AwareDateTime(format="iso")
    decided_by = fields.String(attribute="decided_by_name")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    comment = fields.String()
    edition = fields.Integer(allow_none=True)


class SchemeEditionOut(Shape):
    """An edition in a list."""

    number = fields.Integer()
    valid_from = fields.Date()
    made_at = fields.AwareDateTime(format="iso")


class SettledRuleOut(Shape):
    """A rule of a product that two persons settled; its figures stand at the product."""

    product = fields.Function(lambda pair: pair[1].code, metadata={"type": "string"})
    kind = fields.Function(lambda pair: pair[0].kind, metadata={"type": "string"})
    edition = fields.Function(lambda pair: pair[0].edition, metadata={"type": "integer"})
    source = fields.Function(lambda pair: pair[0].source, metadata={"type": "string"})


class WholeSchemeEditionOut(Shape):
    """A scheme as it stood from ``valid_from`` on, with the tables it carries."""

    number = fields.Integer(attribute="edition.number")
    valid_from = fields.Date(attribute="edition.valid_from")
    made_at = fields.AwareDateTime(format="iso", attribute="edition.made_at")
    content = fields.Dict(attribute="edition.content")
    tables = fields.List(fields.Nested(SchemeTableOut))
    rules = fields.List(fields.Nested(SettledRuleOut))
