"""``brandtrace import``: take in sheets from the keyboard; a dry run unless ``--commit`` is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from trace.formats.logger_cells import DayOrder
from trace.models.batches import Batch
from trace.models.imports import SheetKind
from trace.rules.chilling import ColdStep
from trace.rules.weights import plain
from trace.services import alarms, batches, chilling, imports, lab_reports, packing, sheet_kinds
from trace.services.batches import Plan
from trace.services.imports import Outlook, Target, Upload

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_BATCH = click.option("--batch", required=True, help="Id of the batch the sheet belongs to.")
_BY = click.option("--by", help="User name of the person who answers for it; needed with --commit.")
_PLACE = click.option("--place", default="", help="Id of the place at which it happened, of whoever brings the sheet.")
_COMMIT = click.option("--commit", is_flag=True, help="Take the sheet in; without it nothing is changed.")


@click.group("import")
def import_() -> None:
    """Sheets of every kind; each command only looks unless --commit is given."""


@import_.command()
@_FILE
@click.option("--abattoir", help="Enterprise id of the abattoir.")
@click.option("--producer", help="Enterprise id of the producer.")
@click.option("--product", help="Id of the product.")
@click.option("--lot", help="The abattoir's own lot number.")
@_PLACE
@_BY
@_COMMIT
def carcasses(file: Path, place: str, commit: bool, by: str | None, **said: str | None) -> None:
    """Check FILE as a carcass sheet; with the other options also what it would become, with --commit make it so."""
    missing = [f"--{name}" for name in _SAID if not said[name]]
    if missing and (commit or place or len(missing) < len(_SAID)):
        raise click.UsageError(f"missing: {', '.join(missing)}")
    upload = _read(SheetKind.CARCASSES, file, place)
    if missing:
        _check_alone(upload)
    else:
        _run(upload, Plan(*(said[name] or "" for name in _SAID)), by, commit=commit)


_SAID = ("abattoir", "producer", "product", "lot")


_CHANNELS = (
    ("at", "the time"),
    ("clock", "the time of day, where it stands apart"),
    ("room", "the room"),
    ("core", "the core"),
)
#: What may be said of a logger file, as on its page: the step, the recorder, and its columns where they are not ours.
_COLD = (
    click.option("--step", type=click.Choice([one.value for one in ColdStep]), help="Which cold step it recorded."),
    click.option("--device", help="Number of the recorder."),
    click.option("--heading", help="Row of the headings, counted from 1; 0 for none."),
    *(click.option(f"--{name}", help=f"Column of {what}, counted from 0; -1 for none.") for name, what in _CHANNELS),
    click.option("--order", type=click.Choice([one.value for one in DayOrder]), help="How its days are written."),
)


def _command(kind: SheetKind, name: str, words: str, beside: Sequence[Callable[..., Any]] = ()) -> Callable[..., None]:
    """A command for one kind of sheet that belongs to a batch."""

    @import_.command(name, help=words)
    @_FILE
    @_BATCH
    @_PLACE
    @_BY
    @_COMMIT
    def run(file: Path, batch: str, place: str, by: str | None, commit: bool, **beside: str | None) -> None:
        said = {name: word for name, word in beside.items() if word is not None}
        _run(_read(kind, file, place, said), batch, by, commit=commit)

    for option in beside:
        option(run)
    return run


_command(SheetKind.CHILLING, "chilling", "Check FILE as a chilling record of a batch; with --commit take it in.", _COLD)
_command(SheetKind.PACKING, "packing", "Check FILE as a packing list of a batch; with --commit take it in.")
_command(SheetKind.LAB_REPORT, "lab-report", "Check FILE as laboratory reports on a batch; with --commit take it in.")


#: Kinds that have a command of their own.
_NAMED = {SheetKind.CARCASSES, SheetKind.CHILLING, SheetKind.PACKING, SheetKind.LAB_REPORT}


@import_.command()
@click.argument("kind", type=click.Choice(sorted(one.value for one in sheet_kinds.INTAKES if one not in _NAMED)))
@_FILE
@click.option("--of", "target", required=True, help="Id of the enterprise whose sheet it is; of rapid tests the batch.")
@_PLACE
@_BY
@_COMMIT
def sheet(kind: str, file: Path, target: str, place: str, by: str | None, commit: bool) -> None:
    """Check FILE as a sheet of KIND, as the pages of sheets take it in; with --commit take it in."""
    found = SheetKind(kind)
    if place and found in sheet_kinds.OF_ENTERPRISES:
        raise click.UsageError(_say("cli.import.place_in_rows"))
    _run(_read(found, file, place), target, by, commit=commit)


def _read(kind: SheetKind, file: Path, place: str, said: Mapping[str, str] | None = None) -> Upload:
    with _refusals():
        return imports.read(kind, file.name, file.read_bytes(), said, place_id=place)


def _check_alone(upload: Upload) -> None:
    """The cells of a carcass sheet by themselves: no database is needed."""
    with _refusals():
        batches.refuse_faults([*upload.sheet.faults, *getattr(upload.sheet, "doubts", ())])
    click.echo(_say("cli.import.rows", rows=upload.count))
    click.echo(_say("cli.import.checked"))


def _run(upload: Upload, target: Target, by: str | None, *, commit: bool) -> None:
    # A rehearsal carries the rows out, if only to undo them: somebody has to be the one who does.
    rehearsed = sheet_kinds.INTAKES[upload.kind].rehearsed
    if by is None and (commit or rehearsed):
        raise click.UsageError("missing: --by")
    database = open_database()
    working = _working(database, by, commit=commit, rehearsed=rehearsed)
    with _refusals(), _heard(database, upload, target, by, commit=commit), working as work:
        outlook = imports.look(work, upload, target)
        for line in _figures(upload, outlook):
            click.echo(line)
        if not commit:
            click.echo(_say("cli.import.dry_run"))
            return
        taken = imports.take_in(work, upload, target)
        if taken.batch_id is None:
            click.echo(_say("cli.import.rows_done", rows=taken.rows, id=taken.id))
            return
        batch = work.session.get_one(Batch, taken.batch_id)
        click.echo(_say("cli.import.done", lot=batch.lot, code=batch.code, id=batch.id))


def _heard(
    database: Database, upload: Upload, target: Target, by: str | None, *, commit: bool
) -> AbstractContextManager[None]:
    """Sheets that must not be refused unseen sound an alarm; a dry run changes nothing."""
    if not commit or not (isinstance(target, Plan) or upload.kind in sheet_kinds.OF_ENTERPRISES):
        return nullcontext()
    whose = target.abattoir_id if isinstance(target, Plan) else target
    return alarms.watching(partial(_working, database, by, commit=True), whose)


@contextmanager
def _working(database: Database, by: str | None, *, commit: bool, rehearsed: bool = False) -> Iterator[Work]:
    """The transaction of the person named, with that person's rights and no more; a dry run leaves nothing behind."""
    looking = database.rehearsing if rehearsed else database.reading
    with database.writing() if commit else looking() as session:
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
        head = _say(error.code, **error.params)
        lines = [_place(one) for one in error.faults if one.row or _say(one.code, **one.params) != head]
        raise click.ClickException("\n".join((head, *lines))) from error


def _place(fault: Fault) -> str:
    if not fault.row:
        return f"  {fault.pointer}: {_say(fault.code, **fault.params)}".replace(" : ", " ")
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
    elif isinstance(outlook, lab_reports.Outlook):
        yield _say("cli.import.reports", reports=len(outlook.reports), passed=_say(_verdict(outlook.passed)))

    elif getattr(outlook, "unchanged", 0):
        yield _say("cli.import.unchanged", rows=outlook.unchanged)


def _verdict(passed: bool) -> str:
    return "cli.import.passed" if passed else "cli.import.not_passed"


def _say(code: str, /, **params: Any) -> str:
    return texts.explain(Settings().language, code, params)
