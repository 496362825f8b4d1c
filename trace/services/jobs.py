"""Long work: kept sheets, looked at piece by piece and taken in by one transaction; label orders by ``label_jobs``.

A runner is a thread of the serving process, or ``brandtrace jobs run``. Whoever claims a job by the guarded statement
has it; one whose runner died is claimed anew a minute later, by whichever runner looks, which all do every few seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session, and_, col, or_, select, update

from brand.kernel import audit
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Fault, invalid, unknown
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.queries import accounts
from trace.models.imports import ImportState, SheetImport, SheetKind
from trace.models.jobs import Job, JobState
from trace.services import alarms, imports, job_refusals, label_jobs, sheet_kinds
from trace.services.intakes import Target, Upload, lines_of
from trace.services.label_jobs import Hand, Tools

log = structlog.get_logger()

#: Rows looked at between two marks of progress.
AT_ONCE = 1000
#: A runner that gave no sign for so long is dead.
DEAD_AFTER = timedelta(minutes=1)
#: Seconds between two looks for work nobody called for.
EVERY = 5.0
#: Larger files are looked at and taken in by a job, bytes; some two thousand rows.
LARGE = 150_000
#: Taking more rows than this back is a job too.
MANY_ROWS = 1000
LOOK, TAKE, UNDO = "look", "take", "undo"
#: In what a job wants: nobody has looked at its sheet; the rights to which the token that began it was cut down.
UNSEEN, SCOPES = "unseen", "scopes"


def begin_look(
    work: Work,
    kind: SheetKind,
    name: str,
    data: bytes,
    target: Target,
    said: Mapping[str, str] | None = None,
    *,
    place_id: str = "",
    take: bool = False,
) -> Job:
    """Keep a large file unread and put looking at it into the queue; raises ``imports.file_already_taken``.

    ``take``: and take it in without asking again, for programs.
    """
    state = ImportState.TAKING if take else ImportState.CHECKING
    row = imports.keep_unread(work, kind, name, data, target, said, place_id=place_id, state=state)
    return _add(work, row, TAKE, wanted={UNSEEN: True}) if take else _add(work, row, LOOK)


def begin_take(work: Work, import_id: str, *, version: int) -> Job:
    """The owner's yes to a large sheet; raises ``imports.stale``."""
    row = imports.claim(work, import_id, version=version)
    return _add(work, row, TAKE)


def begin_undo(work: Work, import_id: str, *, version: int) -> Job:
    """Put taking a large sheet back into the queue; raises ``imports.no_undo`` or ``imports.stale``."""
    row, _ = imports.undoable(work, import_id, version=version)
    return _add(work, row, UNDO, wanted={"version": version})


def find(work: Work, job_id: str) -> Job:
    """A job on a sheet the person may take in; raises ``access.unknown``."""
    job = work.session.get(Job, job_id)
    if job is None or job.import_id is None:
        raise unknown()
    imports.kept(work, job.import_id)
    return job


def latest(work: Work, import_id: str) -> Job | None:
    """The last job on a sheet."""
    statement = select(Job).where(Job.import_id == import_id).order_by(col(Job.made_at).desc(), col(Job.id).desc())
    return work.session.exec(statement).first()


