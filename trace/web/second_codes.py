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
from brand.edge.requests import house, writing
from brand.kernel import clock
from brand.kernel.errors import AppError, Kind
from trace.crypto.readings import read_any
from trace.parts import parts
from trace.rules.verdicts import Colour
from trace.schemas.labels import SecondIn
from trace.services import second_codes
from trace.services.second_codes import Tried
from trace.web import pack_page

bp = Blueprint("second_codes", __name__)


@bp.route("/second-code", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def try_out() -> ResponseReturnValue:
    """The form (``?code=``), what the try brought, and what to do where it did not simply fit."""
    form = Form(SecondIn(), code=request.args.get("code", ""))
    if not form.posted:
        return _show(form, None, False)
    tried, refused = None, False
    with form.catching():
        tried = _tried(form.values())
        refused = tried is None
    page, status = _show(form, tried, refused)
    return page, 429 if refused else status


def _tried(given: dict[str, Any]) -> Tried | None:
    """What the try brought, or None where it was none any more: after the last of a day nothing is compared."""
    reading = read_any(given["code"], parts().hosts)
    try:
        with writing() as work:
            return second_codes.try_out(work, parts().second, house().settings.origin, reading, given["second"])
    except AppError as error:
        if error.kind is not Kind.TOO_MANY:
            raise
        return None


def _show(form: Form, tried: Tried | None, refused: bool) -> tuple[str, int]:
    code = str(form.value("code"))
    over = refused or (tried is not None and not tried.right and not tried.left)
    reasons = tried.verdict.reasons if tried is not None else ()
    page = render(
        "scan/second.html",
        form=form,
        tried=tried,
        refused=refused,
        beside=[pack_page.sentence(one, "") for one in reasons if one.weight is Colour.AMBER],
        again=day(clock.local_day(clock.now()) + timedelta(days=1)) if over else "",
        pack=f"{url_for('scan.check')}?{urlencode({'code': code})}",
        complain=pack_page.complain(quote(code)),
    )
    return page, form.status
