"""Tells devices of one day apart without being able to know them again: a token keyed anew each day.

The key of a day lies in a file only the service can read; the first token of another day destroys the older ones. From
then on nobody, whoever holds the database or its backups, can tell which address a token stood for, or that two tokens
of different days were one device.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Lock

LENGTH = 16
_PREFIX = "scan-token-"


class Tokens:
    """One per process; processes of one installation share the folder and so the key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._day: date | None = None
        self._key = b""

    def token(self, day: date, address: str, agent: str) -> str:
        """16 hexadecimal characters for what the server sees of a device on a day in China."""
        if day != self._day:
            with self._lock:
                if day != self._day:
                    self._key, self._day = self._key_of(day), day
        seen = f"{address}\n{agent}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(seen, key=self._key, digest_size=LENGTH // 2).hexdigest()

    def _key_of(self, day: date) -> bytes:
        path = self._folder / f"{_PREFIX}{day.isoformat()}"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
        for other in self._folder.glob(f"{_PREFIX}*"):
            if other.name < path.name:
                other.unlink(missing_ok=True)
        return key


def _make(path: Path) -> None:
    """Whole or not at all: whoever comes second uses the key of the first."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
