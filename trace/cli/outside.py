"""``brandtrace mirror`` and ``brandtrace monitor``: what a body outside the office runs to keep a log honest."""

from __future__ import annotations

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from brand.cli.doors import refusals
from brand.kernel import clock, texts
from brand.kernel.errors import AppError
from brand.kernel.settings import Settings
from trace.crypto import log_policies, notes, tiles
from trace.crypto.log_policies import Policy
from trace.services import durable, log_mirror, log_monitor, log_sources

_source = click.argument("source")
_policy = click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="C2SP tlog-policy: the log's keys, and which witnesses must have cosigned.",
)
_vkey = click.option("--vkey", multiple=True, help="Instead of a policy: a key of the log; may be given again.")
_folder = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.group()
def mirror() -> None:
    """A verified copy of a log of somebody else's."""


@mirror.command()
@_source
@_folder
@_policy
@_vkey
def bring(source: str, folder: Path, policy: Path | None, vkey: tuple[str, ...]) -> None:
    """Bring the copy in FOLDER up to the log at SOURCE, an https address or a folder; prints its size.

    A fork or a smaller log is refused, and both signed checkpoints are kept in FOLDER/evidence.
    """
    with refusals():
        click.echo(str(log_mirror.bring(log_sources.source(source), folder, _trusted(policy, vkey))))


@mirror.command()
@_folder
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; put a TLS proxy before it.")
@click.option("--port", default=8700, show_default=True, help="Port to listen on; 0 takes a free one.")
def serve(folder: Path, host: str, port: int) -> None:
    """Serve the copy in FOLDER until interrupted; any web server can do the same."""
    server = door(folder, host, port)
    click.echo(f"mirror on http://{host}:{server.server_port}", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


@click.command()
@_source
@_policy
@_vkey
@click.option("--keep", type=click.Path(dir_okay=False, path_type=Path), help="Write the result here, for the desk.")
def monitor(source: str, policy: Path | None, vkey: tuple[str, ...], keep: Path | None) -> None:
    """Read the whole log at SOURCE, build its root again and hold its entries against the rules.

    Prints one JSON object per finding with its entry; leaves with status 1 when there is any.
    """
    language = Settings().language
    now = clock.now()
    with refusals():
        found = log_monitor.read(log_sources.source(source), _trusted(policy, vkey), now)
    for one in found.seen:
        said = texts.say(language, one.code, place=one.place, **one.params)
        click.echo(json.dumps({"entry": one.place, "code": one.code, "text": said, **one.params}, ensure_ascii=False))
    size, wrong = found.checkpoint.size, len(found.seen)
    click.echo(texts.say(language, "watch.read", size=size, wrong=wrong), err=True)
    if keep is not None:
        first = found.seen[0].place if found.seen else None
        result = {"at": now.isoformat(), "size": size, "wrong": wrong, "first": first, "source": source}
        durable.write(keep, json.dumps(result, ensure_ascii=False).encode("utf-8"))
    if wrong:
        raise SystemExit(1)


def door(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """A server that gives the checkpoint, tiles and bundles of a copy, and nothing else of its folder."""

    class Handler(SimpleHTTPRequestHandler):
        timeout = 10.0

        def send_head(self):  # type: ignore[no-untyped-def]
            return super().send_head() if _is_public(self.path) else self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Who reads a public log is nobody's business."""

    server = ThreadingHTTPServer((host, port), partial(Handler, directory=str(folder)))
    server.daemon_threads = True
    return server


def _is_public(path: str) -> bool:
    """Whether a path is one of a log's in its one spelling; nothing else of a folder is reached."""
    if path == f"/{log_mirror.CHECKPOINT}":
        return True
    try:
        return bool(tiles.parse_path(path.removeprefix("/")))
    except AppError:
        return False


def _trusted(policy: Path | None, vkeys: tuple[str, ...]) -> Policy:
    if policy is not None:
        return log_policies.parse(policy.read_text(encoding="utf-8"))
    if not vkeys:
        raise click.UsageError("--policy or --vkey: whose log is it?")
    return Policy(tuple(notes.verifier(one) for one in vkeys))
