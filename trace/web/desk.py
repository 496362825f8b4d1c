"""The start page of a signed-in person: what waits for them."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import signed_in

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@signed_in
def show() -> ResponseReturnValue:
    return render("desk.html")
