"""Shapes of the product catalogue: an offering as its owner writes it, and as the public reads it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from brand.rules.offerings import HoldReason
from brand.schemas.assets import PublicAssetOut
from brand.schemas.shape import Shape, Text, Whole, one_of


class CatalogueIn(Shape):
    """What the catalogue may be asked for; brand and product by their codes."""

    q = Text(60, load_default="")
    brand = Text(40, load_default="")
    product = Text(40, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=24)


class OwnPageIn(Shape):
    """A page of the offerings within reach."""

    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class OfferingIn(Shape):
    """An offering; a draft may lack what the catalogue asks for. ``certificates`` are ids of one's own marks."""

    product_id = Text(20, required=True)
    name = Text(120, required=True)
    name_en = Text(120, load_default="")
    name_mn = Text(120, load_default="")
    origin = Text(200, load_default="")
    production_date = Text(120, load_default="")
    standard = Text(120, load_default="")
    specification = Text(200, load_default="")
    packaging = Text(200, load_default="")
    net_contents = Text(60, load_default="")
    storage = Text(300, lines=True, load_default="")
    after_sales = Text(500, lines=True, load_default="")
    certificates = fields.List(Text(20), load_default=list)


class OfferingEditIn(OfferingIn):
    """The same with the version the sender read."""

    version = Whole(1, 10**9, required=True)


class OfferingStepIn(Shape):
    """A step of the life of an offering."""

    version = Whole(1, 10**9, required=True)


class OfferingHoldIn(OfferingStepIn):
    """Why the office takes it off; the enterprise reads both."""

    reason_code = one_of(HoldReason, required=True)
    comment = Text(500, lines=True, load_default="")


class PhotoIn(Shape):
    """What a picture shows, for those who cannot see it; the picture itself comes as the part ``file``."""

    version = Whole(1, 10**9, required=True)
    alt = Text(200, required=True)
    alt_en = Text(200, load_default="")


class PhotoOut(Shape):
    """A picture; ``path`` answers with its bytes while the offering is listed."""

    alt = fields.String()
    alt_en = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    sha256 = fields.String(attribute="digest")
    path = fields.Method("where")

    def where(self, photo: Any) -> str:
        return f"/catalogue/{photo.offering_id}/photos/{photo.id}"


class OwnOfferingOut(OfferingIn):
    """An offering as its owner and the office read it."""

    id = fields.String()
    enterprise_id = fields.String()
    state = fields.String()
    version = fields.Integer()
    listed_at = fields.AwareDateTime(format="iso", allow_none=True)
    reason_code = fields.String()
    reason = fields.String()


class OwnOfferingPageOut(Shape):
    """One page of the offerings within reach."""

    rows = fields.Method("offerings")
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()

    def offerings(self, found: Any) -> Any:
        return OwnOfferingOut(many=True).dump([one.offering for one in found.rows])


class CatalogueOut(Shape):
    """An offering of the catalogue; ``licence`` is empty unless it may carry the brand today."""

    id = fields.String(attribute="offering.id")
    name = fields.String(attribute="offering.name")
    name_en = fields.String(attribute="offering.name_en")
    name_mn = fields.String(attribute="offering.name_mn")
    producer = fields.String()
    producer_en = fields.String()
    brand_code = fields.String(attribute="brand.code")
    brand = fields.String(attribute="brand.name")
    product_code = fields.String(attribute="product.code")
    product = fields.String(attribute="product.name")
    under_brand = fields.Function(lambda one: one.licence is not None)
    licence = fields.String(attribute="licence_number")
    origin = fields.String(attribute="offering.origin")
    production_date = fields.String(attribute="offering.production_date")
    standard = fields.String(attribute="offering.standard")
    specification = fields.String(attribute="offering.specification")
    packaging = fields.String(attribute="offering.packaging")
    net_contents = fields.String(attribute="offering.net_contents")
    storage = fields.String(attribute="offering.storage")
    after_sales = fields.String(attribute="offering.after_sales")
    listed_at = fields.AwareDateTime(attribute="offering.listed_at", format="iso")
    photos = fields.List(fields.Nested(PhotoOut))


class CataloguePageOut(Shape):
    """One page of the catalogue."""

    rows = fields.List(fields.Nested(CatalogueOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class WholeCatalogueOut(Shape):
    """One offering with the marks and certificates it shows."""

    offering = fields.Nested(CatalogueOut, attribute="shown")
    certificates = fields.List(fields.Nested(PublicAssetOut))
