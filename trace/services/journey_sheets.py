"""Takes in sheets of journeys: what was sent, one journey a waybill, and what arrived, one confirmation a journey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.formats import journey_sheets as forms
from trace.formats.lines import Line
from trace.models.batches import Batch
from trace.models.imports import SheetImport
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import parties
from trace.rules.shipments import CALLED_OFF, RECEIVED
from trace.services import row_sheets, shipments
from trace.services.row_sheets import RowSheet, batches_of, place_id
from trace.services.shipment_loads import Journey, Load
from trace.services.shipments import Found

_WAY = ("to", "carrier", "vehicle", "seal", "place", "planned_on")
_SEAL = ("seal_found", "seal_words")


def _send(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    return _send_all(work, owner, [lines])


def _send_all(work: Work, owner: str, waybills: Sequence[Sequence[Line]]) -> Iterator[str]:
    batches = iter(batches_of(work, owner, chain(*waybills)))
    loads = [
        [Load(next(batches).id, line.values.get("parcels", 0), line.values.get("kg")) for line in lines]
        for lines in waybills
    ]
    journeys = [_journey(work, owner, lines[0].values, some) for lines, some in zip(waybills, loads, strict=True)]
    for made in shipments.send_all(work, owner, journeys):
        yield made.number


def _journey(work: Work, owner: str, said: Mapping[str, Any], loads: Sequence[Load]) -> Journey:
    return Journey(
        to_id=_party(work, said["to"], "to"),
        loads=loads,
        planned_on=said["planned_on"],
        carrier_id=_party(work, said["carrier"], "carrier") if "carrier" in said else "",
        vehicle=said.get("vehicle", ""),
        seal=said.get("seal", ""),
        place_id=place_id(work, owner, said.get("place", "")) or "",
    )


def _days_gone(work: Work, owner: str, lines: Sequence[Line]) -> list[Line]:
    """Rows of days for which a journey was planned already."""
    days = select(col(Shipment.planned_on)).where(Shipment.from_id == owner, Shipment.state != CALLED_OFF)
    planned = set(
        work.session.exec(days.where(col(Shipment.planned_on).in_({one.values["planned_on"] for one in lines})))
    )
    return [line for line in lines if line.values["planned_on"] in planned]


def _sent_already(work: Work, owner: str, line: Line) -> bool:
    """Whether a journey that was not called off says the same lot, receiver, day, vehicle, seal and weight."""
    said = line.values
    wanted = (_party(work, said["to"], "to"), said["planned_on"], said.get("vehicle", ""), said.get("seal", ""))
    sent = _sent(work.session, owner, said["lot"])
    return any(wanted == tuple(way) and said.get("kg", kg) == kg for *way, kg in sent)


@remembered
def _sent(session: Session, owner: str, lot: str) -> frozenset[tuple[Any, ...]]:
    """Receiver, day, vehicle, seal and weight of every journey of that lot, or of a part split off it to go."""
    told: Any = (Shipment.to_id, Shipment.planned_on, Shipment.vehicle, Shipment.seal, ShipmentLine.kg)
    its = select(*told).join(ShipmentLine, col(ShipmentLine.shipment_id) == col(Shipment.id))
    its = its.join(Batch, col(Batch.id) == col(ShipmentLine.batch_id))
    parts = col(Batch.lot).startswith(f"{lot[:16]}-", autoescape=True)
    gone = its.where(Shipment.from_id == owner, Shipment.state != CALLED_OFF, parts | (col(Batch.lot) == lot))
    return frozenset(map(tuple, session.exec(gone)))


def _call_off(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    """Raises ``shipments.wrong_state`` once one has arrived."""
    shipments.call_off_all(work, made)


def _receive(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    """Every load by its lot; cases and pallets are confirmed on the page, because each is looked at."""
    said = lines[0].values
    shipment = _coming(work, owner, said["number"])
    at: dict[str, int] = {}
    found: dict[str, Found] = {}
    for place, line in enumerate(lines):
        one = _line_of(work, shipment, line, place)
        at[one] = place
        found[one] = Found(line.values["received_kg"], line.values.get("shortage", ""), line.values.get("words", ""))
    seal = {name: said.get(name, "") for name in _SEAL}
    seal["place_id"] = place_id(work, owner, said.get("place", "")) or ""
    try:
        shipments.receive(work, shipment.number, version=shipment.version, found=found, **seal)
    except AppError as error:
        raise invalid(error.code, faults=[_at_row(one, at) for one in error.faults], **error.params) from error
    yield shipment.number


def _at_row(one: Fault, at: dict[str, int]) -> Fault:
    """A line of the journey is told by its id; in the sheet it is a row."""
    parts = [str(at.get(part, part)) for part in one.pointer.split("/")]
    return Fault(one.code, "/".join(parts), one.params)


def _coming(work: Work, owner: str, number: str) -> Shipment:
    """A journey to this enterprise; what goes to others is not there."""
    its = select(Shipment).where(Shipment.number == number, Shipment.to_id == owner)
    found = work.session.exec(its.execution_options(populate_existing=True)).first()
    if found is None:
        raise invalid("shipments.number_unknown", faults=[Fault("shipments.number_unknown", "/number")])
    return found


def _line_of(work: Work, shipment: Shipment, line: Line, place: int) -> str:
    its = select(ShipmentLine.id).join(Batch, col(Batch.id) == col(ShipmentLine.batch_id))
    found = work.session.exec(
        its.where(ShipmentLine.shipment_id == shipment.id, Batch.lot == line.values["lot"])
    ).first()
    if found is None:
        raise invalid("shipments.not_on_board", faults=[Fault("shipments.not_on_board", f"/{place}/lot")])
    return found


def _arrived_already(work: Work, owner: str, line: Line) -> bool:
    said = line.values
    its = select(col(ShipmentLine.received_kg)).join(Shipment, col(Shipment.id) == col(ShipmentLine.shipment_id))
    same = its.join(Batch, col(Batch.id) == col(ShipmentLine.batch_id)).where(Batch.lot == said["lot"])
    mine = same.where(Shipment.number == said["number"], Shipment.to_id == owner, Shipment.state == RECEIVED)
    return said["received_kg"] in work.session.exec(mine).all()


def _party(work: Work, text: str, column: str) -> str:
    found = _named_party(work.session, text)
    if found is None:
        raise invalid("shipments.party", faults=[Fault("shipments.party", f"/{column}")])
    return found


@remembered
def _named_party(session: Session, text: str) -> str | None:
    found: Enterprise | None = parties.named(session, text)
    return found.id if found else None


SHIPMENTS = row_sheets.intake(
    RowSheet(
        forms.SHIPMENTS,
        "shipments.send",
        _send,
        says="to",
        acts=_send_all,
        undo=_call_off,
        group=("waybill",),
        shared=_WAY,
        known=_sent_already,
        perhaps=_days_gone,
        weighs="kg",
        columns={"batches": "lot", "to_id": "to", "carrier_id": "carrier"},
    )
)
#: Whoever received goods answers for them: no undo, what is wrong is corrected by the parties.
ARRIVALS = row_sheets.intake(
    RowSheet(
        forms.ARRIVALS,
        "shipments.receive",
        _receive,
        says="number",
        group=("number",),
        shared=(*_SEAL, "place"),
        known=_arrived_already,
        weighs="received_kg",
        columns={"": "received_kg", "lines": "lot", "boxes": "number"},
    )
)
