"""Published rulebooks as open data: which clause of which edition every decision rests on."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.kernel.actors import ANONYMOUS
from brand.queries import rulebooks as reads
from brand.queries.rulebooks import Edition
from brand.schemas.rulebooks import RulebookOut, RulebooksOut

blp = Blueprint("api_rulebooks", __name__, url_prefix="/api/v1/rulebooks", description="Rulebooks")


@blp.route("", methods=["GET"])
@blp.response(200, RulebooksOut)
@public
def index() -> dict[str, Any]:
    """Published editions, newest first."""
    with reading() as work:
        return {"rows": reads.listing(work.session, ANONYMOUS, work.today)}


@blp.route("/<rulebook_id>", methods=["GET"])
@blp.response(200, RulebookOut)
@public
def show(rulebook_id: str) -> Edition:
    """One published edition with its clauses."""
    with reading() as work:
        return reads.edition(work.session, ANONYMOUS, rulebook_id, work.today)
