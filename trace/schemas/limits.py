"""Shapes of the register of limits: what the office enters, and what everybody who tests reads."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole
from trace.rules import limits

_KIND = validate.OneOf(limits.kinds(), error="limits.kind")


class LimitsIn(Shape):
    """Which kind of product; empty for the first."""

    kind = fields.String(load_default=limits.kinds()[0], validate=_KIND)


class _EntryIn(Shape):
    """A limit with its source; empty ``limit``: none is set any more."""

    kind = fields.String(required=True, validate=_KIND)
    item = Text(60, required=True)
    limit = Text(40, load_default="")
    unit = Text(20, load_default="")
    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = fields.String(required=True, validate=validate.OneOf(limits.CONFIDENCES, error="input.not_a_choice"))
    valid_from = fields.Date(required=True)


class LimitIn(_EntryIn):
    """The same with other names of the item."""

    aliases = fields.List(Text(60), load_default=list, validate=validate.Length(max=10, error="input.out_of_range"))


class LimitPageIn(_EntryIn):
    """The same as a form sends it: other names in one line, parted by commas."""

    aliases = Text(300, load_default="")


class LimitStepIn(Shape):
    """A step as the person read the limit."""

    version = Whole(1, 10**9, required=True)


class LimitOut(Shape):
    """A limit in force; ``to_be_checked`` ones are shown and decide nothing."""

    kind = fields.String()
    item = fields.String()
    aliases = fields.List(fields.String())
    limit = fields.String()
    unit = fields.String()
    source = fields.String()
    confidence = fields.String()
    to_be_checked = fields.Boolean()


class EnteredOut(Shape):
    """A limit the office entered, with where it stands."""

    id = fields.String()
    kind = fields.String()
    item = fields.String()
    aliases = fields.List(fields.String())
    limit = fields.String()
    unit = fields.String()
    source = fields.String()
    confidence = fields.String()
    valid_from = fields.Date()
    state = fields.String()
    version = fields.Integer()


class LimitsOut(Shape):
    """``rows``: in force today; ``waiting``: for a second person, of every kind."""

    kind = fields.String()
    rows = fields.List(fields.Nested(LimitOut))
    waiting = fields.List(fields.Nested(EnteredOut))
