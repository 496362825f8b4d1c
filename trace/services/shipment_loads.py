"""Puts batches on journeys: who sends what to whom, held against the rules, and every load with its line.

Needs no permission of its own: ``services/shipments`` has asked for its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from brand.kernel.errors import AppError, Fault, invalid, pointing
from brand.kernel.numbers import next_numbers
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from trace.models.batches import Batch
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import shipments as reading
from trace.rules.events import EventKind
from trace.rules.shipments import MOST_LINES, check_arrival
from trace.services import flows, holds
from trace.services.events import Step
from trace.services.flow_parts import Part


@dataclass(frozen=True)
class Load:
    """One batch to put on board, or so many kilograms split off its loose weight, and how many parcels it makes."""

    batch_id: str
    parcels: int = 0
    kg: Decimal | None = None


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


def check(work: Work, from_id: str, journeys: Sequence[Journey]) -> None:
    """Raises ``shipments.party``, ``.planned`` or ``.loads``, changing nothing."""
    for one in journeys:
        _check(work, from_id, one)
    whole = [load.batch_id for one in journeys for load in one.loads if load.kg is None]
    named = Counter(load.batch_id for one in journeys for load in one.loads)
    if any(named[batch_id] > 1 for batch_id in whole):
        raise _at("batches", "shipments.loads", most=MOST_LINES)


def _check(work: Work, from_id: str, one: Journey) -> None:
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


def loaded(work: Work, from_id: str, journeys: Sequence[Journey]) -> list[list[tuple[Load, Batch]]]:
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


def begin(work: Work, from_id: str, journeys: Sequence[Journey]) -> list[Shipment]:
    """The journeys under the next numbers, still empty."""
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


def put_on_board(work: Work, leaving: Sequence[tuple[Shipment, Sequence[tuple[Load, Batch]]]]) -> list[list[Step]]:
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


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
