"""Shapes of capacities: what an enterprise declares for a season, the office's steps, and what is left."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.capacities import UNITS, Basis, RefusalReason
from trace.schemas.places import Mu

_UNITS = validate.OneOf([str(one) for one in UNITS], error="input.not_a_choice")


class CapacityIn(Shape):
    """A figure for a season, of the enterprise or of the place named; ``declared`` in the unit, ``per_mu`` per 亩."""

    place_id = Text(20, load_default=None, allow_none=True)
    product_id = Text(20, required=True)
    season_from = fields.Date(required=True)
    season_to = fields.Date(required=True)
    unit = fields.String(required=True, validate=_UNITS)
    declared = Kilograms(required=True)
    basis = one_of(Basis, required=True)
    mu = Mu(load_default=None, allow_none=True)
    per_mu = Kilograms(load_default=None, allow_none=True)
    source = Text(200, required=True)


class CapacityStepIn(Shape):
    version = Whole(1, 10**9, required=True)


class VerifyIn(CapacityStepIn):
    """The figure the office has verified; left out, it is the one that stands."""

    amount = Kilograms(load_default=None, allow_none=True)


class CapacityRefuseIn(CapacityStepIn):
    """Why the office refuses the figure; the enterprise reads both."""

    reason_code = one_of(RefusalReason, required=True)
    comment = Text(500, lines=True, load_default="")


class CapacityOut(CapacityIn):
    """A capacity; ``allowed`` is what counts, ``wanted`` a higher figure that waits for a second person."""

    id = fields.String()
    enterprise_id = fields.String()
    allowed = fields.Decimal(as_string=True)
    used = fields.Decimal(as_string=True)
    wanted = fields.Decimal(as_string=True, allow_none=True)
    state = fields.String()
    version = fields.Integer()
    verified_at = fields.AwareDateTime(format="iso", allow_none=True)
    reason_code = fields.String()
    reason = fields.String()


class CapacitiesOut(Shape):
    """Every capacity of an enterprise and its places."""

    rows = fields.Method("capacities")

    def capacities(self, found: Any) -> Any:
        return CapacityOut(many=True).dump([one.capacity for one in found["rows"]])
