"""Pages of free tests: programmes with what is left of them, asking for a batch, and the office's word on a request."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.schemas.shape import Shape
from trace.queries import batches
from trace.queries import free_tests as reads
from trace.rules.free_tests import FLOW, RefusalReason
from trace.rules.limits import CONFIDENCES
from trace.schemas.free_tests import FreeTestIn, FreeTestsIn, FreeTestStepIn, ProgrammeIn, ProgrammeStepIn
from trace.services import free_tests

bp = Blueprint("free_tests", __name__)


@bp.get("/free-tests")
@needs("quality.read")
def index() -> ResponseReturnValue:
    """Programmes, and the requests within reach."""
    return _index(Form(Shape()))


def _index(form: Form) -> ResponseReturnValue:
    wanted = FreeTestsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    asked = {"state": wanted["state"], "number": wanted["page"], "size": wanted["size"]}
    with reading() as work:
        opened = [(one, reads.programme_steps(one, actor())) for one in reads.programmes(work.session)]
        found = reads.listing(work.session, actor(), **asked)
    page = render(
        "free_tests/index.html", form=form, programmes=opened, found=found, state=wanted["state"], states=FLOW.states
    )
    return page, form.status


@bp.route("/free-tests/programmes/new", methods=["GET", "POST"])
@needs("schemes.propose")
def propose() -> ResponseReturnValue:
    """A programme; another person opens it."""
    form = Form(ProgrammeIn(), online_only=True)
    if form.posted:
        with form.catching(), writing() as work:
            free_tests.propose(work, **form.values())
            return back("free_tests.index", "Proposed. It opens once another person approves it.")
    return render("free_tests/programme.html", form=form, confidences=CONFIDENCES), form.status


@bp.post("/free-tests/programmes/<test_programme_id>/<any(approve, refuse, end):action>")
@needs("schemes.approve")
def step_programme(test_programme_id: str, action: str) -> ResponseReturnValue:
    form = Form(ProgrammeStepIn())
    with form.catching(), writing() as work:
        free_tests.step_programme(work, test_programme_id, action, **form.values())
        return back("free_tests.index", "Noted.")
    return _index(form)


@bp.route("/batches/<batch_id>/free-tests/new", methods=["GET", "POST"])
@needs("free_tests.ask")
def ask(batch_id: str) -> ResponseReturnValue:
    """Ask for a free test of one's own goods."""
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
        if reads.party(actor(), entry.batch) is None:
            raise unknown()
        running = reads.running(work.session, work.today)
    form = Form(FreeTestIn(), test_programme_id=running[0].id if len(running) == 1 else "")
    if form.posted:
        with form.catching(), writing() as work:
            made = free_tests.ask(work, batch_id, **form.values())
            return back("free_tests.show", "Asked for. The office answers.", free_test_id=made.id)
    return render("free_tests/new.html", form=form, entry=entry, one=entry.batch, running=running), form.status


@bp.get("/free-tests/<free_test_id>")
@needs("quality.read")
def show(free_test_id: str) -> ResponseReturnValue:
    return _show(free_test_id, Form(FreeTestStepIn()))


@bp.post("/free-tests/<free_test_id>/<any(accept, refuse, withdraw, finish):action>")
@needs("quality.read")
def step(free_test_id: str, action: str) -> ResponseReturnValue:
    """The office's word on a request, or taking it back."""
    form = Form(FreeTestStepIn())
    with form.catching(), writing() as work:
        free_tests.step(work, free_test_id, action, **form.values())
        return back("free_tests.show", "Noted.", free_test_id=free_test_id)
    return _show(free_test_id, form)


def _show(free_test_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), free_test_id)
        steps = {one.step.action: one.refusal for one in reads.steps(entry, actor(), work.today)}
        reports = reads.finishing_reports(work.session, entry.test) if "finish" in steps else []
    page = render(
        "free_tests/show.html",
        form=form,
        entry=entry,
        test=entry.test,
        steps=steps,
        reports=reports,
        reasons=list(RefusalReason),
    )
    return page, form.status
