"""Shapes of the public register and the notice board: totals and dates, never a person."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.licence_terms import LicenceStatus
from brand.schemas.shape import Shape, Text, Whole, one_of


class RegisterIn(Shape):
    """What the register may be asked for."""

    q = Text(60, load_default="")
    status = one_of(LicenceStatus, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class BoardIn(Shape):
    """What the notice board may be asked for."""

    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class YearOut(Shape):
    """What one licence may carry and has carried in one calendar year."""

    year = fields.Integer()
    cap_kg = fields.Decimal(places=3, as_string=True)
    used_kg = fields.Decimal(places=3, as_string=True)
    labels = fields.Integer()


class SanctionOut(Shape):
    """One sanction or its end; who decided and the office's words stay inside.

    ``appeal`` is empty, pending or answered: what was said and answered stays inside as well.
    """

    action = fields.String(attribute="step.action")
    state = fields.String(attribute="step.to_state")
    at = fields.DateTime(attribute="step.at")
    reason_code = fields.String(attribute="step.reason_code")
    rulebook = fields.String(attribute="step.rulebook")
    clause = fields.String(attribute="step.clause")
    appeal = fields.String()


class EntryOut(Shape):
    """One licence in the public register."""

    number = fields.String(attribute="licence.number")
    status = fields.String()
    halted_by = fields.String(attribute="halt.brand", dump_default=None, allow_none=True)
    halted_by_state = fields.String(attribute="halt.state", dump_default=None, allow_none=True)
    enterprise = fields.String(attribute="enterprise.name")
    enterprise_en = fields.String(attribute="enterprise.name_en")
    credit_code = fields.String(attribute="enterprise.credit_code", allow_none=True)
    brand = fields.String(attribute="brand.name")
    brand_en = fields.String(attribute="brand.name_en")
    product = fields.String(attribute="product.name")
    product_en = fields.String(attribute="product.name_en")
    scope = fields.String(attribute="licence.scope")
    valid_from = fields.Date(attribute="licence.valid_from")
    valid_until = fields.Date(attribute="licence.valid_until")
    cap_kg_per_year = fields.Decimal(attribute="licence.cap_kg", places=3, as_string=True)
    labels = fields.Integer()
    used_kg = fields.Decimal(places=3, as_string=True)
    years = fields.List(fields.Nested(YearOut))
    history = fields.List(fields.Nested(SanctionOut), attribute="sanctions")


class EntryPageOut(Shape):
    """One page of the register."""

    rows = fields.List(fields.Nested(EntryOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class NoticeOut(Shape):
    """One public notice."""

    number = fields.String(attribute="notice.number")
    application = fields.String(attribute="application.number")
    enterprise = fields.String(attribute="enterprise.name")
    enterprise_en = fields.String(attribute="enterprise.name_en")
    brand = fields.String(attribute="brand.name")
    product = fields.String(attribute="product.name")
    cap_kg_per_year = fields.Decimal(attribute="application.cap_kg", places=3, as_string=True)
    starts_on = fields.Date(attribute="notice.starts_on")
    ends_on = fields.Date(attribute="end.end")
    provisional = fields.Boolean(attribute="end.provisional")
    running = fields.Boolean()
    appeal = fields.String()


class NoticePageOut(Shape):
    """One page of the notice board."""

    rows = fields.List(fields.Nested(NoticeOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
