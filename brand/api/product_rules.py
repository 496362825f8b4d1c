"""Rules of products over the API: what is in force, and proposals that a second person decides."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import reading
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange
from brand.queries import product_rules as reads
from brand.rules.product_rules import Rule, RuleKind
from brand.schemas.product_rules import ProductRuleIn, ProductRuleOut
from brand.schemas.scheme_changes import SchemeChangeOut
from brand.services import scheme_changes

blp = Blueprint("api_product_rules", __name__, url_prefix="/api/v1/products", description="Rules of products")
csrf.exempt(blp)


@blp.route("/<product_id>/rules", methods=["GET"])
@blp.response(200, ProductRuleOut(many=True))
@public
def index(product_id: str) -> list[Rule]:
    """What the goods must have, which grades may carry the brand, names of cuts, limits of chilling."""
    with reading() as work:
        reads.product(work.session, product_id)
        return [reads.in_force(work.session, product_id, kind, work.today) for kind in RuleKind]


@blp.route("/<product_id>/rules/<kind>/changes", methods=["POST"])
@blp.arguments(ProductRuleIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose(work: Work, values: dict[str, Any], product_id: str, kind: str) -> SchemeChange:
    """Propose other contents of one rule."""
    if kind not in list(RuleKind):
        raise unknown()
    return scheme_changes.propose_rule(work, product_id, RuleKind(kind), **values)
