"""The rulebook as pages: published editions for everybody, drafts and their way to publication for the office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, public, signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.queries import rulebooks as reads
from brand.queries import schemes
from brand.rules.rulebooks import CODES, written
from brand.schemas.rulebooks import NewRulebookIn, RulebookEditIn, RulebookStepIn, field_of
from brand.services import rulebooks

bp = Blueprint("rulebooks", __name__, url_prefix="/rulebooks")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    with reading() as work:
        found = reads.listing(work.session, actor(), work.today)
        held = schemes.schemes(work.session)
    return render("rulebooks/index.html", found=found, schemes=held)


@bp.post("")
@needs("rulebooks.write")
def begin() -> ResponseReturnValue:
    """A new edition that begins as a copy of the last."""
    with writing() as work:
        made = rulebooks.draft(
            work, NewRulebookIn().take({"scheme_id": Form(NewRulebookIn()).value("scheme_id")})["scheme_id"]
        )
        return back("rulebooks.edit", rulebook_id=made.id)


@bp.get("/<rulebook_id>")
@public
def show(rulebook_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = reads.edition(work.session, actor(), rulebook_id, work.today)
    return render("rulebooks/show.html", one=one, codes=CODES)


@bp.route("/<rulebook_id>/edit", methods=["GET", "POST"])
@needs("rulebooks.write")
def edit(rulebook_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = reads.edition(work.session, actor(), rulebook_id, work.today)
    held = one.rulebook
    form = Form(
        RulebookEditIn(),
        version=held.version,
        title=held.title,
        effective_on=held.effective_on.isoformat(),
        text=written(held.clauses),
        **dict[str, Any]((field_of(code), held.clause(code)) for code in CODES),
    )
    if form.posted:
        with form.catching(), writing() as work:
            rulebooks.edit(work, rulebook_id, **form.values())
            return back("rulebooks.show", "Saved.", rulebook_id=rulebook_id)
    elif not any(each.step.action == "edit" for each in one.open_steps):
        raise unknown()
    return render("rulebooks/edit.html", form=form, one=one, codes=CODES, field_of=field_of), form.status


@bp.route("/<rulebook_id>/<action>", methods=["GET", "POST"])
@signed_in
def step(rulebook_id: str, action: str) -> ResponseReturnValue:
    """Submit, return or publish: what it means, and the button."""
    form = Form(RulebookStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            rulebooks.step(work, rulebook_id, action, **form.values())
            return back("rulebooks.show", f"rulebook.done.{action}", rulebook_id=rulebook_id)
    with reading() as work:
        one = reads.edition(work.session, actor(), rulebook_id, work.today)
    found = next((each for each in one.open_steps if each.step.action == action and action != "edit"), None)
    if found is None:
        raise form.error or unknown()
    return render("rulebooks/step.html", form=form, one=one, step=found.step, refusal=found.refusal), form.status
