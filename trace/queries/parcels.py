"""Counts parcels per producer and month, evidence for a subsidy: pieces stated of batches, and every case that left.

Source: domain notes A4.6 (a subsidy per parcel). A case is one piece, on a pallet or not; a case with goods of several
producers counts for whom most of it is, so that no piece is counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.clock import CHINA, local_day
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.models.events import Event
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries.containers import contents
from trace.queries.lineage import portions
from trace.rules.containers import ContainerKind
from trace.rules.events import EventKind
from trace.rules.goods import Subject
from trace.rules.shipments import CALLED_OFF

#: What is stated of a batch on board.
_STATED: Any = (Shipment, Batch.producer_id, ShipmentLine.parcels, ShipmentLine.kg)


@dataclass(frozen=True)
class Count:
    """Parcels of one producer in one month, ``YYYY-MM``, with the journeys and kilograms they made."""

    month: str
    producer: Enterprise
    shipments: int
    parcels: int
    kg: Decimal


@dataclass(frozen=True)
class _Piece:
    """What one journey carried of one producer's goods, in so many pieces."""

    journey: Shipment
    producer_id: str
    pieces: int
    kg: Decimal


def counted(session: Session, actor: Actor, year: int) -> list[Count]:
    """For the year they left; the office reads all, an enterprise its own goods' and those it sent."""
    reach = actor.reach("batches.read")
    found: dict[tuple[str, str], tuple[set[str], int, Decimal]] = defaultdict(lambda: (set(), 0, Decimal(0)))
    for one in (*_stated(session, year), *_cased(session, year)):
        if reach is not None and not {one.producer_id, one.journey.from_id} & reach:
            continue
        key = (f"{local_day(one.journey.sent_at):%Y-%m}", one.producer_id)
        journeys, pieces, weight = found[key]
        found[key] = (journeys | {one.journey.id}, pieces + one.pieces, weight + one.kg)
    names = by_id(session, Enterprise, {producer for _, producer in found})
    rows = [Count(month, names[who], len(ids), count, kg) for (month, who), (ids, count, kg) in found.items()]
    return sorted(rows, key=lambda one: (one.month, one.producer.name, one.producer.id))


def _within(year: int) -> tuple[Any, ...]:
    """Journeys that left in that year by the county's clock and were not called off."""
    begin, end = (datetime(each, 1, 1, tzinfo=CHINA) for each in (year, year + 1))
    return Shipment.state != CALLED_OFF, col(Shipment.sent_at) >= begin, col(Shipment.sent_at) < end


def _stated(session: Session, year: int) -> Iterator[_Piece]:
    statement: Any = (
        select(*_STATED)
        .join(ShipmentLine, col(ShipmentLine.shipment_id) == col(Shipment.id))
        .join(Batch, col(Batch.id) == col(ShipmentLine.batch_id))
        .where(*_within(year))
    )
    for journey, producer, pieces, kg in session.exec(statement):
        yield _Piece(journey, producer, pieces, kg)


def _cased(session: Session, year: int) -> Iterator[_Piece]:
    """What every case says of its own way, also of that on a pallet it has left since."""
    journeys = {one.number: one for one in session.exec(select(Shipment).where(*_within(year)))}
    if not journeys:
        return
    begin = min(one.sent_at for one in journeys.values())
    its = (Event.subject == Subject.CONTAINER.value, Event.kind == EventKind.SHIPPING.value)
    told = (
        select(Event.data, Container)
        .join(Container, col(Container.id) == col(Event.subject_id))
        .where(*its, col(Event.event_time) >= begin, Container.kind == ContainerKind.CASE.value)
    )
    left = [(journeys[data["shipment"]], one) for data, one in session.exec(told) if data["shipment"] in journeys]
    shares = _shares(session, {one.id: one for _, one in left})
    for journey, case in left:
        most = max(shares[case.id], key=lambda who: (shares[case.id][who], who), default="")
        for producer, kg in shares[case.id].items():
            yield _Piece(journey, producer, int(producer == most), kg)


def _shares(session: Session, cases: dict[str, Container]) -> dict[str, dict[str, Decimal]]:
    """Kilograms in each case by whose goods they are."""
    found: dict[str, dict[str, Decimal]] = {one: defaultdict(Decimal) for one in cases}
    for some in portions(cases):
        inside = contents(session, [cases[one] for one in some])
        for each in inside.packed:
            found[each.container_id][each.batch.producer_id] += each.line.net_kg * each.packs
        for container_id, batch in inside.loose:
            found[container_id][batch.producer_id] += batch.total_kg
    return found
