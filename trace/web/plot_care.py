"""Pages of treatments of plots: noted with their safe interval, struck by the office where one was wrong."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.queries import plot_care as reads
from trace.rules.places import BEARING, IN_USE
from trace.rules.plot_care import PlotCareKind
from trace.schemas.care import ListIn, StrikeIn
from trace.schemas.plot_care import PlotCareIn
from trace.services import plot_care

bp = Blueprint("plot_care", __name__)


@bp.get("/places/<place_id>/care")
@needs("herds.read")
def index(place_id: str) -> ResponseReturnValue:
    return _index(place_id, Form(StrikeIn()))


@bp.route("/places/<place_id>/care/new", methods=["GET", "POST"])
@needs("flows.record")
def record(place_id: str) -> ResponseReturnValue:
    """What was put on the plot, on a phone in under a minute."""
    with reading() as work:
        place = reads.place(work.session, actor(), place_id)
        actor().require("flows.record", place.enterprise_id)
        today = work.today.isoformat()
    form = Form(PlotCareIn(), kind=PlotCareKind.PESTICIDE.value, used_on=today, person=actor().name, unit="g")
    if form.posted:
        with form.catching(), writing() as work:
            plot_care.record(work, place_id, **form.values())
            return back("plot_care.index", "Noted. The safe interval is counted from the last day.", place_id=place_id)
    return render("plot_care/new.html", form=form, place=place, kinds=list(PlotCareKind)), form.status


@bp.post("/places/<place_id>/care/<treatment_id>/strike")
@needs("herds.oversee")
def strike(place_id: str, treatment_id: str) -> ResponseReturnValue:
    """The office strikes a record that was wrong."""
    form = Form(StrikeIn())
    with form.catching(), writing() as work:
        plot_care.strike(work, treatment_id, **form.values())
        return back("plot_care.index", "Struck; the reason stays beside it.", place_id=place_id)
    return _index(place_id, form)


def _index(place_id: str, form: Form) -> ResponseReturnValue:
    wanted = ListIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        place = reads.place(work.session, actor(), place_id)
        found = reads.listing(work.session, actor(), place_id, number=wanted["page"], size=wanted["size"])
        late = reads.late(work.session, found.rows)
        today = work.today
    grows = place.kind in BEARING and place.state in IN_USE
    page = render(
        "plot_care/index.html",
        form=form,
        place=place,
        found=found,
        late=late,
        today=today,
        may_record=grows and actor().may("flows.record", place.enterprise_id),
        may_strike=actor().may("herds.oversee"),
    )
    return page, form.status
