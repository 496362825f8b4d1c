"""Pages of stop switches: what is stopped, stopping at once, and another person's word to let labels run again."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.queries import label_stops as reads
from trace.rules.label_stops import StopReason, StopScope
from trace.schemas.labels import LabelLiftIn, LabelStopIn
from trace.services import label_stops

bp = Blueprint("label_stops", __name__, url_prefix="/labels/stops")


@bp.get("")
@needs("labels.read")
def index() -> ResponseReturnValue:
    """What is stopped within reach; ``?scope=`` and ``?name=`` fill the form in."""
    return _index(Form(LabelStopIn(), scope=request.args.get("scope", ""), name=request.args.get("name", "")))


@bp.post("")
@needs("labels.void")
def place() -> ResponseReturnValue:
    form = Form(LabelStopIn())
    with form.catching(), writing() as work:
        label_stops.place(work, **form.values())
        return back("label_stops.index", "Stopped. It counts from the next scan on.")
    return _index(form)


@bp.post("/<stop_id>/lift")
@needs("licences.sanction")
def lift(stop_id: str) -> ResponseReturnValue:
    form = Form(LabelLiftIn())
    with form.catching(), writing() as work:
        label_stops.lift(work, stop_id, **form.values())
        return back("label_stops.index", "They run again.")
    return _index(Form(LabelStopIn()), form)


def _index(form: Form, lift_form: Form | None = None) -> ResponseReturnValue:
    with reading() as work:
        found = reads.listing(work.session, actor())
    refused = next((one for one in (form, lift_form) if one is not None and one.error), None)
    page = render(
        "labels/stops.html",
        found=found,
        form=form,
        lift_form=lift_form or Form(LabelLiftIn()),
        scopes=list(StopScope),
        reasons=list(StopReason),
        refused=refused,
    )
    return page, refused.status if refused else 200
