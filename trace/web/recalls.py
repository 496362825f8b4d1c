"""Public pages of recalls: the list, and one recall with the batches it calls back."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import house, reading
from trace.queries import packs, recalls
from trace.schemas.recalls import RecallsIn
from trace.web.pack_card import producer_name

bp = Blueprint("recalls", __name__, url_prefix="/recalls")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    wanted = RecallsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = recalls.public_listing(work.session, number=wanted["page"], size=wanted["size"])
    return render("recalls/index.html", found=found)


@bp.get("/<number>")
@public
def show(number: str) -> ResponseReturnValue:
    with reading() as work:
        recall, lines = recalls.public(work.session, number)
        rows = [(one, producer_name(packs.party(one.producer, work.today))) for one in lines]
    return render("recalls/show.html", recall=recall, rows=rows, office=house().settings.office_contact)
