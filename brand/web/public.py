"""Pages without a person: the start page, how this works, how to complain, and the service's pulse."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import reading

bp = Blueprint("public", __name__)


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    return render("public/about.html")


@bp.get("/complain")
@public
def complain() -> ResponseReturnValue:
    return render("public/complain.html")


@bp.get("/healthz")
@public
def pulse() -> ResponseReturnValue:
    """200 while the database answers."""
    with reading() as work:
        work.session.connection().exec_driver_sql("SELECT 1")
    return {"ok": True}, 200, {"Cache-Control": "no-store"}
