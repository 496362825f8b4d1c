"""Changes of schemes over the API: proposing and deciding for those who may, editions for everybody."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import reading, writing
from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange, SchemeEdition
from brand.queries import editions, schemes
from brand.queries import scheme_changes as reads
from brand.queries.editions import Kept
from brand.schemas.scheme_changes import (
    BrandIn,
    BrandMarkIn,
    ChangeDecisionIn,
    ExtraPlaceIn,
    HeadIn,
    HeroIn,
    PolicyChangeIn,
    ProductIn,
    SchemeChangeOut,
    SchemeEditionOut,
    TierChangeIn,
    WholeSchemeEditionOut,
)
from brand.services import scheme_changes

blp = Blueprint(
    "api_scheme_changes", __name__, url_prefix="/api/v1/schemes", description="Changes and editions of schemes"
)
csrf.exempt(blp)


@blp.route("/<scheme_id>/editions", methods=["GET"])
@blp.response(200, SchemeEditionOut(many=True))
@public
def index(scheme_id: str) -> list[SchemeEdition]:
    """Every edition of a scheme, the newest first."""
    with reading() as work:
        schemes.whole(work.session, scheme_id)
        return editions.editions(work.session, scheme_id)


@blp.route("/<scheme_id>/editions/<int:number>", methods=["GET"])
@blp.response(200, WholeSchemeEditionOut)
@public
def edition(scheme_id: str, number: int) -> Kept:
    """One edition with all it held, its tables, and the rules of products settled up to it."""
    with reading() as work:
        return editions.kept(work.session, scheme_id, number)


@blp.route("/<scheme_id>/changes", methods=["GET"])
@blp.response(200, SchemeChangeOut(many=True))
@needs("schemes.changes")
def changes(scheme_id: str) -> list[SchemeChange]:
    """Every proposed change of a scheme, the newest first."""
    with reading() as work:
        return reads.changes(work.session, scheme_id)


@blp.route("/<scheme_id>/policies/<key>/changes", methods=["POST"])
@blp.arguments(PolicyChangeIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_policy(work: Work, values: dict[str, Any], scheme_id: str, key: str) -> SchemeChange:
    """Propose another number for a policy value."""
    return scheme_changes.propose_policy(work, scheme_id, key, **values)


@blp.route("/<scheme_id>/tiers/<int:level>/changes", methods=["POST"])
@blp.arguments(TierChangeIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_tier(work: Work, values: dict[str, Any], scheme_id: str, level: int) -> SchemeChange:
    """Propose another frame for a tier."""
    return scheme_changes.propose_tier(work, scheme_id, level, **values)


@blp.route("/<scheme_id>/tiers/<int:level>/places", methods=["POST"])
@blp.arguments(ExtraPlaceIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def ask_place(work: Work, values: dict[str, Any], scheme_id: str, level: int) -> SchemeChange:
    """Ask for one place beyond the limit of a full tier."""
    return scheme_changes.ask_place(work, scheme_id, level, **values)


@blp.route("/<scheme_id>/tiers/<int:level>/hero-places", methods=["POST"])
@blp.arguments(ExtraPlaceIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def ask_hero_place(work: Work, values: dict[str, Any], scheme_id: str, level: int) -> SchemeChange:
    """Ask for one hero product beyond the limit of a tier."""
    return scheme_changes.ask_hero_place(work, scheme_id, level, **values)


@blp.route("/<scheme_id>/tiers/<int:level>/brands/changes", methods=["POST"])
@blp.arguments(BrandIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_brand(work: Work, values: dict[str, Any], scheme_id: str, level: int) -> SchemeChange:
    """Propose one more brand in a tier."""
    return scheme_changes.propose_brand(work, scheme_id, level, **values)


@blp.route("/brands/<brand_id>/changes", methods=["POST"])
@blp.arguments(BrandMarkIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_mark(work: Work, values: dict[str, Any], brand_id: str) -> SchemeChange:
    """Propose another name of a brand, or another brand above it."""
    return scheme_changes.propose_mark(work, brand_id, **values)


@blp.route("/<scheme_id>/head/changes", methods=["POST"])
@blp.arguments(HeadIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_head(work: Work, values: dict[str, Any], scheme_id: str) -> SchemeChange:
    """Propose another name, owner or county code of a scheme."""
    return scheme_changes.propose_head(work, scheme_id, **values)


@blp.route("/brands/<brand_id>/products/changes", methods=["POST"])
@blp.arguments(ProductIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_product(work: Work, values: dict[str, Any], brand_id: str) -> SchemeChange:
    """Propose one more product of a brand."""
    return scheme_changes.propose_product(work, brand_id, **values)


@blp.route("/products/<product_id>/hero/changes", methods=["POST"])
@blp.arguments(HeroIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose_hero(work: Work, values: dict[str, Any], product_id: str) -> SchemeChange:
    """Propose that a product becomes a hero product, or no longer is one."""
    return scheme_changes.propose_hero(work, product_id, **values)


@blp.route("/changes/<change_id>/<any(approve, refuse, withdraw):action>", methods=["POST"])
@blp.arguments(ChangeDecisionIn)
@blp.response(200, SchemeChangeOut)
@needs("schemes.changes")
def step(values: dict[str, Any], change_id: str, action: str) -> SchemeChange:
    """Approve or refuse as a second person, or take one's own proposal back."""
    with writing() as work:
        return scheme_changes.step(work, change_id, action, **values)
