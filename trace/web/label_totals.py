"""The public page of a licence's labels; the register's own page links to it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import reading
from trace.queries import label_totals

bp = Blueprint("label_totals", __name__)


@bp.get("/register/<number>/labels")
@public
def show(number: str) -> ResponseReturnValue:
    """How many labels the licence has, and where they stand."""
    with reading() as work:
        found = label_totals.of_licence(work.session, number, work.today)
    return render("register/labels.html", found=found)
