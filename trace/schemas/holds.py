"""Shapes of holds: what is held and why, how it is let go, and what is answered."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.rules.holds import HoldReason, Scope


class HoldsIn(Shape):
    """Which holds a list shows: ``open``, ``lifted`` or all."""

    state = fields.String(
        load_default="open", validate=validate.OneOf(("open", "lifted", "all"), error="input.not_a_choice")
    )
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class WhyIn(Shape):
    """Why goods are held; the reason in words is read by those who hold them."""

    reason_code = one_of(HoldReason, required=True)
    words = Text(500, lines=True, load_default="")


class HoldIn(WhyIn):
    """``key``: the id of a batch, place or recorder; for a day ``{enterprise id}:{YYYY-MM-DD}``."""

    scope = one_of(Scope, required=True)
    key = Text(60, required=True)


class DayHoldIn(WhyIn):
    """Everything an enterprise made on one day."""

    enterprise_id = Text(20, required=True)
    day = fields.Date(required=True)


class LiftIn(Shape):
    """Why goods may go again."""

    words = Text(500, lines=True, required=True)


class HoldOut(Shape):
    """A hold as those concerned read it."""

    number = fields.String(attribute="hold.number")
    scope = fields.String(attribute="hold.scope")
    key = fields.String(attribute="hold.key")
    subject = fields.String()
    enterprise_id = fields.String(attribute="hold.enterprise_id")
    origin = fields.String(attribute="hold.origin")
    reason_code = fields.String(attribute="hold.reason_code")
    words = fields.String(attribute="hold.words")
    placed_at = fields.AwareDateTime(attribute="hold.placed_at", format="iso")
    lifted_at = fields.AwareDateTime(attribute="hold.lifted_at", format="iso", allow_none=True)
    lift_words = fields.String(attribute="hold.lift_words")


class HoldPageOut(Shape):
    """One page of holds."""

    rows = fields.List(fields.Nested(HoldOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
