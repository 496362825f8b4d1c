"""The standards library as open data: every published edition with every word and its grade table."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import public
from brand.edge.protection import csrf
from brand.edge.requests import reading
from brand.queries import standards as reads
from brand.queries.standards import Edition
from brand.schemas.standards import StandardRowOut, StandardsOut, StandardWholeOut

blp = Blueprint("api_standards", __name__, url_prefix="/api/v1/standards", description="Standards and grade tables")
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.response(200, StandardsOut)
@public
def index() -> dict[str, Any]:
    """Every standard with its published editions, newest first."""
    with reading() as work:
        return {"rows": reads.published(work.session, work.today)}


@blp.route("/<slug>", methods=["GET"])
@blp.response(200, StandardRowOut)
@public
def show(slug: str) -> reads.Library:
    """One standard by its address, e.g. ``ny-t-630-2002``."""
    with reading() as work:
        return reads.library(work.session, slug, work.today)


@blp.route("/<slug>/editions/<label>", methods=["GET"])
@blp.response(200, StandardWholeOut)
@public
def edition(slug: str, label: str) -> Edition:
    """One published edition, whole: ``digest`` is the SHA-256 of code, edition and content in canonical JSON."""
    with reading() as work:
        return reads.edition_of(work.session, slug, label, work.today)[1]
