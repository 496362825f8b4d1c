"""The family of a batch as a graph: what stands behind it and what came of it, in rows, and a bounded picture of it.

Source: product plan, T3 («源头可追溯、流向可跟踪») and issue 4 line 3 (back to pastures and tags, forward to cases,
buyers and labels). Outputs are always new batches, so the graph has no loops.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from brand.kernel.errors import Fault, invalid
from trace.rules.events import EventKind

#: Batches walked in each direction on a page, and in a file to keep.
ON_A_PAGE, IN_A_FILE = 200, 5000
#: Boxes in one row of the picture; what is beyond stands in one box that says how many.
IN_A_ROW = 5


class NodeKind(StrEnum):
    PLACE = "place"
    HERD = "herd"
    ANIMALS = "animals"
    SELLER = "seller"
    BATCH = "batch"
    PACKS = "packs"
    CASE = "case"
    PALLET = "pallet"
    SHIPMENT = "shipment"
    SALE = "sale"
    MORE = "more"


#: Where goods lay and went: of what stayed behind when others had left, it is no part of the others' story.
_WAYS = frozenset({
    EventKind.CHILLING, EventKind.AGEING, EventKind.COLD_TRANSPORT, EventKind.COLD_STORAGE, EventKind.SHIPPING,
    EventKind.RECEIVING, EventKind.STORING, EventKind.AGGREGATING, EventKind.DISAGGREGATING,
})  # fmt: skip


def is_its_past(kind: str, act: str | None, at: datetime, acts: Collection[str], left_at: datetime) -> bool:
    """Whether what happened to a batch is past of the goods that were taken from it, the last of them at ``left_at``.

    ``act``: the act it was a part of, if any; ``acts``: those that made the batches between. Selling, packing or losing
    other parts is their own fate and not these goods'; a test speaks of all of them whenever it is made.
    """
    if act is not None:
        return act in acts
    return at <= left_at or kind not in _WAYS


class Sight(StrEnum):
    """How much of a batch a reader sees: all, the name (it touches goods of the reader's), or that it is there."""

    FULL = "full"
    NAMED = "named"
    VEILED = "veiled"


@dataclass(frozen=True)
class Node:
    """One thing; ``name`` is empty where the reader may not know it, ``key`` leads to its page.

    ``detail`` is a word of its kind (the stage of goods, the kind of place, of leaving); ``count`` animals, packs or
    things; ``labels`` are those issued and those activated.
    """

    id: str
    kind: NodeKind
    name: str = ""
    key: str = ""
    detail: str = ""
    party: str = ""
    day: date | None = None
    kg: Decimal | None = None
    count: int | None = None
    labels: tuple[int, int] | None = None
    sight: Sight = Sight.FULL


@dataclass(frozen=True)
class Edge:
    """So much of one thing went into another, on or from that day."""

    source: str
    target: str
    kg: Decimal | None = None
    count: int | None = None
    day: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Rows:
    """The picture's boxes by rows, the earliest first, and what joins them."""

    rows: tuple[tuple[Node, ...], ...]
    edges: tuple[Edge, ...]


def check_moment(at: datetime, now: datetime) -> datetime:
    """Raises ``genealogy.ahead``: what will be made of goods nobody knows."""
    if at > now:
        raise invalid("genealogy.ahead", faults=[Fault("genealogy.ahead", "/at")])
    return at


def sights(batches: Iterable[str], own: frozenset[str], flows: Iterable[tuple[str, str]]) -> dict[str, Sight]:
    """What one trades with is known by name; what lies beyond is only known to be there."""
    touching = {each for pair in flows if own & set(pair) for each in pair}
    return {one: Sight.FULL if one in own else Sight.NAMED if one in touching else Sight.VEILED for one in batches}


def ranks(nodes: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The row of each: below everything it came from; what came from nothing stands right above what it went into."""
    onward: Mapping[str, list[str]] = _steps((one.source, one.target) for one in edges)
    waiting = dict.fromkeys(nodes, 0)
    for edge in edges:
        waiting[edge.target] += 1
    found = {one: 0 for one, count in waiting.items() if not count}
    level = list(found)
    origins = frozenset(level)
    while level:
        following: list[str] = []
        for one in level:
            for further in onward.get(one, ()):
                found[further] = max(found.get(further, 0), found[one] + 1)
                waiting[further] -= 1
                if not waiting[further]:
                    following.append(further)
        level = following
    for one in origins:
        found[one] = min((found[further] - 1 for further in onward.get(one, ())), default=found[one])
    return found


def rows(nodes: Sequence[Node], edges: Sequence[Edge], focus: str, most: int = IN_A_ROW) -> Rows:
    """The nodes row by row, each near what it came from; a row longer than ``most`` ends in one box for the rest.

    ``focus`` is always drawn.
    """
    place = ranks([one.id for one in nodes], edges)
    found: dict[int, list[Node]] = defaultdict(list)
    for one in nodes:
        found[place[one.id]].append(one)
    before = _steps((one.target, one.source) for one in edges)
    drawn: dict[str, str] = {}
    middle: dict[str, float] = {}
    result: list[tuple[Node, ...]] = []
    for rank in sorted(found):
        ordered = sorted(
            found[rank], key=lambda one: (one.id != focus, _mean(one.id, before, middle), one.name, one.id)
        )
        kept, rest = (ordered, []) if len(ordered) <= most else (ordered[: most - 1], ordered[most - 1 :])
        row = sorted(kept, key=lambda one: (_mean(one.id, before, middle), one.name, one.id))
        if rest:
            row.append(Node(f"more:{rank}", NodeKind.MORE, count=len(rest)))
        for position, one in enumerate(row):
            middle[one.id] = float(position)
        drawn |= {one.id: one.id for one in kept} | {one.id: f"more:{rank}" for one in rest}
        middle |= {one.id: middle[f"more:{rank}"] for one in rest}
        result.append(tuple(row))
    joined = {(drawn[one.source], drawn[one.target]): one for one in edges}
    return Rows(tuple(result), tuple(Edge(a, b, one.kg, one.count, one.day) for (a, b), one in joined.items()))


def _mean(one: str, before: Mapping[str, Sequence[str]], middle: Mapping[str, float]) -> float:
    """Where the things it came from stand in their rows; the beginning for what came from nothing drawn."""
    at = [middle[each] for each in before.get(one, ()) if each in middle]
    return sum(at) / len(at) if at else 0.0


def _steps(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        found[one].append(other)
    return found
