"""The public side of licensing: the register, its brands and enterprises, the notice board, one notice."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.models.enterprises import EnterpriseKind
from brand.queries import notices as board
from brand.queries import public_brands, public_enterprises
from brand.queries import register as reads
from brand.rules.brand_flow import BrandState
from brand.rules.licence_terms import LicenceStatus
from brand.schemas.register import BoardIn, BrandsIn, EnterprisesIn, RegisterIn, for_listing

bp = Blueprint("register", __name__)


@bp.get("/register")
@public
def index() -> ResponseReturnValue:
    wanted = RegisterIn().take(_asked())
    with reading() as work:
        found = reads.listing(work.session, work.today, **for_listing(wanted))
        today = work.today
    statuses = [one for one in LicenceStatus if one is not LicenceStatus.NOT_YET]
    return render("register/index.html", found=found, wanted=wanted, statuses=statuses, today=today)


@bp.get("/register/brands")
@public
def brands() -> ResponseReturnValue:
    """Every brand in every state."""
    wanted = BrandsIn().take(_asked())
    with reading() as work:
        found = public_brands.listing(work.session, work.today, **for_listing(wanted))
        today = work.today
    return render("register/brands.html", found=found, wanted=wanted, states=list(BrandState), today=today)


@bp.get("/register/brands/<brand_id>")
@public
def brand(brand_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = public_brands.one(work.session, brand_id, work.today)
        return render("register/brand.html", found=found, today=work.today)


@bp.get("/register/enterprises")
@public
def enterprises() -> ResponseReturnValue:
    """Confirmed enterprises, with and without a licence."""
    wanted = EnterprisesIn().take(_asked())
    with reading() as work:
        found = public_enterprises.listing(work.session, work.today, **for_listing(wanted))
        today = work.today
    kinds, states = list(EnterpriseKind), public_enterprises.STATES
    return render("register/enterprises.html", found=found, wanted=wanted, kinds=kinds, states=states, today=today)


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
        found = board.board(work.session, work.today, **for_listing(wanted))
    return render("notices/index.html", found=found, wanted=wanted)


@bp.get("/notices/<number>")
@public
def notice(number: str) -> ResponseReturnValue:
    with reading() as work:
        one = board.notice(work.session, number, work.today)
        return render("notices/show.html", one=one, rule=board.rule(work.session, one.brand, one.notice.starts_on))


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
