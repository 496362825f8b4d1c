"""The public register and the notice board as open data: no account, no person, totals that can be added up."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.kernel.paging import Page
from brand.queries import notices as board
from brand.queries import register as reads
from brand.queries.licences import Entry
from brand.queries.notices import Posted
from brand.schemas.register import BoardIn, EntryOut, EntryPageOut, NoticePageOut, RegisterIn

blp = Blueprint("api_register", __name__, url_prefix="/api/v1", description="Public register and notices")


@blp.route("/register", methods=["GET"])
@blp.arguments(RegisterIn, location="query")
@blp.response(200, EntryPageOut)
@public
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Licences in every state, newest first."""
    with reading() as work:
        return reads.listing(
            work.session,
            work.today,
            text=wanted["q"],
            status=wanted["status"],
            number=wanted["page"],
            size=wanted["size"],
        )


@blp.route("/register/<number>", methods=["GET"])
@blp.response(200, EntryOut)
@public
def show(number: str) -> Entry:
    """One licence with its yearly totals and its sanctions."""
    with reading() as work:
        return reads.entry(work.session, number, work.today)


@blp.route("/notices", methods=["GET"])
@blp.arguments(BoardIn, location="query")
@blp.response(200, NoticePageOut)
@public
def notices(wanted: dict[str, Any]) -> Page[Posted]:
    """Public notices, newest first; ``running`` ones are open to objection until the end of ``ends_on``."""
    with reading() as work:
        return board.board(work.session, work.today, number=wanted["page"], size=wanted["size"])
