"""Makes a backup in one file and checks one before it is believed: what is in it, who signed for it, that it is whole.

In it are the database (attachments are rows of it), the published log, and a signed manifest with the digest of each
file, the log's size and root. Private keys never are: whoever holds a backup can sign nothing.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic.migration import MigrationContext
from sqlmodel import Session, select

from brand.kernel import audit
from brand.kernel.db import Database
from brand.kernel.errors import AppError, conflict, invalid, refused
from brand.kernel.work import Work
from trace.crypto import keys, merkle, notes, sealed_files
from trace.crypto.notes import ED25519, Verifier
from trace.crypto.sealed_keys import STANDARD, Argon2Cost, Role
from trace.crypto.signables import BACKUP, RegistryNote, read_note, signer_name
from trace.models.log import LogEntry, LogKey
from trace.queries import log as reads
from trace.queries.trust import text_of
from trace.services import backup_database, durable, trust
from trace.services.backup_database import POSTGRES, SQLITE
from trace.services.signer import Signer

MANIFEST = "manifest"
LOG = "log/"
_LONGEST_MANIFEST = 900_000


@dataclass(frozen=True)
class Manifest:
    """What a good backup says of itself, and the folder its files were unpacked into."""

    body: dict[str, Any]
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / str(self.body["database"])


def make(
    work: Work,
    database: Database,
    signer: Signer,
    origin: str,
    log_folder: Path,
    target: Path,
    *,
    passphrase: str | None = None,
    cost: Argon2Cost = STANDARD,
) -> dict[str, Any]:
    """Write a backup to ``target``, locked where a passphrase is given; gives the manifest's body.

    ``work`` is a reading one: a backup is made of a read-only database as well. Raises ``backups.exists``,
    ``backups.no_key`` and what signing and copying raise.
    """
    work.actor.require("keys.manage")
    if target.exists():
        raise conflict("backups.exists", file=target.name)
    if not [one for one in reads.keys(work.session, Role.TRUST) if one.state == "active"]:
        raise conflict("backups.no_key")
    durable.make_folder(target.parent)
    with TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        copied, found = backup_database.copy(database, folder, _figures)
        files = [(copied.name, copied), *_published(log_folder)]
        moment = text_of(work.now.astimezone(UTC))
        body = {"v": 1, "origin": origin, "made_at": moment, "database": copied.name, **found}
        body["files"] = [{"path": path, "size": one.stat().st_size, "sha256": _digest(one)} for path, one in files]
        written = trust.sign(work, signer, origin, RegistryNote(BACKUP, body))
        (folder / MANIFEST).write_text(written, encoding="utf-8")
        _pack(folder / "whole", [(MANIFEST, folder / MANIFEST), *files])
        _finish(folder / "whole", target, passphrase, cost)
    return body


def noted(work: Work, name: str, body: dict[str, Any], *, sealed: bool) -> None:
    """Remember that a backup was made, for the operator's page."""
    audit.record(work, "backups.make", "backup", name, log_size=body["log_size"], sealed=sealed)


@contextmanager
def opened(
    path: Path,
    origin: str,
    signer: Signer,
    *,
    passphrase: str | None = None,
    held: Sequence[Verifier] = (),
    cost: Argon2Cost = STANDARD,
) -> Iterator[Manifest]:
    """A checked backup, unpacked while the block lasts. ``held`` are trust keys one holds on to.

    Without any, the key must be one of this installation's signer. Raises ``backups.passphrase``, ``sealing.*``,
    ``backups.not_a_backup``, ``backups.truncated``, ``backups.changed`` with the file, ``backups.signer_unknown``,
    ``backups.other_registry``, ``backups.damaged``, ``backups.root`` or what reading a note raises.
    """
    with TemporaryDirectory(dir=path.parent, prefix=".restore-") as name:
        folder = Path(name)
        _unpack(_plain(path, folder, passphrase, cost), folder / "files")
        found = _manifest(folder / "files", origin)
        known = [*held, *_of_signer(found, signer, origin)]
        if not known:
            raise refused("backups.signer_unknown")
        notes.verified(notes.parse((found.folder / MANIFEST).read_text(encoding="utf-8")), known)
        _check_content(found)
        yield found


def restore(found: Manifest, database: Database, log_folder: Path) -> None:
    """Put a checked backup where nothing is; what may then be written the start decides.

    Raises ``backups.target_not_empty``, ``backups.other_database``, ``backups.root``.
    """
    if log_folder.exists() and any(log_folder.iterdir()):
        raise conflict("backups.target_not_empty")
    backup_database.put(database, found.database)
    if not database.is_sqlite:
        with database.reading() as session:
            _check_figures(found.body, _figures(session))
    for one in found.body["files"]:
        if one["path"].startswith(LOG):
            durable.write(log_folder / one["path"].removeprefix(LOG), (found.folder / one["path"]).read_bytes())


