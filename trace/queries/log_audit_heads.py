"""The heads of the log, each held against the tree at its size: root, checkpoint, signature and cosignatures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from brand.kernel.errors import AppError
from trace.crypto import checkpoints, keys, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.notes import ED25519, Verifier
from trace.models.log import LogCosignature, LogHead, LogKey, LogSize
from trace.queries.log_audit_tree import Growing, Wrong, table

HEADS = table(LogHead)
KEYS = table(LogKey)
SIZES = table(LogSize)
COSIGNATURES = table(LogCosignature)


_AT_ONCE = 512


class Heads:
    """Met in the order of their sizes as the tree grows."""

    def __init__(self, session: Session, origin: str, folder: Path | None) -> None:
        self._session, self._origin = session, origin
        self._keys = list(_verifiers(session, origin))
        rows = session.execute(select(HEADS.c.size, HEADS.c.root, HEADS.c.note).order_by(HEADS.c.size))
        self._rows = iter(rows.yield_per(_AT_ONCE))
        self._next = next(self._rows, None)
        self._published = _published(folder)
        self._published_size = self._published[0].size if self._published is not None else -1

    def due(self, size: int) -> bool:
        """Whether something is claimed of this size or was of a smaller one."""
        return (self._next is not None and self._next.size <= size) or size == self._published_size

    def at(self, size: int, growing: Growing) -> Iterator[str]:
        """Codes of what is wrong with the head of this size, if there is one."""
        while self._next is not None and self._next.size < size:
            yield "log_audit.head_size"
            self._next = next(self._rows, None)
        if self._next is not None and self._next.size == size:
            found, root = self._next, growing.root()
            if found.root != root.hex():
                yield "log_audit.head_root"
            if found.note:
                yield from self._signed(str(found.note), Checkpoint(self._origin, size, root))
            yield from self._cosigned(str(found.note), size)
            self._next = next(self._rows, None)
        if self._published is not None and self._published[0].size == size:
            note = self._published[1]
            yield from self._signed(note, Checkpoint(self._origin, size, growing.root()), "log_audit.file")
            yield from (code for code, _place in growing.unfinished(size))

    def beyond(self, size: int) -> Iterator[Wrong]:
        """Heads and files that claim more entries than there are, and a size that is another."""
        while self._next is not None:
            yield "log_audit.head_beyond", self._next.size - 1
            self._next = next(self._rows, None)
        if self._published is not None and self._published[0].size > size:
            yield "log_audit.file_beyond", size
        if self._session.execute(select(SIZES.c.size)).scalar() != size:
            yield "log_audit.size", size

    def _signed(self, written: str, expected: Checkpoint, code: str = "log_audit.head_note") -> Iterator[str]:
        try:
            note = notes.parse(written)
            notes.verified(note, self._keys)
            if note.text != expected.text:
                yield code
        except AppError:
            yield code

    def _cosigned(self, written: str, size: int) -> Iterator[str]:
        rows = self._session.execute(
            select(COSIGNATURES.c.witness, COSIGNATURES.c.line).where(COSIGNATURES.c.size == size)
        )
        for witness, line in rows:
            try:
                note = notes.parse(f"{notes.parse(written).text}\n{line}")
                notes.verified(note, [notes.verifier(str(witness))])
            except AppError:
                yield "log_audit.cosignature"


def _verifiers(session: Session, origin: str) -> Iterator[Verifier]:
    """The log's keys that can be read; a row that cannot makes every note it signed a finding."""
    for text in session.execute(select(KEYS.c.public_key).where(KEYS.c.role == "log")).scalars():
        try:
            yield Verifier(origin, ED25519, keys.public_key(str(text)))
        except AppError:
            continue


def _published(folder: Path | None) -> tuple[Checkpoint, str] | None:
    try:
        written = (folder / "checkpoint").read_text(encoding="utf-8") if folder is not None else ""
        return (checkpoints.parse(notes.parse(written).text), written) if written else None
    except FileNotFoundError:
        return None  # nothing is published yet; files are made from rows and can be made again
    except (OSError, ValueError, AppError):
        return Checkpoint("", 1, bytes(32)), ""
