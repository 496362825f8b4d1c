"""P8: everything made of so many goods and everything they were made from; the yardstick is the same walk in memory.

Each of ten levels is made of every two neighbours of the one before, so that n edges lie between the first goods and
the last; both directions are walked. The yardstick has all edges in dictionaries already.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from bench.county import county
from bench.rounds import GROWTH, Contest, Path
from brand.kernel.ids import new_id
from trace.queries import lineage
from trace.rules.lineage import reach

EDGES, QUICK_EDGES = 100_000, 10_000
_LEVELS, _BLOCK = 10, 100
#: Edges of one block: every batch of ten levels has two inputs.
_BLOCK_EDGES = 2 * _LEVELS * _BLOCK
_KG = 100


@contextmanager
def enter(quick: bool) -> Iterator[Contest]:
    with county(1) as found:
        edges = (QUICK_EDGES if quick else EDGES) * GROWTH
        first, last, onward, back = _grow(found.environment["DATABASE_URL"], edges // _BLOCK_EDGES)

        def walk(count: int) -> int:
            few = count // (2 * _LEVELS)
            with found.database.reading() as session:
                met = lineage.onward(session, first[:few])
                return len(met | lineage.back(session, last[:few]))

        def in_memory(count: int) -> int:
            few = count // (2 * _LEVELS)
            return len(reach(onward, first[:few]) | reach(back, last[:few]))

        def further() -> dict[str, Any]:
            whole = walk(edges)
            assert whole == in_memory(edges) == edges // 2 // _LEVELS * (_LEVELS + 1)
            return {"edges": edges, "batches": whole}

        yield Contest(walk, in_memory, further)


PATH = Path(
    "P8",
    "what was made from what over a million edges, both ways",
    0.2,
    EDGES,
    EDGES * GROWTH,
    enter,
    QUICK_EDGES,
)

Steps = dict[str, list[str]]


def _grow(database_url: str, blocks: int) -> tuple[list[str], list[str], Steps, Steps]:
    """The batches of the first and the last level, and the steps between them in both directions.

    Only flows are written, straight into the file: a walk reads nothing else, and a million batches take minutes.
    """
    first: list[str] = []
    last: list[str] = []
    onward: Steps = defaultdict(list)
    back: Steps = {}
    for _ in range(blocks):
        level = [new_id() for _ in range(_BLOCK)]
        first += level
        for _ in range(_LEVELS):
            pairs = zip(level, level[1:] + level[:1], strict=True)
            level = [_made(pair, onward, back) for pair in pairs]
        last += level
    rows = ((new_id(), source, made, _KG, "") for made, sources in back.items() for source in sources)
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file, file:
        file.executemany("INSERT INTO flows (id, input_id, output_id, kg, event_id) VALUES (?, ?, ?, ?, ?)", rows)
    return first, last, dict(onward), back


def _made(sources: tuple[str, str], onward: Steps, back: Steps) -> str:
    made = new_id()
    back[made] = list(sources)
    for source in sources:
        onward[source].append(made)
    return made
