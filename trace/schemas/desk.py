"""What the desk may be asked for: its address is the state and can be kept as a bookmark."""

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
