"""Shapes of the public register and the notice board: totals and dates, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from brand.models.enterprises import EnterpriseKind
from brand.queries.public_enterprises import STATES
from brand.rules.brand_flow import BrandState
from brand.rules.licence_terms import LicenceStatus
from brand.schemas.shape import Shape, Text, Whole, one_of


class RegisterIn(Shape):
    """What the register may be asked for."""

    q = Text(60, load_default="")
    status = one_of(LicenceStatus, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class BrandsIn(Shape):
    """What the list of brands may be asked for."""

    q = Text(60, load_default="")
    state = one_of(BrandState, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class EnterprisesIn(Shape):
    """What the list of enterprises may be asked for."""

    q = Text(60, load_default="")
    kind = one_of(EnterpriseKind, load_default="")
    state = one_of(STATES, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class BoardIn(Shape):
    """What the notice board may be asked for."""

    q = Text(60, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


def for_listing(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, as the lists of the register take it."""
    return {{"q": "text", "page": "number"}.get(name, name): value for name, value in wanted.items()}


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
    product = fields.String(attribute="product.name", dump_default=None, allow_none=True)
    product_en = fields.String(attribute="product.name_en", dump_default=None, allow_none=True)
    uses = fields.List(fields.String(), attribute="licence.uses")
    scope = fields.String(attribute="licence.scope")
    valid_from = fields.Date(attribute="licence.valid_from")
    valid_until = fields.Date(attribute="licence.valid_until")
    cap_kg_per_year = fields.Decimal(attribute="licence.cap_kg", places=3, as_string=True, allow_none=True)
    labels = fields.Integer()
    used_kg = fields.Decimal(places=3, as_string=True)
    years = fields.List(fields.Nested(YearOut))
    history = fields.List(fields.Nested(SanctionOut), attribute="sanctions")


class HaltOut(Shape):
    """One step of a brand or of the holder that stopped licences or let them go on; ``state`` is the one reached."""

    subject = fields.String()
    name = fields.String()
    name_en = fields.String()
    action = fields.String()
    state = fields.String()
    at = fields.DateTime()
    reason_code = fields.String()


class EntryWholeOut(EntryOut):
    """One licence with what happened above it since it was granted."""

    halts = fields.List(fields.Nested(HaltOut))


class PublicBrandOut(Shape):
    """One brand of the register; ``state`` counts the brands above it, ``licences`` those in force under it."""

    id = fields.String(attribute="brand.id")
    code = fields.String(attribute="brand.code")
    name = fields.String(attribute="brand.name")
    name_en = fields.String(attribute="brand.name_en")
    name_mn = fields.String(attribute="brand.name_mn")
    scheme = fields.String(attribute="scheme.code")
    county_code = fields.String(attribute="scheme.county_code")
    owner = fields.String(attribute="scheme.owner")
    tier = fields.Integer(attribute="tier.level")
    parent = fields.String(attribute="parent.code", dump_default=None, allow_none=True)
    uses = fields.List(fields.String(), attribute="tier.allowed_uses")
    state = fields.String()
    licences = fields.Integer(attribute="valid")


class PublicBrandPageOut(Shape):
    """One page of brands."""

    rows = fields.List(fields.Nested(PublicBrandOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class PublicTrademarkOut(Shape):
    number = fields.String(attribute="trademark.number")
    nice_class = fields.Integer(attribute="trademark.nice_class")
    kind = fields.String(attribute="trademark.kind")
    registered_on = fields.Date(attribute="trademark.registered_on")
    valid_until = fields.Date(attribute="trademark.valid_until")
    phase = fields.String()


class PublicProductOut(Shape):
    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    standard = fields.String()


class WholeBrandOut(Shape):
    """One brand with its products, trademarks and history."""

    brand = fields.Nested(PublicBrandOut, attribute="shown")
    products = fields.List(fields.Nested(PublicProductOut))
    trademarks = fields.List(fields.Nested(PublicTrademarkOut))
    history = fields.List(fields.Nested(HaltOut))


class ListedOut(Shape):
    """One enterprise of the register; told by kind and place where its name is a person's."""

    id = fields.String(attribute="party.id")
    kind = fields.String(attribute="party.kind")
    name = fields.String(attribute="party.name")
    name_en = fields.String(attribute="party.name_en")
    credit_code = fields.String(attribute="party.credit_code", allow_none=True)
    county = fields.String()
    township = fields.String()
    state = fields.String(attribute="party.state")
    since = fields.DateTime(allow_none=True)
    licences = fields.Integer(attribute="valid")
    licences_ever = fields.Integer(attribute="all")


class ListedPageOut(Shape):
    """One page of enterprises."""

    rows = fields.List(fields.Nested(ListedOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


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
    product = fields.String(attribute="product.name", dump_default=None, allow_none=True)
    uses = fields.List(fields.String(), attribute="application.uses")
    cap_kg_per_year = fields.Decimal(attribute="application.cap_kg", places=3, as_string=True, allow_none=True)
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
