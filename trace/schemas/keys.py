"""Shapes of the page of keys: which one is turned, and how one ends."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole
from trace.rules.keys import TURNED, EndReason

_REASONS = [one.value for one in EndReason if one is not EndReason.ROTATED]


class TurnIn(Shape):
    """A new key of a role; ``enterprise_id`` for a label key."""

    role = fields.String(required=True, validate=validate.OneOf([str(one) for one in TURNED], error="keys.role"))
    enterprise_id = Text(20, load_default="")


class EndIn(Shape):
    """Why a key ends; ``from_index`` empty means the end of the log."""

    reason = fields.String(required=True, validate=validate.OneOf(_REASONS, error="input.not_a_choice"))
    from_index = Whole(0, 2**53 - 1, load_default=None, allow_none=True)
