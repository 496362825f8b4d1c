"""Shapes of medicines and of what was given to animals."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.rules.care import CareKind, Route, Source
from trace.rules.ear_tags import Species
from trace.rules.withdrawal import MOST_DAYS


class MedicineIn(Shape):
    """A row of the list; the period is what the label or prescription says, 0 only where it says there is none."""

    kind = one_of(CareKind, required=True)
    name = Text(80, required=True)
    maker = Text(80, load_default="")
    species = one_of(Species, required=True)
    withdrawal_days = Whole(0, MOST_DAYS, required=True)
    source = one_of(Source, required=True)
    source_note = Text(200, required=True)


class MedicineOut(MedicineIn):
    id = fields.String()
    county_list = fields.Function(lambda one: one.scope == "")
    retired_on = fields.Date(allow_none=True)


class MedicinesOut(Shape):
    rows = fields.List(fields.Nested(MedicineOut))


class CareCommon(Shape):
    medicine_id = Text(20, required=True)
    lot = Text(40, required=True)
    dose = Text(20, required=True)
    unit = Text(20, required=True)
    route = one_of(Route, required=True)
    given_on = fields.Date(required=True)
    last_dose_on = fields.Date(load_default=None)
    person = Text(40, required=True)
    reason = Text(200, load_default="")


class CarePage(CareCommon):
    """On a page: no numbers means the whole herd."""

    whole_herd = Text(3, load_default="")
    numbers = Text(20_000, lines=True, load_default="")


class CareIn(CareCommon):
    """Over the API: no animals means the whole herd."""

    animals = fields.List(Text(20), load_default=list)


class CareOut(Shape):
    id = fields.String()
    herd_id = fields.String()
    kind = fields.String()
    name = fields.String()
    lot = fields.String()
    dose = fields.String()
    unit = fields.String()
    route = fields.String()
    given_on = fields.Date()
    last_dose_on = fields.Date()
    withdrawal_days = fields.Integer()
    closed_until = fields.Date(allow_none=True)
    whole_herd = fields.Boolean()
    struck = fields.Function(lambda one: one.struck_at is not None)


class CarePageOut(Shape):
    rows = fields.List(fields.Nested(CareOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


class StrikeIn(Shape):
    """Why a record was wrong; it stays, struck through."""

    reason = Text(200, required=True)


class AlarmAnswerIn(Shape):
    answer = Text(500, lines=True, required=True)


class ListIn(Shape):
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class AlarmOut(Shape):
    id = fields.String()
    kind = fields.String()
    enterprise_id = fields.String()
    subject_id = fields.String()
    at = fields.AwareDateTime(format="iso")
    data = fields.Dict()
    answered_at = fields.AwareDateTime(format="iso", allow_none=True)
    answer = fields.String()


class AlarmPageOut(Shape):
    rows = fields.List(fields.Nested(AlarmOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()
