"""``brandtrace witness``: watch the logs of others for a body outside their offices, with a key of one's own."""

from __future__ import annotations

import os
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from brand.cli.doors import refusals
from brand.kernel import clock
from brand.kernel.db import Database
from trace.crypto import witnessing
from trace.crypto.sealed_keys import Role
from trace.services.key_files import KeyFiles
from trace.services.witness import Witness

_KID = "1"
_NAME, _SECRET, _STATE = "name", "passphrase", "witness.db"
KEY_DAYS = 730
#: Seconds in which a caller must have said what it wants.
_PATIENCE = 10.0
_folder = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.group()
def witness() -> None:
    """A witness: vouch for logs of others, from a folder of one's own."""


@witness.command()
@_folder
@click.option("--name", required=True, help="Scheme-less name of this witness, such as witness.example.cn/w1.")
def begin(folder: Path, name: str) -> None:
    """Make the key of a new witness in FOLDER and print its verifier key, for the policies of logs."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / _NAME).exists():
        raise click.ClickException(f"{folder}: there is a witness already")
    _write(folder / _SECRET, os.urandom(32).hex())
    now = clock.now().replace(microsecond=0)
    with refusals():
        _files(folder).create(Role.WITNESS, _KID, now, now + timedelta(days=KEY_DAYS), now)
    _write(folder / _NAME, name)
    click.echo(opened(folder).verifier.text)


@witness.command()
@_folder
@click.argument("vkey")
def trust(folder: Path, vkey: str) -> None:
    """Watch the log whose verifier key is VKEY; given again with another key of the same log, take that key too."""
    with refusals():
        click.echo(opened(folder).trust(vkey))


@witness.command()
@_folder
def status(folder: Path) -> None:
    """Print the witness's verifier key, the logs it watches with the size it vouched for last, and forks it kept."""
    found = opened(folder)
    click.echo(found.verifier.text)
    for one in found.known():
        click.echo(f"{one.origin} {one.size}")
    for before, note in found.evidence():
        click.echo(f"\nFORK\n{before}\n{note}")


@witness.command()
@_folder
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; put a TLS proxy before it.")
@click.option("--port", default=8600, show_default=True, help="Port to listen on; 0 takes a free one.")
def serve(folder: Path, host: str, port: int) -> None:
    """Answer add-checkpoint until interrupted."""
    server = door(opened(folder), host, port)
    click.echo(f"witness on http://{host}:{server.server_port}", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def opened(folder: Path) -> Witness:
    """The witness of a folder; raises ``click.ClickException`` where ``begin`` made none."""
    try:
        name = (folder / _NAME).read_text(encoding="utf-8")
        files = _files(folder)
    except FileNotFoundError:
        raise click.ClickException(f"{folder}: no witness here; begin one first") from None
    now = clock.now()
    with refusals():
        return Witness(Database(f"sqlite:///{folder / _STATE}"), name, files.key(Role.WITNESS, _KID, now), clock.now)


def door(one: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that answers ``POST …/add-checkpoint`` and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not self.path.endswith(f"/{witnessing.CALL}"):
                self._answer(404, "text/plain", b"not found\n")
            elif not length.isascii() or not length.isdigit() or int(length) > witnessing.LONGEST_REQUEST:
                self._answer(413, "text/plain", b"too long\n")
            else:
                answer = one.add_checkpoint(self.rfile.read(int(length)))
                self._answer(answer.status, answer.kind, answer.body)

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """What was asked is in the state; a line per request says nothing more."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


def _files(folder: Path) -> KeyFiles:
    return KeyFiles(folder / "keys", (folder / _SECRET).read_text(encoding="ascii"))


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
