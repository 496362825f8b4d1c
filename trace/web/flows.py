"""Pages of acts on goods: begin, split, put together, process, take out, store; unusual yields and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import pointing, unknown
from brand.schemas.shape import Shape
from trace.models.flows import FlowProposal
from trace.queries import batches, shipments
from trace.queries import events as event_reads
from trace.queries import flows as reads
from trace.queries.batches import Entry
from trace.rules.events import EventKind
from trace.rules.flows import LEAVING, commissioned, ends
from trace.rules.goods import BatchKind, Unit
from trace.rules.weights import plain
from trace.schemas.flows import (
    BEGUN,
    STATES,
    BatchMergeIn,
    BeginningPageIn,
    LeavingIn,
    SplitPageIn,
    StoreIn,
    TransformPageIn,
    YieldDecisionIn,
    YieldProposalsIn,
    YieldStepIn,
)
from trace.services import agreements, flow_beginnings, flows, seats, storing
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation

bp = Blueprint("flows", __name__)


@bp.route("/batches/new", methods=["GET", "POST"])
@needs("flows.record")
def begin() -> ResponseReturnValue:
    """``?for=`` says for which enterprise, for people of several."""
    form = Form(BeginningPageIn(), enterprise_id=request.args.get("for", ""), day=_today(), unit="kg")
    with reading() as work:
        makers = reads.makers(work.session, actor())
        chosen = str(form.value("enterprise_id")) or (makers[0].id if makers else "")
        if not chosen or not actor().may("flows.record", chosen):
            raise unknown()
        land = [*reads.land(work.session, chosen), *reads.stores(work.session, chosen)]
        shown = {"products": reads.products(work.session), "producers": shipments.parties(work.session), "land": land}
    if form.posted:
        with form.catching():
            given = form.values()
            enterprise_id = given.pop("enterprise_id")
            output = Output(**{name: given.pop(name) for name in ("lot", "kg", "quantity", "unit")})
            whose: dict[str, Any] = {
                "producer_id": given.pop("producer_id") or enterprise_id,
                "place_id": given.pop("place_id") or None,
            }
            one = Beginning(kind=BatchKind(given.pop("kind")), output=output, **whose, **given)
            with writing() as work:
                made = flow_beginnings.commission(work, enterprise_id, one)
            return back("batches.show", "The batch has begun.", batch_id=made.id)
    choices = {"kinds": BEGUN, "forms": commissioned(), "units": list(Unit)}
    page = render("flows/begin.html", form=form, makers=makers, chosen=chosen, **shown, **choices)
    return page, form.status


@bp.route("/batches/<batch_id>/split", methods=["GET", "POST"])
@needs("flows.record")
def split(batch_id: str) -> ResponseReturnValue:
    entry, form = _own(batch_id, SplitPageIn(), unit="kg")
    if form.posted:
        with form.catching(), pointing({"/outputs/0": ""}):
            given = form.values()
            day = given.pop("day")
            with writing() as work, seats.here(work, entry.batch.holder_id, given.pop("place_id")):
                made = flows.split(work, entry.batch.holder_id, batch_id, [Output(**given)], day)
            return back("batches.show", "Split off. The rest stays where it is.", batch_id=made[0].id)
    return _act("split", entry, form, units=list(Unit))


@bp.route("/batches/<batch_id>/process", methods=["GET", "POST"])
@needs("flows.record")
def process(batch_id: str) -> ResponseReturnValue:
    entry, form = _own(batch_id, TransformPageIn())
    if form.posted:
        with form.catching(), pointing({"/outputs/0": "", "/inputs/0": "/taken_kg", "/inputs/0/kg": "/taken_kg"}):
            given = form.values()
            parts = (Part(batch_id, given.pop("taken_kg")),)
            outputs = (Output(given.pop("lot"), given.pop("kg"), form=given.pop("form")),)
            with writing() as work:
                one = Transformation(inputs=parts, outputs=outputs, **given)
                made = flows.transform(work, entry.batch.holder_id, one)
            if isinstance(made, FlowProposal):
                return back(
                    "flows.show",
                    "The yield is unusual: nothing is taken until another person agrees.",
                    proposal_id=made.id,
                )
            return back("batches.show", "Processed.", batch_id=made[0].id)
    with reading() as work:
        offered = reads.processes(work.session, entry.batch, work.today)
    return _act("process", entry, form, processes=offered, forms=_choices_of_end(offered))


def _choices_of_end(processes: Sequence[str]) -> list[str]:
    """The stages among which a person has to choose: those of processes that may end in more than one."""
    open_ended = [ends(one) for one in processes]
    return sorted({form for stages in open_ended if len(stages) > 1 for form in stages})


@bp.route("/batches/<batch_id>/leave", methods=["GET", "POST"])
@needs("flows.record")
def leave(batch_id: str) -> ResponseReturnValue:
    """Sold, destroyed or lost."""
    entry, form = _own(batch_id, LeavingIn())
    if form.posted:
        with form.catching():
            given = form.values()
            part = Part(batch_id, given.pop("kg"))
            with writing() as work, seats.here(work, entry.batch.holder_id, given.pop("place_id")):
                flows.take_out(work, entry.batch.holder_id, given.pop("kind"), part, given.pop("day"), **given)
            return back("batches.show", "It has left the books.", batch_id=batch_id)
    return _act("leave", entry, form, kinds=list(LEAVING))


@bp.route("/batches/<batch_id>/store", methods=["GET", "POST"])
@needs("flows.record")
def store(batch_id: str) -> ResponseReturnValue:
    entry, form = _own(batch_id, StoreIn())
    with reading() as work:
        stores = reads.stores(work.session, entry.batch.holder_id)
    if form.posted:
        with form.catching(), writing() as work:
            storing.store(work, entry.batch.holder_id, batch_id, form.values()["place_id"], work.now)
            return back("batches.show", "It lies there from now on.", batch_id=batch_id)
    return _act("store", entry, form, stores=stores)


@bp.route("/batches/merge", methods=["GET", "POST"])
@needs("flows.record")
def merge() -> ResponseReturnValue:
    """``?for=`` says whose batches, for people of several enterprises; ``kg-{batch}`` is what goes in of each."""
    form = Form(BatchMergeIn(), day=_today())
    with reading() as work:
        makers = reads.makers(work.session, actor())
        chosen = request.args.get("for", "") or (makers[0].id if makers else "")
        if not chosen:
            raise unknown()
        ready = reads.ready(work.session, actor(), chosen)
        places = event_reads.offered(work.session, chosen, EventKind.MERGING)
    if form.posted:
        with form.catching():
            given = BatchMergeIn().take(_mixed())
            parts = [Part(**one) for one in given["inputs"]]
            shown = {
                f"/inputs/{place}{end}": f"/kg-{one.batch_id}" for place, one in enumerate(parts) for end in ("", "/kg")
            }
            with pointing(shown), writing() as work, seats.here(work, chosen, given["place_id"]):
                made = flows.merge(work, chosen, parts, given["lot"], given["day"])
            return back("batches.show", "Put together.", batch_id=made.id)
    page = render(
        "flows/merge.html",
        form=form,
        typed=request.form,
        ready=ready,
        makers=makers,
        chosen=chosen,
        plain=plain,
        places=places,
    )
    return page, form.status


@bp.get("/flows")
@needs("batches.read")
def index() -> ResponseReturnValue:
    wanted = YieldProposalsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])
    return render("flows/index.html", found=found, state=wanted["state"], states=STATES)


@bp.get("/flows/<proposal_id>")
@needs("batches.read")
def show(proposal_id: str) -> ResponseReturnValue:
    return _show(proposal_id, Form(YieldDecisionIn()))


@bp.post("/flows/<proposal_id>/<any(agree, refuse):action>")
@needs("flows.agree")
def decide(proposal_id: str, action: str) -> ResponseReturnValue:
    form = Form(YieldDecisionIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            getattr(agreements, action)(work, proposal_id, **given)
        return back("flows.show", "Decided.", proposal_id=proposal_id)
    return _show(proposal_id, form)


@bp.post("/flows/<proposal_id>/withdraw")
@needs("flows.record")
def withdraw(proposal_id: str) -> ResponseReturnValue:
    form = Form(YieldStepIn())
    with form.catching(), writing() as work:
        agreements.withdraw(work, proposal_id, **form.values())
        return back("flows.show", "Withdrawn; nothing was taken.", proposal_id=proposal_id)
    return _show(proposal_id, form)


def _show(proposal_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), proposal_id)
    one, who = entry.proposal, actor()
    may = one.state == "open"
    page = render(
        "flows/show.html",
        form=form,
        entry=entry,
        one=one,
        may_decide=may and who.may("flows.agree") and who.person_id != one.proposed_by,
        may_withdraw=may and who.may("flows.record", one.enterprise_id),
    )
    return page, form.status


def _mixed() -> dict[str, Any]:
    """The form's fields in the shape programs send."""
    typed = request.form
    parts = [
        {"batch_id": name.removeprefix("kg-"), "kg": kg}
        for name, kg in typed.items()
        if name.startswith("kg-") and kg.strip()
    ]
    return {name: typed[name] for name in ("lot", "day", "place_id") if typed.get(name)} | {"inputs": parts}


def _own(batch_id: str, shape: Shape, **initial: Any) -> tuple[Entry, Form]:
    """A batch the actor records for; anything else is nothing."""
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
    actor().require("flows.record", entry.batch.holder_id)
    return entry, Form(shape, day=_today(), **initial)


def _today() -> str:
    with reading() as work:
        return work.today.isoformat()


#: What an act of a page is in the chain, for the places offered; whatever leaves may leave anywhere.
_STEP = {"split": EventKind.SPLITTING, "process": EventKind.TRANSFORMING, "leave": EventKind.SELLING}


def _act(kind: str, entry: Entry, form: Form, **shown: Any) -> ResponseReturnValue:
    if kind in _STEP:
        with reading() as work:
            shown["places"] = event_reads.offered(work.session, entry.batch.holder_id, _STEP[kind])
            at = (entry.batch.id, work.now)
            shown["lies"] = event_reads.lay_in(work.session, [at]).get(at, "")
    page = render("flows/act.html", act=kind, entry=entry, one=entry.batch, form=form, plain=plain, **shown)
    return page, form.status
