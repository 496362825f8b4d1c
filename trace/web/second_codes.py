"""The page of the hidden second code: whoever has scratched it free types it in, a few times a day."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, render
from brand.edge.policies import public
from brand.edge.protection import limiter
from brand.edge.requests import writing
from trace.crypto.readings import read_any
from trace.parts import parts
from trace.schemas.labels import SecondIn
from trace.services import second_codes
from trace.services.second_codes import Tried

bp = Blueprint("second_codes", __name__)


@bp.route("/second-code", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def try_out() -> ResponseReturnValue:
    """The form (``?code=``), and what the try brought."""
    form = Form(SecondIn(), code=request.args.get("code", ""))
    tried: Tried | None = None
    if form.posted:
        with form.catching():
            given = form.values()
            serial = read_any(given["code"], parts().hosts).serial
            with writing() as work:
                tried = second_codes.try_out(work, parts().second, serial, given["second"])
    return render("scan/second.html", form=form, tried=tried), form.status
