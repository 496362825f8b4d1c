"""Shapes of grading by persons: a grade for several carcasses, a statement on an axis, and what comes back."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from brand.rules.grade_tables import Grade
from brand.schemas.shape import Kilograms, Shape, Text, one_of
from trace.rules.axes import Axis
from trace.rules.cuts import Naming
from trace.rules.grading import Method
from trace.schemas.batches import VersionIn

#: Carcasses graded in one act; a whole shift fits.
MOST = 500
_BETWEEN = re.compile(r"[\s,，、;；]+")


class Numbers(fields.List[str]):
    """Carcass numbers, each once; a form sends them as one text with anything between them."""

    def __init__(self, **options: Any) -> None:
        lengths = [validate.Length(1, error="input.required"), validate.Length(max=MOST, error="input.too_long")]
        super().__init__(Text(40, required=True), validate=lengths, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str | None]:
        if isinstance(value, str):
            if len(value) > 40 * MOST:
                raise ValidationError("input.too_long")
            value = [one for one in _BETWEEN.split(value) if one]
        return list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))


class GradeIn(VersionIn):
    """A grade for carcasses by the abattoir's numbers; no grade means «as it stands»."""

    carcasses = Numbers(required=True)
    grade = one_of(Grade)
    method = one_of(Method, load_default=Method.EYE.value)
    reason = Text(300, load_default="", lines=True)
    place_id = Text(20, load_default="")

    @post_load
    def as_it_stands(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"grade": ""} | values


class SettleIn(VersionIn):
    """The side a third hand takes, and why."""

    carcasses = Numbers(required=True)
    grade = one_of(Grade, required=True)
    method = one_of(Method, load_default=Method.EYE.value)
    reason = Text(300, required=True, lines=True)
    place_id = Text(20, load_default="")


class AxisIn(Shape):
    """What is stated of a batch on one axis; a reason where something was stated before."""

    axis = one_of(Axis, required=True)
    value = Text(120, required=True)
    method = one_of(Method, load_default=Method.EYE.value)
    reason = Text(300, load_default="", lines=True)


class DecisionOut(Shape):
    """One grade by one person and what stood after it; who it was is for the abattoir's own pages."""

    carcass_no = fields.String()
    position = fields.Integer()
    grade = fields.String()
    method = fields.String()
    reason = fields.String()
    standing = fields.String()
    disputed = fields.Boolean()
    waiting = fields.Boolean()
    decided_at = fields.AwareDateTime(format="iso")


class StandingShareOut(Shape):
    grade = one_of(Grade)
    head = fields.Integer()
    cold_kg = Kilograms()
    to_be_checked = fields.Integer()


class CutNameOut(Shape):
    cut = fields.String()
    naming = one_of(Naming)


class BreedOut(Shape):
    breed = fields.String()
    head = fields.Integer()


class KeepsOut(Shape):
    days = fields.Integer()
    storage = fields.String()


class AxisOut(Shape):
    """A statement on an axis."""

    axis = one_of(Axis)
    value = fields.String()
    method = fields.String()
    reason = fields.String()
    stated_at = fields.AwareDateTime(format="iso")


class AxesOut(Shape):
    """The six axes: what the records show, ages in months, and what was stated beside them."""

    breeds = fields.List(fields.Nested(BreedOut))
    quality = fields.List(fields.Nested(StandingShareOut))
    cuts = fields.List(fields.Nested(CutNameOut))
    youngest_months = fields.Decimal(as_string=True, allow_none=True)
    oldest_months = fields.Decimal(as_string=True, allow_none=True)
    keeps = fields.List(fields.Nested(KeepsOut))
    stated = fields.List(fields.Nested(AxisOut))


class GradingOut(Shape):
    """Grades of a batch as they stand, what is open, every decision of persons, and the six axes."""

    batch_id = fields.String()
    version = fields.Integer()
    disputed = fields.Integer()
    waiting = fields.Integer()
    decisions = fields.List(fields.Nested(DecisionOut))
    axes = fields.Nested(AxesOut)
