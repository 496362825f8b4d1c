"""``brandtrace log``: the transparency log at the keyboard: advance it, export it, see how far it is."""

from __future__ import annotations

from pathlib import Path

import click

from brand.cli.doors import open_database, reading, refusals
from brand.kernel.settings import Settings
from trace.crypto import keys, tlog_proofs
from trace.crypto.notes import ED25519, Verifier
from trace.parts import sequencer, signer
from trace.queries import log as reads
from trace.queries import log_proofs
from trace.services import log_files


@click.group("log")
def log() -> None:
    """The transparency log."""


@log.command()
def advance() -> None:
    """Give every waiting act its place, sign the head and publish it; the serving process does so by itself."""
    settings = Settings()
    with refusals():
        click.echo(str(sequencer(settings, signer(settings), open_database()).run_once()))


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
@click.argument("serial")
def proof(serial: str) -> None:
    """Print the proof that the pack with this SERIAL was issued, for ``brandtrace verify``."""
    with reading(open_database()) as work:
        click.echo(tlog_proofs.write(log_proofs.of_unit(work.session, serial)), nl=False)
