"""Reads cases and pallets: what is in each, on which pallet and journey it is, and where the packs of a batch lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, PackLine
from trace.models.containers import Container, ContainerBatch, ContainerLabel, ContainerLine, PackStock, ShipmentBox
from trace.models.events import Event
from trace.models.labels import Label, LabelOrder
from trace.models.shipments import Shipment
from trace.queries.lineage import portions
from trace.rules.containers import ContainerKind, ContainerState
from trace.rules.goods import Subject

#: Cases offered on a form at once.
MOST_READY = 300


@dataclass(frozen=True)
class Entry:
    """One container with its holder, pallet and journey, if it is on one; packs and kg of all that was put in."""

    container: Container
    holder: Enterprise
    parent: Container | None
    journey: str
    packs: int
    kg: Decimal


@dataclass(frozen=True)
class Packed:
    """Packs of one line in a case."""

    container_id: str
    line: PackLine
    batch: Batch
    packs: int


@dataclass(frozen=True)
class InCase:
    """Packs of one line of a batch in a case, who has it, and the pallet and journey it is on; empty for none."""

    batch_id: str
    code: str
    pallet: str
    holder_id: str
    journey: str
    packs: int
    kg: Decimal


@dataclass(frozen=True)
class Labelled:
    """One labelled pack by the order and place of its label; ``inside``: it has not been taken out again."""

    serial: str
    order: str
    position: int
    state: str
    inside: bool


@dataclass(frozen=True)
class Contents:
    """All that was put into some containers: packs, loose batches and, in pallets, whole cases."""

    cases: tuple[Container, ...]
    packed: tuple[Packed, ...]
    loose: tuple[tuple[str, Batch], ...]

    @property
    def batch_ids(self) -> frozenset[str]:
        return frozenset(one.batch.id for one in self.packed) | {batch.id for _, batch in self.loose}

    @property
    def licence_ids(self) -> frozenset[str]:
        """The licences of all that is in it, of whatever has one."""
        batches = [one.batch for one in self.packed] + [batch for _, batch in self.loose]
        return frozenset(one.licence_id for one in batches if one.licence_id)

    @property
    def packs_kg(self) -> Decimal:
        return sum((one.line.net_kg * one.packs for one in self.packed), Decimal(0))

    @property
    def kg(self) -> Decimal:
        """What was put in; a loose batch weighs what it was split off with."""
        return self.packs_kg + sum((batch.total_kg for _, batch in self.loose), Decimal(0))


def listing(session: Session, actor: Actor, *, state: str = "packed", number: int = 1, size: int = 25) -> Page[Entry]:
    """Containers within reach, newest first; ``state`` empty for all."""
    statement = _within_reach(actor)
    if state:
        statement = statement.where(Container.state == state)
    found = page(session, statement.order_by(col(Container.packed_at).desc(), col(Container.id)), number, size)
    return Page(entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, code: str) -> Entry:
    """Raises ``access.unknown`` beyond the actor's reach: who packed it and who has it may look."""
    found = session.exec(_within_reach(actor).where(Container.code == code)).first()
    if found is None:
        raise unknown()
    return entries(session, [found])[0]


def known(session: Session, code: str) -> bool:
    """Whether a case or pallet ever bore that code; for everybody."""
    return session.exec(select(Container.id).where(Container.code == code)).first() is not None


def named(session: Session, actor: Actor, code: str) -> list[Container]:
    """The container with that code, if there is one within reach."""
    return list(session.exec(_within_reach(actor).where(Container.code == code)))


def entries(session: Session, containers: Iterable[Container]) -> list[Entry]:
    rows = list(containers)
    holders = by_id(session, Enterprise, {one.holder_id for one in rows})
    parents = by_id(session, Container, {one.parent_id for one in rows if one.parent_id})
    journeys = on_the_way(session, {one.parent_id or one.id for one in rows})
    inside = {one.id: contents(session, [one]) for one in rows}
    return [
        Entry(
            one,
            holders[one.holder_id],
            parents.get(one.parent_id or ""),
            journeys.get(one.parent_id or one.id, ""),
            sum(each.packs for each in inside[one.id].packed),
            inside[one.id].kg,
        )
        for one in rows
    ]


