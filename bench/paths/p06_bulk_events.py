"""P6: many events of one act written at once; yardstick: SQLModel `add` per row, one commit at the end as ours.

Ours holds every event against the rules, moves its chain on, and leaves the act's line in the audit trail with the
hash of its leaf, as every act here does; the yardstick does none of it. What a leaf for each event by itself would cost
stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File
from time import perf_counter
from typing import Any

from bench.county import County, county
from bench.rounds import Contest, Path
from brand.kernel import audit
from brand.kernel.actors import Actor
from brand.kernel.public_acts import PUBLIC
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR
from trace.crypto import merkle
from trace.crypto.canonical import canonical
from trace.models.batches import Batch
from trace.models.events import Event
from trace.rules.events import EventKind
from trace.services import events
from trace.services.events import Step

_DATA = {"head": 1, "cold_kg": "18.4"}


def _ours(town: County, actor: Actor, count: int, *, each: bool = False) -> None:
    with town.database.writing() as session:
        work = Work(session, actor, make.MONDAY, "bench")
        batch = session.get_one(Batch, town.batch.id)
        written = events.record_all(work, [Step(batch, EventKind.GRADING, make.MONDAY, _DATA)] * count)
        told = dict.fromkeys(PUBLIC["batches.register"].facts, "") | {"head": count}
        audit.record(work, "batches.register", "batch", batch.id, enterprise_id=batch.holder_id, **told)
        for one in written if each else written[:1]:
            told = {"event": one, "batch": batch.code, "kind": "grading", "at": make.MONDAY.isoformat(), "data": _DATA}
            merkle.leaf_hash(canonical(told))


def _plain(town: County, actor: Actor, count: int) -> None:
    with town.database.writing() as session:
        for _ in range(count):
            session.add(
                Event(
                    subject="batch",
                    subject_id=town.batch.id,
                    batch_id=town.batch.id,
                    kind="grading",
                    biz_step="inspecting",
                    event_time=make.MONDAY,
                    record_time=make.MONDAY,
                    enterprise_id="abattoir",
                    person_id=actor.person_id or "",
                    account_id=actor.account_id or "",
                    county_code="150824",
                    data=dict(_DATA),
                )
            )


def _leaf_each(town: County, actor: Actor) -> dict[str, Any]:
    ratios = []
    for _ in range(3):
        begun = perf_counter()
        _ours(town, actor, 2000, each=True)
        middle = perf_counter()
        _plain(town, actor, 500)
        ratios.append((perf_counter() - middle) / 500 / ((middle - begun) / 2000))
    return {"ratio_leaf_each": round(sorted(ratios)[1], 2)}


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    del quick
    with county(1, File.cwd()) as town:
        with town.database.reading() as session:
            actor = make.actor(session, ABATTOIR)
        yield Contest(
            lambda count: _ours(town, actor, count),
            lambda count: _plain(town, actor, count),
            lambda: _leaf_each(town, actor),
        )


PATH = Path("P6", "bulk capture of events against SQLModel add per row", 4, 500, 1000, _enter)
