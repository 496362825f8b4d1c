"""``brandtrace import``: take in sheets from the keyboard; a dry run unless ``--commit`` is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from brand.cli.doors import open_database
from brand.kernel import clock, texts
from brand.kernel.actors import SYSTEM, Actor
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Fault
from brand.kernel.settings import Settings
from brand.kernel.work import Work
from brand.queries import accounts
from trace.models.imports import SheetKind
from trace.rules.weights import plain
from trace.services import alarms, batches, chilling, imports, packing
from trace.services.batches import Plan
from trace.services.imports import Outlook, Target, Upload

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_BATCH = click.option("--batch", required=True, help="Id of the batch the sheet belongs to.")
_BY = click.option("--by", help="User name of the person who answers for the record; needed with --commit.")
_COMMIT = click.option("--commit", is_flag=True, help="Take the sheet in; without it nothing is changed.")


@click.group("import")
def import_() -> None:
    """Sheets of the slaughter day; every command only looks unless --commit is given."""


@import_.command()
@_FILE
@click.option("--abattoir", help="Enterprise id of the abattoir.")
@click.option("--producer", help="Enterprise id of the producer.")
@click.option("--product", help="Id of the product.")
@click.option("--lot", help="The abattoir's own lot number.")
@_BY
@_COMMIT
def carcasses(file: Path, commit: bool, by: str | None, **said: str | None) -> None:
    """Check FILE as a carcass sheet; with the other options also what it would become, with --commit make it so."""
    missing = [f"--{name}" for name in _SAID if not said[name]]
    if missing and (commit or len(missing) < len(_SAID)):
        raise click.UsageError(f"missing: {', '.join(missing)}")
    upload = _read(SheetKind.CARCASSES, file)
    if missing:
        _check_alone(upload)
    else:
        _run(upload, Plan(*(said[name] or "" for name in _SAID)), by, commit=commit)


_SAID = ("abattoir", "producer", "product", "lot")


def _command(kind: SheetKind, name: str, words: str) -> Callable[..., None]:
    """A command for one kind of sheet that belongs to a batch."""

    @import_.command(name, help=words)
    @_FILE
    @_BATCH
    @_BY
    @_COMMIT
    def run(file: Path, batch: str, by: str | None, commit: bool) -> None:
        _run(_read(kind, file), batch, by, commit=commit)

    return run


_command(SheetKind.CHILLING, "chilling", "Check FILE as a chilling record of a batch; with --commit take it in.")
_command(SheetKind.PACKING, "packing", "Check FILE as a packing list of a batch; with --commit take it in.")
_command(SheetKind.LAB_REPORT, "lab-report", "Check FILE as laboratory reports on a batch; with --commit take it in.")


def _read(kind: SheetKind, file: Path) -> Upload:
    with _refusals():
        return imports.read(kind, file.name, file.read_bytes())


def _check_alone(upload: Upload) -> None:
    """The cells of a carcass sheet by themselves: no database is needed."""
    with _refusals():
        batches.refuse_faults([*upload.sheet.faults, *getattr(upload.sheet, "doubts", ())])
    click.echo(_say("cli.import.rows", rows=upload.count))
    click.echo(_say("cli.import.checked"))


def _run(upload: Upload, target: Target, by: str | None, *, commit: bool) -> None:
    if commit and by is None:
        raise click.UsageError("missing: --by")
    database = open_database()
    with _refusals(), _heard(database, target, by, commit=commit), _working(database, by, commit=commit) as work:
        outlook = imports.look(work, upload, target)
        for line in _figures(upload, outlook):
            click.echo(line)
        if not commit:
            click.echo(_say("cli.import.dry_run"))
            return
        batch = imports.take(work, upload, target)
        click.echo(_say("cli.import.done", lot=batch.lot, code=batch.code, id=batch.id))


def _heard(database: Database, target: Target, by: str | None, *, commit: bool) -> AbstractContextManager[None]:
    """Carcass sheets that must not be refused unseen sound an alarm; a dry run changes nothing."""
    if not commit or not isinstance(target, Plan):
        return nullcontext()
    return alarms.watching(partial(_working, database, by, commit=True), target.abattoir_id)


@contextmanager
def _working(database: Database, by: str | None, *, commit: bool) -> Iterator[Work]:
    """The transaction of the person named, with that person's rights and no more; a dry run only reads."""
    with database.writing() if commit else database.reading() as session:
        yield Work(session, SYSTEM if by is None else _person(session, by), clock.now(), "cli")


def _person(session: Session, username: str) -> Actor:
    account = accounts.find(session, username=username.strip().lower())
    if account is None:
        raise click.UsageError(_say("cli.import.nobody", name=username))
    return accounts.actor_of_account(session, account, clock.now())


@contextmanager
def _refusals() -> Iterator[None]:
    """Print a refusal in words, each fault with its row and column, and leave with status 1."""
    try:
        yield
    except AppError as error:
        lines = [_say(error.code, **error.params), *(_place(one) for one in error.faults if one.row)]
        raise click.ClickException("\n".join(lines)) from error


def _place(fault: Fault) -> str:
    where = _say("cli.import.place", row=fault.row, column=fault.column or "—")
    return f"  {where} {fault.pointer}: ".replace(" :", ":") + _say(fault.code, **fault.params)


def _figures(upload: Upload, outlook: Outlook) -> Iterator[str]:
    """What the sheet would become, in a few lines."""
    yield _say("cli.import.rows", rows=upload.count)
    if isinstance(outlook, batches.Outlook):
        total = outlook.balance.total
        weights = {"live": plain(total.live_kg), "hot": plain(total.hot_kg), "cold": plain(total.cold_kg)}
        yield _say("cli.import.batch", day=outlook.slaughtered_on, licence=outlook.licence.number, **weights)
        counts = (f"{_say(f'batches.grade.{grade}')} {count}" for grade, count in outlook.grades.items())
        yield _say("cli.import.grades", grades=", ".join(counts), unchecked=outlook.to_be_checked)
    elif isinstance(outlook, chilling.Outlook):
        report = outlook.report
        found = {"breaches": len(report.breaches), "gaps": len(report.gaps)}
        yield _say("cli.import.chilling", hours=report.hours, core=report.final_core_c or "—", **found)
    elif isinstance(outlook, packing.Outlook):
        yield _say("cli.import.packing", packs=outlook.packs, kg=outlook.total_kg, left=outlook.left_kg)
    else:
        yield _say("cli.import.reports", reports=len(outlook.reports), passed=_say(_verdict(outlook.passed)))


def _verdict(passed: bool) -> str:
    return "cli.import.passed" if passed else "cli.import.not_passed"


def _say(code: str, /, **params: Any) -> str:
    return texts.say(Settings().language, code, **params)
