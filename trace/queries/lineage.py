"""Reads which batch flowed into which, level by level with lists of ids, in either direction.

The pure walk is in ``rules/lineage``; measured against a recursive query in the performance notes (P8).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, String, bindparam
from sqlmodel import Session, col, func, select

from brand.kernel import rows
from trace.models.batches import Batch, Flow
from trace.rules.lineage import reach

#: Ids in one statement: few round trips, far from the bound-parameter limits of both databases.
AT_ONCE = 1000


def edges(session: Session, start: Iterable[str], *, onward: bool) -> dict[str, list[str]]:
    """Every step from ``start``: to what was made of it, or back to what it was made from."""
    here, there = (Flow.input_id, Flow.output_id) if onward else (Flow.output_id, Flow.input_id)
    found: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    level = set(start)
    while level:
        seen |= level
        for some in portions(level):
            for one, further in session.exec(select(here, there).where(col(here).in_(some))):
                found[one].append(further)
        level = {further for one in level for further in found.get(one, ())} - seen
    return found


@dataclass(frozen=True)
class Met:
    """Batches in the order of their distance, the start first; ``more``: the walk was ended before it was done."""

    ids: tuple[str, ...]
    more: bool


def onward(session: Session, start: Collection[str]) -> frozenset[str]:
    """``start`` and everything that was made from it."""
    return frozenset(walk(session, start, onward=True).ids)


def back(session: Session, start: Collection[str]) -> frozenset[str]:
    """``start`` and everything it was made from."""
    return frozenset(walk(session, start, onward=False).ids)


def walk(session: Session, start: Collection[str], *, onward: bool, most: int | None = None) -> Met:
    """``start`` and what is met from there, the nearest first; a level is not begun once ``most`` were met."""
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    steps = _steps(onward, sqlite)
    found = set(start)
    level = sorted(found)
    ordered = list(level)
    while level:
        if most is not None and len(ordered) >= most:
            return Met(tuple(ordered[:most]), True)
        met: set[str] = set()
        for some in portions(level):
            ids = json.dumps(some) if sqlite else list(some)
            met.update(one for (one,) in rows.asked(connection, steps, ids=ids))
        met -= found
        found |= met
        level = sorted(met)
        ordered += level
    return Met(tuple(ordered), False)


@cache
def _steps(onward: bool, sqlite: bool) -> Any:
    """The other ends of the flows of ``ids``. A list handed over whole is twice as fast as one parameter for each."""
    ends = (col(Flow.input_id), col(Flow.output_id))
    here, there = ends if onward else ends[::-1]
    if sqlite:
        listed = func.json_each(bindparam("ids", type_=String)).table_valued("value")
    else:
        listed = func.unnest(bindparam("ids", type_=ARRAY(String))).table_valued("value").render_derived()
    return select(there).select_from(listed.join(Flow.__table__, here == listed.c.value))  # type: ignore[attr-defined]


def pasts(session: Session, batch_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """For each batch itself and everything it was made from; one walk for all of them."""
    steps = edges(session, batch_ids, onward=False)
    return {one: reach(steps, [one]) for one in batch_ids}


def flowed(session: Session, batch_ids: Collection[str]) -> dict[str, Decimal]:
    """How much of each went into other batches, kg; what was taken back never left."""
    statement = (
        select(Flow.input_id, func.sum(Flow.kg))
        .join(Batch, col(Batch.id) == col(Flow.output_id))
        .where(col(Flow.input_id).in_(batch_ids), col(Batch.withdrawn).is_(False))
    )
    return dict(session.exec(statement.group_by(col(Flow.input_id))).all())


def portions(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in lists of a size a statement takes."""
    rows = sorted(ids)
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
