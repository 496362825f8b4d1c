"""The life of brands over the API: public to read, moved by two persons of the office."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from brand.models.brand_moves import BrandMove
from brand.queries import brand_moves as reads
from brand.queries.brand_moves import Life
from brand.schemas.brand_moves import BrandLifeOut, BrandMoveDecisionIn, BrandMoveIn, BrandMoveOut
from brand.services import brand_moves

blp = Blueprint("api_brand_moves", __name__, url_prefix="/api/v1/brands", description="The life of brands")
csrf.exempt(blp)


@blp.route("/<brand_id>/life", methods=["GET"])
@blp.response(200, BrandLifeOut)
@public
def show(brand_id: str) -> Life:
    """The brand's own state and steps; a brand above it counts for its licences as well."""
    with reading() as work:
        return reads.life(work.session, actor(), brand_id)


@blp.route("/<brand_id>/moves", methods=["POST"])
@blp.arguments(BrandMoveIn)
@blp.response(201, BrandMoveOut)
@creates(BrandMoveOut)
@needs("schemes.propose")
def propose(work: Work, values: dict[str, Any], brand_id: str) -> BrandMove:
    """Ask to suspend, resume or end a brand."""
    return brand_moves.propose(work, brand_id, **values)


@blp.route("/moves/<move_id>/<any(approve, drop):action>", methods=["POST"])
@blp.arguments(BrandMoveDecisionIn)
@blp.response(200, BrandMoveOut)
@needs("schemes.approve")
def decide(values: dict[str, Any], move_id: str, action: str) -> BrandMove:
    """Agree or drop, as another person than the one who asked."""
    with writing() as work:
        return brand_moves.decide(work, move_id, action, **values)
