"""One HTTP call to a body outside, bounded in time and in bytes: whoever stalls, drips or floods gets no more.

Certificates are checked; no redirect is followed, no proxy is taken from the environment, and plain http is spoken to
this machine only.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from brand.kernel.errors import AppError, Kind, invalid

_HERE = {"127.0.0.1", "::1", "localhost"}
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, content type in lower case without parameters, and the body."""

    status: int
    kind: str
    body: bytes


def call(url: str, body: bytes | None = None, *, seconds: float, most: int) -> Reply:
    """POST the body, or GET without one; ``most`` bytes of answer are read.

    Raises ``wire.address``, ``wire.unreachable`` (with the kind of error), ``wire.too_slow`` or ``wire.too_long``.
    """
    end = time.monotonic() + seconds
    connection, path = _connection(url, seconds)
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8"} if body is not None else {}
        connection.connect()
        line = connection.sock  # kept: the library lets go of it when the other side ends the line after its answer
        connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
        with connection.getresponse() as answer:
            kind = answer.headers.get_content_type() if answer.headers["Content-Type"] else ""
            return Reply(answer.status, kind, _read(line, answer, end, most))
    except (OSError, http.client.HTTPException) as error:
        slow = isinstance(error, TimeoutError)
        raise _failed("wire.too_slow" if slow else "wire.unreachable", reason=type(error).__name__) from error
    finally:
        connection.close()


def _connection(url: str, seconds: float) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise invalid("wire.address", url=url[:200]) from error
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "https" and host:
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context()), path
    if parts.scheme == "http" and host in _HERE:
        return http.client.HTTPConnection(host, port, timeout=seconds), path
    raise invalid("wire.address", url=url[:200])


def _read(line: socket.socket, answer: http.client.HTTPResponse, end: float, most: int) -> bytes:
    """The whole body; the time left is set anew before each piece, so that a byte now and then buys nothing."""
    pieces, length = [], 0
    while True:
        left = end - time.monotonic()
        if left <= 0:
            raise _failed("wire.too_slow", reason="deadline")
        if line.fileno() >= 0:  # closed by the library once the body is read to its end
            line.settimeout(left)
        piece = answer.read1(_PIECE)
        if not piece:
            break
        pieces.append(piece)
        length += len(piece)
        if length > most:
            raise _failed("wire.too_long", most=most)
    if answer.length:
        raise _failed("wire.unreachable", reason="IncompleteRead")
    return b"".join(pieces)


def _failed(code: str, **params: Any) -> AppError:
    return AppError(Kind.UNAVAILABLE, code, **params)
