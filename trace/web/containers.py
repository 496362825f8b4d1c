"""Pages of cases and pallets for those who pack and open them: list, packing, one container; packs that leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.errors import pointing, unknown
from brand.kernel.uploads import PDF
from brand.kernel.work import Work
from trace.crypto.readings import read_all
from trace.formats.papers import case_label_pdf
from trace.parts import parts
from trace.queries import container_pages, container_tags, custody, flows
from trace.queries import containers as reads
from trace.queries import events as event_reads
from trace.rules.containers import ContainerKind, ContainerState
from trace.rules.events import EventKind
from trace.rules.flows import LEAVING
from trace.schemas.containers import (
    CasePageIn,
    CasesIn,
    ContainerIn,
    ContainerLeavingIn,
    ContainersIn,
    ContainerStepIn,
    PacksLeavingIn,
    PalletPageIn,
)
from trace.services import containers, leaving, seats
from trace.services.container_labels import Range
from trace.services.containers import Filling, counted
from trace.web import event_words

bp = Blueprint("containers", __name__)


@bp.get("/containers")
@needs("batches.read")
def index() -> ResponseReturnValue:
    asked = {name: text for name, text in request.args.items() if name != "lang"}
    wanted = ContainersIn().take({name: text for name, text in asked.items() if text or name == "state"})
    with reading() as work:
        found = reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])
        makers = flows.makers(work.session, actor()) if actor().may("flows.record") else []
        chosen = wanted["for"] or (makers[0].id if makers else "")
        stocks = reads.stocks(work.session, chosen) if actor().may("flows.record", chosen) else []
    shown = {"stocks": stocks, "makers": makers, "chosen": chosen, "states": list(ContainerState)}
    return render("containers/index.html", found=found, state=wanted["state"], **shown)


@bp.route("/containers/new-case", methods=["GET", "POST"])
@needs("flows.record")
def new_case() -> ResponseReturnValue:
    """``?for=`` says whose goods, for people of several enterprises; ``packs-{line}`` and ``kg-{batch}`` go in."""
    form = Form(CasePageIn())
    with reading() as work:
        makers = flows.makers(work.session, actor())
        chosen = _chosen(makers)
        stocks = reads.stocks(work.session, chosen)
        ready = flows.ready(work.session, actor(), chosen)
        inside = reads.inside(work.session, {one.id for one in ready})
        places = event_reads.offered(work.session, chosen, EventKind.AGGREGATING)
    if form.posted:
        with form.catching():
            said = CasePageIn().take(_typed("codes", "order", "first", "last", "place_id"))
            filling = _filling(said)
            with pointing(_fields(filling)), writing() as work, seats.here(work, chosen, said["place_id"]):
                made = containers.pack(work, chosen, ContainerKind.CASE, filling)
            return back("containers.show", "Packed. Write its code on it.", code=made.code)
    page = render(
        "containers/new_case.html",
        form=form,
        typed=request.form,
        makers=makers,
        chosen=chosen,
        stocks=stocks,
        loose=[one for one in ready if one.id not in inside],
        places=places,
    )
    return page, form.status


@bp.route("/containers/new-pallet", methods=["GET", "POST"])
@needs("flows.record")
def new_pallet() -> ResponseReturnValue:
    """``?for=`` says whose cases."""
    form = Form(PalletPageIn(), lists=("cases",), cases=[])
    with reading() as work:
        makers = flows.makers(work.session, actor())
        chosen = _chosen(makers)
        cases = reads.entries(work.session, reads.ready_cases(work.session, actor(), chosen))
        places = event_reads.offered(work.session, chosen, EventKind.AGGREGATING)
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work, seats.here(work, chosen, given["place_id"]):
                made = containers.pack(work, chosen, ContainerKind.PALLET, Filling(cases=given["cases"]))
            return back("containers.show", "Packed. Write its code on it.", code=made.code)
    shown = {"makers": makers, "chosen": chosen, "cases": cases, "places": places}
    return render("containers/new_pallet.html", form=form, **shown), form.status


@bp.get("/containers/<code>")
@needs("batches.read")
def show(code: str) -> ResponseReturnValue:
    return _show(code, Form(ContainerStepIn()))


@bp.get("/containers/<code>/label.pdf")
@needs("batches.read")
def label(code: str) -> ResponseReturnValue:
    """The large label to stick on it, its symbol signed where one was; composed outside the transaction."""
    with reading() as work:
        held = reads.find(work.session, actor(), code).container
        one, tag = container_pages.of(work.session, held, work.today), container_tags.newest(work.session, held.id)
    address = house().settings.public_url + container_tags.path(one.code, tag)
    return saved(case_label_pdf(container_pages.label(one, address)), f"{code}.pdf", PDF)


@bp.post("/containers/<code>/unpack")
@needs("flows.record")
def unpack(code: str) -> ResponseReturnValue:
    form = Form(ContainerStepIn())
    with form.catching(), writing() as work, _at_its_holders(work, code, form) as (holder_id, given):
        containers.unpack(work, holder_id, code, **given)
        return back("containers.show", "Opened. What was inside stands by itself again.", code=code)
    return _show(code, form)


@bp.post("/containers/<code>/take-off")
@needs("flows.record")
def take_off(code: str) -> ResponseReturnValue:
    """Cases ticked come off the pallet."""
    form = Form(CasesIn(), lists=("cases",), cases=[])
    with form.catching(), writing() as work, _at_its_holders(work, code, form) as (holder_id, given):
        containers.take_off(work, holder_id, code, **given)
        return back("containers.show", "Taken off. The cases stand by themselves again.", code=code)
    return _show(code, form)


@bp.post("/containers/<code>/put-on")
@needs("flows.record")
def put_on(code: str) -> ResponseReturnValue:
    """Further cases ticked go onto the pallet."""
    form = Form(CasesIn(), lists=("cases",), cases=[])
    with form.catching(), writing() as work, _at_its_holders(work, code, form) as (holder_id, given):
        containers.put_on(work, holder_id, code, **given)
        return back("containers.show", "Put on. The cases stand on the pallet now.", code=code)
    return _show(code, form)


@bp.post("/containers/<code>/leave")
@needs("flows.record")
def leave(code: str) -> ResponseReturnValue:
    """Sold, destroyed or lost with everything in it."""
    form = Form(ContainerLeavingIn())
    with form.catching(), writing() as work, _at_its_holders(work, code, form) as (holder_id, given):
        leaving.container_out(work, holder_id, code, given.pop("kind"), given.pop("day"), **given)
        return back("containers.show", "It has left the books.", code=code)
    return _show(code, form)


@bp.route("/batches/<batch_id>/packs/leave", methods=["GET", "POST"])
@needs("flows.record")
def packs_leave(batch_id: str) -> ResponseReturnValue:
    """Packs sold, destroyed or lost; ``?for=`` says whose, ``packs-{line}`` how many. Whoever has them may."""
    with reading() as work:
        chosen = _chosen(flows.makers(work.session, actor()))
        stocks = reads.stocks(work.session, chosen, batch_id)
        if not stocks:
            raise unknown()
        places = event_reads.offered(work.session, chosen, EventKind.SELLING)
        form = Form(PacksLeavingIn(), day=work.today.isoformat())
    if form.posted:
        with form.catching():
            given = PacksLeavingIn().take(_typed("kind", "day", "buyer", "words", "place_id") | {"packs": _packs()})
            packs = counted(given.pop("packs"))
            with writing() as work, seats.here(work, chosen, given.pop("place_id")):
                leaving.packs_out(work, chosen, batch_id, given.pop("kind"), packs, given.pop("day"), **given)
            return back("containers.index", "It has left the books.", **{"for": chosen})
    shown = {"one": stocks[0][1], "stocks": stocks, "kinds": list(LEAVING), "typed": request.form, "chosen": chosen}
    return render("containers/packs_leave.html", form=form, places=places, **shown), form.status


@contextmanager
def _at_its_holders(work: Work, code: str, form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """Who holds the container and what was typed, at the place that was said."""
    given = form.values()
    holder = reads.find(work.session, actor(), code).holder
    with seats.here(work, holder.id, given.pop("place_id")):
        yield holder.id, given


def _chosen(makers: Any) -> str:
    chosen = request.args.get("for", "") or (makers[0].id if makers else "")
    if not chosen or not actor().may("flows.record", chosen):
        raise unknown()
    return str(chosen)


def _filling(said: dict[str, Any]) -> Filling:
    """The form's counts and codes in the shape programs send."""
    loose = [
        {"batch_id": name.removeprefix("kg-"), "kg": kg}
        for name, kg in request.form.items()
        if name.startswith("kg-") and kg.strip()
    ]
    ranged = [{name: said[name] for name in ("order", "first", "last")}] if said["order"] else []
    told = {"kind": ContainerKind.CASE.value, "packs": _packs(), "loose": loose, "ranges": ranged}
    given = ContainerIn().take(told)
    codes = read_all(said["codes"], parts().hosts)
    amounts = {one["batch_id"]: one["kg"] for one in given["loose"]}
    return Filling(counted(given["packs"]), codes, [Range(**one) for one in given["ranges"]], amounts)


