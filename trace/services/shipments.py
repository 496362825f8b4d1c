"""Sends goods on their way and takes them in: from that moment until they arrive nobody can use them.

Permission follows the goods: the sender acts on them until the receiver has confirmed them, from then on the receiver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import shipments as reading
from trace.queries.animals import in_parts
from trace.rules.events import EventKind
from trace.rules.flows import OperationKind
from trace.rules.shipments import (
    FLOW,
    ON_THE_WAY,
    Arrived,
    check_confirmed,
    check_seal,
)
from trace.rules.weights import plain
from trace.services import (
    containers,
    events,
    ledger,
    seats,
    shipment_boxes,
    shipment_loads,
    stocks,
    storing,
)
from trace.services.shipment_loads import Journey

#: Which right each step of a journey asks for.
_RIGHTS = {step.action: step.permission for step in FLOW.steps}


@dataclass(frozen=True)
class Found:
    """What the receiver says of one line; ``shortage`` is a value of ``rules.shipments.Shortage``.

    ``missing`` are packs that did not arrive, by the id of their pack line; their weight is part of what is short.
    """

    received_kg: Decimal
    shortage: str = ""
    words: str = ""
    missing: Mapping[str, int] = field(default_factory=dict)


def found_of(said: Mapping[str, Any]) -> Found:
    """What a door was told of one line; packs named twice count together."""
    return Found(said["received_kg"], said["shortage"], said["words"], containers.counted(said.get("missing", ())))


def send(work: Work, from_id: str, **said: Any) -> Shipment:
    """Batches leave their holder, as a ``Journey`` says; where a load names kilograms, so much is split off under a lot
    of its own and goes.

    Another's batch answers like one that is not there. Raises ``shipments.party``, ``.planned``, ``.loads``,
    ``.nothing_left``, ``.on_the_way`` and the refusals of ``holds.check_free``.
    """
    return send_all(work, from_id, [Journey(**said)])[0]


def send_all(work: Work, from_id: str, journeys: Sequence[Journey]) -> list[Shipment]:
    """The same for many journeys, none of which takes the whole of a batch that another takes from."""
    work.actor.require("shipments.send", from_id)
    shipment_loads.check(work, from_id, journeys)
    boxes = [shipment_boxes.take(work, from_id, one.boxes) for one in journeys]  # before batches, as everywhere
    loaded = shipment_loads.loaded(work, from_id, journeys)
    made = shipment_loads.begin(work, from_id, journeys)
    steps = shipment_loads.put_on_board(work, list(zip(made, loaded, strict=True)))
    for place_id in dict.fromkeys(one.place_id for one in journeys):
        here = [at for at, one in enumerate(journeys) if one.place_id == place_id]
        with seats.here(work, from_id, place_id):
            events.record_all(work, [step for at in here for step in steps[at]])
            for at in here:
                shipment_boxes.put_on_board(work, made[at], boxes[at])
    told = {
        each.id: {"number": each.number, "to": each.to_id, "batches": len(one.loads), "boxes": len(one.boxes)}
        for each, one in zip(made, journeys, strict=True)
    }
    audit.record_all(work, "shipments.send", "shipment", told, enterprise_id=from_id)
    return made


def receive(
    work: Work,
    number: str,
    *,
    version: int,
    found: Mapping[str, Found],
    boxes: Mapping[str, bool] | None = None,
    seal_found: str = "",
    seal_words: str = "",
    place_id: str = "",
) -> Shipment:
    """Every line confirmed by what was weighed; what is short is named and leaves the books of its batch.

    ``boxes`` says of each case and pallet, by its code, whether it arrived; it does whole or not at all. ``place_id``:
    the receiver's place where they arrived.
    Raises ``shipments.stale``, ``shipments.every_line``, ``shipments.every_box``, ``shipments.lines`` with a fault per
    line, ``shipments.seal``, and for a shortage beyond what was loose, of which packs are not named,
    ``shipments.short_packs`` with the figures.
    """
    shipment = _own(work, number, "receive")
    _take_version(work, shipment, version)
    move = FLOW.apply(shipment.state, "receive", {})
    lines = reading.lines_of(work.session, shipment.id)
    if set(found) != {one.id for one in lines}:
        raise _at("lines", "shipments.every_line", count=len(lines))
    shipment_boxes.check_told(work, shipment, boxes or {})
    arrived = [
        Arrived(one.id, one.kg, found[one.id].received_kg, found[one.id].shortage, found[one.id].words) for one in lines
    ]
    check_confirmed(arrived)
    check_seal(shipment.seal, seal_found, seal_words)
    shipment.seal_found, shipment.seal_words = seal_found, seal_words
    _end(work, [shipment], move.next_state)
    with seats.here(work, shipment.to_id, place_id):
        for line, told in zip(lines, arrived, strict=True):
            line.received_kg, line.words = told.received_kg, told.words
            line.shortage = told.shortage if told.short_kg else ""
            _hand_over(work, shipment, line, told, found[line.id].missing)
        lost_kg = shipment_boxes.hand_over(work, shipment, boxes or {})
    work.session.flush()
    _record(work, move.audit, shipment, short_kg=sum((one.short_kg for one in arrived), lost_kg))
    return shipment


def take_over(work: Work, number: str, *, version: int, seal_taken: str = "", taken_words: str = "") -> Shipment:
    """The carrier named by the sender confirms that it has the goods, and how it read the seal.

    Raises ``shipments.stale``, ``shipments.taken_over``, ``shipments.seal`` for a seal that reads otherwise without a
    word, and ``access.unknown`` for everybody but the carrier's people.
    """
    shipment = _own(work, number, "take_over")
    _take_version(work, shipment, version)
    move = FLOW.apply(shipment.state, "take_over", {"taken_over": shipment.taken_over_at is not None})
    check_seal(shipment.seal, seal_taken, taken_words, "taken_words")
    shipment.taken_over_at, shipment.taken_over_by = work.now, work.actor.person_id
    shipment.seal_taken, shipment.taken_words = seal_taken, taken_words
    work.session.flush()
    _record(work, move.audit, shipment, carrier=shipment.carrier_id)
    return shipment


def call_off(work: Work, number: str, *, version: int) -> Shipment:
    """The sender takes it back before it has arrived; the goods are where they were."""
    shipment = _own(work, number, "call_off")
    _take_version(work, shipment, version)
    move = FLOW.apply(shipment.state, "call_off", {})
    _end(work, [shipment], move.next_state)
    _record(work, move.audit, shipment)
    return shipment


def call_off_all(work: Work, numbers: Sequence[str]) -> None:
    """The same for many journeys of one sender, as they are now; one that arrived meanwhile is refused by the statement
    that decides."""
    for some in in_parts(numbers):
        found = reading.find_all(work.session, work.actor, some)
        for one in found:
            work.actor.require(_RIGHTS["call_off"], one.from_id)
            move = FLOW.apply(one.state, "call_off", {})
        still = (col(Shipment.id).in_([one.id for one in found]), col(Shipment.state) == ON_THE_WAY)
        if work.session.exec(update(Shipment).where(*still).values(version=col(Shipment.version) + 1)).rowcount != len(
            found
        ):
            raise conflict("shipments.stale")
        _end(work, found, move.next_state)
        told = {one.id: {"number": one.number} for one in found}
        audit.record_all(work, move.audit, "shipment", told, enterprise_id=found[0].from_id)


def _hand_over(work: Work, shipment: Shipment, line: ShipmentLine, told: Arrived, missing: Mapping[str, int]) -> None:
    """The receiver holds it now; what is short leaves the books: missing packs as packs, the rest of what was loose."""
    batch = work.session.get_one(Batch, line.batch_id, populate_existing=True, with_for_update=True)
    same = (col(Batch.id) == batch.id, col(Batch.holder_id) == shipment.from_id)
    if work.session.exec(update(Batch).where(*same).values(holder_id=shipment.to_id)).rowcount != 1:
        raise conflict("shipments.stale")
    packs_kg = stocks.weigh(work, batch.id, shipment.from_id, missing, f"/{line.id}")
    loose = told.short_kg - packs_kg
    if not 0 <= loose <= batch.total_kg - batch.used_kg:
        figures = {"short": told.short_kg, "packs": packs_kg, "loose": batch.total_kg - batch.used_kg}
        raise _at(line.id, "shipments.short_packs", **{name: f"{plain(kg)}" for name, kg in figures.items()})
    if told.short_kg:
        drawn = {batch.id: loose} if loose else {}
        said: dict[str, Any] = {"draws": drawn, "packs_kg": packs_kg, "gone_kg": told.short_kg, "words": told.words}
        done = ledger.book(work, OperationKind.SHORTAGE, shipment.to_id, work.now, **said)
        stocks.take_out(work, done, shipment.from_id, missing)
    stocks.hand_over(work, batch.id, shipment.from_id, shipment.to_id)
    storing.leave(work, work.now, batch.id)
    work.session.refresh(batch)
    data = {"shipment": shipment.number, "sent_kg": str(told.sent_kg), "received_kg": str(told.received_kg)}
    if told.short_kg:
        data |= {"short_kg": str(told.short_kg), "shortage": told.shortage}
    events.record(work, batch, EventKind.RECEIVING, event_time=work.now, data=data)


def _own(work: Work, number: str, action: str) -> Shipment:
    shipment = reading.find(work.session, work.actor, number).shipment
    parties = {"receive": shipment.to_id, "take_over": shipment.carrier_id or "", "call_off": shipment.from_id}
    work.actor.require(_RIGHTS[action], parties[action])
    return shipment


def _take_version(work: Work, shipment: Shipment, version: int) -> None:
    """One statement decides who of two comes first."""
    same = (col(Shipment.id) == shipment.id, col(Shipment.version) == version)
    taken = work.session.exec(update(Shipment).where(*same).values(version=version + 1)).rowcount
    work.session.refresh(shipment)
    if taken != 1:
        raise conflict("shipments.stale")


def _end(work: Work, shipments: Sequence[Shipment], state: str) -> None:
    for one in shipments:
        one.state, one.ended_at, one.ended_by = state, work.now, work.actor.person_id
    ids = [one.id for one in shipments]
    work.session.exec(update(ShipmentLine).where(col(ShipmentLine.shipment_id).in_(ids)).values(ended_at=work.now))
    shipment_boxes.end(work, ids, work.now)
    work.session.flush()


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: Shipment, **detail: Any) -> None:
    audit.record(work, action, "shipment", one.id, enterprise_id=one.from_id, number=one.number, **detail)
