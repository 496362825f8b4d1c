"""Reads the family of a batch as it stood at a moment: back to tags, herds and land, forward to packs and buyers.

Only what had happened by then counts (event time). Whose goods one does not see oneself stand veiled in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import AppError, Fault, invalid
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, Flow
from trace.models.events import Event
from trace.models.flows import Operation
from trace.queries import batches, events, genealogy_ends, genealogy_origins, lineage, recall_sets
from trace.queries.genealogy_origins import Line, View
from trace.queries.lineage import portions
from trace.rules.genealogy import ON_A_PAGE, Edge, Node, NodeKind, Sight, is_its_past, sights
from trace.rules.lineage import reach

#: Steps of the timeline on a page; the file has ten times as many.
MOST_STEPS = 300


@dataclass(frozen=True)
class Happened:
    """One step of the timeline; its batch is one the reader sees."""

    at: datetime
    kind: str
    batch_id: str
    lot: str
    enterprise: str
    late: bool


@dataclass(frozen=True)
class Genealogy:
    """The graph, the animals behind it, what happened; ``there``: whether the thing asked for was there at that moment.

    ``focus`` is the node of that thing. ``more``: further batches, animals or steps are left out. ``veiled`` counts
    batches shown without their name.
    """

    focus: str
    at: datetime
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lines: tuple[Line, ...]
    steps: tuple[Happened, ...]
    more: bool
    veiled: int

    @property
    def there(self) -> bool:
        return bool(self.nodes)


@dataclass(frozen=True)
class Kin:
    """What stands behind some batches and what came of others; ``own`` are those whose goods the reader sees.

    ``onward``: those of them that came of what was asked for; ``lots`` of the own ones, by id. ``acts`` are ids of the
    acts that made these batches; ``left``: when the last goods that matter here left a batch behind, by its id.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lines: tuple[Line, ...]
    onward: frozenset[str]
    lots: dict[str, str]
    acts: frozenset[str]
    left: dict[str, datetime]
    more: bool
    veiled: int


