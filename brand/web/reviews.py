"""Recommendation, desk review, site inspection and expert meeting as pages: one form each, score sheet and photos."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.files import uploaded_all
from brand.edge.pages import Form, back, render
from brand.edge.policies import signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.queries import applications as reads
from brand.queries import office_tables
from brand.rules.licence_flow import APPLICATION
from brand.rules.reviews import ACTIONS, MOST_FILES, Opinion
from brand.schemas.reviews import RECORD_PAGES
from brand.services import reviews

bp = Blueprint("reviews", __name__, url_prefix="/applications/<application_id>/records")


@bp.route("/<action>", methods=["GET", "POST"])
@signed_in
def record(application_id: str, action: str) -> ResponseReturnValue:
    kind = ACTIONS.get(action)
    if kind is None:
        raise unknown()
    actor().require(next(one.permission for one in APPLICATION.steps if one.action == action))
    with reading() as work:
        found = reads.detail(work.session, actor(), application_id, work.today)
        sheet = office_tables.sheet(work.session, found.brand.scheme_id, kind)
        today = work.today
    form = Form(RECORD_PAGES[kind](), held_on=today.isoformat())
    if form.posted:
        with form.catching():
            values, files = form.values(), uploaded_all("files", most=MOST_FILES)
            with writing() as work:
                reviews.record(work, application_id, action, uploads=files, **values)
            return back("applications.show", f"application.done.{action}", application_id=application_id)
    open_step = next((one for one in found.open_steps if one.step.action == action), None)
    if open_step is None:
        raise form.error or unknown()
    ask = next(one for one in found.asks if one.kind == kind)
    page = render(
        "applications/record.html",
        form=form,
        found=found,
        kind=kind,
        ask=ask,
        action=action,
        refusal=open_step.refusal,
        sheet=sheet,
        opinions=list(Opinion),
        most_files=MOST_FILES,
    )
    return page, form.status
