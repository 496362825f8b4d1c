"""``brandtrace backup`` and ``brandtrace restore``: one file out, one file in, nothing believed unchecked."""

from __future__ import annotations

from pathlib import Path

import click

from brand.cli.doors import open_database, reading, refusals, writing
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from trace.crypto import notes
from trace.parts import guard, signer, trust_keeper
from trace.services import backups

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Lock it so.")
def backup(file: Path, passphrase_file: Path | None) -> None:
    """Write database, published log and a signed manifest into FILE; private keys are never in it."""
    settings, database = Settings(), open_database()
    keeper = signer(settings)
    if not database.refusal:
        with refusals():
            trust_keeper(settings, keeper, database).run_once()
    words = _words(passphrase_file)
    with reading(database) as work:
        folder = settings.data_dir / "log"
        body = backups.make(work, database, keeper, settings.origin, folder, file, passphrase=words)
    if not database.refusal:
        with writing(database) as work:
            backups.noted(work, file.name, body, sealed=words is not None)
    click.echo(f"{file}: {len(body['files'])} files, log of {body['log_size']} entries, root {body['root']}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether FILE is whole and ours; nothing is written.")
@click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Of a locked one."
)
@click.option(
    "--trust", multiple=True, help="A key one holds on to, from /trust/vkeys; else the signer's own is asked."
)
def restore(file: Path, check: bool, passphrase_file: Path | None, trust: tuple[str, ...]) -> None:
    """Put FILE where nothing is yet, and say whether the service may then be written; leaves with status 2 when not."""
    settings = Settings()
    keeper = signer(settings)
    with refusals():
        held = [notes.verifier(one) for one in trust]
        with backups.opened(file, settings.origin, keeper, passphrase=_words(passphrase_file), held=held) as found:
            click.echo(f"whole: made {found.body['made_at']}, log of {found.body['log_size']} entries")
            if check:
                return
            backups.restore(found, Database(settings.database), settings.data_dir / "log")
        looked = guard(settings, keeper, Database(settings.database)).begin()
    click.echo(f"restored; the service is {looked.standing.value if looked else 'without tables'}")
    if looked is not None and looked.standing.value != "live":
        raise SystemExit(2)


def _words(path: Path | None) -> str | None:
    return path.read_text(encoding="utf-8").strip() if path is not None else None
