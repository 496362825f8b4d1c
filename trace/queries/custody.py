"""Reads who had goods from when until when: holders, carriers and seals, back to where the goods came from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, Flow
from trace.models.containers import Container
from trace.models.events import Event
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import batches, containers, lineage
from trace.queries.lineage import portions
from trace.rules.containers import ContainerState
from trace.rules.custody import Journey, Link, links
from trace.rules.events import EventKind
from trace.rules.shipments import CALLED_OFF


@dataclass(frozen=True)
class Had:
    """One link with whoever had the goods."""

    link: Link
    who: Enterprise


@dataclass(frozen=True)
class Held(Had):
    """The same of one batch among those of a history."""

    batch: Batch


def of_batch(session: Session, actor: Actor, batch_id: str) -> list[Held]:
    """The hands a batch and all it was made from went through, in the order of time; raises ``access.unknown``.

    Of an earlier batch only until the goods left it for this one.
    """
    batches.find(session, actor, batch_id)
    past = lineage.back(session, [batch_id])
    rows = by_id(session, Batch, past)
    left = _left(session, past)
    journeys = list(_journeys(session, actor, past))
    found: list[tuple[Batch, Link]] = []
    for one in rows.values():
        own = [journey for at, journey in journeys if at == one.id]
        found += [(one, link) for link in links(one.maker_id, one.registered_at, own, left.get(one.id))]
    names = by_id(session, Enterprise, {link.who_id for _, link in found})
    held = [Held(link, names[link.who_id], batch) for batch, link in found]
    return sorted(held, key=lambda one: (one.link.since, one.batch.lot, one.link.order))


def of_container(session: Session, actor: Actor, one: Container) -> list[Had]:
    """The hands a case or pallet went through, alone or on its pallet, until it was opened or gone.

    Whoever asks has asked whether the actor may see it.
    """
    told = containers.events(session, one.id)
    numbers = {each.data["shipment"] for each in told if "shipment" in each.data}
    lost = {each.data["shipment"] for each in told if each.kind == EventKind.LOSING and "shipment" in each.data}
    ended = told[-1].record_time if one.state != ContainerState.PACKED and not lost else None
    statement = select(Shipment).where(col(Shipment.number).in_(numbers), Shipment.state != CALLED_OFF)
    ways = session.exec(statement.order_by(col(Shipment.sent_at))).all()
    journeys = [replace(_journey(actor, way), arrived=way.number not in lost) for way in ways]
    found = links(one.maker_id, one.packed_at, journeys, ended)
    names = by_id(session, Enterprise, {link.who_id for link in found})
    return [Had(link, names[link.who_id]) for link in found]


def _left(session: Session, past: Collection[str]) -> dict[str, datetime]:
    """When the last of the goods left each earlier batch for one that belongs to this history."""
    found: dict[str, datetime] = {}
    for some in portions(past):
        flows = select(Flow.input_id, Event.record_time).join(Event, col(Event.id) == col(Flow.event_id))
        for source, at in session.exec(flows.where(col(Flow.output_id).in_(some))):
            found[source] = max(at, found.get(source, at))
    return found


def _journeys(session: Session, actor: Actor, past: Collection[str]) -> Iterator[tuple[str, Journey]]:
    for some in portions(past):
        statement = (
            select(ShipmentLine.batch_id, Shipment)
            .join(Shipment, col(Shipment.id) == col(ShipmentLine.shipment_id))
            .where(col(ShipmentLine.batch_id).in_(some), Shipment.state != CALLED_OFF)
            .order_by(col(Shipment.sent_at))
        )
        for batch_id, one in session.exec(statement):
            yield batch_id, _journey(actor, one)


def _journey(actor: Actor, one: Shipment) -> Journey:
    """Seals are for those who send, carry and receive, and for the office."""
    parties = [party for party in (one.from_id, one.to_id, one.carrier_id) if party]
    party = any(actor.may("batches.read", each) for each in parties)
    seals = (one.seal, one.seal_taken, one.seal_found) if party else ("", "", "")
    way = (one.number, one.from_id, one.to_id, one.carrier_id or "", one.sent_at, one.taken_over_at, one.ended_at)
    return Journey(*way, *seals)
