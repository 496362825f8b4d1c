"""The page of the hidden second code: whoever has scratched it free types it in, a few times a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, day, render
from brand.edge.policies import public
from brand.edge.protection import limiter
from brand.edge.requests import writing
from brand.kernel import clock
from brand.kernel.errors import AppError, Kind
from trace.crypto.readings import read_any
from trace.parts import parts
from trace.schemas.labels import SecondIn
from trace.services import second_codes
from trace.services.second_codes import Tried
from trace.web import pack_page

bp = Blueprint("second_codes", __name__)

_USED_UP = Tried(right=False, opened_before=None, left=0)


@bp.route("/second-code", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def try_out() -> ResponseReturnValue:
    """The form (``?code=``), what the try brought, and what to do where it did not simply fit."""
    form = Form(SecondIn(), code=request.args.get("code", ""))
    if not form.posted:
        return _show(form, None, False)
    tried, counted = None, True
    with form.catching():
        tried, counted = _tried(form.values())
    page, status = _show(form, tried, not counted)
    return page, status if counted else 429


def _tried(given: dict[str, Any]) -> tuple[Tried, bool]:
    """What the try brought, and whether it still was one: after the last of a day nothing is compared."""
    serial = read_any(given["code"], parts().hosts).serial
    try:
        with writing() as work:
            return second_codes.try_out(work, parts().second, serial, given["second"]), True
    except AppError as error:
        if error.kind is not Kind.TOO_MANY:
            raise
        return _USED_UP, False


def _show(form: Form, tried: Tried | None, refused: bool) -> tuple[str, int]:
    code = str(form.value("code"))
    over = tried is not None and not tried.right and not tried.left
    page = render(
        "scan/second.html",
        form=form,
        tried=tried,
        refused=refused,
        again=day(clock.local_day(clock.now()) + timedelta(days=1)) if over else "",
        pack=f"{url_for('scan.check')}?{urlencode({'code': code})}",
        complain=pack_page.complain(quote(code)),
    )
    return page, form.status
