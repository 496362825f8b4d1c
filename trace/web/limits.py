"""Pages of the register of limits: what is in force by kind of product, one entered, and the second person's word."""

from __future__ import annotations

import re

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.queries import limits as reads
from trace.rules.limits import CONFIDENCES, kinds
from trace.schemas.limits import LimitPageIn, LimitsIn, LimitStepIn
from trace.services import limits

bp = Blueprint("limits", __name__, url_prefix="/limits")
_COMMAS = re.compile(r"[,，、;；]")


@bp.get("")
@needs("quality.read")
def index() -> ResponseReturnValue:
    wanted = LimitsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    return _index(wanted["kind"], Form(LimitStepIn()))


@bp.route("/new", methods=["GET", "POST"])
@needs("standards.write")
def new() -> ResponseReturnValue:
    """A limit with its source; another person decides."""
    with reading() as work:
        today = work.today.isoformat()
    form = Form(LimitPageIn(), valid_from=today, kind=request.args.get("kind", ""))
    if form.posted:
        with form.catching():
            given = form.values()
            names = [one.strip() for one in _COMMAS.split(given["aliases"]) if one.strip()]
            with writing() as work:
                made = limits.propose(work, **given | {"aliases": names})
            return back("limits.index", "Entered. It counts once another person approves it.", kind=made.kind)
    return render("limits/new.html", form=form, kinds=kinds(), confidences=CONFIDENCES), form.status


@bp.post("/<test_limit_id>/<any(approve, refuse, withdraw):action>")
@needs("standards.read")
def step(test_limit_id: str, action: str) -> ResponseReturnValue:
    """The second person's word, or taking it back."""
    form = Form(LimitStepIn())
    with form.catching(), writing() as work:
        done = limits.step(work, test_limit_id, action, **form.values())
        return back("limits.index", "Noted.", kind=done.kind)
    return _index(kinds()[0], form)


def _index(kind: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        rows = reads.listing(work.session, kind, work.today)
        waiting = [(one, reads.open_steps_of(one, actor())) for one in reads.waiting(work.session)]
    return render("limits/index.html", form=form, kind=kind, kinds=kinds(), rows=rows, waiting=waiting), form.status
