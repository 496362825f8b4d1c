"""Shapes of a brand's life: proposals, decisions and the steps they led to."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.brand_flow import BrandAction
from brand.schemas.shape import Shape, Text, Whole, one_of

LARGEST_VERSION = 1_000_000


class BrandMoveIn(Shape):
    """What is asked for, and why; ``version`` is that of the brand the person saw."""

    version = Whole(1, LARGEST_VERSION, required=True)
    action = one_of(BrandAction, required=True)
    reason_code = Text(20, load_default="")
    comment = Text(1000, lines=True, load_default="")


class BrandMoveDecisionIn(Shape):
    """The second person's answer; ``version`` is that of the proposal."""

    version = Whole(1, LARGEST_VERSION, required=True)
    comment = Text(1000, lines=True, load_default="")


class BrandMoveOut(Shape):
    """A proposed move and what became of it."""

    id = fields.String()
    action = fields.String()
    reason_code = fields.String()
    comment = fields.String()
    state = fields.String()
    version = fields.Integer()
    proposed_by = fields.String(attribute="proposed_by_name")
    proposed_at = fields.AwareDateTime(format="iso")
    decided_by = fields.String(attribute="decided_by_name")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    answer = fields.String()
    edition = fields.Integer(allow_none=True)


class BrandStepOut(Shape):
    """One step of the life; persons and words stay inside."""

    action = fields.String()
    state = fields.String(attribute="to_state")
    at = fields.AwareDateTime(format="iso")
    reason_code = fields.String()


class BrandLifeOut(Shape):
    """A brand's state today and every step that led to it."""

    state = fields.String(attribute="brand.state")
    version = fields.Integer(attribute="brand.version")
    steps = fields.List(fields.Nested(BrandStepOut))
