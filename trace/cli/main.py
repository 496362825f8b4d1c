"""The command ``brandtrace``: one group, one file per topic."""

from __future__ import annotations

from importlib.metadata import version

import click

from brand.cli import accounts, doors, enterprises, retention, schemes
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from trace import parts
from trace.cli import (
    audit,
    backup,
    database,
    demo,
    imports,
    jobs,
    keys,
    labels,
    log,
    outside,
    scans,
    serve,
    signer,
    verify,
    witness,
)


def _look(settings: Settings, database: Database) -> None:
    """A database that may only be read is so for commands as for pages."""
    parts.guard(settings, parts.signer(settings), database).look()


@click.group()
@click.version_option(version("brandtrace"), prog_name="brandtrace")
def main() -> None:
    """BrandTrace 源标: the registry and the proof behind regional food brands."""
    if _look not in doors.LOOKS:
        doors.LOOKS.append(_look)


for command in (
    demo.demo,
    serve.serve,
    signer.signer,
    database.db,
    database.doctor,
    accounts.user,
    schemes.scheme,
    enterprises.enterprise,
    imports.import_,
    jobs.jobs,
    labels.label,
    verify.verify,
    log.log,
    scans.scans,
    retention.retention,
    witness.witness,
    outside.mirror,
    outside.monitor,
    keys.keys,
    backup.backup,
    backup.restore,
    audit.audit,
):
    main.add_command(command)
