"""Shapes of purchases: goods bought up with the papers of their seller."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.flows import commissioned
from trace.rules.goods import Unit


class BoughtIn(Shape):
    """Goods bought up: ``kg``, or ``quantity`` in a unit the product's rule weighs; pictures come beside it.

    ``contract`` is the id of a supply contract, or ``none``; under one ``harvested_on`` is needed, and the code of the
    ``plot`` where the contract names several.
    """

    product_id = Text(20, required=True)
    form = one_of(commissioned(), required=True)
    lot = Text(20, required=True)
    day = fields.Date(required=True)
    kg = Kilograms(load_default=None)
    unit = one_of(Unit, load_default=Unit.KG.value)
    quantity = Kilograms(load_default=None)
    place_id = Text(20, load_default=None)
    paper_number = Text(40, required=True)
    consent = Text(200, load_default="")
    certificate_kg = Kilograms(load_default=None)
    certificate_on = fields.Date(load_default=None)
    contract = Text(20, load_default="")
    harvested_on = fields.Date(load_default=None)
    plot = Text(8, load_default="")


class PurchasePage(BoughtIn):
    """On a page the seller is named as it is registered, or by its credit code."""

    seller = Text(200, required=True)


class PurchaseIn(BoughtIn):
    """Over the API the seller is named by id."""

    seller_id = Text(20, required=True)


class PurchasesIn(Shape):
    q = Text(60, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class PurchaseOut(Shape):
    id = fields.String(attribute="purchase.id")
    batch_id = fields.String(attribute="purchase.batch_id")
    lot = fields.String(attribute="batch.lot")
    kg = fields.Decimal(as_string=True, attribute="batch.total_kg")
    buyer_id = fields.String(attribute="purchase.buyer_id")
    seller_id = fields.String(attribute="purchase.seller_id")
    paper_number = fields.String(attribute="purchase.paper_number")
    sha256 = fields.String(attribute="purchase.digest")


class PurchasePageOut(Shape):
    rows = fields.List(fields.Nested(PurchaseOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()
