"""Signs the heads of the log and never two that contradict: it keeps the last head it signed, in a file of its own.

The file lies beside the sealed keys and not in the database, so that an older database brought back meets a signer that
remembers more. Source: codes-and-log plan, part 5; threat model, part 4.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from brand.kernel.errors import refused
from trace.crypto import merkle, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.services.signer import KeyFiles

Signed = tuple[int, bytes]


class LogSigner(Protocol):
    """What the sequencer needs of whoever keeps the log's key."""

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make and keep a key; raises ``keys.kid_taken``."""

    def last_head(self) -> Signed | None:
        """Size and root last signed, or None."""

    def sign(self, kid: str, now: datetime, checkpoint: Checkpoint, proof: Sequence[bytes]) -> str:
        """The signed note; ``proof`` shows that it extends the last head.

        Raises ``log.head_behind``, ``log.head_differs``, what ``merkle.check_consistency`` raises,
        ``keys.private_missing`` and ``keys.outside_window``.
        """


class FileLogSigner:
    """The log's key as a sealed file, and the last signed head in ``state/head.json`` beside it."""

    def __init__(self, files: KeyFiles) -> None:
        self._files = files
        self._state = files.folder / "state" / "head.json"

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        return self._files.create(Role.LOG, kid, not_before, not_after, now)

    def last_head(self) -> Signed | None:
        try:
            kept = json.loads(self._state.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        return int(kept["size"]), bytes.fromhex(kept["root"])

    def sign(self, kid: str, now: datetime, checkpoint: Checkpoint, proof: Sequence[bytes]) -> str:
        key = self._files.key(Role.LOG, kid, now)
        with self._alone():
            self._check(checkpoint, proof)
            # The head is on disk before the signature leaves: after a crash the same head is signed again, no other.
            self._keep(checkpoint)
            signature = notes.sign(checkpoint.text, checkpoint.origin, key)
        return notes.Note(checkpoint.text, (signature,)).written

    def _check(self, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
        last = self.last_head()
        if last is None:
            return
        size, root = last
        if checkpoint.size < size:
            raise refused("log.head_behind", size=checkpoint.size, signed=size)
        if checkpoint.size == size:
            if checkpoint.root != root:
                raise refused("log.head_differs", size=size)
            return
        merkle.check_consistency(size, checkpoint.size, root, checkpoint.root, proof)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One signing at a time, in whatever process."""
        self._state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self._state.with_suffix(".lock"), "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _keep(self, checkpoint: Checkpoint) -> None:
        written = self._state.with_suffix(".new")
        with open(written, "w", encoding="ascii", opener=_private) as file:
            json.dump({"size": checkpoint.size, "root": checkpoint.root.hex()}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(written, self._state)
        folder = os.open(self._state.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
