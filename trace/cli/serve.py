"""``brandtrace serve``: run the service with granian, one process with threads."""

from __future__ import annotations

import socket

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=4, show_default=True, help="Requests worked on at once.")
@click.option("--workers", default=1, show_default=True, help="Processes; more than one needs PostgreSQL.")
def serve(host: str, port: int, threads: int, workers: int) -> None:
    """Serve pages and API until interrupted."""
    from brand.kernel.settings import Settings

    address = Settings().database
    if workers > 1 and address.startswith("sqlite"):
        raise click.ClickException("several processes need PostgreSQL: set DATABASE_URL")
    _check_tables(address)
    run(host, port, threads=threads, workers=workers)


def _check_tables(address: str) -> None:
    """Tables of another release would fail at the first request that needs what they lack."""
    from brand.kernel.db import Database
    from trace import schema

    database = Database(address)
    current, head = schema.status(database)
    database.close()
    if current != head:
        raise click.ClickException(
            f"the tables are at {current or 'nothing'}, this release needs {head}: run brandtrace db upgrade first"
        )


def run(host: str, port: int, *, threads: int = 4, workers: int = 1) -> None:
    """Serve until interrupted; refuses a port somebody listens on, which the server itself would silently share."""
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise click.ClickException(f"port {port} is taken; choose another with --port (make demo PORT=…)")
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "brand.start:create_service",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_access=False,
        websockets=False,
    ).serve()
