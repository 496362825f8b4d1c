"""Shapes of what an enterprise brings: sites, marks and certificates, and its public page."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.models.assets import SiteKind
from brand.rules.asset_flow import AssetRefusal
from brand.rules.asset_kinds import AssetKind
from brand.schemas.enterprises import PlaceOnPage
from brand.schemas.shape import Shape, Text, Whole, one_of

_DIGEST = validate.Regexp(r"^[0-9a-f]{64}\Z", error="assets.digest")
CLASSES = 45  # of the Nice classification


class SiteIn(Shape):
    """A place where an enterprise works."""

    kind = one_of(SiteKind, required=True)
    name = Text(80, required=True)
    county_code = Text(6, required=True)
    township_code = Text(9, load_default="")


class SitePage(PlaceOnPage, SiteIn):
    """The same on a page, where the township brings its county."""


class AssetScannedIn(Shape):
    """A mark or certificate whose scan comes along and is kept here."""

    kind = one_of(AssetKind, required=True)
    number = Text(40, required=True)
    title = Text(120, required=True)
    nice_class = Whole(1, CLASSES, load_default=None)
    scope = Text(300, lines=True, load_default="")
    issuer = Text(120, required=True)
    valid_from = fields.Date(load_default=None)
    valid_until = fields.Date(load_default=None)


class AssetIn(AssetScannedIn):
    """The same without the scan; ``file_sha256`` is its digest, and the declarer keeps the file."""

    file_sha256 = Text(64, load_default="", checks=(lambda text: _DIGEST(text) if text else None,))


class AssetStepIn(Shape):
    """A step; a refusal also names its reason."""

    version = Whole(1, 10**9, required=True)


class AssetRefuseIn(AssetStepIn):
    reason_code = one_of(AssetRefusal, required=True)
    comment = Text(500, lines=True, load_default="")


class SiteOut(Shape):
    """A site; places no finer than a township."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    county_code = fields.String()
    township_code = fields.String()
    closed_at = fields.AwareDateTime(format="iso", allow_none=True)


class AssetOut(Shape):
    """A mark or certificate; ``state`` is declared, confirmed, refused or withdrawn."""

    id = fields.String()
    enterprise_id = fields.String()
    kind = fields.String()
    number = fields.String()
    title = fields.String()
    nice_class = fields.Integer(allow_none=True)
    scope = fields.String()
    issuer = fields.String()
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    file_sha256 = fields.String()
    state = fields.String()
    version = fields.Integer()
    reason_code = fields.String()


class PublicAssetOut(Shape):
    """What the public reads; ``state`` is declared, confirmed or expired."""

    kind = fields.String(attribute="asset.kind")
    number = fields.String(attribute="asset.number")
    title = fields.String(attribute="asset.title")
    issuer = fields.String(attribute="asset.issuer")
    valid_until = fields.Date(attribute="asset.valid_until", allow_none=True)
    state = fields.String(attribute="word")


class PublicSiteOut(Shape):
    kind = fields.String(attribute="site.kind")
    township = fields.String()


class ProfileOut(Shape):
    """An enterprise as the public may see it; names and code are empty for a household."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    name_en = fields.String()
    credit_code = fields.String()
    county = fields.String()
    township = fields.String()
    state = fields.String()
    licences = fields.Method("licence_numbers")
    assets = fields.List(fields.Nested(PublicAssetOut))
    sites = fields.List(fields.Nested(PublicSiteOut))

    def licence_numbers(self, found: Any) -> list[dict[str, str]]:
        return [{"number": one.licence.number, "status": str(one.status)} for one in found.licences]
