"""The product catalogue over the API: public reading, and writing for the enterprises whose goods they are."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.files import uploaded
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.models.offerings import Offering, OfferingPhoto
from brand.queries import offerings as reads
from brand.queries.offerings import Shown, Whole
from brand.schemas.offerings import (
    CatalogueIn,
    CataloguePageOut,
    OfferingEditIn,
    OfferingHoldIn,
    OfferingIn,
    OfferingStepIn,
    OwnOfferingOut,
    OwnOfferingPageOut,
    OwnPageIn,
    PhotoIn,
    PhotoOut,
    WholeCatalogueOut,
)
from brand.services import offerings

blp = Blueprint("api_offerings", __name__, url_prefix="/api/v1", description="Product catalogue")
csrf.exempt(blp)


@blp.route("/catalogue", methods=["GET"])
@blp.arguments(CatalogueIn, location="query")
@blp.response(200, CataloguePageOut)
@public
def catalogue(wanted: dict[str, Any]) -> Page[Shown]:
    """What is listed, newest first; ``q`` is a piece of a name or its pinyin initials."""
    with reading() as work:
        return reads.catalogue(
            work.session,
            work.today,
            text=wanted["q"],
            brand=wanted["brand"],
            product=wanted["product"],
            number=wanted["page"],
            size=wanted["size"],
        )


@blp.route("/catalogue/<offering_id>", methods=["GET"])
@blp.response(200, WholeCatalogueOut)
@public
def show(offering_id: str) -> Whole:
    """One listed offering with the marks and certificates it shows."""
    with reading() as work:
        return reads.public(work.session, offering_id, work.today)


@blp.route("/offerings", methods=["GET"])
@blp.arguments(OwnPageIn, location="query")
@blp.response(200, OwnOfferingPageOut)
@needs("enterprises.read")
def index(wanted: dict[str, Any]) -> Page[Shown]:
    """Offerings in every state within reach, the last touched first."""
    with reading() as work:
        return reads.listing(work.session, actor(), work.today, number=wanted["page"], size=wanted["size"])


@blp.route("/enterprises/<enterprise_id>/offerings", methods=["POST"])
@blp.arguments(OfferingIn)
@blp.response(201, OwnOfferingOut)
@creates(OwnOfferingOut)
@needs("enterprises.edit")
def write(work: Work, values: dict[str, Any], enterprise_id: str) -> Offering:
    """A draft."""
    return offerings.write(work, enterprise_id, **values)


@blp.route("/offerings/<offering_id>", methods=["PUT"])
@blp.arguments(OfferingEditIn)
@blp.response(200, OwnOfferingOut)
@creates(OwnOfferingOut, status=200)
@needs("enterprises.edit")
def edit(work: Work, values: dict[str, Any], offering_id: str) -> Offering:
    """All entries anew; a listed one must stay complete."""
    return offerings.edit(work, offering_id, **values)


@blp.route("/offerings/<offering_id>/photos", methods=["POST"])
@blp.arguments(PhotoIn, location="form")
@blp.response(201, PhotoOut)
@needs("enterprises.edit")
def add_photo(values: dict[str, Any], offering_id: str) -> OfferingPhoto:
    """One picture as multipart/form-data with the part ``file``; the same twice answers ``offerings.photo_twice``."""
    upload = uploaded(pictures_only=True)
    with writing() as work:
        return offerings.add_photo(work, offering_id, upload=upload, **values)


@blp.route("/offerings/<offering_id>/hold", methods=["POST"])
@blp.arguments(OfferingHoldIn)
@blp.response(200, OwnOfferingOut)
@needs("catalogue.oversee")
def hold(values: dict[str, Any], offering_id: str) -> Offering:
    """The office takes it off the catalogue, with a reason."""
    return _step(offering_id, "hold", values)


@blp.route("/offerings/<offering_id>/release", methods=["POST"])
@blp.arguments(OfferingStepIn)
@blp.response(200, OwnOfferingOut)
@needs("catalogue.oversee")
def release(values: dict[str, Any], offering_id: str) -> Offering:
    """The office lets the enterprise list it again."""
    return _step(offering_id, "release", values)


@blp.route("/offerings/<offering_id>/<any(list, withdraw):action>", methods=["POST"])
@blp.arguments(OfferingStepIn)
@blp.response(200, OwnOfferingOut)
@needs("enterprises.edit")
def step(values: dict[str, Any], offering_id: str, action: str) -> Offering:
    """List it or withdraw it; what is missing is named by field."""
    return _step(offering_id, action, values)


def _step(offering_id: str, action: str, values: dict[str, Any]) -> Offering:
    with writing() as work:
        return offerings.step(work, offering_id, action, **values)
