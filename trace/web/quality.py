"""Pages of tests: the list, those of one batch, a report typed in, its papers, confirmation, release, retest."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded
from brand.edge.languages import explain
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from brand.kernel.work import Work
from brand.schemas.shape import Shape
from trace.queries import batches, checks, free_tests, quality, quality_lists
from trace.queries import events as event_reads
from trace.rules.checklists import checklists
from trace.rules.events import EventKind
from trace.rules.lab_reports import TestKind, retest_terms
from trace.schemas.quality import (
    STATES,
    ReliefIn,
    ReportPageIn,
    ReportsIn,
    ReportStepIn,
    RetestAskIn,
    RetestResultIn,
    RetestSampleIn,
    typed_rows,
)
from trace.services import lab_reports, report_steps, retests

#: What is said of a report that was taken in: it passed, or its goods stand still now.
_KEPT = (
    "Kept as declared. The verdict was computed.",
    "Kept as declared. It did not pass, so the batch is held: ask for a retest or deal with the goods.",
)

#: The same of one that was to be the retest of another: it cannot be, or it can.
_RETESTED = (
    "Kept, but it cannot be the retest: that comes from another laboratory and is no older than the first report.",
    "Kept. Now say that this is the retest.",
)

bp = Blueprint("quality", __name__)
#: So many rows a form shows; longer reports come as a sheet.
ROWS = 8
_STEPS = "confirm, contest, uphold, reject, withdraw"
_RELIEF = "ask_release, release, keep_held"


@bp.get("/tests")
@needs("quality.read")
def index() -> ResponseReturnValue:
    """Reports within reach, the latest first."""
    wanted = ReportsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        asked = {"text": wanted["q"], "state": wanted["state"]}
        found = quality_lists.listing(work.session, actor(), number=wanted["page"], size=wanted["size"], **asked)
    return render("quality/index.html", found=found, wanted=wanted, states=STATES)


@bp.get("/batches/<batch_id>/tests")
@needs("batches.read")
def batch(batch_id: str) -> ResponseReturnValue:
    """Everything about the quality of one batch."""
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
        reports = quality_lists.of_batch(work.session, batch_id)
        requests, asks = free_tests.of_batch(work.session, batch_id), free_tests.party(actor(), entry.batch)
        taken, looks = checks.samples(work.session, batch_id), checks.of_batch(work.session, batch_id)
    may_test = actor().may("events.record", entry.batch.holder_id) or actor().may("quality.inspect")
    return render(
        "quality/batch.html",
        entry=entry,
        one=entry.batch,
        reports=reports,
        samples=taken,
        looks=looks,
        lists=checklists().values(),
        requests=requests,
        may_ask=asks is not None,
        may_test=may_test,
    )


@bp.route("/batches/<batch_id>/tests/new/<any(laboratory, rapid):kind>", methods=["GET", "POST"])
@needs("quality.read")
def new(batch_id: str, kind: str) -> ResponseReturnValue:
    """A report typed in; the verdict is computed. ``?retest=`` names the failing report that it is to answer."""
    first = request.args.get("retest", "")
    with reading() as work:
        one, official = lab_reports.of_batch(work, batch_id)
        today = work.today.isoformat()
        places = event_reads.offered(work.session, one.holder_id, EventKind.TESTING)
        failed = _failing(work, first, batch_id) if first else None
    known: dict[str, Any] = _again(failed) if failed else {}
    form = Form(ReportPageIn(), kind=kind, tested_on=today, **known)
    if form.posted:
        with form.catching():
            given = form.values() | {"kind": TestKind(kind)}
            with writing() as work:
                made = lab_reports.record_one(work, batch_id, given)
                fits = failed and made in quality_lists.retest_candidates(work.session, failed.report)
            if failed:
                return back("quality.show", _RETESTED[bool(fits)], lab_report_id=failed.report.id, result=made.id)
            return back("quality.show", _KEPT[0 if made.passed else 1], lab_report_id=made.id)
    shown = {"one": one, "kind": kind, "official": official, "rows": ROWS, "places": places, "failed": failed}
    return render("quality/new.html", form=form, faults=_faults(form), **shown), form.status


def _failing(work: Work, lab_report_id: str, batch_id: str) -> quality.ReportPage:
    """The failing report of this batch that is to be tested again."""
    found = quality.page(work.session, actor(), lab_report_id, work.now)
    if found.batch.id != batch_id or found.report.passed:
        raise unknown()
    return found


def _again(found: quality.ReportPage) -> dict[str, str]:
    """What a retest has to speak of: the same sample, and every item that failed with its unit and limit."""
    known = {"sample": found.sample.seal if found.sample else ""}
    for n, item in enumerate([one for one in found.items if not one.passed][:ROWS]):
        known |= {f"items/{n}/{name}": getattr(item, name) for name in ("name", "unit", "limit")}
    return known


def _faults(form: Form) -> list[tuple[str, str]]:
    """Each fault at its field; the n-th item sent is the n-th row in which something stands."""
    typed = typed_rows(request.form)
    found = []
    for one in form.error.faults if form.error else ():
        first, _, rest = one.pointer.lstrip("/").partition("/")
        place, _, name = rest.partition("/")
        if first == "items" and place.isdigit() and int(place) < len(typed):
            found.append((f"items/{typed[int(place)]}/{name or 'name'}", explain(one)))
        else:
            found.append(("items/0/name" if first == "items" else first, explain(one)))
    return found or form.faults


@bp.get("/tests/<lab_report_id>")
@needs("quality.read")
def show(lab_report_id: str) -> ResponseReturnValue:
    return _show(lab_report_id, Form(ReportStepIn(), result_id=request.args.get("result", "")))


@bp.post("/tests/<lab_report_id>/files")
@needs("quality.read")
def attach(lab_report_id: str) -> ResponseReturnValue:
    """One more paper, while the report is only declared."""
    form = Form(Shape())
    with form.catching():
        upload = uploaded()
        with writing() as work:
            report_steps.attach(work, lab_report_id, upload)
        return back("quality.show", "The paper is kept with its fingerprint.", lab_report_id=lab_report_id)
    return _show(lab_report_id, form)


@bp.get("/tests/<lab_report_id>/files/<file_id>")
@needs("quality.read")
def file(lab_report_id: str, file_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = quality.file(work.session, actor(), lab_report_id, file_id)
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)


@bp.route(f"/tests/<lab_report_id>/steps/<any({_STEPS}):action>", methods=["GET", "POST"])
@needs("quality.read")
def step(lab_report_id: str, action: str) -> ResponseReturnValue:
    """The laboratory's or an inspector's word on a report, beside the words it is on."""
    form = Form(ReportStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            report_steps.step(work, lab_report_id, action, **form.values())
            return back("quality.show", "Noted.", lab_report_id=lab_report_id)
    return _step(lab_report_id, action, form)


@bp.route(f"/tests/<lab_report_id>/relief/<any({_RELIEF}):action>", methods=["GET", "POST"])
@needs("quality.release")
def relieve(lab_report_id: str, action: str) -> ResponseReturnValue:
    """Failing goods are let go, or kept, by two persons."""
    form = Form(ReliefIn())
    if form.posted:
        with form.catching(), writing() as work:
            report_steps.relieve(work, lab_report_id, action, **form.values())
            return back("quality.show", "Noted.", lab_report_id=lab_report_id)
    return _step(lab_report_id, action, form)


def _step(lab_report_id: str, action: str, form: Form) -> ResponseReturnValue:
    """The form of one step that is open now; on others there is nothing to say."""
    with reading() as work:
        found = quality.page(work.session, actor(), lab_report_id, work.now)
    wanted = next((one for one in (*found.steps, *found.relief_steps) if one.step.action == action), None)
    if wanted is None and form.error is None:
        raise unknown()
    return render("quality/step.html", found=found, form=form, action=action, open=wanted), form.status


@bp.post("/tests/<lab_report_id>/retest")
@needs("quality.read")
def ask(lab_report_id: str) -> ResponseReturnValue:
    """Ask for a retest; the moment is the present one."""
    form = Form(RetestAskIn())
    with form.catching(), writing() as work:
        retests.ask(work, lab_report_id, **form.values())
        return back("quality.show", "The retest is asked for, in time.", lab_report_id=lab_report_id)
    return _show(lab_report_id, form)


@bp.post("/tests/<lab_report_id>/retest/sample")
@needs("quality.read")
def hand_over(lab_report_id: str) -> ResponseReturnValue:
    form = Form(RetestSampleIn())
    with form.catching(), writing() as work:
        retests.hand_over(work, lab_report_id, **form.values())
        return back("quality.show", "Noted.", lab_report_id=lab_report_id)
    return _show(lab_report_id, form)


@bp.post("/tests/<lab_report_id>/retest/result")
@needs("quality.read")
def answer(lab_report_id: str) -> ResponseReturnValue:
    form = Form(RetestResultIn())
    with form.catching(), writing() as work:
        retests.answer(work, lab_report_id, **form.values())
        return back("quality.show", "Noted.", lab_report_id=lab_report_id)
    return _show(lab_report_id, form)


def _show(lab_report_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = quality.page(work.session, actor(), lab_report_id, work.now)
        candidates = quality_lists.retest_candidates(work.session, found.report) if found.retest else []
        late = found.deadline is not None and work.now > found.deadline.at
    page = render("quality/show.html", found=found, form=form, late=late, **_may(found, candidates))
    return page, form.status


def _may(found: quality.ReportPage, candidates: list[Any]) -> dict[str, Any]:
    """What this person may do with it beside the steps of its life."""
    report = found.report
    acts = actor().may("quality.inspect") or actor().may("events.record", report.enterprise_id)
    return {
        "candidates": candidates,
        "terms": retest_terms(),
        "may_attach": acts and report.status == "declared" and len(found.files) < report_steps.MOST_FILES,
        "may_retest": acts,
        "sees_batch": actor().may("batches.read"),
    }
