"""Brings a database to this release's tables and says how far one is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from brand.kernel.db import Database
from brand.kernel.records import metadata
from trace import records

_FOLDER = Path(__file__).parent / "migrations"
assert records.ALL


def upgrade(database: Database, to: str = "head") -> None:
    """Run every migration the database has not seen, in one transaction."""
    with database.engine.connect() as connection, _unbound(database, connection), connection.begin():
        command.upgrade(_config(connection), to)
        if database.is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not broken, f"a migration left rows without what they refer to: {broken[:5]}"


@contextmanager
def _unbound(database: Database, connection: Connection) -> Iterator[None]:
    """SQLite gives a table another shape by making it anew, which its foreign keys must not notice.

    Its switch works outside transactions only, so it is turned before ours begins; ``upgrade`` checks every reference
    before it commits.
    """
    if not database.is_sqlite:
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def status(database: Database) -> tuple[str | None, str | None]:
    """(the database's revision, this release's revision)."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(database: Database) -> list[Any]:
    """What the tables of this release have that the database has not, and the other way round."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def revise(database: Database, message: str) -> None:
    """Write a new migration from the difference between tables and database (for developers)."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
