"""Pages of findings from markets: the queue, one with its photos, taking it up as an inspection or setting it aside."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.uploads import ENDINGS
from trace.queries import field_findings as reads
from trace.rules.field_findings import COMPARED, FindingState
from trace.schemas.field_findings import FieldFindingsIn, FieldFindingStepIn
from trace.services import field_findings

bp = Blueprint("field_findings", __name__, url_prefix="/field-findings")


@bp.get("")
@needs("licences.inspect")
def index() -> ResponseReturnValue:
    wanted = FieldFindingsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])
    return render("field_findings/index.html", found=found, state=wanted["state"], states=[*FindingState, "all"])


@bp.get("/<number>")
@needs("licences.inspect")
def show(number: str) -> ResponseReturnValue:
    return _show(number, Form(FieldFindingStepIn()))


@bp.post("/<number>/<any(take_up, report, set_aside):action>")
@needs("licences.inspect")
def step(number: str, action: str) -> ResponseReturnValue:
    form = Form(FieldFindingStepIn())
    with form.catching(), writing() as work:
        field_findings.step(work, number, action, **form.values())
        return back("field_findings.show", f"field_findings.done.{action}", number=number)
    return _show(number, form)


@bp.get("/<number>/photos/<int:position>")
@needs("licences.inspect")
def photo(number: str, position: int) -> ResponseReturnValue:
    with reading() as work:
        found = reads.photo(work.session, actor(), number, position)
        content = found.content
    return saved(content, f"{number}-{position}.{ENDINGS[found.media_type]}", found.media_type)


def _show(number: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        detail = reads.find(work.session, actor(), number)
    return render("field_findings/show.html", detail=detail, form=form, order=COMPARED), form.status
