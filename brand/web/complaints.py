"""Complaints for the office: the queue by its last days, one with its history, and a page of its own for each step."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved
from brand.edge.languages import say
from brand.edge.lists import as_csv, take_several
from brand.edge.pages import Form, back, day, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import complaints as reads
from brand.rules.complaint_flow import HANDLERS, ComplaintState, Dismissal, Kind, MediationEnd, NotAccepted
from brand.rules.several import SeveralStep
from brand.schemas.accounts import EraseIn
from brand.schemas.complaints import ComplaintsIn, ComplaintStepIn
from brand.services import complaints, erasures

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

_REASONS: dict[str, Iterable[StrEnum]] = {"dismiss": Dismissal, "end_mediation": MediationEnd}
_FILTERS = ("kind", "state", "handler")


@bp.get("")
@needs("complaints.read")
def index() -> ResponseReturnValue:
    wanted = _wanted()
    with reading() as work:
        filters = {name: wanted[name] for name in _FILTERS}
        found = reads.listing(
            work.session, actor(), work.today, text=wanted["q"], number=wanted["page"], size=wanted["size"], **filters
        )
    return render(
        "complaints/index.html",
        found=found,
        wanted=wanted,
        kinds=list(Kind),
        states=list(ComplaintState),
        handlers=HANDLERS,
    )


@bp.get("/list.csv")
@needs("complaints.read")
def as_file() -> ResponseReturnValue:
    """What the list's address asks for, as a file; nothing of who sent them."""
    wanted = _wanted()
    asked = {"text": wanted["q"]} | {name: wanted[name] for name in _FILTERS}
    with reading() as work:
        return as_csv(
            "complaints",
            ("Number", "Kind", "What it is about", "State", "Last day", "With whom"),
            lambda number, size: reads.listing(work.session, actor(), work.today, number=number, size=size, **asked),
            lambda row: (
                row.complaint.number,
                say(f"complaint.kind.{row.complaint.kind}"),
                row.complaint.what,
                say(f"complaint.state.{row.complaint.state}"),
                row.due and day(row.due.end),
                say(row.handler),
            ),
        )


def _wanted() -> dict[str, Any]:
    return ComplaintsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})


@bp.post("/accept")
@needs("complaints.handle")
def accept_several() -> ResponseReturnValue:
    """Those ticked on the list, each by its own step."""
    return take_several(SeveralStep.ACCEPT, "complaints.index")


@bp.get("/<complaint_id>")
@needs("complaints.read")
def show(complaint_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.detail(work.session, actor(), complaint_id, work.today)
        return render("complaints/show.html", found=found, names=dict(found.handlers))


@bp.get("/<complaint_id>/pictures/<picture_id>")
@needs("complaints.read")
def picture(complaint_id: str, picture_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = reads.picture(work.session, actor(), complaint_id, picture_id)
    return saved(one.content, f"{one.digest[:12]}.{ENDINGS[one.media_type]}", one.media_type)


@bp.route("/<complaint_id>/erase", methods=["GET", "POST"])
@needs("complaints.contact")
def erase(complaint_id: str) -> ResponseReturnValue:
    """What of its sender is forgotten and what stays, said before it is done for ever."""
    form = Form(EraseIn())
    if form.posted:
        with form.catching(), writing() as work:
            erasures.erase_complainant(work, complaint_id, **form.values())
            return back("complaints.show", "The sender is forgotten.", complaint_id=complaint_id)
    with reading() as work:
        found = reads.detail(work.session, actor(), complaint_id, work.today)
        others = reads.of_same_contact(work.session, found.contact)
    return render("complaints/erase.html", form=form, found=found, others=others), form.status


@bp.route("/<complaint_id>/<action>", methods=["GET", "POST"])
@needs("complaints.handle")
def step(complaint_id: str, action: str) -> ResponseReturnValue:
    """One step: what it means, what has to be said with it, and the button."""
    form = Form(ComplaintStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            complaints.step(work, complaint_id, action, **form.values())
            return back("complaints.show", f"complaint.done.{action}", complaint_id=complaint_id)
    with reading() as work:
        found = reads.detail(work.session, actor(), complaint_id, work.today)
    open_step = next((one for one in found.open_steps if one.step.action == action), None)
    if open_step is None:
        raise form.error or unknown()
    reasons = list(_REASONS.get(action, NotAccepted))
    page = render("complaints/step.html", form=form, found=found, open=open_step, step=open_step.step, reasons=reasons)
    return page, form.status
