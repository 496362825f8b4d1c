"""``brandtrace db`` and ``brandtrace doctor``: bring the database up to date and look the installation over."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from brand.cli.doors import open_database
from brand.kernel.db import sqlite_journal_mode
from brand.kernel.places import resource
from brand.kernel.settings import Settings
from trace import schema
from trace.queries import flows
from trace.services.key_files import loose


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Create the tables or bring them to this release."""
    database = open_database()
    schema.upgrade(database)
    click.echo(f"database at {schema.status(database)[0]}")


@db.command()
def check() -> None:
    """Say whether the tables are those of this release; leaves with status 1 when not."""
    database = open_database()
    current, head = schema.status(database)
    click.echo(f"database {current or 'empty'}, release {head}")
    if current != head or schema.differences(database):
        raise click.ClickException("the tables differ from this release: run «brandtrace db upgrade»")


@click.command()
def doctor() -> None:
    """Look over settings, folders, secrets and database; leaves with status 1 when something is wrong."""
    findings = [_database(), _books(), _database_file(), _folders(), _secrets(), _keys(), _address()]
    for good, words in findings:
        click.echo(f"{'ok  ' if good else 'FAIL'}  {words}")
    sys.exit(0 if all(good for good, _ in findings) else 1)


def _database() -> tuple[bool, str]:
    database = open_database()
    current, head = schema.status(database)
    kind = f"SQLite, journal {sqlite_journal_mode()}, synchronous FULL" if database.is_sqlite else "PostgreSQL"
    return current == head, f"database: {kind}, revision {current or 'none'} (release {head})"


def _books() -> tuple[bool, str]:
    """Every kilogram drawn is somewhere; asked only of tables that are this release's."""
    database = open_database()
    current, head = schema.status(database)
    if current != head:
        return True, "books of goods: not asked, the tables are not of this release"
    with database.reading() as session:
        wrong = flows.differences(session)
    return not wrong, f"books of goods: {len(wrong)} sum(s) that do not come out {', '.join(wrong[:5])}".rstrip()


def _database_file() -> tuple[bool, str]:
    """The file holds password hashes, telephone numbers and what was said in confidence."""
    address = make_url(Settings().database)
    if address.get_backend_name() != "sqlite":
        return True, "database file: none of ours, the server keeps it"
    path = Path(address.database or "")
    return _closed("database file", path.parent.glob(f"{path.name}*"))


def _folders() -> tuple[bool, str]:
    try:
        return True, "folders: " + ", ".join(str(resource(one)) for one in ("templates", "static", "translations"))
    except FileNotFoundError as error:
        return False, f"folders: {error}"


def _secrets() -> tuple[bool, str]:
    folder = Settings().data_dir / "secrets"
    if not folder.is_dir():
        return True, "secrets: none yet, made on first start"
    return _closed("secrets", folder.iterdir())


def _keys() -> tuple[bool, str]:
    """Asked of the sealed files here; a signer with a process of its own looks after its own."""
    settings = Settings()
    if settings.signer is not None:
        return True, f"keys: with the signer at {settings.signer}"
    found = loose(settings.keys_dir)
    words = f"open to others or not ours: {', '.join(found)}" if found else "sealed, readable by the owner only"
    return not found, f"keys: {words}"


def _closed(what: str, files: Iterable[Path]) -> tuple[bool, str]:
    loose = sorted(one.name for one in files if stat.S_IMODE(one.stat().st_mode) & 0o077)
    words = f"readable by others (chmod go-rwx): {', '.join(loose)}" if loose else "readable by the owner only"
    return not loose, f"{what}: {words}"


def _address() -> tuple[bool, str]:
    settings = Settings()
    good = settings.secure or "127.0.0.1" in settings.public_url or "localhost" in settings.public_url
    return good, f"address: {settings.public_url}{'' if good else ' is not https'}"
