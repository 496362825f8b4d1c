"""``brandtrace retention``: what was kept long enough, at the keyboard."""

from __future__ import annotations

import click

from brand.cli.doors import open_database, writing
from brand.kernel.settings import Settings
from brand.services import retention as services


@click.group("retention")
def retention() -> None:
    """Answers of old calls, and complainants where the office set a period."""


@retention.command()
def purge() -> None:
    """Forget what is old and print how much; the serving process does so by itself once a day."""
    with writing(open_database()) as work:
        found = services.purge(work, Settings().complainants_kept_days)
    click.echo(f"keys {found.keys}\ncomplainants {found.complainants}")
