"""Journeys over the API: send, follow, confirm what arrived, call off; parcels per producer and month."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import pointing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.queries import cold_ways, containers
from trace.queries import parcels as counts
from trace.queries import shipments as reads
from trace.queries.shipments import Entry
from trace.schemas.shipments import (
    ParcelCountsOut,
    ParcelYearIn,
    ShipmentPageOut,
    ShipmentReceiveIn,
    ShipmentSendIn,
    ShipmentsIn,
    ShipmentStepIn,
    ShipmentTakeOverIn,
    WholeShipmentOut,
)
from trace.services import shipments
from trace.services.shipment_loads import Load
from trace.services.shipments import found_of

blp = Blueprint("api_shipments", __name__, url_prefix="/api/v1", description="Shipments")
csrf.exempt(blp)


@blp.route("/shipments", methods=["GET"])
@blp.arguments(ShipmentsIn, location="query")
@blp.response(200, ShipmentPageOut)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Journeys within reach, newest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])


@blp.route("/enterprises/<enterprise_id>/shipments", methods=["POST"])
@blp.arguments(ShipmentSendIn)
@blp.response(201, WholeShipmentOut)
@creates(WholeShipmentOut)
@needs("shipments.send")
def send(work: Work, given: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Send batches or parts of them; until they are received nobody can use them."""
    loads = [Load(**one) for one in given.pop("batches")]
    return _whole(work, shipments.send(work, enterprise_id, loads=loads, **given).number)


@blp.route("/shipments/<number>", methods=["GET"])
@blp.response(200, WholeShipmentOut)
@needs("batches.read")
def show(number: str) -> dict[str, Any]:
    """One journey with what is on board."""
    with reading() as work:
        return _whole(work, number)


@blp.route("/shipments/<number>/receive", methods=["POST"])
@blp.arguments(ShipmentReceiveIn)
@blp.response(200, WholeShipmentOut)
@needs("shipments.receive")
def receive(given: dict[str, Any], number: str) -> dict[str, Any]:
    """Confirm every line by what was weighed; what is short is named."""
    lines = given.pop("lines")
    places = {f"/{one['line_id']}": f"/lines/{place}" for place, one in enumerate(lines)}
    found = {one.pop("line_id"): found_of(one) for one in lines}
    boxes = {one["code"]: one["arrived"] for one in given.pop("boxes")}
    with pointing(places), writing() as work:
        shipments.receive(work, number, found=found, boxes=boxes, **given)
        return _whole(work, number)


@blp.route("/shipments/<number>/take-over", methods=["POST"])
@blp.arguments(ShipmentTakeOverIn)
@blp.response(200, WholeShipmentOut)
@needs("shipments.carry")
def take_over(given: dict[str, Any], number: str) -> dict[str, Any]:
    """The carrier confirms that it has the goods, with the seal as it read it."""
    with writing() as work:
        shipments.take_over(work, number, **given)
        return _whole(work, number)


@blp.route("/shipments/<number>/call-off", methods=["POST"])
@blp.arguments(ShipmentStepIn)
@blp.response(200, WholeShipmentOut)
@needs("shipments.send")
def call_off(given: dict[str, Any], number: str) -> dict[str, Any]:
    """Take it back before it has arrived."""
    with writing() as work:
        shipments.call_off(work, number, **given)
        return _whole(work, number)


@blp.route("/parcels", methods=["GET"])
@blp.arguments(ParcelYearIn, location="query")
@blp.response(200, ParcelCountsOut)
@needs("batches.read")
def parcels(wanted: dict[str, Any]) -> dict[str, Any]:
    """Parcels per producer and month of a year."""
    with reading() as work:
        return {"rows": counts.counted(work.session, actor(), wanted["year"] or work.today.year)}


def _whole(work: Work, number: str) -> dict[str, Any]:
    entry = reads.find(work.session, work.actor, number)
    boxes = [
        {"code": one.code, "kind": one.kind, "kg": box.kg, "arrived": box.arrived}
        for box, one in containers.boxes(work.session, entry.shipment.id)
    ]
    return {
        "shipment": entry,
        "lines": reads.aboard(work.session, entry.shipment.id),
        "boxes": boxes,
        "temperatures": cold_ways.of_journey(work.session, entry.shipment.id),
    }
