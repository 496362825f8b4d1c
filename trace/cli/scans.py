"""``brandtrace scans``: what is kept of looks at codes, at the keyboard."""

from __future__ import annotations

import click

from brand.cli.doors import open_database, writing
from trace.services import scans as services


@click.group("scans")
def scans() -> None:
    """Looks at codes."""


@scans.command()
def purge() -> None:
    """Forget looks older than 90 days and print how many; the serving process does so by itself once a day."""
    with writing(open_database()) as work:
        click.echo(str(services.purge(work)))
