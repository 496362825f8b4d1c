"""Copies a database while it is in use, and puts a copy where there is none: SQLite's own way, or PostgreSQL's tools.

A file copy of a live SQLite database is no backup; a dump is taken in the very snapshot whose log the manifest tells.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlmodel import Session

from brand.kernel.db import Database
from brand.kernel.errors import conflict, invalid, refused
from trace.services import durable

SQLITE, POSTGRES = "database.sqlite", "database.pgdump"
#: What is asked of a copy: its session, for figures that go into the manifest.
Asked = Callable[[Session], dict[str, Any]]


def copy(database: Database, folder: Path, ask: Asked) -> tuple[Path, dict[str, Any]]:
    """A whole copy in ``folder`` and what ``ask`` finds in that same snapshot; raises ``backups.tool_*``."""
    return _copy_sqlite(database, folder, ask) if database.is_sqlite else _copy_postgres(database, folder, ask)


def ask_copy(path: Path, ask: Asked) -> dict[str, Any]:
    """What a SQLite copy itself says; raises ``backups.damaged`` where SQLite finds it broken."""
    found = Database(f"sqlite:///{path}")
    try:
        with found.reading() as session:
            if session.connection().execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise invalid("backups.damaged", file=path.name)
            return ask(session)
    except (sqlite3.DatabaseError, _driver_error()) as error:
        raise invalid("backups.damaged", file=path.name) from error
    finally:
        found.close()


def empty(database: Database) -> bool:
    """Whether nothing is in the database yet."""
    return not inspect(database.engine).get_table_names()


def put(database: Database, copied: Path) -> None:
    """Fill an empty database from a copy; raises ``backups.target_not_empty``, ``backups.other_database``."""
    if database.is_sqlite != (copied.name == SQLITE):
        raise conflict("backups.other_database", file=copied.name)
    if not empty(database):
        raise conflict("backups.target_not_empty")
    if not database.is_sqlite:
        _run(database, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(copied))
        return
    path = Path(database.engine.url.database or "")
    database.close()
    for one in path.parent.glob(f"{path.name}-*"):
        one.unlink()
    durable.write(path, copied.read_bytes(), mode=0o600)


def readable(copied: Path) -> None:
    """Refuse a dump that PostgreSQL's own tool cannot list: ``backups.damaged``."""
    done = subprocess.run([_tool("pg_restore"), "--list", str(copied)], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise invalid("backups.damaged", file=copied.name)


def _copy_sqlite(database: Database, folder: Path, ask: Asked) -> tuple[Path, dict[str, Any]]:
    path = folder / SQLITE
    with database.looking() as connection:
        source: Any = connection.connection.driver_connection
        target = type(source)(str(path))
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        finally:
            target.close()
    path.chmod(0o600)
    return path, ask_copy(path, ask)


def _copy_postgres(database: Database, folder: Path, ask: Asked) -> tuple[Path, dict[str, Any]]:
    path = folder / POSTGRES
    snapshot = database.engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with snapshot, snapshot.begin(), Session(snapshot) as session:
        name = session.connection().execute(text("SELECT pg_export_snapshot()")).scalar_one()
        found = ask(session)
        _run(database, "pg_dump", "--format=custom", "--no-owner", f"--snapshot={name}", f"--file={path}")
    path.chmod(0o600)
    return path, found


def _run(database: Database, name: str, *arguments: str) -> None:
    """One of PostgreSQL's tools on this database; the password goes by the environment, which others cannot read."""
    url = database.engine.url
    target = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    command = [_tool(name), *arguments, f"--dbname={target}"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[-1]
        raise refused("backups.tool_failed", tool=name, said=said[:200])


def _tool(name: str) -> str:
    """The tool the machine finds by its name; raises ``backups.tool_missing``."""
    found = shutil.which(name)
    if found is None:
        raise refused("backups.tool_missing", tool=name)
    return found


def _driver_error() -> type[Exception]:
    from sqlalchemy.exc import DatabaseError

    return DatabaseError
