"""Shapes of prefixes and goods under GTINs: what an enterprise declares, the office's steps, what everybody reads."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole
from trace.queries.gtins import Item, PublicItem
from trace.rules.gtins import SOURCES

#: Goods in one call.
MOST_LINES = 500
_SOURCE = validate.OneOf([str(one) for one in SOURCES], error="input.not_a_choice")


class GtinPrefixIn(Shape):
    """A company prefix as on the certificate of the GS1 organisation; ``owner`` where it is lent."""

    prefix = Text(12, required=True)
    source = fields.String(required=True, validate=_SOURCE)
    owner = Text(120, load_default="")
    valid_until = fields.Date(load_default=None, allow_none=True)


class GtinStepIn(Shape):
    """A step as the person read the entry."""

    version = Whole(1, 10**9, required=True)


class TradeItemIn(Shape):
    """Goods of one kind and size, and their GTIN as on the pack (12 to 14 figures)."""

    gtin = Text(20, required=True)
    product_id = Text(20, required=True)
    goods = Text(60, required=True)
    net_kg = Kilograms(required=True)


class GtinsIn(Shape):
    lines = fields.List(
        fields.Nested(TradeItemIn), required=True, validate=validate.Length(1, MOST_LINES, error="input.out_of_range")
    )


class GtinPrefixOut(Shape):
    id = fields.String()
    prefix = fields.String()
    source = fields.String()
    owner = fields.String()
    valid_until = fields.Date(allow_none=True)
    state = fields.String()
    version = fields.Integer()


class TradeItemOut(Shape):
    id = fields.String()
    gtin = fields.String()
    product_id = fields.String()
    goods = fields.String()
    net_kg = fields.Decimal(as_string=True)
    active = fields.Boolean()
    version = fields.Integer()


class EnterpriseGtinsOut(Shape):
    """Prefixes of an enterprise and the goods it gave GTINs."""

    prefixes = fields.List(fields.Nested(GtinPrefixOut))
    items = fields.List(fields.Nested(TradeItemOut))


class TradeItemsOut(Shape):
    items = fields.List(fields.Nested(TradeItemOut))


class PublicItemOut(Shape):
    """Goods under a GTIN; no person is ever named. ``gtin_source`` says whose prefix it stands under."""

    gtin = fields.String()
    product = fields.String()
    product_en = fields.String()
    goods = fields.String()
    net_kg = fields.Decimal(as_string=True)
    producer = fields.String()
    credit_code = fields.String()
    gtin_source = fields.String()
    brand_owner = fields.String()
    licence = fields.String()
    active = fields.Boolean()


def shown_public(found: PublicItem) -> dict[str, Any]:
    """What ``PublicItemOut`` dumps."""
    item = found.item
    return {
        **item.model_dump(include={"gtin", "goods", "net_kg", "active"}),
        "product": found.product.name,
        "product_en": found.product.name_en,
        "producer": found.producer.name,
        "credit_code": found.producer.credit_code,
        "gtin_source": found.source,
        "brand_owner": found.owner,
        "licence": found.licence.number if found.licence else "",
    }


def items_of(rows: list[Item]) -> list[Any]:
    """The goods themselves, as ``TradeItemOut`` dumps them."""
    return [one.item for one in rows]
