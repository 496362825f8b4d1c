"""The public register and the notice board as open data: no account, no person, totals that can be added up."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.kernel.paging import Page
from brand.queries import notices as board
from brand.queries import public_brands, public_enterprises
from brand.queries import register as reads
from brand.queries.licences import Entry
from brand.queries.notices import Posted
from brand.queries.public_brands import ShownBrand, WholePublicBrand
from brand.queries.public_enterprises import Listed
from brand.queries.register import Opened
from brand.schemas.register import (
    BoardIn,
    BrandsIn,
    EnterprisesIn,
    EntryPageOut,
    EntryWholeOut,
    ListedPageOut,
    NoticePageOut,
    PublicBrandPageOut,
    RegisterIn,
    WholeBrandOut,
    for_listing,
)

blp = Blueprint("api_register", __name__, url_prefix="/api/v1", description="Public register and notices")


@blp.route("/register", methods=["GET"])
@blp.arguments(RegisterIn, location="query")
@blp.response(200, EntryPageOut)
@public
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Licences in every state, newest first."""
    with reading() as work:
        return reads.listing(work.session, work.today, **for_listing(wanted))


@blp.route("/register/<number>", methods=["GET"])
@blp.response(200, EntryWholeOut)
@public
def show(number: str) -> Opened:
    """One licence with its yearly totals, its sanctions, and what halted its brand or its holder."""
    with reading() as work:
        return reads.entry(work.session, number, work.today)


@blp.route("/register/brands", methods=["GET"])
@blp.arguments(BrandsIn, location="query")
@blp.response(200, PublicBrandPageOut)
@public
def brands(wanted: dict[str, Any]) -> Page[ShownBrand]:
    """Brands in every state, by scheme and tier."""
    with reading() as work:
        return public_brands.listing(work.session, work.today, **for_listing(wanted))


@blp.route("/register/brands/<brand_id>", methods=["GET"])
@blp.response(200, WholeBrandOut)
@public
def brand(brand_id: str) -> WholePublicBrand:
    """One brand with its products, its trademarks and its history."""
    with reading() as work:
        return public_brands.one(work.session, brand_id, work.today)


@blp.route("/register/enterprises", methods=["GET"])
@blp.arguments(EnterprisesIn, location="query")
@blp.response(200, ListedPageOut)
@public
def enterprises(wanted: dict[str, Any]) -> Page[Listed]:
    """Confirmed enterprises, with and without a licence."""
    with reading() as work:
        return public_enterprises.listing(work.session, work.today, **for_listing(wanted))


@blp.route("/notices", methods=["GET"])
@blp.arguments(BoardIn, location="query")
@blp.response(200, NoticePageOut)
@public
def notices(wanted: dict[str, Any]) -> Page[Posted]:
    """Public notices, newest first; ``running`` ones are open to objection until the end of ``ends_on``."""
    with reading() as work:
        return board.board(work.session, work.today, **for_listing(wanted))
