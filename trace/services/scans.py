"""Keeps a record of every look at a code: which code, when, and what was answered; nothing about who looked."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from queue import Empty, Full, Queue

import structlog
from sqlalchemy import insert
from sqlmodel import Session

from brand.kernel.db import Database
from brand.kernel.ids import new_id
from trace.models.labels import Scan
from trace.queries.verification import Answer

log = structlog.get_logger()

_TOGETHER = 1000  # rows per transaction
_LONGEST_PAUSE = 5.0  # seconds between tries while the database takes nothing


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one code; ``reason`` is the heaviest reason of the verdict."""

    at: datetime
    batch_code: str
    serial: str
    known: bool
    colour: str
    reason: str


_KEPT = tuple(one.name for one in fields(Look))


def look(answer: Answer, now: datetime) -> Look:
    """What is kept of one answer."""
    reasons = answer.verdict.reasons
    return Look(
        at=now,
        batch_code=answer.code.batch,
        serial=answer.code.serial,
        known=answer.pack is not None,
        colour=answer.verdict.colour.value,
        reason=reasons[0].code if reasons else "",
    )


def record(session: Session, looks: Sequence[Look]) -> None:
    """Add the looks as rows."""
    session.connection().execute(
        insert(Scan), [{name: getattr(one, name) for name in _KEPT} | {"id": new_id()} for one in looks]
    )


class ScanQueue:
    """Takes looks off the reading path and writes them by one thread, at most ``every`` seconds later.

    A full queue makes the request write for itself. What cannot be written is logged, kept and tried again. What was
    accepted in the last ``every`` seconds is lost when the process is killed: scan counts are a hint, never a proof.
    """

    def __init__(self, database: Database, *, longest: int = 10_000, every: float = 0.2) -> None:
        self._database = database
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
                record(session, looks)
        except Exception as error:
            log.error("scans_not_written", count=len(looks), exc_info=error)
            return False
        return True