class Runner:
    """Works through the queue, one job after another."""

    def __init__(self, database: Database, now: Callable[[], datetime], tools: Tools | None = None) -> None:
        """Without ``tools`` jobs on label orders wait for a runner that has them."""
        self._database, self._now, self._tools = database, now, tools
        self._wanted, self._ended = threading.Event(), threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._under_way = ("", 0)

    def start(self) -> None:
        """Begin once, with what a runner that died has left; not before a server has forked."""
        with self._starting:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """There is something to do, and somebody waits for it."""
        self.start()
        self._wanted.set()

    def close(self) -> None:
        self._ended.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def run_all(self) -> int:
        """Every job that waits or was left by a dead runner; gives how many there were."""
        count = 0
        if self._tools is not None:
            label_jobs.clear(self._tools, self._now())
        while not self._ended.is_set() and (job := self._claim()) is not None:
            self._work_on(job)
            count += 1
        return count

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wanted.clear()
            try:
                self.run_all()
            except Exception as error:
                log.error("jobs_stopped", exc_info=error)
            # Nobody has to call: what was left, or waits for something, is looked for now and then.
            self._wanted.wait(EVERY)

    def _claim(self) -> Job | None:
        now = self._now()
        free = or_(
            col(Job.state) == JobState.WAITING.value,
            (col(Job.state) == JobState.RUNNING.value) & (col(Job.beat_at) < now - DEAD_AFTER),
        )
        if self._tools is None:
            free = and_(free, col(Job.order_id).is_(None))
        with self._database.reading() as session:
            if session.exec(select(Job.id).where(free).limit(1)).first() is None:
                return None
        with self._database.writing() as session:
            found = session.exec(select(Job).where(free).order_by(col(Job.made_at), col(Job.id)).limit(1)).first()
            if found is None:
                return None
            values = {
                "state": JobState.RUNNING.value,
                "beat_at": now,
                "done_rows": 0 if found.order_id is None else found.done_rows,
            }
            if session.exec(update(Job).where(col(Job.id) == found.id, free).values(**values)).rowcount != 1:
                return None
            session.refresh(found)
            return found

    def _work_on(self, job: Job) -> None:
        try:
            self._do(job)
        except AppError as error:
            wait = label_jobs.waits(error) if job.order_id is not None else None
            if wait is not None:
                # It looks alive until then, and dead from then on.
                self._mark(job, None, job.rows, quiet_for=wait - DEAD_AFTER)
            else:
                self._end(job, JobState.REFUSED, job_refusals.told(error))
        except Exception as error:
            log.error("job_failed", job=job.id, exc_info=error)
            self._end(job, JobState.REFUSED, {"code": "service.unexpected", "params": {}, "faults": []})

    def _do(self, job: Job) -> None:
        if job.order_id is not None:
            assert self._tools is not None  # nobody without them claims such a job
            do = label_jobs.sign if job.kind == label_jobs.SIGN else label_jobs.write_files
            do(job, Hand(self._database, partial(self._acting, job), partial(self._mark, job)), self._tools)
            return
        with self._database.reading() as session:
            row = session.get_one(SheetImport, job.import_id)
            target = imports.target_of(row)
        with alarms.watching(partial(self._acting, job), row.enterprise_id):
            self._do_with(job, row, target)

    def _do_with(self, job: Job, row: SheetImport, target: Target) -> None:
        if job.kind == UNDO:
            with self._acting(job) as work:
                imports.undo(work, row.id, version=job.wanted["version"])
                self._finish(job, work, row.rows, {})
            return
        upload = imports.read_kept(row)
        self._mark(job, 0, upload.count)
        if job.kind == TAKE and sheet_kinds.INTAKES[upload.kind].tells:
            # Taking in finds whatever looking would find.
            upload = replace(upload, heard=partial(self._tell, job, upload.count))
        else:
            self._look(job, upload, target)
        with self._acting(job) as work:
            figures = {}
            if job.kind == LOOK:
                figures = imports.looked_at(work, row.id, upload)
            else:
                imports.take_claimed(work, row.id, upload)
            self._finish(job, work, upload.count, figures)

    def _finish(self, job: Job, work: Work, rows: int, figures: Mapping[str, Any]) -> None:
        """Done, in the transaction that did it."""
        ended = {"state": JobState.DONE.value, "ended_at": work.now, "result": dict(figures), "done_rows": rows}
        its = (col(Job.id) == job.id, col(Job.state) == JobState.RUNNING.value)
        work.session.exec(update(Job).where(*its).values(rows=rows, **ended))

    def _look(self, job: Job, upload: Upload, target: Target) -> None:
        """Every row in pieces, with its progress; all faults of all pieces are told together."""
        faults: list[Fault] = list(upload.sheet.faults)
        rehearsed = sheet_kinds.INTAKES[upload.kind].rehearsed
        looking = self._database.rehearsing if rehearsed else self._database.reading
        done = 0
        for part in imports.pieces(upload, AT_ONCE):
            try:
                with looking() as session:
                    imports.look_at(self._as_its_person(session, job), upload.kind, part, target)
            except AppError as error:
                if error.code != "imports.faulty":
                    raise
                faults.extend(error.faults)
            done += lines_of(part)
            self._mark(job, done, upload.count)
        if faults:
            raise invalid("imports.faulty", faults=faults, count=len(faults))

    def _tell(self, job: Job, rows: int, done: int) -> None:
        """How far a transaction is that is still open. SQLite has one writer, so there only this process knows it;
        nobody else can claim the job meanwhile, because a claim writes."""
        if self._database.is_sqlite:
            self._under_way = (job.id, done)
        else:
            self._mark(job, done, rows)

    def done_rows(self, job: Job) -> int:
        """How many rows of a job are done, those of an open transaction with them."""
        job_id, done = self._under_way
        running = job_id == job.id and job.state == JobState.RUNNING
        return max(job.done_rows, done) if running else job.done_rows

    def _mark(self, job: Job, done: int | None, rows: int, quiet_for: timedelta = timedelta(0)) -> None:
        with self._database.writing() as session:
            beat: dict[str, Any] = {"beat_at": self._now() + quiet_for, "rows": rows}
            if done is not None:
                beat["done_rows"] = done
            session.exec(update(Job).where(col(Job.id) == job.id).values(**beat))

    @contextmanager
    def _acting(self, job: Job) -> Iterator[Work]:
        with self._database.writing() as session:
            yield self._as_its_person(session, job)

    def _as_its_person(self, session: Session, job: Job) -> Work:
        """With the rights the person has now; whoever lost them meanwhile meets nothing."""
        account = session.get_one(Account, job.account_id)
        actor = accounts.actor_of_account(session, account, self._now())
        if SCOPES in job.wanted:
            actor = replace(actor, scopes=frozenset(job.wanted[SCOPES]))
        return Work(session, actor, self._now(), "job")

    def _end(self, job: Job, state: JobState, result: dict[str, Any]) -> None:
        with self._database.writing() as session:
            row = session.get_one(Job, job.id)
            if row.state == JobState.DONE:
                return  # by another runner, who took this one for dead
            row.state, row.ended_at, row.result = state.value, self._now(), result
            if row.order_id is not None:
                label_jobs.refused(self._as_its_person(session, row), row)
                return
            kept = session.get_one(SheetImport, job.import_id)
            if job.kind == TAKE and kept.state == ImportState.TAKING:
                kept.state = (ImportState.CHECKING if UNSEEN in job.wanted else ImportState.PREVIEWED).value


def _add(work: Work, row: SheetImport, kind: str, wanted: Mapping[str, Any] | None = None) -> Job:
    scopes = {} if work.actor.scopes is None else {SCOPES: sorted(work.actor.scopes)}
    job = Job(
        kind=kind,
        wanted={**(wanted or {}), **scopes},
        import_id=row.id,
        enterprise_id=row.enterprise_id,
        account_id=work.actor.account_id or "",
        rows=row.rows,
        made_at=work.now,
        beat_at=work.now,
    )
    work.session.add(job)
    work.session.flush()
    audit.record(work, "jobs.begin", "job", job.id, enterprise_id=row.enterprise_id, kind=kind, sheet=row.id)
    return job
