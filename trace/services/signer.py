"""Signs codes with keys that lie sealed in files; the only place of the service that ever holds a private key open.

``KeyFiles`` keeps the files of every role. The calls of ``LabelSigner`` are all the label service asks for, so that a
process of its own, a token or a key service can take its place. Policy of the files: ``keys/README.md``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from brand.kernel.errors import conflict, refused
from trace.crypto import keys, label_codes
from trace.crypto.code_profiles import UnitCode
from trace.crypto.keys import PrivateKey, PublicKey
from trace.crypto.sealed_keys import STANDARD, Argon2Cost, Role, open_sealed, read_header, seal

#: A private key with the first and the last moment of its window.
OpenKey = tuple[PrivateKey, datetime, datetime]


class LabelSigner(Protocol):
    """What the label service needs of whoever keeps the keys."""

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make and keep a key under ``kid``; raises ``keys.kid_taken`` when that id was ever used here."""

    def sign(self, kid: str, now: datetime, codes: Sequence[UnitCode]) -> list[str]:
        """Path and query of each signed code, in order; ``keys.private_missing``, ``keys.outside_window``."""

    def discard(self, kid: str) -> None:
        """Destroy a key that has signed nothing yet because another one took its place."""


class KeyFiles:
    """Sealed keys in ``folder`` as ``<role>-<kid>.key``; opened once, then kept in memory until the process ends."""

    def __init__(self, folder: Path, passphrase: str, *, cost: Argon2Cost = STANDARD) -> None:
        self.folder = folder
        self._passphrase = passphrase
        self._cost = cost
        self._open: dict[tuple[Role, str], OpenKey] = {}
        self._opening = threading.Lock()

    def create(self, role: Role, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make, seal and keep a key; raises ``keys.kid_taken`` when that id was ever used here."""
        key = keys.generate()
        text = seal(
            key,
            self._passphrase,
            role=role,
            key_id=kid,
            created=now.astimezone(UTC).replace(microsecond=0),
            not_before=not_before,
            not_after=not_after,
            cost=self._cost,
        )
        self._store(role, kid, text)
        self._open[role, kid] = (key, not_before, not_after)
        return key.public

    def key(self, role: Role, kid: str, now: datetime) -> PrivateKey:
        """The key, inside its window; raises ``keys.private_missing``, ``keys.outside_window``."""
        with self._opening:
            found = self._open.get((role, kid))
            if found is None:
                found = self._open[role, kid] = self._read(role, kid)
        key, not_before, not_after = found
        if not not_before <= now < not_after:
            raise refused("keys.outside_window", kid=kid)
        return key

    def discard(self, role: Role, kid: str) -> None:
        """Destroy a key that has signed nothing yet because another one took its place."""
        self._open.pop((role, kid), None)
        self._path(role, kid).unlink(missing_ok=True)

    def _store(self, role: Role, kid: str, text: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(self._path(role, kid), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        except FileExistsError:
            raise conflict("keys.kid_taken", kid=kid) from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, role: Role, kid: str) -> OpenKey:
        try:
            text = self._path(role, kid).read_text(encoding="ascii")
        except FileNotFoundError:
            raise refused("keys.private_missing", kid=kid) from None
        header = read_header(text)
        if header.role is not role or header.key_id != kid:
            raise refused("keys.private_missing", kid=kid)
        return open_sealed(text, self._passphrase, floor=self._cost), header.not_before, header.not_after

    def _path(self, role: Role, kid: str) -> Path:
        return self.folder / f"{role}-{kid}.key"


class SealedFiles:
    """Label keys among the sealed files."""

    def __init__(self, files: KeyFiles, origin: str) -> None:
        self.files = files
        self.origin = origin

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        return self.files.create(Role.LABEL, kid, not_before, not_after, now)

    def sign(self, kid: str, now: datetime, codes: Sequence[UnitCode]) -> list[str]:
        return label_codes.sign_many(self.files.key(Role.LABEL, kid, now), self.origin, kid, codes)

    def discard(self, kid: str) -> None:
        self.files.discard(Role.LABEL, kid)
