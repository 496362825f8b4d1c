"""Pages of endorsements (list, draft, the second person's yes, what the public reads) and of designation marks."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, public
from brand.edge.requests import actor, batch_register, reading, statement_signer, writing
from brand.queries import endorsements as reads
from brand.queries import enterprises, schemes
from brand.rules.designations import marks_for
from brand.rules.endorsements import Revocation, Subject
from brand.schemas.endorsements import (
    STATES,
    DesignationIn,
    DropDraftIn,
    EndDesignationIn,
    EndorsementIn,
    EndorsementListIn,
    IssueIn,
    RevokeIn,
)
from brand.services import endorsements

bp = Blueprint("endorsements", __name__)


@bp.get("/endorsements")
@needs("endorsements.read")
def index() -> ResponseReturnValue:
    wanted = EndorsementListIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, work.today, state=wanted["state"], number=wanted["page"])
    return render("endorsements/index.html", found=found, wanted=wanted, states=STATES)


@bp.route("/endorsements/new", methods=["GET", "POST"])
@needs("endorsements.write")
def new() -> ResponseReturnValue:
    """Write a draft."""
    form = Form(EndorsementIn())
    if form.posted:
        with form.catching(), writing() as work:
            made = endorsements.write(work, knows=batch_register(), **form.values())
            return back("endorsements.show", "Written: a second person issues it.", number=made.number)
    with reading() as work:
        parties = enterprises.names(work.session)
        products = [product for _, _, product in schemes.licensable(work.session)]
    page = render("endorsements/new.html", form=form, parties=parties, products=products, kinds=list(Subject))
    return page, form.status


@bp.get("/endorsements/<number>")
@public
def show(number: str) -> ResponseReturnValue:
    """What anybody may read of an endorsement that was issued."""
    with reading() as work:
        found = reads.find(work.session, actor(), number, work.today)
        today = work.today
    inside = actor().may("endorsements.read")
    if not inside:
        return render("endorsements/public.html", found=found, one=found.endorsement, today=today)
    return _show(number, Form(RevokeIn()))


@bp.post("/endorsements/<number>/<any(issue, drop, revoke):action>")
@needs("endorsements.read")
def step(number: str, action: str) -> ResponseReturnValue:
    form = Form({"issue": IssueIn, "drop": DropDraftIn, "revoke": RevokeIn}[action]())
    with form.catching(), writing() as work:
        endorsements.step(work, number, action, **form.values(), signer=statement_signer())
        return back("endorsements.show", "Saved.", number=number)
    return _show(number, form)


def _show(number: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.find(work.session, actor(), number, work.today)
    page = render(
        "endorsements/show.html",
        form=form,
        found=found,
        one=found.endorsement,
        reasons=list(Revocation),
        may_write=actor().may("endorsements.write"),
        may_issue=actor().may("endorsements.issue"),
        own=found.endorsement.written_by == actor().person_id,
    )
    return page, form.status


@bp.route("/enterprises/<enterprise_id>/designations", methods=["GET", "POST"])
@needs("enterprises.read")
def designations(enterprise_id: str) -> ResponseReturnValue:
    """The designation marks of an enterprise, and the office's form for one more."""
    form = Form(DesignationIn())
    if form.posted:
        with form.catching(), writing() as work:
            endorsements.designate(work, enterprise_id, **form.values())
            return back("endorsements.designations", "Saved.", enterprise_id=enterprise_id)
    return _designations(enterprise_id, form)


@bp.post("/enterprises/<enterprise_id>/designations/<designation_id>/end")
@needs("designations.manage")
def end_designation(enterprise_id: str, designation_id: str) -> ResponseReturnValue:
    form = Form(EndDesignationIn())
    with form.catching(), writing() as work:
        endorsements.end_designation(work, designation_id, enterprise_id=enterprise_id, **form.values())
        return back("endorsements.designations", "The mark is taken back.", enterprise_id=enterprise_id)
    return _designations(enterprise_id, form)


def _designations(enterprise_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        one = enterprises.one(work.session, actor(), enterprise_id)
        held = reads.recognitions(work.session, enterprise_id, work.today)
    page = render(
        "endorsements/designations.html",
        form=form,
        one=one,
        held=held,
        marks=marks_for(one.county_code),
        may_manage=actor().may("designations.manage"),
    )
    return page, form.status
