"""``brandtrace jobs``: long work without the serving process, for timers and after a crash."""

from __future__ import annotations

import click

from brand.cli.doors import open_database
from brand.kernel import clock
from brand.kernel.settings import Settings
from trace.parts import label_tools
from trace.services.jobs import Runner


@click.group()
def jobs() -> None:
    """Long work on large sheets and large label orders."""


@jobs.command()
def run() -> None:
    """Work through every job that waits or was left by a process that died."""
    runner = Runner(open_database(), clock.now, label_tools(Settings()))
    click.echo(str(runner.run_all()))
