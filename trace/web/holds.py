"""Pages of holds: the list, holding a batch or a day, one hold and letting it go."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.queries import holds as reads
from trace.queries import subjects
from trace.rules.holds import HoldReason, Scope, day_key
from trace.schemas.holds import DayHoldIn, HoldIn, HoldsIn, LiftIn
from trace.services import holds

bp = Blueprint("holds", __name__, url_prefix="/holds")


@bp.get("")
@needs("batches.read")
def index() -> ResponseReturnValue:
    wanted = HoldsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])
    return render("holds/index.html", found=found, state=wanted["state"])


@bp.route("/new", methods=["GET", "POST"])
@needs("holds.place")
def new() -> ResponseReturnValue:
    """With ``?scope=&key=`` that very thing is held; without, an enterprise's day."""
    scope, key = request.args.get("scope", ""), request.args.get("key", "")
    with reading() as work:
        subject = reads.subject(work.session, actor(), scope, key) if key else ""
        enterprises = [] if key else reads.enterprises(work.session, actor())
        devices = [] if key else subjects.devices(work.session, actor().reach("holds.place"))
        lots = [] if key else subjects.lots(work.session, actor().reach("holds.place"))
    form = Form(HoldIn(), scope=scope, key=key) if key else Form(DayHoldIn())
    if form.posted:
        with form.catching(), writing() as work:
            made = holds.place(work, **_asked(form.values()))
            return back("holds.show", "Held. Nothing of it can be packed, labelled, moved or sold.", number=made.number)
    page = render(
        "holds/new.html",
        form=form,
        scope=scope,
        key=key,
        subject=subject,
        enterprises=enterprises,
        devices=devices,
        lots=lots,
        reasons=list(HoldReason),
    )
    return page, form.status


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    """A day's two entries as the one key of the service."""
    if "day" not in given:
        return given
    key = day_key(given.pop("enterprise_id"), given.pop("day"))
    return given | {"scope": Scope.DAY.value, "key": key}


@bp.get("/<number>")
@needs("batches.read")
def show(number: str) -> ResponseReturnValue:
    return _show(number, Form(LiftIn()))


@bp.post("/<number>/lift")
@needs("holds.place")
def lift(number: str) -> ResponseReturnValue:
    form = Form(LiftIn())
    with form.catching(), writing() as work:
        holds.lift(work, number, **form.values())
        return back("holds.show", "Lifted. The goods may go on.", number=number)
    return _show(number, form)


def _show(number: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), number)
        concerned = reads.concerned(work.session, entry.hold)
        may_lift = entry.hold.lifted_at is None and reads.liftable(work.session, entry, actor())
    return render("holds/show.html", entry=entry, concerned=concerned, form=form, may_lift=may_lift), form.status
