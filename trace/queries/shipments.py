"""Reads journeys of goods: what is on the way, to whom, and how late."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.models.batches import Batch, PackLine
from trace.models.containers import Container, ContainerBatch, PackStock, ShipmentBox
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries.lineage import portions
from trace.rules.shipments import ON_THE_WAY


@dataclass(frozen=True)
class Entry:
    """One journey with the names of its parties."""

    shipment: Shipment
    sender: Enterprise
    receiver: Enterprise
    carrier: Enterprise | None

    def overdue(self, today: date) -> bool:
        return self.shipment.state == ON_THE_WAY and today > self.shipment.planned_on


@dataclass(frozen=True)
class Aboard:
    """One line with its batch and product."""

    line: ShipmentLine
    batch: Batch
    product: Product


def number_of(session: Session, shipment_id: str | None) -> str:
    """The number of a journey; empty for none."""
    found = session.get(Shipment, shipment_id) if shipment_id else None
    return found.number if found else ""


def on_the_way(session: Session, batch_ids: Collection[str]) -> dict[str, str]:
    """The number of the journey each of these batches is on."""
    statement = (
        select(ShipmentLine.batch_id, Shipment.number)
        .join(Shipment, col(Shipment.id) == col(ShipmentLine.shipment_id))
        .where(col(ShipmentLine.batch_id).in_(set(batch_ids)), col(ShipmentLine.ended_at).is_(None))
    )
    return dict(session.exec(statement).all())


def receivers(session: Session, batch_ids: Collection[str]) -> dict[str, str]:
    """Who will have these batches once they arrive, by themselves or loose in a case; only those on the way."""
    alone = (
        select(ShipmentLine.batch_id, Shipment.to_id)
        .join(Shipment, col(Shipment.id) == col(ShipmentLine.shipment_id))
        .where(col(ShipmentLine.batch_id).in_(set(batch_ids)), col(ShipmentLine.ended_at).is_(None))
    )
    carried = func.coalesce(Container.parent_id, Container.id)
    boxed = (
        select(ContainerBatch.batch_id, Shipment.to_id)
        .join(Container, col(Container.id) == col(ContainerBatch.container_id))
        .join(ShipmentBox, col(ShipmentBox.container_id) == carried)
        .join(Shipment, col(Shipment.id) == col(ShipmentBox.shipment_id))
        .where(col(ContainerBatch.batch_id).in_(set(batch_ids)), col(ContainerBatch.ended_at).is_(None))
        .where(col(ShipmentBox.ended_at).is_(None))
    )
    return dict([*session.exec(alone), *session.exec(boxed)])


def listing(session: Session, actor: Actor, *, state: str = "", number: int = 1, size: int = 25) -> Page[Entry]:
    """Journeys within reach, newest first."""
    statement = _within_reach(actor)
    if state:
        statement = statement.where(Shipment.state == state)
    found = page(session, statement.order_by(col(Shipment.sent_at).desc(), col(Shipment.id)), number, size)
    return Page(entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, number: str) -> Entry:
    """Raises ``access.unknown`` beyond the actor's reach."""
    found = session.exec(_within_reach(actor).where(Shipment.number == number)).first()
    if found is None:
        raise unknown()
    return entries(session, [found])[0]


def find_all(session: Session, actor: Actor, numbers: Sequence[str]) -> list[Shipment]:
    """Many in their order as they are now, without the names of their parties; raises ``access.unknown``."""
    some = _within_reach(actor).where(col(Shipment.number).in_(numbers))
    found = {one.number: one for one in session.exec(some.execution_options(populate_existing=True))}
    if len(found) < len(set(numbers)):
        raise unknown()
    return [found[one] for one in numbers]


def waiting(session: Session, actor: Actor, most: int) -> list[Entry]:
    """Journeys on the way to the actor's enterprises, the first to arrive first."""
    statement = select(Shipment).where(Shipment.state == ON_THE_WAY)
    reach = actor.reach("shipments.receive")
    statement = statement.where(col(Shipment.to_id).in_(reach or ()))
    return entries(session, session.exec(statement.order_by(col(Shipment.planned_on)).limit(most)))


def to_carry(session: Session, actor: Actor, most: int) -> list[Entry]:
    """Journeys on the way whose carrier has not confirmed yet, for the carrier's people."""
    open_ones = (Shipment.state == ON_THE_WAY, col(Shipment.taken_over_at).is_(None))
    reach = actor.reach("shipments.carry")
    statement = select(Shipment).where(*open_ones, col(Shipment.carrier_id).in_(reach or ()))
    return entries(session, session.exec(statement.order_by(col(Shipment.sent_at)).limit(most)))