def _fields(filling: Filling) -> dict[str, str]:
    """The form's field of each count and weight."""
    packs = {f"/packs/{place}": f"/packs-{one}" for place, one in enumerate(filling.packs)}
    loose = {f"/loose/{place}": f"/kg-{one}" for place, one in enumerate(filling.loose)}
    return packs | loose | {f"{place}/kg": field for place, field in loose.items()}


def _packs() -> list[dict[str, str]]:
    return [
        {"pack_line_id": name.removeprefix("packs-"), "packs": count}
        for name, count in request.form.items()
        if name.startswith("packs-") and count.strip()
    ]


def _typed(*names: str) -> dict[str, Any]:
    return {name: request.form[name] for name in names if request.form.get(name)}


def _show(code: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), code)
        shown = {
            "inside": reads.contents(work.session, [entry.container])
            if entry.container.state == ContainerState.PACKED
            else reads.packed_with(work.session, entry.container),
            "labels": reads.labels(work.session, entry.container.id),
            "events": [
                {"event": one.event, **event_words.answers(one)}
                for one in event_reads.told(work.session, reads.events(work.session, entry.container.id))
            ],
            "hands": custody.of_container(work.session, actor(), entry.container),
            "today": work.today.isoformat(),
        }
        free = entry.container.state == ContainerState.PACKED and entry.parent is None and not entry.journey
        shown["may_act"] = free and actor().may("flows.record", entry.holder.id)
        if shown["may_act"]:
            shown["places"] = event_reads.offered(work.session, entry.holder.id, EventKind.DISAGGREGATING)
        if shown["may_act"] and entry.container.kind == ContainerKind.PALLET:
            beside = reads.ready_cases(work.session, actor(), entry.holder.id)
            shown["beside"] = reads.entries(work.session, beside)
    shown["kinds"] = list(LEAVING)
    return render("containers/show.html", form=form, entry=entry, one=entry.container, **shown), form.status
