"""A server in a process of its own and a client that is cheap enough not to be what is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_AT_ONCE = 16
_LAUNCH = """
import sys
from granian.constants import Interfaces
from granian.server import Server
Server(sys.argv[1], factory=True, address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=1,
       blocking_threads=1, log_access=False, log_enabled=False, websockets=False).serve()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(target: str, environment: Mapping[str, str]) -> Iterator[int]:
    """granian with one worker and one blocking thread; gives its port, ends it afterwards."""
    port = free_port()
    command = [sys.executable, "-c", _LAUNCH, target, str(port)]
    process = subprocess.Popen(command, cwd=_ROOT, env={**os.environ, **environment})
    try:
        wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait(port: int) -> None:
    for _ in range(900):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def fetch(port: int, paths: Sequence[str], count: int) -> None:
    """GET ``count`` pages over one connection, several asked for at once; anything but 200 is an error."""
    asked = cycle(paths)
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
        while count > 0:
            some = list(islice(asked, min(_AT_ONCE, count)))
            line.sendall(b"".join(f"GET {one} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for one in some))
            for one in some:
                _skip_answer(answers, one)
            count -= len(some)


def _skip_answer(answers: object, path: str) -> None:
    read = answers.readline  # type: ignore[attr-defined]
    status = read()
    if b" 200 " not in status:
        raise RuntimeError(f"{path}: {status!r}")
    length = 0
    while (header := read()) not in (b"\r\n", b""):
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    answers.read(length)  # type: ignore[attr-defined]
