"""Sends goods on their way and takes them in: from that moment until they arrive nobody can use them.

Permission follows the goods: the sender acts on them until the receiver has confirmed them, from then on the receiver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, pointing
from brand.kernel.numbers import next_numbers
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from trace.models.batches import Batch
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import shipments as reading
from trace.rules.events import EventKind
from trace.rules.flows import OperationKind
from trace.rules.shipments import (
    FLOW,
    MOST_LINES,
    Arrived,
    check_arrival,
    check_confirmed,
    check_seal,
)
from trace.rules.weights import plain
from trace.services import containers, events, flows, holds, ledger, seats, shipment_boxes, stocks, storing
from trace.services.events import Step
from trace.services.flow_parts import Part


@dataclass(frozen=True)
class Load:
    """One batch to put on board, or so many kilograms split off its loose weight, and how many parcels it makes."""

    batch_id: str
    parcels: int = 0
    kg: Decimal | None = None


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


@dataclass(frozen=True)
class Journey:
    """What a sender says of one journey: to whom, with what, by when, and by whom, in what and under which seal.

    ``boxes`` are codes of cases and pallets that go along with everything in them; ``place_id`` is the sender's place
    they leave from.
    """

    to_id: str
    loads: Sequence[Load]
    planned_on: date
    carrier_id: str = ""
    vehicle: str = ""
    seal: str = ""
    boxes: Sequence[str] = ()
    place_id: str = ""


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
    for one in journeys:
        _check_said(work, from_id, one)
    whole = [load.batch_id for one in journeys for load in one.loads if load.kg is None]
    named = Counter(load.batch_id for one in journeys for load in one.loads)
    if any(named[batch_id] > 1 for batch_id in whole):
        raise _at("batches", "shipments.loads", most=MOST_LINES)
    boxes = [shipment_boxes.take(work, from_id, one.boxes) for one in journeys]  # before batches, as everywhere
    loaded = _loaded(work, from_id, journeys)
    made = _begun(work, from_id, journeys)
    steps = _put_on_board(work, list(zip(made, loaded, strict=True)))
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
    _end(work, shipment, move.next_state)
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
    _end(work, shipment, move.next_state)
    _record(work, move.audit, shipment)
    return shipment


def _check_said(work: Work, from_id: str, one: Journey) -> None:
    _check_parties(work, from_id, one.to_id, one.carrier_id)
    check_arrival(one.planned_on, work.today)
    named = [*(load.batch_id for load in one.loads), *one.boxes]
    if not 1 <= len(named) <= MOST_LINES or len(set(named)) != len(named):
        raise _at("batches", "shipments.loads", most=MOST_LINES)


def _check_parties(work: Work, from_id: str, to_id: str, carrier_id: str) -> None:
    for name, one in (("to_id", to_id), ("carrier_id", carrier_id)):
        if name == "carrier_id" and not one:
            continue
        if not _confirmed(work.session, one) or (name == "to_id" and one == from_id):
            raise _at(name, "shipments.party")


@remembered
def _confirmed(session: Session, enterprise_id: str) -> bool:
    found = session.get(Enterprise, enterprise_id)
    return found is not None and found.state == EnterpriseState.CONFIRMED


def _loaded(work: Work, from_id: str, journeys: Sequence[Journey]) -> list[list[tuple[Load, Batch]]]:
    """What goes on board of each: the batch of a load, or the part that is split off for it."""
    loads = [(load, f"/batches/{at}") for one in journeys for at, load in enumerate(one.loads)]
    places = {load.batch_id: at for load, at in loads}
    holds.lock(work, places)
    batches = _held_by(work, from_id, places)  # first of all: what stands against another's goods is not told
    holds.refuse_held(work, [*places], places)
    cut = [(Part(load.batch_id, load.kg), at) for load, at in loads if load.kg is not None]
    with pointing({f"/parts/{number}": at for number, (_, at) in enumerate(cut)}):
        parts = iter(flows.split_off(work, from_id, [part for part, _ in cut]) if cut else ())
    return [
        [(load, batches[load.batch_id] if load.kg is None else next(parts)) for load in one.loads] for one in journeys
    ]


def _held_by(work: Work, from_id: str, places: Mapping[str, str]) -> dict[str, Batch]:
    mine = select(Batch).where(col(Batch.id).in_(places), Batch.holder_id == from_id)
    found = {one.id: one for one in work.session.exec(mine)}
    missing = [Fault("shipments.not_yours", at) for one, at in places.items() if one not in found]
    if missing:
        raise invalid("shipments.not_yours", faults=missing)
    return found


def _begun(work: Work, from_id: str, journeys: Sequence[Journey]) -> list[Shipment]:
    made = [
        Shipment(
            number=number,
            from_id=from_id,
            to_id=one.to_id,
            carrier_id=one.carrier_id or None,
            vehicle=one.vehicle,
            seal=one.seal,
            planned_on=one.planned_on,
            sent_at=work.now,
            sent_by=work.actor.person_id or "",
        )
        for number, one in zip(next_numbers(work, "shipments", len(journeys)), journeys, strict=True)
    ]
    work.session.add_all(made)
    work.session.flush()
    return made


def _put_on_board(work: Work, leaving: Sequence[tuple[Shipment, Sequence[tuple[Load, Batch]]]]) -> list[list[Step]]:
    """The lines of each journey; what its batches have to be told."""
    aboard = reading.aboard_kg(work.session, [batch for _, loads in leaving for _, batch in loads])
    steps = []
    for shipment, loads in leaving:
        for load, batch in loads:
            if aboard[batch.id] <= 0:
                raise _at("batches", "shipments.nothing_left", lot=batch.lot)
            kg = aboard[batch.id]
            work.session.add(ShipmentLine(shipment_id=shipment.id, batch_id=batch.id, kg=kg, parcels=load.parcels))
        data = {batch.id: {"shipment": shipment.number, "sent_kg": str(aboard[batch.id])} for _, batch in loads}
        steps.append([Step(batch, EventKind.SHIPPING, work.now, data[batch.id]) for _, batch in loads])
    work.session.flush()
    return steps


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
    right = next(step.permission for step in FLOW.steps if step.action == action)
    work.actor.require(right, parties[action])
    return shipment


def _take_version(work: Work, shipment: Shipment, version: int) -> None:
    """One statement decides who of two comes first."""
    same = (col(Shipment.id) == shipment.id, col(Shipment.version) == version)
    taken = work.session.exec(update(Shipment).where(*same).values(version=version + 1)).rowcount
    work.session.refresh(shipment)
    if taken != 1:
        raise conflict("shipments.stale")


def _end(work: Work, shipment: Shipment, state: str) -> None:
    shipment.state, shipment.ended_at, shipment.ended_by = state, work.now, work.actor.person_id
    work.session.exec(
        update(ShipmentLine).where(col(ShipmentLine.shipment_id) == shipment.id).values(ended_at=work.now)
    )
    shipment_boxes.end(work, shipment, work.now)
    work.session.flush()


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: Shipment, **detail: Any) -> None:
    audit.record(work, action, "shipment", one.id, enterprise_id=one.from_id, number=one.number, **detail)
