"""Pages of capacities: declared by an enterprise for itself or one of its places, verified and raised by the office."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.queries import audit, enterprises, offerings
from trace.queries import capacities as reads
from trace.queries import places
from trace.rules.capacities import UNITS, Basis, RefusalReason
from trace.rules.places import BEARING
from trace.schemas.capacities import CapacityIn, CapacityRefuseIn, CapacityStepIn, VerifyIn
from trace.services import capacities

bp = Blueprint("capacities", __name__)
_STEP_SHAPES = {"verify": VerifyIn, "refuse": CapacityRefuseIn}


@bp.get("/enterprises/<enterprise_id>/capacities")
@needs("enterprises.read")
def index(enterprise_id: str) -> ResponseReturnValue:
    """Every capacity of one enterprise and its places."""
    with reading() as work:
        one = enterprises.one(work.session, actor(), enterprise_id)
        found = reads.of(work.session, actor(), enterprise_id)
    may_edit = actor().may("enterprises.edit", enterprise_id)
    return render("capacities/index.html", one=one, found=found, may_edit=may_edit)


@bp.route("/enterprises/<enterprise_id>/capacities/new", methods=["GET", "POST"])
@needs("enterprises.edit")
def new(enterprise_id: str) -> ResponseReturnValue:
    with reading() as work:
        actor().require("enterprises.edit", enterprise_id)
        one = enterprises.one(work.session, actor(), enterprise_id)
        choices = offerings.choices(work.session)
        land = places.usable(work.session, [enterprise_id], BEARING)
    form = Form(CapacityIn())
    if form.posted:
        with form.catching(), writing() as work:
            made = capacities.declare(work, enterprise_id, **form.values())
            return back("capacities.show", "Declared; the office verifies it.", capacity_id=made.id)
    page = render(
        "capacities/new.html",
        form=form,
        one=one,
        choices=choices,
        land=land,
        units=UNITS,
        bases=list(Basis),
    )
    return page, form.status


@bp.get("/capacities/<capacity_id>")
@needs("enterprises.read")
def show(capacity_id: str) -> ResponseReturnValue:
    return _show(capacity_id, Form(VerifyIn()))


@bp.post("/capacities/<capacity_id>/<any(verify, agree, drop, refuse, withdraw):action>")
@needs("enterprises.read")
def step(capacity_id: str, action: str) -> ResponseReturnValue:
    form = Form(_STEP_SHAPES.get(action, CapacityStepIn)())
    with form.catching(), writing() as work:
        made = capacities.step(work, capacity_id, action, **form.values())
        waits = action == "verify" and made.wanted is not None
        return back("capacities.show", f"capacity.done.{'raise' if waits else action}", capacity_id=capacity_id)
    return _show(capacity_id, form)


def _show(capacity_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        whole = reads.find(work.session, actor(), capacity_id)
        history = audit.trail(work.session, object_id=capacity_id).rows
    one = whole.season.capacity
    page = render(
        "capacities/show.html",
        form=form,
        whole=whole,
        season=whole.season,
        one=one,
        steps=reads.steps_open_to(one, actor()),
        history=history,
        reasons=list(RefusalReason),
    )
    return page, form.status
