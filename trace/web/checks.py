"""Pages of samples under seal and of looks at goods by a checklist, with photos and the findings that stand."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_all
from brand.edge.languages import explain
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from trace.queries import checks as reads
from trace.rules.checklists import Answer, checklists
from trace.rules.samples import SampleUnit
from trace.schemas.checks import CHECKS_IN, GoodsChecksIn, SampleIn
from trace.services import checks, samples
from trace.services.lab_reports import of_batch

bp = Blueprint("checks", __name__)


@bp.get("/checks")
@needs("quality.read")
def index() -> ResponseReturnValue:
    """Looks within reach, the latest first."""
    wanted = GoodsChecksIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])
    return render("checks/index.html", found=found)


@bp.route("/batches/<batch_id>/samples/new", methods=["GET", "POST"])
@needs("quality.read")
def sample(batch_id: str) -> ResponseReturnValue:
    """A sample under seal."""
    with reading() as work:
        one, official = of_batch(work, batch_id)
    form = Form(SampleIn(), unit=SampleUnit.KG)
    if form.posted:
        with form.catching(), writing() as work:
            samples.take(work, batch_id, **form.values())
            return back("quality.batch", "The sample is kept under its seal.", batch_id=batch_id)
    return render("checks/sample.html", form=form, one=one, official=official, units=list(SampleUnit)), form.status


@bp.route("/batches/<batch_id>/checks/new/<checklist>", methods=["GET", "POST"])
@needs("quality.read")
def new(batch_id: str, checklist: str) -> ResponseReturnValue:
    """A look by a list; every question is answered, and a no explained."""
    asked = checklists().get(checklist)
    if asked is None:
        raise unknown()
    with reading() as work:
        one, official = of_batch(work, batch_id)
        today = work.today.isoformat()
    form = Form(CHECKS_IN[checklist](), checked_on=today)
    if form.posted:
        with form.catching():
            given = form.values()
            photos = uploaded_all("files", most=checks.MOST_FILES)
            with writing() as work:
                made = checks.record(work, batch_id, checklist=checklist, uploads=photos, **given)
            return back("checks.show", "Kept and signed; it can no longer be changed.", goods_check_id=made.id)
    page = render(
        "checks/new.html",
        form=form,
        one=one,
        official=official,
        asked=asked,
        answers=list(Answer),
        most=checks.MOST_FILES,
        faults=_faults(form),
    )
    return page, form.status


def _faults(form: Form) -> list[tuple[str, str]]:
    """Each fault at its field, questions included."""
    listed = [(one.pointer.lstrip("/"), explain(one)) for one in (form.error.faults if form.error else ())]
    return listed or form.faults


@bp.get("/checks/<goods_check_id>")
@needs("quality.read")
def show(goods_check_id: str) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), goods_check_id)
    may_look = actor().may("quality.inspect") or actor().may("events.record", entry.batch.holder_id)
    return render("checks/show.html", entry=entry, check=entry.check, may_look=may_look)


@bp.get("/checks/<goods_check_id>/files/<file_id>")
@needs("quality.read")
def file(goods_check_id: str, file_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = reads.file(work.session, actor(), goods_check_id, file_id)
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)
