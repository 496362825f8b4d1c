"""Marks, certificates and sites of enterprises over the API, and the public page as data."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint, creates
from brand.edge.files import saved, uploaded
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from brand.models.assets import Asset, Site
from brand.queries import assets as reads
from brand.queries import profiles
from brand.queries.profiles import Profile
from brand.schemas.assets import (
    AssetIn,
    AssetOut,
    AssetRefuseIn,
    AssetScannedIn,
    AssetStepIn,
    ProfileOut,
    SiteIn,
    SiteOut,
)
from brand.services import assets

blp = Blueprint("api_assets", __name__, url_prefix="/api/v1", description="Marks, certificates and sites")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/assets", methods=["GET"])
@blp.response(200, AssetOut(many=True))
@needs("enterprises.read")
def index(enterprise_id: str) -> list[Asset]:
    """Everything the enterprise ever declared, newest first."""
    with reading() as work:
        return [one.asset for one in reads.of(work.session, actor(), enterprise_id, work.today)]


@blp.route("/enterprises/<enterprise_id>/assets", methods=["POST"])
@blp.arguments(AssetIn)
@blp.response(201, AssetOut)
@creates(AssetOut)
@needs("enterprises.edit")
def declare(work: Work, values: dict[str, Any], enterprise_id: str) -> Asset:
    """Declare a mark or certificate without its scan."""
    return assets.declare(work, enterprise_id, **values)


@blp.route("/enterprises/<enterprise_id>/assets/scanned", methods=["POST"])
@blp.arguments(AssetScannedIn, location="form")
@blp.response(201, AssetOut)
@needs("enterprises.edit")
def declare_scanned(values: dict[str, Any], enterprise_id: str) -> Asset:
    """The same as multipart/form-data with the scan as part ``file``: a PDF, or a picture that is drawn anew.

    ``file_sha256`` of the answer is the digest of the bytes kept. A number sent twice answers ``assets.taken``.
    """
    actor().require("enterprises.edit", enterprise_id)
    upload = uploaded()
    with writing() as work:
        return assets.declare(work, enterprise_id, upload=upload, **values)


@blp.route("/assets/<asset_id>/scan", methods=["GET"])
@needs("enterprises.read")
def scan(asset_id: str) -> Response:
    """The bytes of the scan, as an attachment, for those who may read the declaration."""
    with reading() as work:
        found = reads.scan(work.session, actor(), asset_id)
    return saved(found.content, found.name, found.media_type)


@blp.route("/enterprises/<enterprise_id>/sites", methods=["POST"])
@blp.arguments(SiteIn)
@blp.response(201, SiteOut)
@creates(SiteOut)
@needs("enterprises.edit")
def add_site(work: Work, values: dict[str, Any], enterprise_id: str) -> Site:
    """Add a place the enterprise works at."""
    return assets.add_site(work, enterprise_id, **values)


@blp.route("/sites/<site_id>/close", methods=["POST"])
@blp.response(200, SiteOut)
@needs("enterprises.edit")
def close_site(site_id: str) -> Site:
    """The place is given up."""
    with writing() as work:
        return assets.close_site(work, site_id)


@blp.route("/assets/<asset_id>/confirm", methods=["POST"])
@blp.arguments(AssetStepIn)
@blp.response(200, AssetOut)
@needs("assets.confirm")
def confirm(values: dict[str, Any], asset_id: str) -> Asset:
    """The office or an inspector has compared it with the issuer's own record."""
    return _step(asset_id, "confirm", values)


@blp.route("/assets/<asset_id>/refuse", methods=["POST"])
@blp.arguments(AssetRefuseIn)
@blp.response(200, AssetOut)
@needs("assets.confirm")
def refuse(values: dict[str, Any], asset_id: str) -> Asset:
    """Not confirmed, or a confirmation taken back, with a reason."""
    return _step(asset_id, "refuse", values)


@blp.route("/assets/<asset_id>/withdraw", methods=["POST"])
@blp.arguments(AssetStepIn)
@blp.response(200, AssetOut)
@needs("enterprises.edit")
def withdraw(values: dict[str, Any], asset_id: str) -> Asset:
    """The enterprise takes its declaration back."""
    return _step(asset_id, "withdraw", values)


def _step(asset_id: str, action: str, values: dict[str, Any]) -> Asset:
    with writing() as work:
        return assets.step(work, asset_id, action, **values)


@blp.route("/register/enterprises/<enterprise_id>", methods=["GET"])
@blp.response(200, ProfileOut)
@public
def profile(enterprise_id: str) -> Profile:
    """An enterprise as the public may see it; the id of a merged one answers with the entry that is kept."""
    with reading() as work:
        return profiles.profile(work.session, enterprise_id, work.today)
