"""Herds on their pastures over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.work import Work
from trace.queries import grazings as reads
from trace.schemas.grazings import GrazingIn, GrazingsOut
from trace.services import grazings

blp = Blueprint("api_grazings", __name__, url_prefix="/api/v1", description="Herds on their pastures")
csrf.exempt(blp)


@blp.route("/herds/<herd_id>/grazings", methods=["GET"])
@blp.response(200, GrazingsOut)
@needs("herds.read")
def of_herd(herd_id: str) -> dict[str, Any]:
    """Where the herd was, the latest first."""
    with reading() as work:
        return {"rows": reads.of_herd(work.session, actor(), herd_id)}


@blp.route("/herds/<herd_id>/grazings", methods=["POST"])
@blp.arguments(GrazingIn)
@blp.response(201, GrazingsOut)
@creates(GrazingsOut)
@needs("herds.write")
def go(work: Work, given: dict[str, Any], herd_id: str) -> dict[str, Any]:
    """The herd goes to another place, or leaves the one it is on."""
    grazings.go(work, herd_id, **given)
    return {"rows": reads.of_herd(work.session, work.actor, herd_id)}


@blp.route("/places/<place_id>/grazings", methods=["GET"])
@blp.response(200, GrazingsOut)
@needs("herds.read")
def of_place(place_id: str) -> dict[str, Any]:
    """Which herds were on the place, the latest first."""
    with reading() as work:
        return {"rows": reads.of_place(work.session, actor(), place_id)}
