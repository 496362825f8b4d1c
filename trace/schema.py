"""Brings a database to this release's tables and says how far one is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from brand.kernel.db import Database
from brand.kernel.records import metadata
from trace import records

_FOLDER = Path(__file__).parent / "migrations"
assert records.ALL


def upgrade(database: Database) -> None:
    """Run every migration the database has not seen, in one transaction."""
    with database.engine.begin() as connection:
        command.upgrade(_config(connection), "head")


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
