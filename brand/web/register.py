"""The public side of licensing: the register, one licence in it, the notice board, one notice."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.queries import notices as board
from brand.queries import register as reads
from brand.rules.licence_terms import LicenceStatus
from brand.schemas.register import BoardIn, RegisterIn

bp = Blueprint("register", __name__)


@bp.get("/register")
@public
def index() -> ResponseReturnValue:
    wanted = RegisterIn().take(_asked())
    with reading() as work:
        found = reads.listing(
            work.session,
            work.today,
            text=wanted["q"],
            status=wanted["status"],
            number=wanted["page"],
            size=wanted["size"],
        )
        today = work.today
    statuses = [one for one in LicenceStatus if one is not LicenceStatus.NOT_YET]
    return render("register/index.html", found=found, wanted=wanted, statuses=statuses, today=today)


@bp.get("/register/<number>")
@public
def show(number: str) -> ResponseReturnValue:
    with reading() as work:
        return render("register/show.html", entry=reads.entry(work.session, number, work.today), today=work.today)


@bp.get("/notices")
@public
def notices() -> ResponseReturnValue:
    wanted = BoardIn().take(_asked())
    with reading() as work:
        found = board.board(work.session, work.today, number=wanted["page"], size=wanted["size"])
    return render("notices/index.html", found=found)


@bp.get("/notices/<number>")
@public
def notice(number: str) -> ResponseReturnValue:
    with reading() as work:
        one = board.notice(work.session, number, work.today)
        return render("notices/show.html", one=one, rule=board.rule(work.session, one.brand, one.notice.starts_on))


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
