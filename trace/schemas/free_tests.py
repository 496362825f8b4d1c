"""Shapes of free tests: programmes with window and quota, and the requests under them."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.rules.free_tests import FLOW, RefusalReason
from trace.rules.limits import CONFIDENCES

MOST_TESTS = 1_000_000


class FreeTestsIn(Shape):
    """A page of requests; ``state`` empty for all."""

    state = fields.String(load_default="", validate=validate.OneOf(("", *FLOW.states), error="input.not_a_choice"))
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class ProgrammeIn(Shape):
    """A programme within one year; ``quota``: how many tests it pays for."""

    name = Text(120, required=True)
    name_en = Text(120, load_default="")
    opens_on = fields.Date(required=True)
    closes_on = fields.Date(required=True)
    online_only = fields.Boolean(load_default=False)
    quota = Whole(1, MOST_TESTS, required=True)
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = fields.String(required=True, validate=validate.OneOf(CONFIDENCES, error="input.not_a_choice"))


class FreeTestIn(Shape):
    """A request; ``sold_at``: the shop or its address, where only goods sold online are tested."""

    test_programme_id = Text(20, required=True)
    items = Text(300, required=True)
    sold_at = Text(200, load_default="")


class ProgrammeStepIn(Shape):
    """A step as the person read the programme."""

    version = Whole(1, 10**9, required=True)


class FreeTestStepIn(Shape):
    """A step; a refusal carries ``reason_code``, a finish ``report_id``."""

    version = Whole(1, 10**9, required=True)
    reason_code = one_of(RefusalReason, load_default="")
    comment = Text(500, lines=True, load_default="")
    report_id = Text(20, load_default="")


class ProgrammeOut(Shape):
    id = fields.String()
    name = fields.String()
    name_en = fields.String()
    opens_on = fields.Date()
    closes_on = fields.Date()
    online_only = fields.Boolean()
    quota = fields.Integer()
    used = fields.Integer()
    source = fields.String()
    confidence = fields.String()
    state = fields.String()
    version = fields.Integer()


class ProgrammesOut(Shape):
    rows = fields.List(fields.Nested(ProgrammeOut))


class FreeTestOut(Shape):
    """A request with where it stands."""

    id = fields.String(attribute="test.id")
    number = fields.String(attribute="test.number")
    test_programme_id = fields.String(attribute="test.programme_id")
    enterprise_id = fields.String(attribute="test.enterprise_id")
    batch_id = fields.String(attribute="test.batch_id")
    lot = fields.String(attribute="batch.lot")
    items = fields.String(attribute="test.items")
    sold_at = fields.String(attribute="test.sold_at")
    state = fields.String(attribute="test.state")
    reason_code = fields.String(attribute="test.reason_code")
    comment = fields.String(attribute="test.comment")
    report_id = fields.String(attribute="test.report_id", allow_none=True)
    version = fields.Integer(attribute="test.version")
    asked_at = fields.AwareDateTime(attribute="test.asked_at", format="iso")


class FreeTestsOut(Shape):
    rows = fields.List(fields.Nested(FreeTestOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()
