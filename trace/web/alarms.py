"""The page of alarms: what must not pass unseen, and what was found out about it."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import reading, writing
from trace.queries import alarms as reads
from trace.schemas.care import AlarmAnswerIn, ListIn
from trace.services import alarms

bp = Blueprint("alarms", __name__)


@bp.get("/alarms")
@needs("alarms.answer")
def index() -> ResponseReturnValue:
    return _index(Form(AlarmAnswerIn()))


@bp.post("/alarms/<alarm_id>/answer")
@needs("alarms.answer")
def answer(alarm_id: str) -> ResponseReturnValue:
    form = Form(AlarmAnswerIn())
    with form.catching():
        words = form.values()["answer"]
        with writing() as work:
            alarms.answer(work, alarm_id, words)
        return back("alarms.index", "The answer stands beside the alarm.")
    return _index(form)


def _index(form: Form) -> ResponseReturnValue:
    wanted = ListIn().take({name: text for name, text in request.args.items() if name in ("page", "size")})
    with reading() as work:
        found = reads.listing(work.session, number=wanted["page"], size=wanted["size"])
    return render("herds/alarms.html", found=found, form=form), form.status
