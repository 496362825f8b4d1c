"""The log of guidance, norms and services of one enterprise as a page, with the form for the office."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.queries import guidance as reads
from brand.rules.guidance import GuidanceKind
from brand.schemas.guidance import GuidanceIn, GuidancesIn
from brand.services import guidance

bp = Blueprint("guidance", __name__, url_prefix="/enterprises/<enterprise_id>/guidance")


@bp.get("")
@needs("enterprises.read")
def index(enterprise_id: str) -> ResponseReturnValue:
    return _page(enterprise_id, Form(GuidanceIn(), kind=GuidanceKind.GUIDANCE))


@bp.post("")
@needs("guidance.write")
def record(enterprise_id: str) -> ResponseReturnValue:
    form = Form(GuidanceIn())
    with form.catching(), writing() as work:
        guidance.record(work, enterprise_id, **form.values())
        return back("guidance.index", "The entry is kept.", enterprise_id=enterprise_id)
    return _page(enterprise_id, form)


def _page(enterprise_id: str, form: Form) -> ResponseReturnValue:
    wanted = GuidancesIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        enterprise = reads.enterprise(work.session, actor(), enterprise_id)
        found = reads.log(work.session, actor(), enterprise_id, number=wanted["page"], size=wanted["size"])
        brands = reads.brands(work.session)
        today = work.today
    page = render(
        "guidance/index.html",
        form=form,
        enterprise=enterprise,
        found=found,
        brands=brands,
        kinds=list(GuidanceKind),
        today=today,
    )
    return page, form.status
