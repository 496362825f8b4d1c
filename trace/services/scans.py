"""Keeps a record of every look at a code: which code, when, what was answered; of who looked a token of the day.

Looks are taken off the reading path, written by one thread, and forgotten by it when their time is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from queue import Empty, Full, Queue

import structlog
from sqlmodel import col, delete, update

from brand.kernel import audit, clock
from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.work import Work
from trace.crypto.code_profiles import SERIAL_SIZE
from trace.models.scans import Scan, ScanCode, ScanPlace
from trace.queries.verification import Answer
from trace.rules.scans import DAYS_KEPT, Point
from trace.services.scan_rollups import Look, record

log = structlog.get_logger()

_TOGETHER = 1000  # rows per transaction
_LONGEST_PAUSE = 5.0  # seconds between tries while the database takes nothing


def look(answer: Answer, now: datetime, token: str = "", place: str = "") -> Look:
    """What is kept of one answer; ``token`` and ``place`` are what the server itself saw, never what anybody claims."""
    reasons = answer.verdict.reasons
    return Look(
        at=now,
        batch_code=answer.unit.batch if answer.unit else "",
        serial=answer.reading.serial[:SERIAL_SIZE],
        known=answer.pack is not None,
        colour=answer.verdict.colour.value,
        reason=reasons[0].code if reasons else "",
        token=token,
        place=place,
    )


def purge(work: Work) -> int:
    """Forget looks older than ``DAYS_KEPT`` days; of a code its counts and first moment stay, its places go.

    Gives the number of device-days forgotten. Needs no permission: the clock asks for it.
    """
    oldest = work.today - timedelta(days=DAYS_KEPT)
    gone = work.session.exec(delete(Scan).where(col(Scan.day) < oldest)).rowcount
    work.session.exec(delete(ScanPlace).where(col(ScanPlace.day) < oldest))
    since = work.now - timedelta(days=DAYS_KEPT)
    blank = {"first_place": "", "last_place": "", "last_token": "", "jumps": ""}
    stale = update(ScanCode).where(col(ScanCode.last_at) < since, col(ScanCode.last_token) != "")
    work.session.exec(stale.values(**blank))
    if gone:
        audit.record(work, "scans.purge", "scans", oldest.isoformat(), devices=gone)
    return int(gone)


class ScanQueue:
    """Takes looks off the reading path and writes them by one thread, at most ``every`` seconds later.

    A full queue makes the request write for itself. What cannot be written is logged, kept and tried again. What was
    accepted in the last ``every`` seconds is lost when the process is killed: scan counts are a hint, never a proof.
    """

    def __init__(
        self,
        database: Database,
        *,
        longest: int = 10_000,
        every: float = 0.2,
        points: Mapping[str, Point] | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._database, self._points, self._now = database, points or {}, now
        self._purged: date | None = None
        self._waiting: Queue[Look] = Queue(longest)
        self._every = every
        self._writing = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._kept: list[Look] = []

    def put(self, one: Look) -> None:
        """Accept one look; returns at once unless the queue is full."""
        try:
            self._waiting.put_nowait(one)
        except Full:
            self._write([one])
        if self._thread is None:
            self._start()

    def flush(self) -> bool:
        """Write everything accepted so far, now; False when the database would not take it and it is kept."""
        with self._writing:
            while batch := self._kept or self._take():
                self._kept = batch
                if not self._write(batch):
                    return False
                self._kept = []
        return True

    def close(self) -> None:
        """Write what is left and end the thread."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self.flush()

    def _start(self) -> None:
        """Started by the first look and not before, so that a server may fork after loading us."""
        with self._starting:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._run, name="scans", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = self._every
        while not self._ended.wait(pause):
            pause = self._every if self.flush() else min(pause * 2, _LONGEST_PAUSE)
            self._forget()

    def _forget(self) -> None:
        """Once a day, the first day included; what fails today is tried again tomorrow, and the command is there."""
        now = self._now()
        if self._purged == clock.local_day(now):
            return
        self._purged = clock.local_day(now)
        try:
            with self._database.writing() as session:
                purge(Work(session, SYSTEM, now, "scans"))
        except Exception as error:
            log.error("scans_not_purged", exc_info=error)

    def _take(self) -> list[Look]:
        taken: list[Look] = []
        try:
            while len(taken) < _TOGETHER:
                taken.append(self._waiting.get_nowait())
        except Empty:
            pass
        return taken

    def _write(self, looks: Sequence[Look]) -> bool:
        try:
            with self._database.writing() as session:
                record(session, looks, self._points)
        except Exception as error:
            log.error("scans_not_written", count=len(looks), exc_info=error)
            return False
        return True
