"""``brandtrace log``: the transparency log at the keyboard: advance it, export it, see how far it is."""

from __future__ import annotations

from pathlib import Path

import click

from brand.cli.doors import open_database, reading, refusals
from brand.kernel import clock
from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from brand.kernel.work import Work
from trace.crypto import keys, notes, tlog_proofs
from trace.crypto.notes import ED25519, Verifier
from trace.parts import guard, log_policy, sequencer, signer
from trace.queries import log as reads
from trace.queries import log_proofs
from trace.services import log_files, log_recovery
from trace.services.log_signer import LogSigner


@click.group("log")
def log() -> None:
    """The transparency log."""


@log.command()
def advance() -> None:
    """Give every waiting act its place, sign the head and publish it; the serving process does so by itself."""
    settings = Settings()
    keeper, database = signer(settings), open_database()
    with refusals():
        guard(settings, keeper, database).begin()
        click.echo(str(sequencer(settings, keeper, database).run_once()))


@log.command()
def status() -> None:
    """Print the log's verifier keys and the last signed checkpoint."""
    settings = Settings()
    with reading(open_database()) as work:
        for one in reads.keys(work.session):
            click.echo(Verifier(settings.origin, ED25519, keys.public_key(one.public_key)).text)
        head = reads.head(work.session)
    click.echo(head.note if head is not None else "nothing is signed yet", nl=head is None)


@log.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write the signed log into FOLDER as plain files for any web server; again later it adds what is new."""
    with reading(open_database()) as work:
        click.echo(str(log_files.publish(work.session, folder)))


@log.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--vkey", multiple=True, help="A key of this log made after the backup, from somebody's /log/vkeys.")
def fetch(folder: Path, vkey: tuple[str, ...]) -> None:
    """Bring back entries this database lost from FOLDER, a mirror or an export; nothing is written unless they fit."""
    settings = Settings()
    keeper, database = signer(settings), Database(settings.database)
    with refusals():
        more = [notes.verifier(one) for one in vkey]
        with database.writing() as session:
            work = Work(session, SYSTEM, clock.now(), "cli")
            policy = log_policy(settings)
            found = log_recovery.fetch(work, folder, settings.origin, LogSigner(keeper), more, policy)
        looked = guard(settings, keeper, database).begin()
    click.echo(f"{found.fetched} entries back, {found.lost} of them without their record; log of {found.size} entries")
    click.echo(looked.standing.value if looked else "")


@log.command()
@click.argument("serial")
def proof(serial: str) -> None:
    """Print the proof that the pack with this SERIAL was issued, for ``brandtrace verify``."""
    with reading(open_database()) as work:
        click.echo(tlog_proofs.write(log_proofs.of_unit(work.session, serial)), nl=False)
