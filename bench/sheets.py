"""What long sheets cost: CPU and statements a row for looking, taking in, recognising and taking back, per kind.

``python -m bench.sheets [KIND …] [--sizes 200 2000]`` prints a JSON line per kind. Each step is the one a job does, in
a county of its own. The exponent of a step says how its cost grows from the first size to the last: 1 is «as the work
does». CPU time counts, not the clock's; ``held`` is the longest time in which nobody else could write, in ms of CPU
a row.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from sqlalchemy import event
from sqlmodel import Session, select

from bench.sheet_kinds import KINDS, Kind, Names
from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from trace import schema
from trace.models.imports import SheetImport
from trace.models.jobs import Job, JobState
from trace.services import jobs, sheet_kinds


@dataclass
class Step:
    """What one step of one sheet cost: seconds of CPU, statements, and the longest time it kept the writer."""

    cpu: float = 0.0
    statements: int = 0
    held: float = 0.0


class Counted(Database):
    """A database that knows what was asked of it."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.step = Step()
        event.listen(self.engine, "before_cursor_execute", self._asked)

    def _asked(self, *_: object) -> None:
        self.step.statements += 1

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._held(), super().writing() as session:
            yield session

    @contextmanager
    def rehearsing(self) -> Iterator[Session]:
        with self._held(), super().rehearsing() as session:
            yield session

    @contextmanager
    def _held(self) -> Iterator[None]:
        begun = process_time()
        yield
        self.step.held = max(self.step.held, process_time() - begun)

    def measured(self, act: Callable[[], object]) -> Step:
        self.step, begun = Step(), process_time()
        act()
        self.step.cpu = process_time() - begun
        return self.step


def of(kind: Kind, count: int, ready: Path) -> dict[str, Step]:
    """Every step of one sheet of so many rows."""
    with TemporaryDirectory() as folder:
        shutil.copyfile(ready, f"{folder}/bench.db")
        database = Counted(f"sqlite:///{folder}/bench.db")
        with database.writing() as session:
            names = kind.ready(make.work(session), count)
        steps = _steps(database, kind, count, names)
        database.close()
        return steps


def _steps(database: Counted, kind: Kind, count: int, names: Names) -> dict[str, Step]:
    data = kind.file(count, names)
    name = "long.geojson" if kind.data is not None and data[:1] == b"{" else "long.csv"
    found = {"look": database.measured(lambda: _look(database, kind, name, data, names))}
    found["take"] = database.measured(lambda: _take(database, kind))
    if kind.data is None and kind.kind in sheet_kinds.OF_ENTERPRISES:
        again = kind.file(count, names, reverse=True)
        # Some kinds refuse what was taken in, instead of recognising it.
        with suppress(RuntimeError):
            found["again"] = database.measured(lambda: _look(database, kind, "again.csv", again, names))
    if sheet_kinds.INTAKES[kind.kind].undo is not None:
        found["undo"] = database.measured(lambda: _undo(database, kind))
    return found


def _by(session: Session, kind: Kind) -> Work:
    return Work(session, make.actor(session, kind.person), make.MONDAY + timedelta(days=1), "bench")


def _look(database: Database, kind: Kind, name: str, data: bytes, names: Names) -> None:
    with database.writing() as session:
        begun = jobs.begin_look(_by(session, kind), kind.kind, name, data, kind.target(session, names))
    _run(database, begun.id)


def _take(database: Database, kind: Kind) -> None:
    with database.writing() as session:
        row = _first(session, kind)
        begun = jobs.begin_take(_by(session, kind), row.id, version=row.version)
    _run(database, begun.id)


def _undo(database: Database, kind: Kind) -> None:
    with database.writing() as session:
        row = _first(session, kind)
        begun = jobs.begin_undo(_by(session, kind), row.id, version=row.version)
    _run(database, begun.id)


def _first(session: Session, kind: Kind) -> SheetImport:
    its = select(SheetImport).where(SheetImport.kind == kind.kind.value, SheetImport.file_name.startswith("long"))  # type: ignore[attr-defined]
    return session.exec(its).one()


def _run(database: Database, job_id: str) -> None:
    jobs.Runner(database, lambda: make.MONDAY + timedelta(days=1)).run_all()
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        if job.state != JobState.DONE:
            raise RuntimeError(f"{job.kind}: {str(job.result)[:600]}")


def _told(kind: Kind, sizes: list[int], costs: dict[int, dict[str, Step]]) -> dict[str, object]:
    first, last = sizes[0], sizes[-1]
    line: dict[str, object] = {"kind": kind.name, "sizes": sizes}
    for step in costs[last]:
        few, many = costs[first][step], costs[last][step]
        line[step] = {
            "ms_a_row": [round(1000 * costs[size][step].cpu / size, 2) for size in sizes],
            "statements_a_row": [round(costs[size][step].statements / size, 1) for size in sizes],
            "held_ms_a_row": round(1000 * many.held / last, 2),
            "exponent": _exponent(few.cpu, many.cpu, last / first),
            "exponent_of_statements": _exponent(few.statements, many.statements, last / first),
        }
    return line


def _exponent(few: float, many: float, growth: float) -> float:
    return round(math.log(max(many, 1e-9) / max(few, 1e-9), growth), 2) if growth > 1 else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sheets", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("only", nargs="*", metavar="KIND", help="all when none is given")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.db"
        database = Database(f"sqlite:///{ready}")
        schema.upgrade(database)
        with database.writing() as session:
            make.the_cast(session)
            make.a_scheme(make.work(session, now=make.LONG_AGO))
        database.close()
        for kind in KINDS:
            if chosen.only and kind.name not in chosen.only:
                continue
            sizes = [size for size in chosen.sizes if size <= kind.most]
            of(kind, 20, ready)  # statements compiled, modules read
            line = _told(kind, sizes, {size: of(kind, size, ready) for size in sizes})
            print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
