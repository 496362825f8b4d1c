"""Pages of journeys for senders, drivers and receivers: on the way, sending, confirming what arrived, parcels."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.delimited import write_csv
from brand.kernel.errors import pointing, unknown
from trace.queries import cold_ways, containers, quarantine
from trace.queries import events as event_reads
from trace.queries import parcels as counts
from trace.queries import shipments as reads
from trace.rules.events import EventKind
from trace.rules.shipments import CALLED_OFF, FLOW, Shortage
from trace.schemas.shipments import (
    STATES,
    ParcelYearIn,
    ShipmentLoadIn,
    ShipmentReceiveIn,
    ShipmentSendPageIn,
    ShipmentsIn,
    ShipmentStepIn,
    ShipmentTakeOverIn,
)
from trace.services import shipments
from trace.services.shipment_loads import Load
from trace.services.shipments import found_of
from trace.web.sheets import attachment

bp = Blueprint("shipments", __name__, url_prefix="/shipments")


@bp.get("")
@needs("batches.read")
def index() -> ResponseReturnValue:
    wanted = ShipmentsIn().take(_asked())
    with reading() as work:
        found = reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])
        today = work.today
    return render("shipments/index.html", found=found, state=wanted["state"], states=STATES, today=today)


@bp.route("/new", methods=["GET", "POST"])
@needs("shipments.send")
def new() -> ResponseReturnValue:
    """``?batch=`` is ticked already; ``?from=`` says whose goods, for people of several enterprises."""
    begun: dict[str, Any] = {
        "batches": [request.args.get("batch", "")],
        "boxes": [request.args.get("box", "")],
        "from_id": request.args.get("from", ""),
    }
    form = Form(ShipmentSendPageIn(), lists=("batches", "boxes"), **begun)
    with reading() as work:
        parties = reads.parties(work.session)
        senders = [one for one in parties if actor().may("shipments.send", one.id)]
        chosen = str(form.value("from_id")) or (senders[0].id if senders else "")
        if not chosen:
            raise unknown()
        shown = {
            "ready": reads.ready(work.session, actor(), chosen),
            "boxes": containers.entries(work.session, containers.ready(work.session, actor(), chosen)),
            "places": event_reads.offered(work.session, chosen, EventKind.SHIPPING),
        }
    if form.posted:
        with form.catching():
            given = _sending(ShipmentSendPageIn().take(_sent()))
            weights = {f"/batches/{at}/kg": f"/kg-{one.batch_id}" for at, one in enumerate(given["loads"])}
            with pointing(weights), writing() as work:
                made = shipments.send(work, **given)
            words = "On the way. Until it arrives nobody can use these goods."
            return back("shipments.show", words, number=made.number)
    whose = {"senders": senders, "chosen": chosen, "parties": parties, "typed": request.form}
    page = render("shipments/new.html", form=form, **whose, **shown)
    return page, form.status


def _sent() -> dict[str, Any]:
    """What the form sends beside ``kg-{batch}`` and ``parcels-{batch}``."""
    ticked: dict[str, Any] = {
        name: [one for one in request.form.getlist(name) if one.strip()] for name in ("batches", "boxes")
    }
    others = {name: text for name, text in request.form.items() if text and not name.startswith(("kg-", "parcels-"))}
    return {name: text for name, text in others.items() if name != "csrf_token"} | ticked


def _sending(given: dict[str, Any]) -> dict[str, Any]:
    """Beside each batch stand ``parcels-{batch}``, its pieces, and ``kg-{batch}``, the part of it that goes."""
    loads = []
    for one in given.pop("batches"):
        beside = {name: request.form.get(f"{name}-{one}", "").strip() for name in ("kg", "parcels")}
        with pointing({f"/{name}": f"/{name}-{one}" for name in beside}):
            said = ShipmentLoadIn().take({"batch_id": one} | {name: text for name, text in beside.items() if text})
        loads.append(Load(said["batch_id"], said["parcels"], said["kg"]))
    return given | {"loads": loads}


@bp.get("/<number>")
@needs("batches.read")
def show(number: str) -> ResponseReturnValue:
    return _show(number, Form(ShipmentStepIn()))


@bp.post("/<number>/receive")
@needs("shipments.receive")
def receive(number: str) -> ResponseReturnValue:
    form = Form(ShipmentStepIn())
    with form.catching():
        given = ShipmentReceiveIn().take(_arrived(number))
        found = {one.pop("line_id"): found_of(one) for one in given.pop("lines")}
        boxes = {one["code"]: one["arrived"] for one in given.pop("boxes")}
        with writing() as work:
            shipments.receive(work, number, found=found, boxes=boxes, **given)
        return back("shipments.show", "Received. The goods are yours to answer for now.", number=number)
    return _show(number, form)


@bp.post("/<number>/take-over")
@needs("shipments.carry")
def take_over(number: str) -> ResponseReturnValue:
    """The carrier confirms that it has the goods."""
    form = Form(ShipmentTakeOverIn())
    with form.catching(), writing() as work:
        shipments.take_over(work, number, **form.values())
        return back("shipments.show", "Taken over. You answer for the goods until they are delivered.", number=number)
    return _show(number, form)


@bp.post("/<number>/call-off")
@needs("shipments.send")
def call_off(number: str) -> ResponseReturnValue:
    form = Form(ShipmentStepIn())
    with form.catching(), writing() as work:
        shipments.call_off(work, number, **form.values())
        return back("shipments.show", "Called off. The goods are where they were.", number=number)
    return _show(number, form)


@bp.get("/parcels.csv")
@needs("batches.read")
def parcels() -> ResponseReturnValue:
    """Parcels per producer and month of a year, as evidence for a subsidy."""
    with reading() as work:
        year = ParcelYearIn().take(_asked())["year"] or work.today.year
        rows = counts.counted(work.session, actor(), year)
    head = ("Month", "Producer", "Credit code", "Shipments", "Parcels", "Weight (kg)")
    lines = [
        (one.month, one.producer.name, one.producer.credit_code or "", one.shipments, one.parcels, one.kg)
        for one in rows
    ]
    return attachment(write_csv([[say(one) for one in head], *lines]), f"parcels-{year}.csv", "text/csv; charset=utf-8")


def _arrived(number: str) -> dict[str, Any]:
    """The form's fields, ``{line id}-kg`` and so on, in the shape programs send."""
    with reading() as work:
        entry = reads.find(work.session, actor(), number)
        lines = reads.lines_of(work.session, entry.shipment.id)
        packs = reads.packs_aboard(work.session, lines, entry.shipment.from_id)
        boxes = containers.boxes(work.session, entry.shipment.id)
    typed = request.form
    given = {name: typed[name] for name in ("version", "seal_found", "seal_words", "place_id") if typed.get(name)}
    told = [
        {
            "line_id": one.id,
            "received_kg": typed.get(f"{one.id}-kg", ""),
            "shortage": typed.get(f"{one.id}-shortage", ""),
            "words": typed.get(f"{one.id}-words", ""),
            "missing": [
                {"pack_line_id": each.id, "packs": count}
                for each in packs[one.id]
                if (count := typed.get(f"{one.id}-{each.id}", "").strip())
            ],
        }
        for one in lines
    ]
    told_boxes = [
        {"code": one.code, "arrived": typed[f"box-{one.code}"]} for _, one in boxes if typed.get(f"box-{one.code}")
    ]
    return given | {"boxes": told_boxes, "lines": [{name: text for name, text in one.items() if text} for one in told]}


