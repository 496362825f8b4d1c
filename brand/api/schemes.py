"""Brand schemes over the API: public to read."""

from __future__ import annotations

from brand.edge.api import Blueprint
from brand.edge.policies import public
from brand.edge.protection import csrf
from brand.edge.requests import reading
from brand.models.schemes import Scheme
from brand.queries import schemes
from brand.queries.schemes import WholeScheme
from brand.schemas.schemes import SchemeOut, WholeSchemeOut

blp = Blueprint("api_schemes", __name__, url_prefix="/api/v1/schemes", description="Brand schemes, tiers and policies")
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.response(200, SchemeOut(many=True))
@public
def index() -> list[Scheme]:
    """Every scheme of this registry."""
    with reading() as work:
        return schemes.schemes(work.session)


@blp.route("/<scheme_id>", methods=["GET"])
@blp.response(200, WholeSchemeOut)
@public
def show(scheme_id: str) -> WholeScheme:
    """One scheme with its tiers, brands, products and policy values, each with its source."""
    with reading() as work:
        return schemes.whole(work.session, scheme_id)
