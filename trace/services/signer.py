"""Signs codes with keys that lie sealed in files; the only place of the service that ever holds a private key open.

The three calls of ``LabelSigner`` are all that the rest of the house asks for, so that a process of its own, a token or
a key service can take this class's place. Policy of the files: ``keys/README.md``.
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


class LabelSigner(Protocol):
    """What the label service needs of whoever keeps the keys."""

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make and keep a key under ``kid``; raises ``keys.kid_taken`` when that id was ever used here."""

    def sign(self, kid: str, now: datetime, codes: Sequence[UnitCode]) -> list[str]:
        """Path and query of each signed code, in order; ``keys.private_missing``, ``keys.outside_window``."""

    def discard(self, kid: str) -> None:
        """Destroy a key that has signed nothing yet because another one took its place."""


class SealedFiles:
    """Keys in ``folder`` as ``label-<kid>.key``; opened once, then kept in memory until the process ends."""

    def __init__(self, folder: Path, passphrase: str, origin: str, *, cost: Argon2Cost = STANDARD) -> None:
        self._folder = folder
        self._passphrase = passphrase
        self._origin = origin
        self._cost = cost
        self._open: dict[str, tuple[PrivateKey, datetime, datetime]] = {}
        self._opening = threading.Lock()

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        key = keys.generate()
        text = seal(
            key,
            self._passphrase,
            role=Role.LABEL,
            key_id=kid,
            created=now.astimezone(UTC).replace(microsecond=0),
            not_before=not_before,
            not_after=not_after,
            cost=self._cost,
        )
        self._store(kid, text)
        self._open[kid] = (key, not_before, not_after)
        return key.public

    def sign(self, kid: str, now: datetime, codes: Sequence[UnitCode]) -> list[str]:
        key, not_before, not_after = self._key(kid)
        if not not_before <= now < not_after:
            raise refused("keys.outside_window", kid=kid)
        return label_codes.sign_many(key, self._origin, kid, codes)

    def discard(self, kid: str) -> None:
        self._open.pop(kid, None)
        self._path(kid).unlink(missing_ok=True)

    def _store(self, kid: str, text: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(self._path(kid), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        except FileExistsError:
            raise conflict("keys.kid_taken", kid=kid) from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _key(self, kid: str) -> tuple[PrivateKey, datetime, datetime]:
        with self._opening:
            found = self._open.get(kid)
            if found is None:
                found = self._open[kid] = self._read(kid)
        return found

    def _read(self, kid: str) -> tuple[PrivateKey, datetime, datetime]:
        try:
            text = self._path(kid).read_text(encoding="ascii")
        except FileNotFoundError:
            raise refused("keys.private_missing", kid=kid) from None
        header = read_header(text)
        if header.role is not Role.LABEL or header.key_id != kid:
            raise refused("keys.private_missing", kid=kid)
        return open_sealed(text, self._passphrase, floor=self._cost), header.not_before, header.not_after

    def _path(self, kid: str) -> Path:
        return self._folder / f"label-{kid}.key"
