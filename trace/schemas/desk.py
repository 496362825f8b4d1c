"""What the desk may be asked for, and its lines as data: the address is the state and can be kept as a bookmark."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.rules.urgency import Nearness
from brand.schemas.shape import Shape, Text, one_of

SORTS = ("due", "topic", "title")


class DeskIn(Shape):
    """``topic`` is a message id of the desk; ``q`` a piece of a line's name, number or note."""

    q = Text(60, load_default="")
    topic = Text(60, load_default="")
    urgency = one_of(Nearness, load_default="")
    sort = fields.String(load_default="due", validate=validate.OneOf(SORTS, error="input.not_a_choice"))


class DeskStepOut(Shape):
    """A step that may be taken on several records at once; ``id`` and ``version`` are what its door asks for."""

    name = fields.String(attribute="step")
    id = fields.String()
    version = fields.Integer()


class DeskLineOut(Shape):
    """One thing that waits; ``due`` is its last day where a term is set."""

    topic = fields.String(attribute="item.topic")
    title = fields.String(attribute="item.title")
    detail = fields.String(attribute="item.detail")
    due = fields.Date(attribute="item.due", allow_none=True)
    urgency = fields.String(attribute="standing.nearness")
    working_days = fields.Integer(attribute="standing.working_days")
    step = fields.Nested(DeskStepOut, attribute="item.tick", allow_none=True)


class DeskOut(Shape):
    """The lines asked for in their order; ``total`` counts everything that waits."""

    rows = fields.List(fields.Nested(DeskLineOut), attribute="lines")
    total = fields.Integer()
