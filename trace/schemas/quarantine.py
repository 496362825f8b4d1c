"""Shapes of quarantine certificates."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.quarantine import Form


class QuarantineIn(Shape):
    """A certificate as its holder states it; ``quantity`` in head for animals, kg for products."""

    form = one_of(Form, required=True)
    number = Text(40, required=True)
    county_code = Text(6, required=True)
    issued_on = fields.Date(required=True)
    valid_days = Whole(1, 30, required=True)
    goods = Text(60, required=True)
    quantity = Kilograms(required=True)
    from_place = Text(120, required=True)
    to_place = Text(120, required=True)


class QuarantineSeeIn(Shape):
    """What the inspector found; ``verdict`` is confirmed or rejected."""

    version = Whole(1, 10**9, required=True)
    verdict = Text(10, required=True)
    note = Text(200, load_default="")


class QuarantineUseIn(Shape):
    """What it goes with: a herd, a batch or a shipment by id."""

    subject = Text(12, required=True)
    subject_id = Text(20, required=True)
    quantity = Kilograms(required=True)
    day = fields.Date(required=True)


class QuarantineOut(Shape):
    id = fields.String()
    enterprise_id = fields.String()
    form = fields.String()
    number = fields.String()
    county_code = fields.String()
    issued_on = fields.Date()
    valid_until = fields.Date()
    goods = fields.String()
    quantity = fields.Decimal(as_string=True)
    unit = fields.String()
    used = fields.Decimal(as_string=True)
    from_place = fields.String()
    to_place = fields.String()
    sha256 = fields.String(attribute="digest")
    state = fields.String()
    version = fields.Integer()


class QuarantineUseOut(Shape):
    id = fields.String()
    certificate_id = fields.String()
    subject = fields.String()
    subject_id = fields.String()
    quantity = fields.Decimal(as_string=True)
    used_on = fields.Date()


class QuarantinePageOut(Shape):
    rows = fields.List(fields.Nested(QuarantineOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()
