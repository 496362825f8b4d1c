"""Shapes of treatments of plots."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.rules.plot_care import PlotCareKind
from trace.rules.withdrawal import MOST_DAYS


class PlotCareIn(Shape):
    """What was put on a plot; the interval is what the label says, 0 only where it says there is none."""

    kind = one_of(PlotCareKind, required=True)
    name = Text(80, required=True)
    approval = Text(60, load_default="")
    lot = Text(40, required=True)
    dose = Text(20, required=True)
    unit = Text(20, required=True)
    used_on = fields.Date(required=True)
    last_used_on = fields.Date(load_default=None)
    safe_days = Whole(0, MOST_DAYS, required=True)
    person = Text(40, required=True)
    reason = Text(200, load_default="")


class PlotCareOut(Shape):
    """One treatment without the name of who did it."""

    id = fields.String()
    place_id = fields.String()
    kind = fields.String()
    name = fields.String()
    approval = fields.String()
    lot = fields.String()
    dose = fields.String()
    unit = fields.String()
    used_on = fields.Date()
    last_used_on = fields.Date()
    safe_days = fields.Integer()
    closed_until = fields.Date(allow_none=True)
    struck = fields.Function(lambda one: one.struck_at is not None)


class PlotCarePageOut(Shape):
    rows = fields.List(fields.Nested(PlotCareOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()
