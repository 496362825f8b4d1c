"""Applications as pages: the list, a new one, one with its progress, and a page of its own for each step."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.lists import as_csv, take_several
from brand.edge.pages import Form, back, day, named, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.models.enterprises import EnterpriseState
from brand.queries import appeals, notices, schemes
from brand.queries import applications as reads
from brand.queries.applications import Detail
from brand.queries.terms import Terms
from brand.rules.licence_flow import OPEN_STATES, REVIEWING, ApplicationState, Refusal
from brand.rules.presets import USES_OF_GOODS, Use
from brand.rules.reviews import ACTIONS
from brand.rules.several import SeveralStep
from brand.schemas.applications import ApplicationEditIn, ApplicationIn, ApplicationsIn, ApplicationStepIn
from brand.services import applications

bp = Blueprint("applications", __name__, url_prefix="/applications")

#: Steps with a page and a door of their own.
_OWN_PAGE = frozenset({"edit", *ACTIONS})
#: The stations of the way, and how far along it each state is.
_STATIONS = ("draft", "submitted", "under_review", "on_notice", "granted")
_ENDED = {"refused": "on_notice", "returned": "under_review", **dict.fromkeys(REVIEWING, "under_review")}


@bp.get("")
@needs("applications.read")
def index() -> ResponseReturnValue:
    wanted = _wanted()
    with reading() as work:
        found = reads.listing(
            work.session, actor(), text=wanted["q"], state=wanted["state"], number=wanted["page"], size=wanted["size"]
        )
    states = [one for one in ApplicationState if one != ApplicationState.NEW]
    return render("applications/index.html", found=found, wanted=wanted, states=states)


@bp.get("/list.csv")
@needs("applications.read")
def as_file() -> ResponseReturnValue:
    """What the list's address asks for, as a file."""
    wanted = _wanted()
    asked = {"text": wanted["q"], "state": wanted["state"]}
    with reading() as work:
        return as_csv(
            "applications",
            ("Applicant", "Number", "Product", "Weight per year (kg)", "State", "Last change"),
            lambda number, size: reads.listing(work.session, actor(), number=number, size=size, **asked),
            lambda one: (
                named(one.enterprise),
                one.application.number,
                named(one.carried),
                one.application.cap_kg,
                say(f"application.state.{one.application.state}"),
                day(one.application.updated_at),
            ),
        )


def _wanted() -> dict[str, Any]:
    return ApplicationsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})


@bp.post("/start-review")
@needs("applications.review")
def start_several() -> ResponseReturnValue:
    """Those ticked on the list, each by its own step."""
    return take_several(SeveralStep.START_REVIEW, "applications.index")


@bp.route("/new", methods=["GET", "POST"])
@needs("applications.write")
def new() -> ResponseReturnValue:
    """A new application: kept as a draft, its papers come next."""
    return _new("new")


@bp.route("/new/brand", methods=["GET", "POST"])
@needs("applications.write")
def new_brand() -> ResponseReturnValue:
    """A new application to use a brand without goods: publicity, a shop sign and the like."""
    return _new("new_brand")


def _new(door: str) -> ResponseReturnValue:
    form = Form(ApplicationIn(), lists=("uses",))
    if form.posted:
        with form.catching(), writing() as work:
            application = applications.draft(work, **form.values())
            return back("materials.index", "The draft is saved.", application_id=application.id)
    goods = door == "new"
    with reading() as work:
        own = reads.applicants(work.session, actor())
        offered = schemes.licensable(work.session) if goods else schemes.licensable_brands(work.session)
    confirmed = [one for one in own if one.state == EnterpriseState.CONFIRMED]
    allowed = {use for one in offered for use in one[0].allowed_uses if goods or use not in USES_OF_GOODS}
    uses = [one for one in Use if one in allowed]
    page = render(
        "applications/new.html",
        form=form, own=own, confirmed=confirmed, offered=offered, uses=uses, goods=goods, door=door,
    )  # fmt: skip
    return page, form.status


@bp.get("/<application_id>")
@needs("applications.read")
def show(application_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.detail(work.session, actor(), application_id, work.today)
        rule = notices.rule(work.session, found.brand, found.notice.starts_on if found.notice else None)
        today = work.today
        appealed = appeals.of_application(work.session, actor(), found.application, today)
        known = reads.facts(work.session, found.application, actor().person_id or "", today)
        now_with = Terms(work.session).turn(found.application, known)
        term_rule = schemes.policy_row(work.session, found.brand.scheme_id, now_with.policy)
    progress = _progress(found)
    return render(
        "applications/show.html",
        found=found,
        rule=rule,
        today=today,
        progress=progress,
        turn=now_with,
        term_rule=term_rule,
        appealed=appealed,
    )


def _progress(found: Detail) -> list[dict[str, str]]:
    """The way from draft to decision for the steps part: what is done, where it stands, where it stopped."""
    state = found.application.state
    if state == ApplicationState.WITHDRAWN:
        at = _ENDED.get(found.history[-1].from_state, found.history[-1].from_state)
    else:
        at = _ENDED.get(state, state)
    here = _STATIONS.index(at)
    shown = []
    for position, station in enumerate(_STATIONS):
        mark = "done" if position < here or state == "granted" else ("current" if position == here else "waiting")
        if position == here and state not in (*OPEN_STATES, ApplicationState.GRANTED):
            mark = "failed"
        shown.append({"title": say(f"application.station.{station}"), "state": mark, "note": _when(found, station)})
    return shown


def _when(found: Detail, station: str) -> str:
    reached = [one.at for one in found.history if one.to_state == station]
    return day(reached[-1]) if reached else ""


@bp.route("/<application_id>/edit", methods=["GET", "POST"])
@needs("applications.write")
def edit(application_id: str) -> ResponseReturnValue:
    with reading() as work:
        actor().require("applications.write", reads.find(work.session, actor(), application_id).enterprise_id)
        found = reads.detail(work.session, actor(), application_id, work.today)
    one = found.application
    form = Form(
        ApplicationEditIn(),
        lists=("uses",),
        version=one.version,
        cap_kg=f"{one.cap_kg.normalize():f}" if one.cap_kg is not None else "",
        uses=one.uses,
        capacity=one.capacity,
        promise=one.promise,
    )
    if form.posted:
        with form.catching(), writing() as work:
            applications.edit(work, application_id, **form.values())
            return back("applications.show", "Saved.", application_id=application_id)
    elif not any(each.step.action == "edit" for each in found.open_steps):
        raise unknown()
    goods = found.product is not None
    uses = [use for use in found.tier.allowed_uses if goods or use not in USES_OF_GOODS]
    return render("applications/edit.html", form=form, found=found, goods=goods, uses=uses), form.status


@bp.route("/<application_id>/<action>", methods=["GET", "POST"])
@signed_in
def step(application_id: str, action: str) -> ResponseReturnValue:
    """One step: what it means, what has to be said with it, and the button."""
    form = Form(ApplicationStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            applications.step(work, application_id, action, **form.values())
            return back("applications.show", f"application.done.{action}", application_id=application_id)
    with reading() as work:
        context = _step_page(work, application_id, action, form)
    return render("applications/step.html", form=form, reasons=list(Refusal), **context), form.status


def _step_page(work: Work, application_id: str, action: str, form: Form) -> dict[str, Any]:
    """What the page of one step shows; a step that is not open to this person is not there."""
    found = reads.detail(work.session, actor(), application_id, work.today)
    for one in found.open_steps:
        if one.step.action == action and action not in _OWN_PAGE:
            return {"found": found, "step": one.step, "refusal": one.refusal}
    raise form.error or unknown()