def overdue(session: Session, actor: Actor, today: date, most: int) -> list[Entry]:
    """Journeys that should have arrived, for those who sent them, and for those of the office who may hold goods."""
    statement = select(Shipment).where(Shipment.state == ON_THE_WAY, col(Shipment.planned_on) < today)
    if not (actor.may("holds.place") and actor.reach("batches.read") is None):
        statement = statement.where(col(Shipment.from_id).in_(actor.reach("shipments.send") or ()))
    return entries(session, session.exec(statement.order_by(col(Shipment.planned_on)).limit(most)))


def entries(session: Session, shipments: Iterable[Shipment]) -> list[Entry]:
    found = list(shipments)
    ids = {one for row in found for one in (row.from_id, row.to_id, row.carrier_id) if one}
    parties = by_id(session, Enterprise, ids)
    return [Entry(row, parties[row.from_id], parties[row.to_id], parties.get(row.carrier_id or "")) for row in found]


def lines_of(session: Session, shipment_id: str) -> list[ShipmentLine]:
    mine = select(ShipmentLine).where(ShipmentLine.shipment_id == shipment_id)
    return list(session.exec(mine.order_by(col(ShipmentLine.batch_id))))


def aboard(session: Session, shipment_id: str) -> list[Aboard]:
    """The lines of a journey with their batches, by lot."""
    lines = lines_of(session, shipment_id)
    batches = by_id(session, Batch, {one.batch_id for one in lines})
    products = by_id(session, Product, {one.product_id for one in batches.values()})
    found = [Aboard(one, batches[one.batch_id], products[batches[one.batch_id].product_id]) for one in lines]
    return sorted(found, key=lambda one: (one.batch.lot, one.line.id))


def aboard_kg(session: Session, batches: Sequence[Batch]) -> dict[str, Decimal]:
    """What of each batch can be put on board: what is loose and what is in packs of it, kg."""
    found = {one.id: one.total_kg - one.used_kg for one in batches}
    there = (
        select(PackLine.batch_id, col(PackLine.net_kg), col(PackStock.packs))
        .join(PackStock, col(PackStock.pack_line_id) == col(PackLine.id))
        .join(Batch, (col(Batch.id) == col(PackLine.batch_id)) & (col(Batch.holder_id) == col(PackStock.holder_id)))
    )
    for some in portions(found):
        for batch_id, net_kg, count in session.exec(there.where(col(PackLine.batch_id).in_(some))):
            found[batch_id] += net_kg * count
    return found


def packs_aboard(session: Session, lines: Iterable[ShipmentLine], from_id: str) -> dict[str, list[PackLine]]:
    """The pack lines of each line's batch of which the sender has packs, by the id of the shipment's line."""
    found: dict[str, list[PackLine]] = {}
    for one in lines:
        there = select(PackLine).join(PackStock, col(PackStock.pack_line_id) == col(PackLine.id))
        mine = there.where(PackLine.batch_id == one.batch_id, PackStock.holder_id == from_id, PackStock.packs > 0)
        found[one.id] = list(session.exec(mine.order_by(PackLine.cut, col(PackLine.net_kg), PackLine.id)))
    return found


def ready(session: Session, actor: Actor, from_id: str) -> list[tuple[Batch, Decimal]]:
    """The enterprise's batches that could leave, the newest first, each with its weight."""
    if not actor.may("shipments.send", from_id):
        raise unknown()
    moving = select(ShipmentLine.batch_id).where(col(ShipmentLine.ended_at).is_(None))
    mine = select(Batch).where(Batch.holder_id == from_id, col(Batch.id).not_in(moving))
    found = session.exec(mine.order_by(col(Batch.made_on).desc(), col(Batch.lot)).limit(200)).all()
    aboard = aboard_kg(session, found)
    weighed = [(one, aboard[one.id]) for one in found]
    return [(batch, kg) for batch, kg in weighed if kg > 0]


def parties(session: Session) -> list[Enterprise]:
    """Everybody goods may be sent to or carried by, by name."""
    confirmed = select(Enterprise).where(Enterprise.state == EnterpriseState.CONFIRMED)
    return list(session.exec(confirmed.order_by(Enterprise.name)))


def _within_reach(actor: Actor) -> SelectOfScalar[Shipment]:
    reach = actor.reach("batches.read")
    statement = select(Shipment)
    if reach is None:
        return statement
    mine = (col(Shipment.from_id), col(Shipment.to_id), col(Shipment.carrier_id))
    return statement.where(or_(*(one.in_(reach) for one in mine)))
