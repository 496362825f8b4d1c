"""``brandtrace scheme``: load a brand scheme from a shipped preset or a file, and list what is loaded."""

from __future__ import annotations

from pathlib import Path

import click

from brand.cli.doors import open_database, reading, refusals, writing
from brand.queries import schemes as reads
from brand.schemas import presets
from brand.services import schemes


@click.group()
def scheme() -> None:
    """Brand schemes."""


@scheme.command()
@click.argument("preset")
def load(preset: str) -> None:
    """Load PRESET, the name of a shipped preset or the path of a preset file."""
    path = Path(preset)
    with refusals():
        found = presets.read(path.read_bytes()) if path.is_file() else presets.read_shipped(preset)
    with writing(open_database()) as work:
        loaded = schemes.load_preset(work, found)
    click.echo(f"{loaded.id}\t{loaded.code}\t{loaded.edition}\t{loaded.name}")


@scheme.command("list")
def list_() -> None:
    """List the loaded schemes, and the presets that could be loaded."""
    with reading(open_database()) as work:
        found = reads.schemes(work.session)
    for one in found:
        click.echo(f"{one.id}\t{one.code}\t{one.edition}\t{one.name}")
    codes = {one.code for one in found}
    for name in presets.shipped():
        if name not in codes:
            click.echo(f"-\t{name}")
