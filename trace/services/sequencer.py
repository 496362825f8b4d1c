"""The thread that keeps the log up to date: at most ``every`` seconds after an act, it stands in a signed head."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import structlog
from sqlmodel import Session

from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from trace.services import log as services
from trace.services import log_files
from trace.services.log_signer import LogSigner
from trace.services.witnesses import Cosigners

log = structlog.get_logger()

#: What the signer says to a database it cannot sign for, and what a database says that waits for the signer.
_SUSPICIOUS = ("log.head_behind", "log.head_differs", "merkle.root_differs", "service.signer_silent")
#: Between two looks at what is not urgent: keys and files of trust.
CHORE_SECONDS = 60.0


class Sequencer:
    """Integrates, has signed and publishes into ``folder``; any number of processes may run one each."""

    def __init__(
        self,
        database: Database,
        signer: LogSigner,
        origin: str,
        folder: Path,
        now: Callable[[], datetime],
        *,
        every: float = 2.0,
        cosigners: Cosigners | None = None,
        chores: Mapping[str, Callable[[], object]] | None = None,
        look: Callable[[], object] | None = None,
    ) -> None:
        self._database, self._signer, self._origin, self.folder, self._now = database, signer, origin, folder, now
        self._every, self.cosigners = every, cosigners
        self._chores, self._look = chores or {}, look
        self._starting = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()

    def run_once(self) -> int:
        """Everything that waits, up to the published checkpoint; gives its size. Raises what its three steps raise."""
        with self._database.reading() as session:
            idle = services.nothing_to_do(self._work(session))
        while not idle:
            with self._database.writing() as session:
                work = self._work(session)
                services.ensure_key(work, self._signer)
                session.flush()
                idle = services.integrate(work) < services.AT_ONCE
        with self._database.writing() as session:
            services.sign(self._work(session), self._signer, self._origin)
        with self._database.reading() as session:
            return log_files.publish(session, self.folder)

    def ask_witnesses(self) -> bool:
        """Have the newest head cosigned by those who have not yet, and publish what they wrote; whether any did."""
        if self.cosigners is None or not self.cosigners.run_once():
            return False
        with self._database.reading() as session:
            log_files.publish(session, self.folder)
        return True

    def start(self) -> None:
        """Begin once; called by the first request, so that a server may fork after loading us."""
        with self._starting:
            if self._threads or self._ended.is_set():
                return
            self._begin("log", self.run_once, self._every)
            # Witnesses have a thread of their own: one that stalls delays cosignatures and nothing else.
            if self.cosigners is not None:
                self._begin("witnesses", self.ask_witnesses, self._every)
            for name, chore in self._chores.items():
                self._begin(name, chore, CHORE_SECONDS)

    def close(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _begin(self, name: str, step: Callable[[], object], every: float) -> None:
        self._threads.append(threading.Thread(target=self._run, args=(name, step, every), name=name, daemon=True))
        self._threads[-1].start()

    def _run(self, name: str, step: Callable[[], object], every: float) -> None:
        wait = self._every  # the first time soon, whatever comes after: a new county has no keys and files yet
        while not self._ended.wait(wait):
            wait = every
            try:
                step()
            except Exception as error:
                # Acts go on; the log's page shows how old its head is. Nothing is lost: leaves wait in their table.
                log.error("log_not_advanced", step=name, exc_info=error)
                # Another history, or a signer that knows more: from now on nothing is written until people have looked.
                if self._look is not None and isinstance(error, AppError) and error.code in _SUSPICIOUS:
                    self._look()

    def _work(self, session: Session) -> Work:
        return Work(session, SYSTEM, self._now(), "log")
