"""Private keys as sealed files: made, opened and destroyed; the only place that ever holds one open.

Policy of the files: ``keys/README.md``. A file that others could read, or that is not ours, is not opened: whoever
could read it has it, and the key must be replaced.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from brand.kernel.errors import conflict, refused
from trace.crypto import keys, test_keys
from trace.crypto.keys import PrivateKey, PublicKey
from trace.crypto.sealed_keys import STANDARD, Argon2Cost, KeyHeader, Role, check_key_id, open_sealed, read_header, seal
from trace.crypto.signables import Head, RegistryNote, Signable
from trace.services.signer_memory import CEILINGS, Memory, Signed

#: A private key with the first and the last moment of its window.
OpenKey = tuple[PrivateKey, datetime, datetime]
ENDING = ".key"


@dataclass(frozen=True)
class State:
    """What a signer reports: last head, headers of its keys, last versions of files, signatures by role on ``day``."""

    head: Signed | None
    keys: tuple[KeyHeader, ...]
    versions: Mapping[str, int]
    counts: Mapping[str, int]
    day: str = ""


class Made(NamedTuple):
    """What a signer gives: signatures of 64 bytes, one for each text, and the key that fits them."""

    public: PublicKey
    signatures: list[bytes]


class KeyFiles:
    """The signer inside this process: sealed keys in ``folder`` as ``<role>-<kid>.key``, opened once and then kept.

    Fills ``signer.Signer``.
    """

    def __init__(
        self,
        folder: Path,
        passphrase: str | Callable[[], str],
        *,
        cost: Argon2Cost = STANDARD,
        ceilings: Mapping[Role, int] = CEILINGS,
    ) -> None:
        self.folder = folder
        self._passphrase = passphrase if callable(passphrase) else (lambda: passphrase)
        self._cost = cost
        self._memory = Memory(folder / "state", ceilings)
        self._open: dict[tuple[Role, str], OpenKey] = {}
        self._opening = threading.Lock()

    def create(self, role: Role, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make, seal and keep a key; raises ``keys.kid_taken`` when that id was ever used here."""
        key = keys.generate()
        text = seal(
            key,
            self._passphrase(),
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

    def sign(self, kid: str, now: datetime, document: Signable) -> Made:
        """Sign each text of the document.

        Raises ``keys.private_missing``, ``keys.outside_window``, ``signer.ceiling``, and by kind of document
        ``log.head_behind``, ``log.head_differs``, ``signer.version`` or ``signer.topic``.
        """
        key = self.key(document.role, kid, now)
        texts = document.texts(kid)
        with self._memory.alone():
            self._memory.count(document.role, len(texts), now)
            # On disk before the signature leaves: after a crash the same head is signed again, no other.
            if isinstance(document, Head):
                self._memory.keep_head(document)
            elif isinstance(document, RegistryNote) and "version" in document.body:
                self._memory.keep_version(document)
        return Made(key.public, [key.sign(one) for one in texts])

    def discard(self, role: Role, kid: str) -> None:
        """Destroy a key: it has signed nothing yet, or it is retired and shall sign nothing more."""
        self._open.pop((role, kid), None)
        self._path(role, kid).unlink(missing_ok=True)

    def state(self) -> State:
        """What this signer holds and remembers; opens no key."""
        if not self.folder.is_dir():
            return State(None, (), {}, {})
        with self._memory.alone():
            head, versions, (day, counts) = self._memory.last_head(), self._memory.versions(), self._memory.counts()
        paths = sorted(self.folder.glob(f"*{ENDING}"))
        return State(head, tuple(read_header(self._text(one)) for one in paths), versions, counts, day)

    def key(self, role: Role, kid: str, now: datetime) -> PrivateKey:
        """The key, inside its window; raises ``keys.private_missing``, ``keys.outside_window`` and codes of files."""
        with self._opening:
            found = self._open.get((role, kid))
            if found is None:
                found = self._open[role, kid] = self._read(role, kid)
        key, not_before, not_after = found
        if not not_before <= now < not_after:
            raise refused("keys.outside_window", kid=kid)
        return key

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
            text = self._text(self._path(role, kid))
        except FileNotFoundError:
            raise refused("keys.private_missing", kid=kid) from None
        header = read_header(text)
        if header.role is not role or header.key_id != kid:
            raise refused("keys.private_missing", kid=kid)
        key = open_sealed(text, self._passphrase(), floor=self._cost)
        test_keys.refuse(key.public)
        return key, header.not_before, header.not_after

    @staticmethod
    def _text(path: Path) -> str:
        for one in (path.parent, path):
            refuse_loose(one)
        return path.read_text(encoding="ascii")

    def _path(self, role: Role, kid: str) -> Path:
        check_key_id(kid)
        return self.folder / f"{role}-{kid}{ENDING}"


def refuse_loose(path: Path) -> None:
    """Refuse a key file or its folder that others can read or that is another user's.

    Raises ``keys.file_link``, ``keys.file_owner``, ``keys.file_open_to_others``, or ``FileNotFoundError``.
    """
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise refused("keys.file_link", file=path.name)
    if found.st_uid != os.geteuid():
        raise refused("keys.file_owner", file=path.name)
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise refused("keys.file_open_to_others", file=path.name, mode=f"{stat.S_IMODE(found.st_mode):04o}")


def loose(folder: Path) -> Sequence[str]:
    """Names of key files, and of the folder itself, that ``refuse_loose`` would refuse or that lie below a link."""
    if not folder.is_dir():
        return []
    paths = [folder, *folder.glob(f"*{ENDING}")]
    mine = os.geteuid()
    return [one.name for one in paths if one.lstat().st_uid != mine or stat.S_IMODE(one.lstat().st_mode) & 0o077]
