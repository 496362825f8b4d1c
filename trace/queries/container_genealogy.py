"""Reads the family of a case or pallet: back from what was put in to tags and land, forward to pallets and buyers.

Goods in it came from before it was closed, so what stands behind them is read as of then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.containers import Container
from trace.models.events import Event
from trace.models.flows import Operation
from trace.models.shipments import Shipment
from trace.queries import containers, genealogy
from trace.queries.containers import Contents
from trace.queries.genealogy import MOST_STEPS, Genealogy, Happened
from trace.queries.genealogy_ends import Ends, journey_node, sale_node
from trace.queries.genealogy_origins import View
from trace.rules.containers import ContainerKind
from trace.rules.genealogy import ON_A_PAGE, Edge, Node, NodeKind
from trace.rules.shipments import CALLED_OFF


def find(session: Session, actor: Actor, code: str, at: datetime, *, most: int = ON_A_PAGE) -> Genealogy:
    """The family of one case or pallet as the actor may see it; raises ``access.unknown``."""
    one = containers.find(session, actor, code).container
    focus = _box(one)
    if one.packed_at > at:
        return Genealogy(focus, at, (), (), (), (), False, 0)
    inside = containers.packed_with(session, one)
    closed = View(session, actor, one.packed_at, local_day(one.packed_at))
    puts = _puts(one, inside)
    kin = genealogy.kin_of(closed, inside.batch_ids, (), most, [(edge.source, edge.target) for edge in puts])
    ends = Ends({focus: _node(one)}, puts)
    cases = {_box(case): _node(case) for case in inside.cases}
    ends.nodes |= cases
    ends.edges += [Edge(each, focus, day=local_day(one.packed_at)) for each in cases]
    told = [each for each in containers.events(session, one.id) if each.event_time <= at]
    _way(View(session, actor, at, local_day(at)), one, told, ends)
    before, more = genealogy.happened(closed, kin, MOST_STEPS * max(1, most // ON_A_PAGE))
    steps = (*before, *_steps(session, one, told))
    nodes, edges = (*kin.nodes, *ends.nodes.values()), (*kin.edges, *ends.edges)
    return Genealogy(focus, at, nodes, edges, kin.lines, steps, kin.more or more, kin.veiled)


def _puts(one: Container, inside: Contents) -> list[Edge]:
    """What went into the case itself, or into each case on the pallet."""
    boxes = {each.id: each for each in (one, *inside.cases)}
    packs: dict[tuple[str, str], Edge] = {}
    for each in inside.packed:
        key, day = (each.batch.id, each.container_id), local_day(boxes[each.container_id].packed_at)
        old = packs.get(key)
        kg, count = each.line.net_kg * each.packs, each.packs
        if old is not None and old.kg is not None and old.count is not None:
            kg, count = kg + old.kg, count + old.count
        packs[key] = Edge(each.batch.id, _box(boxes[each.container_id]), kg, count, day)
    loose = [
        Edge(batch.id, _box(boxes[at]), batch.total_kg, day=local_day(boxes[at].packed_at))
        for at, batch in inside.loose
    ]
    return [*packs.values(), *loose]


def _way(view: View, one: Container, told: Sequence[Event], ends: Ends) -> None:
    """Pallets it stood on, journeys that were not called off, and how it left the books."""
    focus = _box(one)
    if one.kind == ContainerKind.CASE:
        on = {each.data["pallet"]: each for each in told if each.kind == "aggregating" and "pallet" in each.data}
        for pallet in view.session.exec(select(Container).where(col(Container.code).in_(on))):
            ends.nodes[_box(pallet)] = _node(pallet)
            ends.edges.append(Edge(focus, _box(pallet), day=local_day(on[pallet.code].event_time)))
    numbers = {each.data["shipment"] for each in told if each.kind == "shipping"}
    ways = select(Shipment).where(col(Shipment.number).in_(numbers), Shipment.state != CALLED_OFF)
    journeys = view.session.exec(ways).all()
    names = by_id(view.session, Enterprise, {each.to_id for each in journeys})
    for journey in journeys:
        node = journey_node(view, journey, names[journey.to_id])
        ends.nodes[node.id] = node
        ends.edges.append(Edge(focus, node.id, day=node.day))
    gone = {each.operation for each in told if each.operation}
    for act in view.session.exec(select(Operation).where(col(Operation.id).in_(gone))):
        node = sale_node(act)
        ends.nodes[node.id] = node
        ends.edges.append(Edge(focus, node.id, act.gone_kg, day=node.day))


def _steps(session: Session, one: Container, told: Sequence[Event]) -> list[Happened]:
    names = by_id(session, Enterprise, {each.enterprise_id for each in told})
    return [
        Happened(each.event_time, each.kind, "", one.code, names[each.enterprise_id].name, each.late) for each in told
    ]


def _box(one: Container) -> str:
    return f"box:{one.id}"


def _node(one: Container) -> Node:
    return Node(_box(one), NodeKind(one.kind), one.code, key=one.code, detail=one.state, day=local_day(one.packed_at))
