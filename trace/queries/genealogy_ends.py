"""Reads where goods of a family went: packs with their labels, cases and pallets, journeys and their receivers, buyers.

Only of batches the reader sees; buyers are for those who may see the batch and never public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session, case, col, func, select

from brand.kernel.clock import local_day
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import PackLine
from trace.models.containers import Container, ContainerBatch, ContainerLine, PackMove, ShipmentBox
from trace.models.flows import Draw, Operation
from trace.models.labels import Label, LabelOrder
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries.genealogy_origins import View
from trace.queries.lineage import portions
from trace.rules.flows import LEAVING, OperationKind
from trace.rules.genealogy import Edge, Node, NodeKind
from trace.rules.shipments import CALLED_OFF

_GONE = [one.value for one in (*LEAVING, OperationKind.SHORTAGE)]


@dataclass
class Ends:
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Found:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    more: bool


def of(view: View, batch_ids: Sequence[str], most: int) -> Found:
    """What became of these batches beside other batches; at most so many cases, journeys and sales each."""
    found = Ends()
    for some in portions(batch_ids):
        lines = _packs(view, some, found)
        cases = _cases(view, some, lines, found, most)
        _shipments(view, some, cases, found, most)
        _sales(view, some, lines, found, most)
    return Found(tuple(found.nodes.values()), tuple(found.edges), found.more)


def _packs(view: View, some: Sequence[str], found: Ends) -> dict[str, PackLine]:
    """One node for the packs of each batch; its pack lines by id."""
    statement = select(PackLine).where(col(PackLine.batch_id).in_(some), col(PackLine.packed_on) <= view.day)
    lines = {one.id: one for one in view.session.exec(statement.order_by(col(PackLine.packed_on), col(PackLine.id)))}
    labels = _labels(view, some)
    packs: dict[str, list[PackLine]] = defaultdict(list)
    for one in lines.values():
        packs[one.batch_id].append(one)
    for batch, its in packs.items():
        kg = sum((one.net_kg * one.packs for one in its), Decimal(0))
        count, day = sum(one.packs for one in its), its[0].packed_on
        names = "、".join(dict.fromkeys(one.cut for one in its))
        node = Node(
            f"packs:{batch}", NodeKind.PACKS, names, batch, day=day, kg=kg, count=count, labels=labels.get(batch)
        )
        found.nodes[node.id] = node
        found.edges.append(Edge(batch, node.id, kg, count, day))
    return lines


def _labels(view: View, some: Collection[str]) -> dict[str, tuple[int, int]]:
    """Batch → labels issued by then, and those of them that stood on packs."""
    on = (col(Label.activated_at) <= view.at) & (col(Label.voided_at).is_(None) | (col(Label.voided_at) > view.at))
    statement = (
        select(Label.batch_id, func.count(), func.sum(case((on, 1), else_=0)))
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .where(col(Label.batch_id).in_(some), ~col(Label.control), col(LabelOrder.ordered_at) <= view.at)
        .group_by(Label.batch_id)
    )
    return {batch: (issued, int(active)) for batch, issued, active in view.session.exec(statement)}


def _cases(view: View, batches: Sequence[str], lines: dict[str, PackLine], found: Ends, most: int) -> list[str]:
    """Cases these packs and batches went into and the pallets they stand on; the ids of both."""
    inside: list[tuple[ContainerLine, Container]] = []
    for some in portions(lines):
        statement = select(ContainerLine, Container).join(
            Container, col(Container.id) == col(ContainerLine.container_id)
        )
        of_these = (col(ContainerLine.pack_line_id).in_(some), col(Container.packed_at) <= view.at)
        ordered = statement.where(*of_these).order_by(col(Container.packed_at), col(Container.id))
        inside += view.session.exec(ordered.limit(most + 1))
    loose = _loose(view, batches, most)
    found.more = found.more or len(inside) > most or len(loose) > most
    cases = {box.id: box for _, box in [*inside[:most], *loose[:most]]}
    shown = cases | _pallets(view.session, {box.parent_id for box in cases.values() if box.parent_id})
    for box in shown.values():
        kind, key = (
            NodeKind(box.kind),
            box.code if any(view.sees(each) for each in (box.maker_id, box.holder_id)) else "",
        )
        found.nodes[f"box:{box.id}"] = Node(
            f"box:{box.id}", kind, box.code, key, detail=box.state, day=local_day(box.packed_at)
        )
        if box.parent_id:
            found.edges.append(Edge(f"box:{box.id}", f"box:{box.parent_id}"))
    packed: dict[tuple[str, str], int] = defaultdict(int)
    for line, box in inside[:most]:
        packed[lines[line.pack_line_id].batch_id, box.id] += line.packs
    found.edges += [
        Edge(f"packs:{batch}", f"box:{box}", count=count, day=local_day(shown[box].packed_at))
        for (batch, box), count in packed.items()
    ]
    found.edges += [Edge(one.batch_id, f"box:{box.id}", day=local_day(box.packed_at)) for one, box in loose[:most]]
    return list(shown)


def _loose(view: View, batches: Sequence[str], most: int) -> Sequence[tuple[ContainerBatch, Container]]:
    """Cases these batches lay in as a whole."""
    statement = select(ContainerBatch, Container).join(Container, col(Container.id) == col(ContainerBatch.container_id))
    by_then = (col(ContainerBatch.batch_id).in_(batches), col(Container.packed_at) <= view.at)
    return view.session.exec(statement.where(*by_then).order_by(col(Container.packed_at)).limit(most + 1)).all()


def _pallets(session: Session, ids: Collection[str]) -> dict[str, Container]:
    return by_id(session, Container, ids) if ids else {}


def _shipments(view: View, some: Sequence[str], cases: Sequence[str], found: Ends, most: int) -> None:
    """Journeys that had begun by then and were not called off, named by their receivers."""
    had_left = (col(Shipment.sent_at) <= view.at, col(Shipment.state) != CALLED_OFF)
    by_batch = select(ShipmentLine, Shipment).join(Shipment, col(Shipment.id) == col(ShipmentLine.shipment_id))
    loose = view.session.exec(by_batch.where(col(ShipmentLine.batch_id).in_(some), *had_left).limit(most + 1)).all()
    by_box = select(ShipmentBox, Shipment).join(Shipment, col(Shipment.id) == col(ShipmentBox.shipment_id))
    boxes = view.session.exec(
        by_box.where(col(ShipmentBox.container_id).in_(cases[:most]), *had_left).limit(most + 1)
    ).all()
    found.more = found.more or len(loose) > most or len(boxes) > most
    left = [(line.batch_id, line.kg, journey) for line, journey in loose[:most]]
    left += [(f"box:{box.container_id}", box.kg, journey) for box, journey in boxes[:most]]
    names = by_id(view.session, Enterprise, {journey.to_id for *_, journey in left})
    for source, kg, one in left:
        node = journey_node(view, one, names[one.to_id])
        found.nodes[node.id] = node
        found.edges.append(Edge(source, node.id, kg, day=node.day))


def journey_node(view: View, one: Shipment, receiver: Enterprise) -> Node:
    """Its number leads on for those who send, carry and receive."""
    key = one.number if any(view.sees(each) for each in (one.from_id, one.to_id, one.carrier_id)) else ""
    detail = "received" if one.ended_at and one.ended_at <= view.at else "on_the_way"
    day = local_day(one.sent_at)
    return Node(f"shipment:{one.id}", NodeKind.SHIPMENT, one.number, key, detail, receiver.name, day)


def _sales(view: View, some: Sequence[str], lines: dict[str, PackLine], found: Ends, most: int) -> None:
    """What was sold, destroyed or lost by then and not taken back, loose or in packs."""
    undone = select(Operation.undoes_id).where(col(Operation.undoes_id).is_not(None), col(Operation.at) <= view.at)
    gone = (col(Operation.kind).in_(_GONE), col(Operation.at) <= view.at, col(Operation.id).not_in(undone))
    drawn = select(Draw, Operation).join(Operation, col(Operation.id) == col(Draw.operation_id))
    loose = view.session.exec(drawn.where(col(Draw.batch_id).in_(some), *gone).limit(most + 1)).all()
    moved = select(PackMove, Operation).join(Operation, col(Operation.id) == col(PackMove.operation_id))
    packs = [
        row
        for part in portions(lines)
        for row in view.session.exec(moved.where(col(PackMove.pack_line_id).in_(part), *gone).limit(most + 1))
    ]
    found.more = found.more or len(loose) > most or len(packs) > most
    for draw, one in loose[:most]:
        found.nodes[f"sale:{one.id}"] = sale_node(one)
        found.edges.append(Edge(draw.batch_id, f"sale:{one.id}", draw.kg, day=local_day(one.at)))
    for move, one in packs[:most]:
        line = lines[move.pack_line_id]
        found.nodes[f"sale:{one.id}"] = sale_node(one)
        kg = line.net_kg * move.packs
        found.edges.append(Edge(f"packs:{line.batch_id}", f"sale:{one.id}", kg, move.packs, local_day(one.at)))


def sale_node(one: Operation) -> Node:
    """How goods left the books, with the buyer."""
    return Node(f"sale:{one.id}", NodeKind.SALE, one.buyer, "", one.kind, day=local_day(one.at), kg=one.gone_kg)
