"""The page of an enterprise's sheets: what may be brought, each with its empty sheet, and what was brought before."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading
from brand.queries import enterprises
from trace.queries import imports as reads
from trace.schemas.batches import SheetsIn
from trace.services import sheet_kinds
from trace.web import sheets

bp = Blueprint("sheet_lists", __name__)


@bp.get("/sheets")
@needs("enterprises.read")
def index() -> ResponseReturnValue:
    """Whose sheets: the only enterprise one writes for, else a choice of them."""
    with reading() as work:
        mine = reads.writers(work.session, actor())
    if len(mine) == 1:
        return show(mine[0].id)
    return render("imports/whose.html", mine=mine)


@bp.get("/enterprises/<enterprise_id>/sheets")
@needs("enterprises.read")
def show(enterprise_id: str) -> ResponseReturnValue:
    """Sheets of one enterprise."""
    asked = {name: text for name, text in request.args.items() if text and name != "lang"}
    wanted = SheetsIn().take(asked)
    with reading() as work:
        enterprise = enterprises.one(work.session, actor(), enterprise_id)
        open_to = sheet_kinds.open_to(work, enterprise_id)
        found = reads.listing(work.session, enterprise_id, open_to, number=wanted["page"], size=wanted["size"])
    rooms: dict[str, list[str]] = {}
    for kind in (one for one in sheets.HOMES if one in open_to):
        rooms.setdefault(sheets.HOMES[kind], []).append(kind.value)
    return render("imports/index.html", enterprise=enterprise, rooms=rooms, found=found)
