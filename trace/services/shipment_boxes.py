"""Cases and pallets on journeys: on board whole, theirs who receives them, and what did not arrive out of the books.

Needs no permission of its own: ``services/shipments`` has asked for its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import update
from sqlmodel import col

from brand.kernel.errors import Fault, invalid
from brand.kernel.work import Work
from trace.models.containers import Container, ShipmentBox
from trace.models.shipments import Shipment
from trace.queries import containers as reading
from trace.queries.containers import Contents
from trace.rules.events import EventKind
from trace.rules.flows import OperationKind
from trace.rules.weights import plain
from trace.services import containers, holds, leaving, storing


def take(work: Work, from_id: str, codes: Sequence[str]) -> list[Container]:
    """Containers of the sender that may go along; held and recalled goods stay.

    Raises ``containers.not_yours``, ``.ended``, ``.on_a_pallet``, ``.on_the_way``, ``holds.held``, ``holds.recalled``.
    """
    if not codes:
        return []
    found = containers.take(work, from_id, codes, at="/boxes")
    containers.check_free(work, reading.contents(work.session, found), "/boxes")
    return found


def put_on_board(work: Work, shipment: Shipment, taken: Sequence[Container]) -> None:
    """Containers that were taken go on this journey with everything in them."""
    for one in taken:
        inside = reading.contents(work.session, [one])
        work.session.add(ShipmentBox(shipment_id=shipment.id, container_id=one.id, kg=inside.kg))
        work.session.flush()
        data = {"shipment": shipment.number, "sent_kg": f"{plain(inside.kg)}"}
        _tell(work, one, inside, EventKind.SHIPPING, data)
        containers.touch(work, inside.batch_ids)


def check_told(work: Work, shipment: Shipment, told: Mapping[str, bool]) -> None:
    """Every container is told of; raises ``shipments.every_box``."""
    aboard = {one.code for _, one in reading.boxes(work.session, shipment.id)}
    if set(told) != aboard:
        params = {"count": len(aboard)}
        raise invalid("shipments.every_box", faults=[Fault("shipments.every_box", "/boxes", params)], **params)


def hand_over(work: Work, shipment: Shipment, told: Mapping[str, bool]) -> Decimal:
    """What arrived is the receiver's with everything in it; what did not is lost. Kilograms that are missing."""
    short = Decimal(0)
    for box, one in reading.boxes(work.session, shipment.id):
        work.session.refresh(one, with_for_update=True)
        inside = reading.contents(work.session, [one])
        holds.lock(work, inside.batch_ids)
        box.arrived = told[one.code]
        for each in (one, *inside.cases):
            each.holder_id, each.version = shipment.to_id, each.version + 1
        _hand_over_loose(work, shipment, inside)
        work.session.flush()
        if box.arrived:
            data = {"shipment": shipment.number, "received_kg": f"{plain(box.kg)}"}
            _tell(work, one, inside, EventKind.RECEIVING, data)
            containers.touch(work, inside.batch_ids)
        else:
            short += box.kg
            leaving.empty_out(
                work,
                one,
                inside,
                OperationKind.SHORTAGE,
                work.today,
                enterprise_id=shipment.to_id,
                words=shipment.number,
            )
    return short


def end(work: Work, shipment_ids: Sequence[str], at: datetime) -> None:
    """The journeys are over, however they ended."""
    its = col(ShipmentBox.shipment_id).in_(shipment_ids)
    work.session.exec(update(ShipmentBox).where(its).values(ended_at=at))


def _tell(work: Work, one: Container, inside: Contents, kind: EventKind, data: Mapping[str, str]) -> None:
    """Its way is that of every case on it: each can say by itself through whose hands it went."""
    containers.tell_way(work, one, kind, data)
    for case in inside.cases:
        containers.tell_way(work, case, kind, {"shipment": data["shipment"], "pallet": one.code})


def _hand_over_loose(work: Work, shipment: Shipment, inside: Contents) -> None:
    for _, batch in inside.loose:
        work.session.refresh(batch)
        batch.holder_id = shipment.to_id
        storing.leave(work, work.now, batch.id)