def contents(session: Session, containers: Collection[Container]) -> Contents:
    """What is in these containers and in the cases on them."""
    ids = {one.id for one in containers}
    cases = list(
        session.exec(select(Container).where(col(Container.parent_id).in_(ids)).order_by(Container.code)) if ids else ()
    )
    ids |= {one.id for one in cases}
    statement: Any = (
        select(ContainerLine, PackLine, Batch)
        .join(PackLine, col(PackLine.id) == col(ContainerLine.pack_line_id))
        .join(Batch, col(Batch.id) == col(PackLine.batch_id))
        .where(col(ContainerLine.container_id).in_(ids))
        .order_by(Batch.lot, PackLine.cut, col(PackLine.net_kg), ContainerLine.container_id)
    )
    packed = tuple(Packed(one.container_id, line, batch, one.packs) for one, line, batch in session.exec(statement))
    loose: Any = (
        select(ContainerBatch.container_id, Batch)
        .join(Batch, col(Batch.id) == col(ContainerBatch.batch_id))
        .where(col(ContainerBatch.container_id).in_(ids))
        .order_by(Batch.lot)
    )
    return Contents(tuple(cases), packed, tuple((one, batch) for one, batch in session.exec(loose)))


def packed_with(session: Session, one: Container) -> Contents:
    """What it was closed with: of a pallet also the cases that have been taken off since."""
    told = [each.data.get("cases", ()) for each in events(session, one.id)] if one.kind == ContainerKind.PALLET else []
    codes = {code for each in told for code in each}
    cases = session.exec(select(Container).where(col(Container.code).in_(codes)).order_by(Container.code)).all()
    inside = contents(session, cases or [one])
    return replace(inside, cases=tuple(cases) or inside.cases)


def labels(session: Session, container_id: str) -> list[Labelled]:
    """Labelled packs of a case, by order and position."""
    named: Any = (Label.serial, LabelOrder.number, Label.position, Label.state, ContainerLabel.ended_at)
    statement = (
        select(*named)
        .join(Label, col(Label.serial) == col(ContainerLabel.serial))
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .where(ContainerLabel.container_id == container_id)
        .order_by(LabelOrder.number, col(Label.position))
    )
    return [Labelled(one, order, at, state, end is None) for one, order, at, state, end in session.exec(statement)]


def events(session: Session, container_id: str) -> list[Event]:
    """What happened to a container, oldest first."""
    its = (Event.subject == Subject.CONTAINER.value, Event.subject_id == container_id)
    return list(
        session.exec(select(Event).where(*its).order_by(col(Event.event_time), col(Event.record_time), Event.id))
    )


def boxes(session: Session, shipment_id: str) -> list[tuple[ShipmentBox, Container]]:
    """Containers on board, by code."""
    statement = select(ShipmentBox, Container).join(Container, col(Container.id) == col(ShipmentBox.container_id))
    return list(session.exec(statement.where(ShipmentBox.shipment_id == shipment_id).order_by(Container.code)))


def on_the_way(session: Session, container_ids: Collection[str]) -> dict[str, str]:
    """The number of the journey each of these containers is on; a case travels with its pallet."""
    statement = (
        select(ShipmentBox.container_id, Shipment.number)
        .join(Shipment, col(Shipment.id) == col(ShipmentBox.shipment_id))
        .where(col(ShipmentBox.container_id).in_(set(container_ids)), col(ShipmentBox.ended_at).is_(None))
    )
    return dict(session.exec(statement).all())


def inside(session: Session, batch_ids: Collection[str]) -> dict[str, str]:
    """The code of the case each of these batches lies in as a whole."""
    statement = (
        select(ContainerBatch.batch_id, Container.code)
        .join(Container, col(Container.id) == col(ContainerBatch.container_id))
        .where(col(ContainerBatch.batch_id).in_(set(batch_ids)), col(ContainerBatch.ended_at).is_(None))
    )
    return dict(session.exec(statement).all())


def of_batch(session: Session, batch_id: str) -> list[Entry]:
    """Forward from a batch: every case its packs, or itself, were ever put into; the newest first."""
    lines = (
        select(ContainerLine.container_id)
        .join(PackLine, col(PackLine.id) == col(ContainerLine.pack_line_id))
        .where(PackLine.batch_id == batch_id)
    )
    whole = select(ContainerBatch.container_id).where(ContainerBatch.batch_id == batch_id)
    its = select(Container).where(or_(col(Container.id).in_(lines), col(Container.id).in_(whole)))
    return entries(session, session.exec(its.order_by(col(Container.packed_at).desc(), Container.code)))