def find(session: Session, actor: Actor, batch_id: str, at: datetime, *, most: int = ON_A_PAGE) -> Genealogy:
    """The family of one batch as the actor may see it; raises ``access.unknown``.

    ``most`` bounds the batches in each direction, and ten times as many animals.
    """
    entry = batches.find(session, actor, batch_id)
    view = View(session, actor, at, local_day(at))
    if not _there(view, entry.batch):
        return Genealogy(batch_id, at, (), (), (), (), False, 0)
    kin = kin_of(view, [batch_id], [batch_id], most)
    ends = genealogy_ends.of(view, sorted(kin.onward & set(kin.lots)), most)
    steps, more_steps = happened(view, kin, MOST_STEPS * max(1, most // ON_A_PAGE))
    nodes, edges = (*kin.nodes, *ends.nodes), (*kin.edges, *ends.edges)
    more = kin.more or ends.more or more_steps
    return Genealogy(batch_id, at, nodes, edges, kin.lines, steps, more, kin.veiled)


def kin_of(
    view: View,
    back_from: Collection[str],
    onward_from: Collection[str],
    most: int,
    touching: Collection[tuple[str, str]] = (),
) -> Kin:
    """``touching``: batches beside things of the reader's own, which it therefore knows by name."""
    session = view.session
    behind = lineage.walk(session, back_from, onward=False, most=most)
    ahead = lineage.walk(session, onward_from, onward=True, most=most)
    back_flows, onward_flows = _flows(view, behind.ids), _flows(view, ahead.ids)
    back = reach(_pairs((one.output_id, one.input_id) for one, _ in back_flows), back_from)
    onward = reach(_pairs((one.input_id, one.output_id) for one, _ in onward_flows), onward_from)
    ids = back | onward
    flows = list({row.id: (row, when) for row, when in [*back_flows, *onward_flows]}.values())
    flows = [(one, when) for one, when in flows if one.input_id in ids and one.output_id in ids]
    found = _batches(session, ids)
    own = frozenset(one for one, batch in found.items() if _mine(view.actor, batch))
    pairs = [(one.input_id, one.output_id) for one, _ in flows]
    sight = sights(ids, own | {beside for _, beside in touching}, [*pairs, *touching])
    nodes = _nodes(session, found, sight)
    origins = genealogy_origins.of(view, [found[one] for one in sorted(back & own)], most * 10)
    edges = [_edge(one, when, sight) for one, when in flows]
    return Kin(
        (*origins.nodes, *nodes),
        (*origins.edges, *edges),
        origins.lines,
        frozenset(onward),
        {one: found[one].lot for one in own},
        frozenset(one.operation_id for one in found.values() if one.operation_id),
        _left(flows, back - onward - set(back_from)),
        behind.more or ahead.more or origins.more,
        sum(one is not Sight.FULL for one in sight.values()),
    )


def _left(flows: Sequence[tuple[Flow, datetime]], behind: Collection[str]) -> dict[str, datetime]:
    """When the last goods of this family left each of the batches behind it."""
    found: dict[str, datetime] = {}
    for flow, when in flows:
        if flow.input_id in behind:
            found[flow.input_id] = max(when, found.get(flow.input_id, when))
    return found


def _there(view: View, batch: Batch) -> bool:
    """Whether it had come to be: by the moment of the act that made it, else by its day."""
    made = view.session.get(Operation, batch.operation_id) if batch.operation_id else None
    return made.at <= view.at if made else batch.made_on <= view.day


def _mine(actor: Actor, batch: Batch) -> bool:
    return any(actor.may("batches.read", one) for one in batches.hands(batch))


def _flows(view: View, ids: Collection[str]) -> list[tuple[Flow, datetime]]:
    """What had flowed between these batches by then, with its moment; what was taken back by then never flowed."""
    wanted = frozenset(ids) - _taken_back(view, ids)
    found: list[tuple[Flow, datetime]] = []
    for some in portions(ids):
        statement = select(Flow, Event.event_time).join(Event, col(Event.id) == col(Flow.event_id))
        rows = view.session.exec(statement.where(col(Flow.output_id).in_(some), col(Event.event_time) <= view.at))
        found += [(flow, when) for flow, when in rows if {flow.input_id, flow.output_id} <= wanted]
    return found


def _taken_back(view: View, ids: Collection[str]) -> frozenset[str]:
    """Those of the batches whose act had been taken back by then."""
    found: set[str] = set()
    for some in portions(ids):
        statement = select(Batch.id).join(Operation, col(Operation.undoes_id) == col(Batch.operation_id))
        found |= set(view.session.exec(statement.where(col(Batch.id).in_(some), col(Operation.at) <= view.at)))
    return frozenset(found)


def _pairs(pairs: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, further in pairs:
        found.setdefault(one, []).append(further)
    return found


def _batches(session: Session, ids: Collection[str]) -> dict[str, Batch]:
    return {one.id: one for some in portions(ids) for one in session.exec(select(Batch).where(col(Batch.id).in_(some)))}


def _nodes(session: Session, found: dict[str, Batch], sight: dict[str, Sight]) -> list[Node]:
    makers = by_id(session, Enterprise, {one.maker_id for one in found.values()})
    return [_node(one, makers[one.maker_id].name, sight[one.id]) for one in found.values()]


def _node(one: Batch, maker: str, sight: Sight) -> Node:
    if sight is Sight.FULL:
        return Node(one.id, NodeKind.BATCH, one.lot, one.id, one.form, maker, one.made_on, one.total_kg)
    if sight is Sight.NAMED:
        return Node(one.id, NodeKind.BATCH, one.lot, "", one.form, maker, one.made_on, sight=sight)
    return Node(one.id, NodeKind.BATCH, detail=one.form, day=one.made_on, sight=sight)


def _edge(one: Flow, when: datetime, sight: dict[str, Sight]) -> Edge:
    """Weights are read where one of both sides is; who sees neither reads that something flowed."""
    seen = Sight.FULL in (sight[one.input_id], sight[one.output_id])
    return Edge(one.input_id, one.output_id, one.kg if seen else None, day=local_day(when))


def happened(view: View, kin: Kin, most: int) -> tuple[tuple[Happened, ...], bool]:
    """Everything that had happened to batches the reader sees, in its order; whether there is more.

    Of batches behind, what these goods shared; not what became of their other parts.
    """
    rows: list[tuple[Event, str]] = []
    told = col(Event.corrects_id).is_(None)
    # acts on other parts are left out by the database: a batch of thousands of packs would fill the bound alone
    own = or_(col(Event.operation).is_(None), col(Event.operation).in_(kin.acts), col(Event.batch_id).not_in(kin.left))
    for some in portions(kin.lots):
        statement = select(Event, Enterprise.name).join(Enterprise, col(Enterprise.id) == col(Event.enterprise_id))
        its = (col(Event.batch_id).in_(some), col(Event.event_time) <= view.at, told, own, events.counts())
        rows += view.session.exec(statement.where(*its).order_by(col(Event.event_time), col(Event.id)).limit(most + 1))
    rows.sort(key=lambda row: batches.place(row[0]))
    found = [
        Happened(one.event_time, one.kind, one.batch_id or "", kin.lots[one.batch_id or ""], name, one.late)
        for one, name in rows[:most]
        if _shared(one, kin)
    ]
    return tuple(found), len(rows) > most


def _shared(one: Event, kin: Kin) -> bool:
    left_at = kin.left.get(one.batch_id or "")
    return left_at is None or is_its_past(one.kind, one.operation, one.event_time, kin.acts, left_at)


def start(text: str, hosts: Collection[str]) -> recall_sets.Start:
    """What somebody has in hand, as recalls read it too; raises ``genealogy.unreadable``."""
    try:
        return recall_sets.read_start(text, hosts)
    except AppError as error:
        code = "genealogy.unreadable"
        raise invalid(code, faults=[Fault(code, "/q")]) from error


def starts(session: Session, actor: Actor, one: recall_sets.Start, most: int = 50) -> list[Batch]:
    """Those of the batches it names that the actor may read, by lot."""
    reach_of = actor.reach("batches.read")
    named = sorted(recall_sets.named(session, [one])[0])
    statement = select(Batch).where(col(Batch.id).in_(named[: lineage.AT_ONCE]))
    if reach_of is not None:
        statement = statement.where(or_(*(one.in_(reach_of) for one in batches.HANDS)))
    return list(session.exec(statement.order_by(col(Batch.lot), col(Batch.id)).limit(most)))
