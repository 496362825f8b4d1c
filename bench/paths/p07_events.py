"""P7: durable single events by 1, 8 and 32 clients at once, each its own transaction; yardstick: one `fdatasync` each.

Both write on the same disk. The headline is 8 clients; the other two and the tails stand beside it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path as File
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.county import County, county
from bench.rounds import Contest, Path
from brand.kernel.actors import Actor
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR
from trace.models.batches import Batch
from trace.rules.events import EventKind
from trace.services import events

_CLIENTS = 8
_LINE = b"x" * 256
_DATA = {"head": 1, "cold_kg": "18.4"}


def _event(town: County, actor: Actor) -> None:
    with town.database.writing() as session:
        work = Work(session, actor, make.MONDAY + timedelta(hours=1), "bench")
        batch = session.get_one(Batch, town.batch.id)
        events.record(work, batch, EventKind.GRADING, event_time=make.MONDAY, data=_DATA)


def _clients(town: County, actor: Actor, clients: int, count: int) -> list[float]:
    """Seconds of each of ``count`` events, written by so many clients at once."""
    times: list[float] = []

    def write(share: int) -> None:
        for _ in range(share):
            begun = perf_counter()
            _event(town, actor)
            times.append(perf_counter() - begun)

    shares = [count // clients + (one < count % clients) for one in range(clients)]
    threads = [threading.Thread(target=write, args=(share,)) for share in shares]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times


def _synced(folder: File, count: int) -> None:
    with (folder / "yardstick").open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(_LINE)
            os.fdatasync(file.fileno())


def _beside(town: County, actor: Actor, folder: File) -> dict[str, Any]:
    """Ratio and tail at each number of clients; ``tail`` is p99 / p50."""
    found: dict[str, Any] = {}
    for clients in (1, 8, 32):
        begun = perf_counter()
        _synced(folder, 400)
        middle = perf_counter()
        times = _clients(town, actor, clients, 400)
        ratio = (middle - begun) / (perf_counter() - middle)
        cuts = quantiles(times, n=100)
        found[f"clients_{clients}"] = {"ratio": round(ratio, 3), "tail": round(cuts[98] / cuts[49], 2)}
    return found


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    del quick
    with county(1, File.cwd()) as town, TemporaryDirectory(dir=File.cwd()) as name:
        with town.database.reading() as session:
            actor = make.actor(session, ABATTOIR)
        yield Contest(
            lambda count: _clients(town, actor, _CLIENTS, count),
            lambda count: _synced(File(name), count),
            lambda: _beside(town, actor, File(name)),
        )


PATH = Path("P7", "durable single events against one fdatasync each", 0.35, 60, 600, _enter)
