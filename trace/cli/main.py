"""The command ``brandtrace``: one group, one file per topic."""

from __future__ import annotations

from importlib.metadata import version

import click

from brand.cli import accounts, enterprises, schemes
from trace.cli import audit, database, demo, imports, jobs, keys, labels, log, outside, scans, serve, signer, verify, witness


@click.group()
@click.version_option(version("brandtrace"), prog_name="brandtrace")
def main() -> None:
    """BrandTrace 源标: the registry and the proof behind regional food brands."""


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
    witness.witness,
    outside.mirror,
    outside.monitor,
    keys.keys,
    audit.audit,
):
    main.add_command(command)
