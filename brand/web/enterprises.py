"""Pages of enterprises: joining, the list, one of them with its decision, and the editing of its entries."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.lists import as_csv, take_several
from brand.edge.pages import Form, back, day, named, render
from brand.edge.policies import needs, public
from brand.edge.protection import limiter
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseState
from brand.queries import audit, merges, schemes
from brand.queries import enterprises as reads
from brand.rules import places
from brand.rules.enterprise_flow import RefusalReason, SuspensionReason
from brand.rules.several import SeveralStep
from brand.schemas.enterprises import (
    ELSEWHERE,
    ContactPage,
    EditPage,
    JoinPage,
    ListIn,
    RefuseIn,
    ResumeIn,
    StepIn,
    SuspendIn,
)
from brand.services import enterprises

bp = Blueprint("enterprises", __name__)

_FILTERS = ("q", "kind", "state")


@bp.route("/join", methods=["GET", "POST"])
@limiter.shared_limit("10/hour", scope="join", methods=["POST"])
@public
def join() -> ResponseReturnValue:
    """An enterprise joins by itself."""
    form = Form(JoinPage())
    if form.posted:
        with form.catching(), writing() as work:
            enterprises.join(work, **form.values())
            return back("enterprises.joined")
    with reading() as work:
        place = _places(work, None)
    return render("enterprises/join.html", form=form, kinds=list(EnterpriseKind), **place), form.status


@bp.get("/join/done")
@public
def joined() -> ResponseReturnValue:
    """What happens next."""
    return render("enterprises/joined.html")


@bp.get("/enterprises")
@needs("enterprises.read")
def index() -> ResponseReturnValue:
    wanted = _wanted()
    with reading() as work:
        filters = {name: wanted[name] for name in _FILTERS}
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"], **filters)
    return render(
        "enterprises/index.html",
        found=found,
        wanted={name: text for name, text in filters.items() if text},
        kinds=list(EnterpriseKind),
        states=list(EnterpriseState),
        may_confirm=actor().may("enterprises.confirm"),
    )


@bp.get("/enterprises/list.csv")
@needs("enterprises.read")
def as_file() -> ResponseReturnValue:
    """What the list's address asks for, as a file."""
    filters = {name: text for name, text in _wanted().items() if name in _FILTERS}
    with reading() as work:
        return as_csv(
            "enterprises",
            ("Name", "Kind", "Credit code", "State", "Joined"),
            lambda number, size: reads.listing(work.session, actor(), number=number, size=size, **filters),
            lambda one: (
                named(one),
                say(f"enterprise.kind.{one.kind}"),
                one.credit_code,
                say(f"enterprise.state.{one.state}"),
                day(one.joined_at),
            ),
        )


def _wanted() -> dict[str, Any]:
    return ListIn().take({name: text for name, text in request.args.items() if text and name != "lang"})


@bp.post("/enterprises/confirm")
@needs("enterprises.confirm")
def confirm_several() -> ResponseReturnValue:
    """Those ticked on the list, each by its own step."""
    return take_several(SeveralStep.CONFIRM, "enterprises.index")


@bp.get("/enterprises/<enterprise_id>")
@needs("enterprises.read")
def show(enterprise_id: str) -> ResponseReturnValue:
    with reading() as work:
        now_at = merges.resolve(work.session, reads.one(work.session, actor(), enterprise_id).id)
    if now_at != enterprise_id:
        return redirect(url_for("enterprises.show", enterprise_id=now_at), code=301)
    return _show(enterprise_id, Form(RefuseIn()))


@bp.post("/enterprises/<enterprise_id>/confirm")
@needs("enterprises.confirm")
def confirm(enterprise_id: str) -> ResponseReturnValue:
    return _step(enterprise_id, "confirm", Form(StepIn()), "The enterprise is confirmed.")


