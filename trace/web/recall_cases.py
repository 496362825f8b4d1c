"""Pages of those who call goods back: cases and drills, opening and closing, a holder's answer, list and notice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_all
from brand.edge.languages import say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.uploads import ENDINGS, PDF
from brand.kernel.work import Work
from trace.formats.papers import recall_notice_pdf
from trace.formats.tables import write_sheets
from trace.parts import parts
from trace.queries import recall_papers, recall_sets
from trace.queries import recalls as reads
from trace.queries.recalls import Case
from trace.rules.recalls import FLOW, PROPOSED, Figures, Level, RecallReason, Width, policy
from trace.schemas.recalls import RecallCasePageIn, RecallCloseIn, RecallReportIn, RecallsIn, RecallStepIn
from trace.services import recalls
from trace.services.sent_back_sheets import XLSX
from trace.web.sheets import attachment

bp = Blueprint("recall_cases", __name__, url_prefix="/recall-cases")


@bp.get("")
@needs("batches.read")
def index() -> ResponseReturnValue:
    wanted = RecallsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])
    return render("recall_cases/index.html", found=found)


@bp.route("/new", methods=["GET", "POST"])
@needs("recalls.propose")
def new() -> ResponseReturnValue:
    """``?start=`` is where to begin, e.g. a batch's code or a hold's number."""
    begun: dict[str, Any] = {
        "starts": request.args.get("start", ""),
        "width": Width.ONWARD.value,
        "drill": request.args.get("drill"),
    }
    form = Form(RecallCasePageIn(), **begun)
    if form.posted:
        with form.catching():
            given = form.values()
            given["starts"] = recall_sets.read_starts(given["starts"], parts().hosts)
            with writing() as work:
                made = recalls.propose(work, **given)
            return back("recall_cases.show", "Worked out. Look at what it reaches, then open it.", number=made.number)
    page = render(
        "recall_cases/new.html",
        form=form,
        levels=list(Level),
        reasons=list(RecallReason),
        widths=list(Width),
        policy=policy(),
    )
    return page, form.status


@bp.get("/<number>")
@needs("batches.read")
def show(number: str) -> ResponseReturnValue:
    return _show(number)


@bp.post("/<number>/<any(open, discard, close):action>")
@needs("recalls.decide")
def step(number: str, action: str) -> ResponseReturnValue:
    form = Form(RecallCloseIn() if action == "close" else RecallStepIn())
    with form.catching(), writing() as work:
        recalls.step(work, number, action, **form.values())
        return back("recall_cases.show", f"recalls.done.{action}", number=number)
    return _show(number, form)


@bp.post("/<number>/holders/<enterprise_id>/acknowledge")
@needs("recalls.answer")
def acknowledge(number: str, enterprise_id: str) -> ResponseReturnValue:
    form = Form(RecallStepIn())
    with form.catching(), writing() as work:
        recalls.acknowledge(work, number, enterprise_id, **form.values())
        return back("recall_cases.show", "Acknowledged. Now say what became of the goods.", number=number)
    return _show(number, form)


@bp.post("/<number>/holders/<enterprise_id>/report")
@needs("recalls.answer")
def report(number: str, enterprise_id: str) -> ResponseReturnValue:
    form = Form(RecallReportIn())
    with form.catching():
        given, files = form.values(), uploaded_all("file", most=1)
        figures = Figures(*(given.pop(name) for name in ("found_kg", "destroyed_kg", "returned_kg", "gone_kg")))
        upload = files[0] if files else None
        with writing() as work:
            recalls.report(work, number, enterprise_id, figures=figures, upload=upload, **given)
        return back("recall_cases.show", "Reported. You may report again when more is found.", number=number)
    return _show(number, form)


@bp.get("/<number>/evidence/<report_id>")
@needs("batches.read")
def evidence(number: str, report_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.evidence(work.session, actor(), number, report_id)
        return saved(found.content or b"", f"{found.id}.{ENDINGS[found.media_type]}", found.media_type)


@bp.get("/<number>/list.xlsx")
@needs("batches.read")
def sheet(number: str) -> ResponseReturnValue:
    """The recall list: every batch with its holder and weight; on a second sheet the cases to look for."""
    with reading() as work:
        case = reads.case(work.session, actor(), number)
    head = ("Lot", "Batch code", "Product", "Producer", "Held by", "Weight (kg)", "Holder answered")
    answered = {one.enterprise.id: one.notice.acknowledged_at for one in case.holders}
    rows = [
        (
            one.batch.lot,
            one.batch.code,
            one.product.name,
            one.producer.name,
            one.holder.name,
            one.part.kg,
            answered.get(one.holder.id) or "",
        )
        for one in case.lines
    ]
    boxed = ("Code", "On pallet", "Lot", "Packs", "Weight (kg)", "Held by", "Shipment")
    cases = [
        (box.code, box.pallet, batch.lot, box.packs, box.kg, holder.name, box.journey)
        for box, batch, holder in case.boxes
    ]
    sheets: list[tuple[str, Iterable[Sequence[object]]]] = [
        (say("Batches called back"), [[say(one) for one in head], *rows]),
        (say("Cases to look for"), [[say(one) for one in boxed], *cases]),
    ]
    return attachment(write_sheets(sheets), f"{number}.xlsx", XLSX)


@bp.get("/<number>/notice.pdf")
@needs("batches.read")
def notice(number: str) -> ResponseReturnValue:
    """The notice to print and hand over; drawn outside the transaction."""
    with reading() as work:
        case = reads.case(work.session, actor(), number)
        paper = recall_papers.notice(case, house().settings)
    return saved(recall_notice_pdf(paper), f"{number}.pdf", PDF)


def _show(number: str, form: Form | None = None) -> ResponseReturnValue:
    with reading() as work:
        case = reads.case(work.session, actor(), number)
        sets = recall_sets.reached(work.session, case.recall) if _proposed(case) else None
        page = render("recall_cases/show.html", **_context(work, case), sets=sets, form=form or Form(RecallCloseIn()))
    return page, form.status if form else 200


def _proposed(case: Case) -> bool:
    return case.whole and case.recall.state == PROPOSED


def _context(work: Work, case: Case) -> dict[str, Any]:
    recall = case.recall
    decides = actor().may("recalls.decide")
    return {
        "case": case,
        "recall": recall,
        "steps": {one.action for one in FLOW.open_actions(recall.state)} if decides else set(),
        "own_proposal": not recall.drill and recall.proposed_by == actor().person_id,
        "answering": {one.enterprise.id for one in case.holders if actor().may("recalls.answer", one.enterprise.id)},
        "clock": _clock(recall.opened_at, recall.closed_at or work.now) if recall.opened_at else "",
        "times": {one.notice.id: _clock(recall.opened_at, one.notice.acknowledged_at) for one in case.holders},
        "now": work.now,
        "policy": policy(),
    }


def _clock(start: datetime | None, end: datetime | None) -> str:
    """Hours, minutes and seconds between two moments, e.g. ``0:03:27``."""
    if start is None or end is None:
        return ""
    seconds = int((end - start).total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
