"""What a signer remembers by itself, beside its keys and apart from the database: last head, versions, today's counts.

An older database brought back meets a signer that remembers more. Source: codes-and-log plan, part 5; threat model,
part 4.2.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from brand.kernel.clock import local_day
from brand.kernel.errors import AppError, Kind, refused
from trace.crypto import merkle
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import Head, RegistryNote
from trace.services import durable

Signed = tuple[int, bytes]
#: Signatures of one role in one day (China): a thief with our socket gets so far and no further. Policy of ours, far
#: above what a county does: a head every two seconds is 43,200.
CEILINGS: Mapping[Role, int] = {
    Role.LABEL: 1_200_000,
    Role.LOG: 50_000,
    Role.RECEIPT: 100_000,
    Role.ENDORSEMENT: 1_000,
    Role.TRUST: 2_000,
}


class Memory:
    """Files in ``folder``, each replaced whole; one caller at a time, in whatever process."""

    def __init__(self, folder: Path, ceilings: Mapping[Role, int] = CEILINGS) -> None:
        self._folder = folder
        self._ceilings = ceilings
        self._guard = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else reads or writes until the block ends."""
        durable.make_folder(self._folder, 0o700)
        with self._guard, open(self._folder / "head.lock", "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def last_head(self) -> Signed | None:
        kept = self._read("head")
        return (int(kept["size"]), bytes.fromhex(kept["root"])) if kept else None

    def versions(self) -> dict[str, int]:
        """The last version signed of each file of the registry."""
        return {topic: int(version) for topic, (version, _) in self._read("versions").items()}

    def counts(self) -> tuple[str, dict[str, int]]:
        """The last day on which anything was signed, and how many signatures by role."""
        kept = self._read("counts")
        return str(kept.get("day", "")), dict(kept.get("made", {}))

    def count(self, role: Role, signatures: int, now: datetime) -> None:
        """Raises ``signer.ceiling`` when the day's number of this role is reached; then nothing is counted."""
        today = local_day(now).isoformat()
        day, made = self.counts()
        if day != today:
            made = {}
        most = self._ceilings.get(role, 0)
        if made.get(role, 0) + signatures > most:
            raise AppError(Kind.TOO_MANY, "signer.ceiling", role=role.value, most=most)
        made[role] = made.get(role, 0) + signatures
        self._write("counts", {"day": today, "made": made})

    def keep_head(self, head: Head) -> None:
        """Raises ``log.head_behind``, ``log.head_differs`` or what ``merkle.check_consistency`` raises."""
        last, wanted = self.last_head(), head.checkpoint
        if last is not None and wanted.size < last[0]:
            raise refused("log.head_behind", size=wanted.size, signed=last[0])
        if last is not None and wanted.size == last[0]:
            if wanted.root != last[1]:
                raise refused("log.head_differs", size=wanted.size)
            return
        if last is not None:
            merkle.check_consistency(last[0], wanted.size, last[1], wanted.root, head.proof)
        self._write("head", {"size": wanted.size, "root": wanted.root.hex()})

    def keep_version(self, note: RegistryNote) -> None:
        """Raises ``signer.version`` unless the file is newer than the last of its topic, or that one itself."""
        version, kept = note.body.get("version"), self._read("versions")
        last, digest = kept.get(note.topic, (0, ""))
        mine = hashlib.sha256(note.text.encode("utf-8")).hexdigest()
        if (version, mine) == (last, digest):  # a second key under the same file
            return
        if not isinstance(version, int) or version <= last:
            raise refused("signer.version", topic=note.topic, version=str(version), last=last)
        self._write("versions", {**kept, note.topic: (version, mine)})

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._folder / f"{name}.json").read_text(encoding="ascii"))
        except FileNotFoundError:
            return {}
        return found

    def _write(self, name: str, kept: Mapping[str, Any]) -> None:
        durable.write(self._folder / f"{name}.json", json.dumps(kept, sort_keys=True).encode("ascii"), mode=0o600)