def _show(number: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), number)
        aboard = reads.aboard(work.session, entry.shipment.id)
        packs = reads.packs_aboard(work.session, [one.line for one in aboard], entry.shipment.from_id)
        papers = [one.number for _, one in quarantine.went_with(work.session, "shipment", entry.shipment.id)]
        recorded = cold_ways.of_journey(work.session, entry.shipment.id)
        boxes = containers.boxes(work.session, entry.shipment.id)
        there = cold_ways.aboard(work.session, entry.shipment.id)
        places = event_reads.offered(work.session, entry.shipment.to_id, EventKind.RECEIVING)
        today = work.today
    shipment = entry.shipment
    steps = {one.action for one in FLOW.open_actions(shipment.state)}
    page = render(
        "shipments/show.html",
        entry=entry,
        one=shipment,
        aboard=aboard,
        packs=packs,
        boxes=boxes,
        places=places,
        today=today,
        form=form,
        typed=request.form,
        shortages=list(Shortage),
        papers=papers,
        recorded=recorded,
        logged=next((each.id for each in there if actor().may("events.record", each.holder_id)), None)
        if shipment.state != CALLED_OFF
        else None,
        may_take_over="take_over" in steps
        and shipment.taken_over_at is None
        and bool(shipment.carrier_id)
        and actor().may("shipments.carry", shipment.carrier_id),
        may_receive="receive" in steps and actor().may("shipments.receive", shipment.to_id),
        may_call_off="call_off" in steps and actor().may("shipments.send", shipment.from_id),
    )
    return page, form.status


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
