"""Places over the API: declared, drawn and closed by their enterprise, confirmed by the office, read by everybody."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge import misses
from brand.edge.api import Blueprint, creates
from brand.edge.files import saved
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.formats.geojson import MEDIA_TYPE, outline_of, written
from trace.models.places import Place, PlaceOutline
from trace.queries import places as reads
from trace.queries.places import Held, PublicPlace, Whole
from trace.schemas.places import (
    OutlineIn,
    OutlineOut,
    PlaceCloseIn,
    PlaceEditIn,
    PlaceIn,
    PlaceOut,
    PlaceReturnIn,
    PlacesIn,
    PlacesOut,
    PlaceStepIn,
    PublicPlaceOut,
    WholePlaceOut,
)
from trace.services import places

blp = Blueprint("api_places", __name__, url_prefix="/api/v1", description="Places where goods come from")
csrf.exempt(blp)


@blp.route("/f/<code>", methods=["GET"])
@blp.response(200, PublicPlaceOut)
@public
def place(code: str) -> PublicPlace:
    """A place by the code of its public page: kind, township and rounded area, no name and no corners."""
    with reading() as work, misses.watched():
        return reads.public(work.session, code)


@blp.route("/places", methods=["GET"])
@blp.arguments(PlacesIn, location="query")
@blp.response(200, PlacesOut)
@needs("enterprises.read")
def index(wanted: dict[str, Any]) -> Page[Held]:
    """Places within reach, the last touched first."""
    number = wanted.pop("page")
    with reading() as work:
        return reads.listing(work.session, actor(), number=number, **wanted)


@blp.route("/enterprises/<enterprise_id>/places", methods=["POST"])
@blp.arguments(PlaceIn)
@blp.response(201, PlaceOut)
@creates(PlaceOut)
@needs("enterprises.edit")
def write(work: Work, values: dict[str, Any], enterprise_id: str) -> Place:
    """A place, declared until the office has confirmed it."""
    return places.write(work, enterprise_id, **values)


@blp.route("/places/<place_id>", methods=["GET"])
@blp.response(200, WholePlaceOut)
@needs("enterprises.read")
def show(place_id: str) -> Whole:
    """A place with all its outlines, without their corners."""
    with reading() as work:
        return reads.find(work.session, actor(), place_id)


@blp.route("/places/<place_id>", methods=["PUT"])
@blp.arguments(PlaceEditIn)
@blp.response(200, PlaceOut)
@creates(PlaceOut, status=200)
@needs("enterprises.edit")
def edit(work: Work, values: dict[str, Any], place_id: str) -> Place:
    """All entries anew; what was confirmed is declared again."""
    return places.edit(work, place_id, **values)


@blp.route("/places/<place_id>/outlines", methods=["POST"])
@blp.arguments(OutlineIn)
@blp.response(201, OutlineOut)
@creates(OutlineOut)
@needs("enterprises.edit")
def draw(work: Work, values: dict[str, Any], place_id: str) -> PlaceOutline:
    """A new outline as GeoJSON in WGS 84; the one before it is kept with its last day."""
    return places.draw(work, place_id, outline=outline_of(values.pop("outline")), **values)


@blp.route("/places/<place_id>/outlines/<int:position>", methods=["GET"])
@blp.response(200, content_type=MEDIA_TYPE)
@needs("enterprises.contact")
def outline(place_id: str, position: int) -> Response:
    """The exact corners of one outline, for its enterprise and the office."""
    with reading() as work:
        found, drawn = reads.drawn(work.session, actor(), place_id, position)
    return saved(written(drawn.geometry), f"{found.code}-{position}.geojson", MEDIA_TYPE)


@blp.route("/places/<place_id>/return", methods=["POST"])
@blp.arguments(PlaceReturnIn)
@blp.response(200, PlaceOut)
@needs("places.confirm")
def send_back(values: dict[str, Any], place_id: str) -> Place:
    """The office sends it back with a reason."""
    return _step(place_id, "return", values)


@blp.route("/places/<place_id>/confirm", methods=["POST"])
@blp.arguments(PlaceStepIn)
@blp.response(200, PlaceOut)
@needs("places.confirm")
def confirm(values: dict[str, Any], place_id: str) -> Place:
    """The office or an inspector has been there."""
    return _step(place_id, "confirm", values)


@blp.route("/places/<place_id>/close", methods=["POST"])
@blp.arguments(PlaceCloseIn)
@blp.response(200, PlaceOut)
@needs("enterprises.edit")
def close(values: dict[str, Any], place_id: str) -> Place:
    """It is given up after that day; it stays in the history."""
    return _step(place_id, "close", values)


@blp.route("/places/<place_id>/reopen", methods=["POST"])
@blp.arguments(PlaceStepIn)
@blp.response(200, PlaceOut)
@needs("enterprises.edit")
def reopen(values: dict[str, Any], place_id: str) -> Place:
    """It is in use again and waits to be confirmed."""
    return _step(place_id, "reopen", values)


def _step(place_id: str, action: str, values: dict[str, Any]) -> Place:
    with writing() as work:
        return places.step(work, place_id, action, **values)
