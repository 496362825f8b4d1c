"""Opens the database and runs transactions; the only file that commits.

SQLite: writers begin IMMEDIATE and queue fairly inside the process, ``synchronous=FULL`` always, WAL only where the
linked library is free of the WAL-reset race. PostgreSQL: READ COMMITTED, readers in read-only transactions.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from brand.kernel.errors import AppError, Kind

#: WAL is safe from these SQLite versions on (fix of the WAL-reset race), by release branch.
_WAL_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_BUSY_MILLISECONDS = 15_000


class FairLock:
    """A lock that serves waiters in the order they came; SQLite's own back-off lets late-comers overtake."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._since: float | None = None

    def take(self, patience: float | None = None) -> bool:
        """Wait for one's turn. With ``patience`` only while whoever has the lock has had it for less than so many
        seconds: behind many short turns one waits as long as it takes, behind a long one not. False: not taken."""
        with self._guard:
            if self._since is None:
                self._since = perf_counter()
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
            left = self._left(patience)
        while not turn.acquire(timeout=left):
            with self._guard:
                left = self._left(patience)
                if left == 0 and turn in self._waiting:
                    self._waiting.remove(turn)
                    return False
        return True

    def give(self) -> None:
        """Hand it to whoever has waited longest."""
        with self._guard:
            self._since = perf_counter() if self._waiting else None
            if self._waiting:
                self._waiting.popleft().release()

    def _left(self, patience: float | None) -> float:
        """Seconds to wait on; -1 for ever."""
        return -1 if patience is None else max(0.0, (self._since or 0) + patience - perf_counter())


class Database:
    """A connection pool and its two kinds of transaction."""

    def __init__(self, address: str) -> None:
        url = make_url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        self._modes = {write: self.engine.execution_options(brandtrace_write=write) for write in (True, False)}
        self._queue = FairLock() if self.is_sqlite else None
        #: Seconds for which somebody else may have been writing before whoever is in a hurry gives up (SQLite).
        self.patience = 3.0
        #: Code of the refusal of every change, empty while changes are taken; set by whoever watches over the log.
        self.refusal = ""

    @contextmanager
    def writing(self, *, hurried: bool = False) -> Iterator[Session]:
        """One transaction that may change records: committed when the block ends well, undone when it raises.

        ``hurried``: somebody holds a thread of the server while waiting, which readers need too. Raises ``refusal``
        while this database may only be read, ``service.long_work`` where somebody in a hurry would wait too long.
        """
        if self.refusal:
            raise AppError(Kind.UNAVAILABLE, self.refusal)
        with self._turn(hurried), self._session(write=True) as session:
            yield session
            session.flush()
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One read-only snapshot; the database itself refuses to write in it."""
        with self._session(write=False) as session:
            yield session

    @contextmanager
    def rehearsing(self, *, hurried: bool = False) -> Iterator[Session]:
        """A transaction that may change records and never does: whatever was written in it is undone at its end."""
        with self._turn(hurried), self._session(write=True) as session:
            yield session
            session.rollback()

    @contextmanager
    def _turn(self, hurried: bool) -> Iterator[None]:
        if self._queue is None:
            yield
            return
        if not self._queue.take(self.patience if hurried else None):
            raise AppError(Kind.UNAVAILABLE, "service.long_work")
        try:
            yield
        finally:
            self._queue.give()

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """The same without records, for the one path on which they cost too much: the scan of a pack.

        What goes straight to the driver (``rows.asked``) would begin nothing on SQLite, and each statement of a page
        would see another state; the pool ends what is begun here.
        """
        with _named(), self._modes[False].connect() as connection:
            if self.is_sqlite:
                _driver(connection).execute("BEGIN")
            yield connection

    @contextmanager
    def _session(self, *, write: bool) -> Iterator[Session]:
        with _named(), Session(self._modes[write], expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _named() -> Iterator[None]:
    """A database that cannot serve us now is a refusal with a name."""
    try:
        yield
    except (OperationalError, _sqlite_module().OperationalError) as error:
        if _is_busy(error):
            raise AppError(Kind.UNAVAILABLE, "service.busy") from error
        raise


def _is_busy(error: Exception) -> bool:
    text = str(getattr(error, "orig", error)).lower()
    return any(
        words in text for words in ("database is locked", "disk is full", "disk full", "lock timeout", "deadlock")
    )


def _sqlite_module() -> Any:
    """The newest SQLite at hand: the bundled one where it has wheels, else Python's own."""
    try:
        import pysqlite3

        return pysqlite3
    except ImportError:
        import sqlite3

        return sqlite3


def sqlite_journal_mode() -> str:
    """``WAL`` where the linked SQLite is safe for it, else ``DELETE``."""
    version = _sqlite_module().sqlite_version_info
    safe = any(version >= fixed and (version[:2] == fixed[:2] or fixed is _WAL_FIXED[0]) for fixed in _WAL_FIXED)
    return "WAL" if safe else "DELETE"


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Telephones and second factors are in it: made for its owner alone, as SQLite's side files are after it.
        path.touch(mode=0o600)
    engine = create_engine(
        url,
        module=_sqlite_module(),
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": _BUSY_MILLISECONDS / 1000},
        pool_size=8,
        max_overflow=56,
        pool_use_lifo=True,  # the connection used last has its pages at hand
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (f"journal_mode={sqlite_journal_mode()}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("brandtrace_write", True)
        # Straight to the driver: through the engine these two cost more than the query of a scan.
        driver = _driver(connection)
        if not write and driver.in_transaction:
            return  # a session within ``looking``, which has begun
        if connection.info.get("brandtrace_write") is not write:
            driver.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
            connection.info["brandtrace_write"] = write
        driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        pool_size=8,
        max_overflow=56,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("brandtrace_write", True):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine
