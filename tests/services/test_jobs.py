"""Long sheets in a job: progress by pieces, a runner that dies half-way, and nothing twice when another resumes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import func, select

from brand.kernel.db import Database
from tests import make, make_herds
from tests.make_flows import by_producer
from trace.models.batches import Batch, PackLine
from trace.models.containers import PackStock
from trace.models.herds import Animal, Stay
from trace.models.imports import SheetImport, SheetKind
from trace.models.jobs import Job
from trace.services import imports, jobs, packing

ROWS = 2500
#: Later than any runner that died is given up.
LATER = make.MONDAY + jobs.DEAD_AFTER + timedelta(seconds=1)


class Killed(BaseException):
    """The process of the runner ends here."""


def dies_at(call: int) -> Callable[[], datetime]:
    """A clock whose process ends at that reading of it."""
    readings = iter(range(call))

    def now() -> datetime:
        if next(readings, None) is None:
            raise Killed
        return make.MONDAY

    return now


def animals(count: int) -> bytes:
    lines = [f"A,N{at},母,示范羊,2026-03-01,在群,2026-09-01" for at in range(count)]
    return "\n".join(["群号,自编号,性别,品种,出生日期,来源,入群日期", *lines]).encode()


def begun(database: Database, data: bytes) -> str:
    """The id of a job that looks at the sheet."""
    with database.writing() as session:
        own = by_producer(make.work(session))
        make_herds.a_herd(own, code="A")
        return jobs.begin_look(own, SheetKind.ANIMALS, "animals.csv", data, "cooperative").id


def claimed(database: Database) -> str:
    with database.writing() as session:
        row = session.exec(select(SheetImport)).one()
        return jobs.begin_take(by_producer(make.work(session)), row.id, version=row.version).id


def seen(database: Database, job_id: str) -> tuple[str, int, int]:
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        return job.state, job.done_rows, job.rows


def head(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Animal)).one()


@pytest.mark.slaughtered
def test_long_sheets_of_reports_are_looked_at_some_reports_at_a_time(database: Database) -> None:
    head = "报告编号,样品批号,检测项目,方法,结果,单位,限量,判定,检测日期,检测机构"
    items = ("克伦特罗", "莱克多巴胺")
    rows = [
        f"R{n},20260912A,{item},示范方法,未检出,μg/kg,不得检出,合格,2026-09-13,示范检测中心"
        for n in range(700)
        for item in items
    ]
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        own = make.by_abattoir(make.work(session))
        data = "\n".join([head, *rows]).encode()
        job = jobs.begin_look(own, SheetKind.LAB_REPORT, "reports.csv", data, batch.id).id
    marks: list[tuple[int, int]] = []

    class Watched(jobs.Runner):
        def _mark(self, job: Job, done: int, rows: int, quiet_for: timedelta = timedelta(0)) -> None:
            marks.append((done, rows))
            super()._mark(job, done, rows, quiet_for)

    assert Watched(database, lambda: make.MONDAY).run_all() == 1
    assert marks == [(0, 1400), (1000, 1400), (1400, 1400)]
    assert seen(database, job) == ("done", 1400, 1400)


@pytest.mark.slaughtered
def test_taking_a_packing_list_in_moves_evenly_line_by_line(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make.sample("packing.csv")
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        own = make.by_abattoir(make.work(session))
        make.chilled(make.work(session), batch)
        imports.take(own, imports.read(SheetKind.LAB_REPORT, "r.csv", make.sample("lab-report.csv")), batch.id)
        session.refresh(batch)
        batch_id = batch.id
        jobs.begin_look(own, SheetKind.PACKING, "packing.csv", data, batch_id, take=True)
    lines = imports.read(SheetKind.PACKING, "packing.csv", data).count
    monkeypatch.setattr(packing, "_AT_ONCE", 2)
    told: list[int] = []

    class Watched(jobs.Runner):
        def _tell(self, job: Job, rows: int, done: int) -> None:
            super()._tell(job, rows, done)
            with database.reading() as session:
                told.append(self.done_rows(session.get_one(Job, job.id)))

    assert Watched(database, lambda: make.MONDAY).run_all() == 1
    assert told == [*range(2, lines, 2), lines]
    with database.reading() as session:
        assert session.exec(select(func.sum(PackLine.packs)).where(PackLine.batch_id == batch_id)).one() == (
            session.exec(select(func.sum(PackStock.packs))).one()
        )
        assert session.exec(select(func.count()).select_from(PackLine)).one() == lines


def test_a_runner_that_dies_half_way_is_resumed_and_nothing_is_there_twice(database: Database) -> None:
    look = begun(database, animals(ROWS))
    with pytest.raises(Killed):
        jobs.Runner(database, dies_at(5)).run_all()
    # One piece was looked at before the end; nobody else takes the job while it may still live.
    assert seen(database, look) == ("running", jobs.AT_ONCE, ROWS)
    assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 0
    assert jobs.Runner(database, lambda: LATER).run_all() == 1
    assert seen(database, look) == ("done", ROWS, ROWS)
    assert head(database) == 0
    take = claimed(database)
    with pytest.raises(Killed):
        jobs.Runner(database, dies_at(8)).run_all()
    assert seen(database, take) == ("running", 2 * jobs.AT_ONCE, ROWS)
    assert head(database) == 0
    assert jobs.Runner(database, lambda: LATER).run_all() == 1
    assert seen(database, take) == ("done", ROWS, ROWS)
    assert head(database) == ROWS
    assert jobs.Runner(database, lambda: LATER + jobs.DEAD_AFTER).run_all() == 0
    with database.writing() as session:
        row = session.exec(select(SheetImport)).one()
        imports.undo(by_producer(make.work(session)), row.id, version=row.version)
        assert session.exec(select(func.count()).select_from(Stay)).one() == 0
    assert head(database) == 0


def test_faults_of_every_piece_are_told_together_and_nothing_is_taken(database: Database) -> None:
    lines = animals(ROWS).decode().split("\n")
    lines[3], lines[2400] = lines[3].replace("A,", "没有,", 1), lines[2400].replace("A,", "没有,", 1)
    look = begun(database, "\n".join(lines).encode())
    assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 1
    with database.reading() as session:
        job = session.get_one(Job, look)
        assert (job.state, job.result["code"]) == ("refused", "imports.faulty")
        assert [one["row"] for one in job.result["faults"]] == [4, 2401]
    assert head(database) == 0


def test_twenty_thousand_rows_are_looked_at_and_taken_in(database: Database) -> None:
    count = 20_000
    look = begun(database, animals(count))
    assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 1
    assert seen(database, look) == ("done", count, count)
    take = claimed(database)
    assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 1
    assert seen(database, take) == ("done", count, count)
    assert head(database) == count