def ready(session: Session, actor: Actor, holder_id: str) -> list[Container]:
    """Containers of a holder that stand by themselves and are not on the way, by code."""
    if not actor.may("flows.record", holder_id) and not actor.may("shipments.send", holder_id):
        raise unknown()
    moving = select(ShipmentBox.container_id).where(col(ShipmentBox.ended_at).is_(None))
    mine = select(Container).where(
        Container.holder_id == holder_id,
        Container.state == ContainerState.PACKED.value,
        col(Container.parent_id).is_(None),
        col(Container.id).not_in(moving),
    )
    return list(session.exec(mine.order_by(col(Container.packed_at).desc(), Container.code).limit(MOST_READY)))


def ready_cases(session: Session, actor: Actor, holder_id: str) -> list[Container]:
    return [one for one in ready(session, actor, holder_id) if one.kind == ContainerKind.CASE]


def stocks(session: Session, holder_id: str, batch_id: str = "") -> list[tuple[PackLine, Batch, int]]:
    """Packs a holder has outside any case, by lot and cut."""
    statement: Any = (
        select(PackLine, Batch, PackStock.packs)
        .join(PackStock, col(PackStock.pack_line_id) == col(PackLine.id))
        .join(Batch, col(Batch.id) == col(PackLine.batch_id))
        .where(PackStock.holder_id == holder_id, PackStock.packs > 0)
    )
    if batch_id:
        statement = statement.where(Batch.id == batch_id)
    ordered = statement.order_by(col(Batch.made_on).desc(), Batch.lot, PackLine.cut, col(PackLine.net_kg), PackLine.id)
    return list(session.exec(ordered.limit(MOST_READY)))


def packs_by_holder(session: Session, batch_ids: Collection[str]) -> dict[str, dict[str, Decimal]]:
    """Kilograms in packs by who has them, in cases or not; what is on the way is its receiver's."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for some in portions(batch_ids):
        named: Any = (PackLine.batch_id, PackStock.holder_id, PackLine.net_kg, PackStock.packs)
        loose = (
            select(*named)
            .join(PackStock, col(PackStock.pack_line_id) == col(PackLine.id))
            .where(col(PackLine.batch_id).in_(some), PackStock.packs > 0)
        )
        for batch, holder, net_kg, packs in session.exec(loose):
            found[batch][holder] += net_kg * packs
    for one in in_cases(session, batch_ids):
        found[one.batch_id][one.holder_id] += one.kg
    return dict(found)


def in_cases(session: Session, batch_ids: Collection[str]) -> Iterator[InCase]:
    """Packs of these batches that lie in cases now, line by line."""
    # A case on a pallet goes where its pallet goes.
    pallet = aliased(Container)
    carried, whose = (
        func.coalesce(Container.parent_id, Container.id),
        func.coalesce(Shipment.to_id, Container.holder_id),
    )
    named: Any = (
        PackLine.batch_id,
        Container.code,
        pallet.code,
        whose,
        Shipment.number,
        ContainerLine.packs,
        PackLine.net_kg,
    )
    for some in portions(batch_ids):
        cased = (
            select(*named)
            .select_from(ContainerLine)
            .join(PackLine, col(PackLine.id) == col(ContainerLine.pack_line_id))
            .join(Container, col(Container.id) == col(ContainerLine.container_id))
            .outerjoin(pallet, col(pallet.id) == col(Container.parent_id))
            .outerjoin(ShipmentBox, (col(ShipmentBox.container_id) == carried) & col(ShipmentBox.ended_at).is_(None))
            .outerjoin(Shipment, col(Shipment.id) == col(ShipmentBox.shipment_id))
            .where(col(PackLine.batch_id).in_(some), Container.state == ContainerState.PACKED.value)
        )
        for batch, code, on, holder, journey, packs, net_kg in session.exec(cased):
            yield InCase(batch, code, on or "", holder, journey or "", packs, net_kg * packs)


def _within_reach(actor: Actor) -> SelectOfScalar[Container]:
    reach = actor.reach("batches.read")
    statement = select(Container)
    if reach is None:
        return statement
    return statement.where(or_(col(Container.maker_id).in_(reach), col(Container.holder_id).in_(reach)))
