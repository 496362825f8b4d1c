"""What command doors share: the database of the settings and one transaction as the service itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from brand.kernel import clock, texts
from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.settings import Settings
from brand.kernel.work import Work

#: What is asked of a database before a command may use it; the half that keeps the log puts its question here.
LOOKS: list[Callable[[Settings, Database], object]] = []


def open_database() -> Database:
    settings = Settings()
    database = Database(settings.database)
    for look in LOOKS:
        look(settings, database)
    return database


@contextmanager
def writing(database: Database) -> Iterator[Work]:
    """One transaction for the operator at the keyboard; refusals are printed in words."""
    with refusals(), database.writing() as session:
        yield Work(session, SYSTEM, clock.now(), "cli")


@contextmanager
def reading(database: Database) -> Iterator[Work]:
    with refusals(), database.reading() as session:
        yield Work(session, SYSTEM, clock.now(), "cli")


@contextmanager
def refusals(language: str = "") -> Iterator[None]:
    """Print a refusal as a sentence with its faults (else in the settings' language); leave with status 1."""
    try:
        yield
    except AppError as error:
        language = language or Settings().language
        lines = [texts.explain(language, error.code, error.params)]
        for fault in error.faults:
            told = texts.explain(language, fault.code, fault.params)
            lines += [] if told == lines[0] else [f"  {fault.pointer}: {told}"]
        raise click.ClickException("\n".join(lines)) from error
