"""The catalogue from inside: an enterprise writes, pictures and lists its offerings; the office may take one off."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.uploads import ENDINGS
from brand.queries import enterprises
from brand.queries import offerings as reads
from brand.rules.offerings import MOST_PHOTOS, HoldReason
from brand.schemas.offerings import OfferingEditIn, OfferingHoldIn, OfferingIn, OfferingStepIn, OwnPageIn, PhotoIn
from brand.services import offerings

bp = Blueprint("offerings", __name__)


@bp.get("/offerings")
@needs("enterprises.read")
def index() -> ResponseReturnValue:
    """Everything within reach, in every state."""
    wanted = OwnPageIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), work.today, number=wanted["page"], size=wanted["size"])
        mine = reads.own_enterprises(work.session, actor())
    return render("offerings/index.html", found=found, mine=mine)


@bp.route("/enterprises/<enterprise_id>/offerings/new", methods=["GET", "POST"])
@needs("enterprises.edit")
def new(enterprise_id: str) -> ResponseReturnValue:
    with reading() as work:
        actor().require("enterprises.edit", enterprise_id)
        enterprise = enterprises.one(work.session, actor(), enterprise_id)
        choices = reads.choices(work.session)
        held = reads.certificates(work.session, enterprise_id, work.today)
    form = Form(OfferingIn(), lists=("certificates",))
    if form.posted:
        with form.catching(), writing() as work:
            made = offerings.write(work, enterprise_id, **form.values())
            return back("offerings.show", "Kept as a draft. Add pictures, then list it.", offering_id=made.id)
    page = render(
        "offerings/edit.html", form=form, enterprise=enterprise, offering=None, choices=choices, certificates=held
    )
    return page, form.status


@bp.route("/offerings/<offering_id>/edit", methods=["GET", "POST"])
@needs("enterprises.edit")
def edit(offering_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.find(work.session, actor(), offering_id, work.today).shown
        actor().require("enterprises.edit", found.enterprise.id)
        choices = reads.choices(work.session)
        held = reads.certificates(work.session, found.enterprise.id, work.today)
    form = Form(OfferingEditIn(), lists=("certificates",), **found.offering.model_dump())
    if form.posted:
        with form.catching(), writing() as work:
            offerings.edit(work, offering_id, **form.values())
            return back("offerings.show", "Saved.", offering_id=offering_id)
    page = render(
        "offerings/edit.html",
        form=form,
        enterprise=found.enterprise,
        offering=found.offering,
        choices=choices,
        certificates=held,
    )
    return page, form.status


@bp.get("/offerings/<offering_id>")
@needs("enterprises.read")
def show(offering_id: str) -> ResponseReturnValue:
    return _show(offering_id, Form(OfferingHoldIn()))


@bp.post("/offerings/<offering_id>/<any(list, withdraw, hold, release):action>")
@needs("enterprises.read")
def step(offering_id: str, action: str) -> ResponseReturnValue:
    form = Form(OfferingHoldIn() if action == "hold" else OfferingStepIn())
    with form.catching(), writing() as work:
        offerings.step(work, offering_id, action, **form.values())
        return back("offerings.show", f"offering.done.{action}", offering_id=offering_id)
    return _show(offering_id, form)


@bp.post("/offerings/<offering_id>/photos")
@needs("enterprises.edit")
def add_photo(offering_id: str) -> ResponseReturnValue:
    form = Form(PhotoIn())
    with form.catching():
        values, upload = form.values(), uploaded(pictures_only=True)
        with writing() as work:
            offerings.add_photo(work, offering_id, upload=upload, **values)
        return back("offerings.show", "The picture is kept.", offering_id=offering_id)
    return _show(offering_id, form)


@bp.post("/offerings/<offering_id>/photos/<photo_id>/remove")
@needs("enterprises.edit")
def remove_photo(offering_id: str, photo_id: str) -> ResponseReturnValue:
    form = Form(OfferingStepIn())
    with form.catching(), writing() as work:
        offerings.remove_photo(work, offering_id, photo_id, **form.values())
        return back("offerings.show", "The picture is taken away.", offering_id=offering_id)
    return _show(offering_id, form)


@bp.get("/offerings/<offering_id>/photos/<photo_id>")
@needs("enterprises.read")
def photo(offering_id: str, photo_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.photo(work.session, actor(), offering_id, photo_id, work.today)
        return saved(found.content, f"{found.id}.{ENDINGS[found.media_type]}", found.media_type)


def _show(offering_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.find(work.session, actor(), offering_id, work.today)
    steps = {one.step.action: one for one in reads.steps_open_to(found.shown, actor())}
    page = render(
        "offerings/show.html",
        one=found.shown,
        held=found.certificates,
        steps=steps,
        form=form,
        reasons=list(HoldReason),
        most_photos=MOST_PHOTOS,
        may_edit=actor().may("enterprises.edit", found.shown.enterprise.id),
    )
    return page, form.status