def _figures(session: Session) -> dict[str, Any]:
    """What a database says of its log, worked out from the entries themselves."""
    rows = session.exec(select(LogEntry.place, LogEntry.data).order_by(LogEntry.place))  # type: ignore[arg-type]
    hashes = [merkle.leaf_hash(data.encode("utf-8")) for _, data in rows]
    root = merkle.root(hashes) if hashes else merkle.EMPTY_ROOT
    revision = MigrationContext.configure(session.connection()).get_current_revision()
    trusted = session.exec(select(LogKey.public_key).where(LogKey.role == "trust").order_by(LogKey.kid)).all()
    return {"log_size": len(hashes), "root": root.hex(), "revision": revision, "trust_keys": list(trusted)}


def _check_figures(body: dict[str, Any], found: dict[str, Any]) -> None:
    if any(body[name] != found[name] for name in ("log_size", "root", "revision")):
        raise invalid("backups.root", size=found["log_size"])


def _published(folder: Path) -> list[tuple[str, Path]]:
    paths = sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith("."))
    return [(f"{LOG}{one.relative_to(folder).as_posix()}", one) for one in paths]


def _pack(target: Path, files: Sequence[tuple[str, Path]]) -> None:
    with tarfile.open(target, "w") as archive:
        for name, path in files:
            archive.add(path, arcname=name, recursive=False)


def _finish(whole: Path, target: Path, passphrase: str | None, cost: Argon2Cost) -> None:
    """The file under its name, and only when it has reached the disk."""
    ready = whole
    if passphrase is not None:
        ready = whole.with_suffix(".sealed")
        with whole.open("rb") as plain, ready.open("wb") as locked:
            sealed_files.seal(plain, locked, passphrase, cost=cost)
    ready.chmod(0o600)
    durable.sync_file(ready)
    ready.rename(target)
    durable.sync_folder(target.parent)


def _plain(path: Path, folder: Path, passphrase: str | None, cost: Argon2Cost) -> Path:
    with path.open("rb") as source:
        if not sealed_files.is_sealed(source):
            return path
        if passphrase is None:
            raise refused("backups.passphrase")
        with (folder / "whole").open("wb") as target:
            sealed_files.open_sealed(source, target, passphrase, cost=cost)
    return folder / "whole"


def _unpack(path: Path, folder: Path) -> None:
    """Plain files below ``folder`` and nothing else, whatever the archive says."""
    folder.mkdir()
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                if not member.isfile():
                    raise invalid("backups.not_a_backup")
                archive.extract(member, folder, filter="data")
    except tarfile.ReadError as error:
        raise invalid("backups.truncated" if path.stat().st_size else "backups.not_a_backup") from error
    except (tarfile.TarError, OSError) as error:
        raise invalid("backups.not_a_backup") from error


def _manifest(folder: Path, origin: str) -> Manifest:
    """The manifest, its files compared with it; its signature is not checked yet."""
    path = folder / MANIFEST
    if not path.is_file() or path.stat().st_size > _LONGEST_MANIFEST:
        raise invalid("backups.not_a_backup")
    try:
        _, note = read_note(path.read_text(encoding="utf-8"), BACKUP)
        body: dict[str, Any] = note.body
        told = {str(one["path"]): (int(one["size"]), str(one["sha256"])) for one in body["files"]}
        if body["database"] not in (SQLITE, POSTGRES) or body["database"] not in told:
            raise invalid("backups.not_a_backup")
    except (UnicodeError, KeyError, TypeError, ValueError) as error:
        raise invalid("backups.not_a_backup") from error
    if body["origin"] != origin:
        raise conflict("backups.other_registry", origin=str(body["origin"]))
    there = {one.relative_to(folder).as_posix(): one for one in folder.rglob("*") if one.is_file()}
    there.pop(MANIFEST)
    for name in sorted({*told, *there}):
        if name not in there:
            raise invalid("backups.truncated")
        one = there[name]
        if name not in told or (one.stat().st_size, _digest(one)) != told[name]:
            raise invalid("backups.changed", file=name)
    return Manifest(body, folder)


def _of_signer(found: Manifest, signer: Signer, origin: str) -> list[Verifier]:
    """The trust keys the backup tells of whose sealed halves lie with our signer."""
    ours = {one.thumbprint for one in signer.state().keys if one.role is Role.TRUST}
    known = []
    for one in found.body["trust_keys"]:
        try:
            public = keys.public_key(str(one))
        except AppError:
            continue
        if public.thumbprint in ours:
            known.append(Verifier(signer_name(origin, BACKUP), ED25519, public))
    return known


def _check_content(found: Manifest) -> None:
    if found.database.name == SQLITE:
        _check_figures(found.body, backup_database.ask_copy(found.database, _figures))
    else:
        backup_database.readable(found.database)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
