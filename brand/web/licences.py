"""Licences for their holders and the office: the list, one with its allowance, and a page for each sanction."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.lists import as_csv
from brand.edge.pages import Form, back, day, named, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.queries import appeals
from brand.queries import licences as reads
from brand.schemas.applications import ReasonedStepIn
from brand.schemas.register import BoardIn
from brand.services import licences

bp = Blueprint("licences", __name__, url_prefix="/licences")


@bp.get("")
@needs("licences.read")
def index() -> ResponseReturnValue:
    wanted = BoardIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), work.today, number=wanted["page"], size=wanted["size"])
    return render("licences/index.html", found=found)


@bp.get("/list.csv")
@needs("licences.read")
def as_file() -> ResponseReturnValue:
    """The licences within reach as a file."""
    with reading() as work:
        return as_csv(
            "licences",
            ("Licensee", "Number", "Product", "State", "Valid from", "Valid until", "Labels"),
            lambda number, size: reads.listing(work.session, actor(), work.today, number=number, size=size),
            lambda one: (
                named(one.enterprise),
                one.licence.number,
                named(one.carried),
                say(f"licence.state.{one.status.value}"),
                day(one.licence.valid_from),
                day(one.licence.valid_until),
                one.labels,
            ),
        )


@bp.get("/<number>")
@needs("licences.read")
def show(number: str) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), number, work.today)
        steps = reads.steps_open_to(work.session, entry, actor(), work.today)
        appealed = appeals.of_licence(work.session, actor(), entry.licence, work.today)
        return render("licences/show.html", entry=entry, open_steps=steps, today=work.today, appealed=appealed)


@bp.route("/<number>/<action>", methods=["GET", "POST"])
@needs("licences.sanction")
def step(number: str, action: str) -> ResponseReturnValue:
    """Suspend, reinstate or revoke, with a reason and the office's words."""
    with reading() as work:
        entry = reads.find(work.session, actor(), number, work.today)
        open_steps = {one.step.action: one for one in reads.steps_open_to(work.session, entry, actor(), work.today)}
        reasons = reads.reasons_open_to(work.session, entry, actor(), action, work.today)
    form = Form(ReasonedStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            licences.step(work, entry.licence.id, action, **form.values())
            return back("licences.show", f"licence.done.{action}", number=number)
    found = open_steps.get(action)
    if found is None:
        raise form.error or unknown()
    page = render("licences/step.html", form=form, entry=entry, step=found.step, refusal=found.refusal, reasons=reasons)
    return page, form.status
