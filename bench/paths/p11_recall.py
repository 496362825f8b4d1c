"""P11: a recall of so many head, from their ear tags to every batch, pack and holder; the yardstick is a clock.

The county: carcasses twenty to a batch, each batch cut into two by another enterprise, those mixed in pairs and packed,
with labels on the packs. One second for a thousand head is the goal, so the yardstick lets a thousand pass per second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from bench.county import county
from bench.rounds import GROWTH, Contest, Path
from brand.kernel.db import Database
from brand.kernel.ids import new_id
from trace.models.batches import Batch, Carcass, Flow, PackLine
from trace.models.events import Event
from trace.models.labels import Label
from trace.queries import recall_sets
from trace.queries.recall_sets import Start, StartKind
from trace.rules.recalls import Width

HEADS = 1000
_PER_BATCH, _PACKS = 20, 20


@contextmanager
def enter(_quick: bool) -> Iterator[Contest]:
    with county(1) as found:
        tags = _grow(found.database, HEADS * GROWTH)

        def recall(heads: int) -> recall_sets.Sets:
            starts = [Start(StartKind.TAG, one) for one in tags[:heads]]
            with found.database.reading() as session:
                named = frozenset().union(*recall_sets.named(session, starts))
                return recall_sets.sets(session, named, Width.ONWARD)

        def further() -> dict[str, Any]:
            start = perf_counter()
            reached = recall(HEADS)
            return {
                "seconds_per_1000": round(perf_counter() - start, 3),
                "batches": len(reached.goods),
                "packs": sum(one.packs for one in reached.goods),
                "labels": sum(one.issued for one in reached.goods),
                "holders": len(reached.holders),
            }

        yield Contest(recall, lambda heads: sleep(heads / HEADS), further)


PATH = Path("P11", "recall of 1,000 heads to every pack and holder", 1.0, HEADS, HEADS // 10, enter)


def _grow(database: Database, heads: int) -> list[str]:
    """The county's own batch, carcass and label are the pattern; only their ids, codes and parties differ."""
    with database.writing() as session:
        batch, carcass, line, label, event = (
            session.exec(select(model)).first().model_dump()  # type: ignore[union-attr]
            for model in (Batch, Carcass, PackLine, Label, Event)
        )
        rows: dict[Any, list[dict[str, Any]]] = {one: [] for one in (Batch, Carcass, Flow, PackLine, Label)}
        tags = [f"3150825{place:08}" for place in range(heads)]
        cuts: list[str] = []
        for first in range(0, heads, _PER_BATCH):
            root = _batch(rows, batch, "abattoir")
            rows[Carcass] += [
                carcass | {"id": new_id(), "batch_id": root, "ear_tag": tag, "carcass_no": tag}
                for tag in tags[first : first + _PER_BATCH]
            ]
            for _ in range(2):
                cut = _batch(rows, batch, "rival_abattoir")
                _flow(rows, root, cut, event["id"])
                cuts.append(cut)
        for one, other in zip(cuts[::2], cuts[3::2] + cuts[1:2], strict=True):
            mixed = _batch(rows, batch, "rival")
            _flow(rows, one, mixed, event["id"])
            _flow(rows, other, mixed, event["id"])
            packed = line | {"id": new_id(), "batch_id": mixed, "packs": _PACKS, "ordered": _PACKS}
            rows[PackLine].append(packed)
            rows[Label] += [
                label | {"serial": new_id()[:16], "batch_id": mixed, "position": len(rows[Label]) + place + 2}
                for place in range(_PACKS)
            ]
        for model, made in rows.items():
            _insert(session, model, made)
    return tags


def _batch(rows: dict[Any, list[dict[str, Any]]], pattern: dict[str, Any], holder: str) -> str:
    made = new_id()
    fresh = {"id": made, "code": made[:8], "lot": made, "holder_id": holder, "total_kg": Decimal(200)}
    rows[Batch].append(pattern | fresh | {"used_kg": Decimal(0)})
    return made


def _flow(rows: dict[Any, list[dict[str, Any]]], source: str, made: str, event: str) -> None:
    rows[Flow].append({"id": new_id(), "input_id": source, "output_id": made, "kg": Decimal(90), "event_id": event})


def _insert(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        session.connection().execute(insert(model), rows[start : start + 5000])
