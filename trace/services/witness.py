"""A witness: vouches that a log it knows only ever grew, and remembers what it vouched for before it says so.

Source: C2SP tlog-witness, ``add-checkpoint``. Run by a body outside the office that runs the log. The new head is in
the database, committed and synced, before the cosignature is made: a witness that is killed in between has vouched
for nothing it forgot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session

from brand.kernel.db import Database
from brand.kernel.errors import AppError, conflict
from trace.crypto import checkpoints, merkle, notes, witnessing
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.keys import PrivateKey
from trace.crypto.notes import COSIGNATURE, ED25519, Note, Verifier
from trace.crypto.witnessing import SIZE_TYPE, Request
from trace.models.witness import EVIDENCE, LOGS, metadata

_TEXT = "text/plain; charset=utf-8"
GOOD, BAD, UNTRUSTED, UNKNOWN, CONFLICT, UNPROVEN = 200, 400, 403, 404, 409, 422


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, content type and body of the answer to one request."""

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What the witness remembers of a log."""

    origin: str
    size: int
    note: str
    at: int


class Witness:
    """``name`` is that of its key; ``now`` the clock. Any number of threads and processes may share the database."""

    def __init__(self, database: Database, name: str, key: PrivateKey, now: Callable[[], datetime]) -> None:
        self._database, self._name, self._key, self._now = database, name, key, now
        with database.writing() as session:
            metadata.create_all(session.connection())

    @property
    def verifier(self) -> Verifier:
        return Verifier(self._name, COSIGNATURE, self._key.public)

    def trust(self, vkey: str) -> str:
        """Begin to watch the log of this verifier key, or take one more key of a log watched already; its origin.

        Raises what ``notes.verifier`` raises, and ``witness.kind`` for the key of another witness.
        """
        found = notes.verifier(vkey)
        if found.kind != ED25519:
            raise conflict("witness.kind")
        with self._database.writing() as session:
            row = self._row(session, found.name)
            if row is None:
                new = {"origin": found.name, "vkeys": vkey, "size": 0, "root": merkle.EMPTY_ROOT.hex(), "note": ""}
                session.execute(insert(LOGS).values(**new, at=self._seconds()))
            elif vkey not in row.vkeys.split("\n"):
                more = update(LOGS).where(LOGS.c.origin == found.name)
                session.execute(more.values(vkeys=f"{row.vkeys}\n{vkey}"))
        return found.name

    def known(self) -> list[Known]:
        """Every log watched, by name."""
        with self._database.reading() as session:
            rows = session.execute(select(LOGS).order_by(LOGS.c.origin))
            return [Known(one.origin, one.size, one.note, one.at) for one in rows]

    def evidence(self) -> list[tuple[str, str]]:
        """Forks kept: the head vouched for, and the other of the same size that the log signed."""
        with self._database.reading() as session:
            rows = session.execute(select(EVIDENCE).order_by(EVIDENCE.c.id))
            return [(one.before, one.note) for one in rows]

    def add_checkpoint(self, body: bytes) -> Answer:
        """The answer to one ``add-checkpoint``."""
        try:
            asked = witnessing.parse(body)
            note = notes.parse(asked.note)
            checkpoint = checkpoints.parse(note.text)
        except AppError as error:
            return _refusal(BAD, error.code)
        with self._database.writing() as session:
            refusal = self._look(session, asked, note, checkpoint)
        # The transaction is over: what is vouched for now is on disk.
        return refusal or self._vouch(note)

    def _look(self, session: Session, asked: Request, note: Note, checkpoint: Checkpoint) -> Answer | None:
        """Why not, or None when the head was stored as the last one."""
        row = self._row(session, checkpoint.origin)
        if row is None:
            return _refusal(UNKNOWN, "witness.unknown_log")
        try:
            notes.verified(note, [notes.verifier(one) for one in row.vkeys.split("\n")])
        except AppError as error:
            return _refusal(UNTRUSTED, error.code)
        if asked.old > checkpoint.size:
            return _refusal(BAD, "witness.old_beyond")
        if asked.old != row.size:
            return _size(row.size)
        root = bytes.fromhex(row.root)
        if checkpoint.size == row.size:
            return self._same(session, row, asked, checkpoint, root)
        try:
            _check_growth(asked, checkpoint, root)
        except AppError as error:
            return _refusal(UNPROVEN, error.code)
        self._store(session, row.size, checkpoint, asked.note)
        return None

    def _same(self, session: Session, row: Any, asked: Request, checkpoint: Checkpoint, root: bytes) -> Answer | None:
        if checkpoint.root != root:
            self._keep(session, row, asked.note)
            return _size(row.size)
        if asked.proof:
            return _refusal(UNPROVEN, "merkle.proof_length")
        if not row.size:
            self._store(session, 0, checkpoint, asked.note)
        return None

    def _store(self, session: Session, before: int, checkpoint: Checkpoint, note: str) -> None:
        grown = update(LOGS).where(LOGS.c.origin == checkpoint.origin, LOGS.c.size == before)
        values = {"size": checkpoint.size, "root": checkpoint.root.hex(), "note": note, "at": self._seconds()}
        if session.execute(grown.values(**values)).rowcount != 1:  # type: ignore[attr-defined]
            raise conflict("witness.busy")

    def _keep(self, session: Session, row: Any, note: str) -> None:
        """Two heads of one size, both signed by the log, are the proof of a fork; each is kept once."""
        if session.execute(select(EVIDENCE.c.note).where(EVIDENCE.c.note == note)).first() is None:
            kept = {"origin": row.origin, "at": self._seconds(), "before": row.note, "note": note}
            session.execute(insert(EVIDENCE).values(**kept))

    def _vouch(self, note: Note) -> Answer:
        line = notes.cosign(note.text, self._name, self._key, self._seconds()).line
        return Answer(GOOD, _TEXT, line.encode("utf-8"))

    def _seconds(self) -> int:
        return int(self._now().timestamp())

    def _row(self, session: Session, origin: str) -> Any:
        return session.execute(select(LOGS).where(LOGS.c.origin == origin)).first()


def _check_growth(asked: Request, checkpoint: Checkpoint, root: bytes) -> None:
    if asked.old == 0:
        if asked.proof:
            raise conflict("merkle.proof_length", given=len(asked.proof))
        return
    merkle.check_consistency(asked.old, checkpoint.size, root, checkpoint.root, asked.proof)


def _refusal(status: int, code: str) -> Answer:
    return Answer(status, _TEXT, f"{code}\n".encode("ascii"))


def _size(size: int) -> Answer:
    return Answer(CONFLICT, SIZE_TYPE, f"{size}\n".encode("ascii"))