@bp.post("/enterprises/<enterprise_id>/refuse")
@needs("enterprises.confirm")
def refuse(enterprise_id: str) -> ResponseReturnValue:
    return _step(enterprise_id, "refuse", Form(RefuseIn()), "The enterprise is refused; it reads the reason.")


@bp.post("/enterprises/<enterprise_id>/resubmit")
@needs("enterprises.edit")
def resubmit(enterprise_id: str) -> ResponseReturnValue:
    return _step(enterprise_id, "resubmit", Form(StepIn()), "Sent again: the office looks at it.")


@bp.post("/enterprises/<enterprise_id>/suspend")
@needs("enterprises.suspend")
def suspend(enterprise_id: str) -> ResponseReturnValue:
    return _step(
        enterprise_id, "suspend", Form(SuspendIn()), "The enterprise is suspended; its licences stop counting."
    )


@bp.post("/enterprises/<enterprise_id>/resume")
@needs("enterprises.suspend")
def resume(enterprise_id: str) -> ResponseReturnValue:
    return _step(enterprise_id, "resume", Form(ResumeIn()), "The suspension has ended; its licences count again.")


def _step(enterprise_id: str, action: str, form: Form, message: str) -> ResponseReturnValue:
    with form.catching(), writing() as work:
        enterprises.step(work, enterprise_id, action, **form.values())
        return back("enterprises.show", message, enterprise_id=enterprise_id)
    return _show(enterprise_id, form)


def _show(enterprise_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.view(work.session, actor(), enterprise_id, work.today)
        history = audit.trail(work.session, object_id=(enterprise_id, *(one.id for one in found.duplicates)))
    own = actor().may("enterprises.edit", enterprise_id)
    page = render(
        "enterprises/show.html",
        found=found,
        one=found.enterprise,
        history=[(entry, json.loads(entry.detail)) for entry in history.rows],
        form=form,
        reasons=list(RefusalReason),
        suspension_reasons=list(SuspensionReason),
        may_suspend=actor().may("enterprises.suspend"),
        may_confirm=actor().may("enterprises.confirm"),
        may_edit=own,
        may_manage=actor().may("members.manage", enterprise_id),
        may_record=actor().may("consents.record"),
    )
    return page, form.status


@bp.route("/enterprises/<enterprise_id>/edit", methods=["GET", "POST"])
@needs("enterprises.edit")
def edit(enterprise_id: str) -> ResponseReturnValue:
    """Its own people mend the entries; once confirmed, only how to reach it."""
    with reading() as work:
        actor().require("enterprises.edit", enterprise_id)
        one = reads.one(work.session, actor(), enterprise_id)
        place = _places(work, one)
    confirmed = one.state not in (EnterpriseState.PENDING, EnterpriseState.REFUSED)
    form = Form(ContactPage() if confirmed else EditPage(), **_initial(one, place))
    if form.posted:
        with form.catching(), writing() as work:
            enterprises.edit(work, enterprise_id, **form.values())
            return back("enterprises.show", "Saved.", enterprise_id=enterprise_id)
    page = render("enterprises/edit.html", form=form, one=one, confirmed=confirmed, kinds=list(EnterpriseKind), **place)
    return page, form.status


def _initial(one: Enterprise, place: dict[str, Any]) -> dict[str, Any]:
    """The entries as they stand, in the form of the page: a township of the home county, or «elsewhere»."""
    at_home = one.township_code in {town.code for town in place["towns"]}
    return one.model_dump() | {"township_code": one.township_code if at_home else ELSEWHERE}


def _places(work: Work, one: Enterprise | None) -> dict[str, Any]:
    """The townships to choose from: those of the enterprise's own county, else of the first scheme's."""
    held = schemes.schemes(work.session)
    codes = [one.county_code] if one and places.townships(one.county_code) else [each.county_code for each in held]
    home = places.county(codes[0], work.today) if codes else None
    return {"home": home, "towns": places.townships(home.code) if home else (), "elsewhere": ELSEWHERE}
