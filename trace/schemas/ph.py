"""Shapes of pH readings."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import validate

from brand.schemas.shape import Figure, Text, Whole
from trace.schemas.batches import VersionIn


class Ph(Figure):
    """A pH with at most two decimals."""

    def __init__(self) -> None:
        bounds = validate.Range(Decimal(0), Decimal(14), error="input.out_of_range")
        super().__init__(bounds, 2, required=True)


class PhIn(VersionIn):
    """``hours`` after the last carcass was slaughtered, how many were measured, the two ends of the readings, where."""

    hours = Whole(0, 240, required=True)
    head = Whole(1, 100_000, required=True)
    lowest = Ph()
    highest = Ph()
    place_id = Text(20, load_default="")
