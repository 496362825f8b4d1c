"""``brandtrace signer``: hold the keys in a process of its own and sign for those who may ask."""

from __future__ import annotations

import os
from pathlib import Path

import click

from brand.cli.doors import refusals
from brand.kernel import clock, logs
from brand.kernel.settings import Settings
from trace.parts import key_files
from trace.services.signer_process import SignerServer


@click.command()
@click.option("--socket", "path", type=click.Path(path_type=Path), help="Where to listen; default BRANDTRACE_SIGNER.")
@click.option("--uid", multiple=True, type=int, help="User id that may ask, once for each; default this one's own.")
def signer(path: Path | None, uid: tuple[int, ...]) -> None:
    """Hold the keys and sign for those who may ask, until interrupted; the service finds it by BRANDTRACE_SIGNER."""
    logs.configure()
    settings = Settings()
    where = path or settings.signer
    if where is None:
        raise click.UsageError("say where to listen: --socket PATH or BRANDTRACE_SIGNER")
    with refusals(), SignerServer(where, key_files(settings), uid or (os.geteuid(),), clock.now) as server:
        click.echo(f"signing at {where}")
        server.serve_forever()
