"""Reads the log: its tiles from rows, its last signed head, an entry, and where an act is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import conflict, unknown
from brand.kernel.leaves import Leaf
from trace.crypto import checkpoints, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.tiles import WIDTH, Tile, Tree, pack_entries
from trace.models.log import (
    LogCosignature,
    LogEntry,
    LogHead,
    LogKey,
    LogSize,
    LogTile,
    LogWitness,
    LogWitnessed,
)

# Built once: a proof reads five tiles, and building the statement costs more than answering it.
_PLACE = col(LogEntry.place).between(bindparam("start"), bindparam("end") - 1)
_BELOW = (
    col(LogTile.level) == bindparam("level") - 1,
    col(LogTile.place).between(bindparam("start"), bindparam("end") - 1),
)
_WHOLE = select(LogTile.hashes).where(
    col(LogTile.level) == bindparam("level"), col(LogTile.place) == bindparam("place")
)
#: What a partial tile is made of, and every bundle: entries (-1), their hashes (0), or roots of the tiles below (1).
_PARTS = {
    -1: select(LogEntry.data).where(_PLACE).order_by(col(LogEntry.place)),
    0: select(LogEntry.hash).where(_PLACE).order_by(col(LogEntry.place)),
    1: select(LogTile.root).where(*_BELOW).order_by(col(LogTile.place)),
}


@dataclass(frozen=True)
class Head:
    """A signed head: the note as published, and the checkpoint it carries."""

    note: str
    checkpoint: Checkpoint


def size(session: Session) -> int:
    """How many entries have a place; more than are signed for while the sequencer works."""
    return session.exec(select(LogSize.size)).one()


def newest(session: Session) -> Head | None:
    """The last signed head as the log signed it, or None while nothing is signed."""
    statement = select(LogHead.note).where(LogHead.note != "").order_by(col(LogHead.size).desc()).limit(1)
    note = session.exec(statement).first()
    return Head(note, checkpoints.parse(notes.parse(note).text)) if note else None


def head(session: Session) -> Head | None:
    """The last signed head with the lines of those witnesses who have cosigned it, or None."""
    found = newest(session)
    return _cosigned(session, found) if found is not None else None


def witnessed(session: Session, least: int = 0) -> Head | None:
    """The last head of at least that size that enough witnesses cosigned, or None."""
    enough = select(func.max(LogWitnessed.size)).where(LogWitnessed.size >= least)
    size = session.exec(enough).one()
    note = session.get_one(LogHead, size).note if size is not None else ""
    return _cosigned(session, Head(note, checkpoints.parse(notes.parse(note).text))) if note else None


def _cosigned(session: Session, found: Head) -> Head:
    lines = select(LogCosignature.line).where(LogCosignature.size == found.checkpoint.size)
    return Head(found.note + "".join(session.exec(lines.order_by(col(LogCosignature.witness)))), found.checkpoint)


def witnesses(session: Session) -> list[LogWitness]:
    """How each witness answered last."""
    return list(session.exec(select(LogWitness).order_by(col(LogWitness.witness))))


def tile(session: Session, wanted: Tile) -> bytes:
    """The bytes of a tile or a bundle of entries; raises ``access.unknown`` where the log does not reach so far."""
    connection = session.connection()  # records are not wanted here, and cost as much again
    place = {"level": wanted.level, "start": wanted.start, "end": wanted.start + wanted.width}
    if wanted.width == WIDTH and wanted.level >= 0:
        whole = connection.execute(_WHOLE, {"level": wanted.level, "place": wanted.index}).scalar()
        return bytes.fromhex(whole) if whole is not None else _beyond()
    kind = min(wanted.level, 1)
    found = connection.execute(_PARTS[kind], place).scalars().all()
    if len(found) != wanted.width:
        return _beyond()
    return pack_entries([one.encode("utf-8") for one in found]) if kind < 0 else bytes.fromhex("".join(found))


def tree(session: Session, of_size: int) -> Tree:
    """The tree of one size, read from rows as it is asked."""
    return Tree(of_size, lambda wanted: tile(session, wanted))


def signed_tree(session: Session, of_size: int) -> Tree:
    """The same for a size that is signed for; raises ``log.not_yet`` for a larger one."""
    found = head(session)
    if found is None or of_size > found.checkpoint.size:
        raise conflict("log.not_yet")
    return tree(session, of_size)


def entry(session: Session, place: int) -> LogEntry:
    """Raises ``access.unknown``."""
    found = session.get(LogEntry, place) if 0 <= place < 2**63 else None
    if found is None:
        raise unknown()
    return found


def entries_of(session: Session, object_type: str, object_id: str) -> list[LogEntry]:
    """What the log says of an object, oldest first."""
    statement = select(LogEntry).where(LogEntry.subject == f"{object_type}:{object_id}")
    return list(session.exec(statement.order_by(col(LogEntry.place))))


def entry_of_act(session: Session, object_type: str, object_id: str, action: str) -> LogEntry | None:
    """The first entry that tells of this act on this object, or None while it has no place."""
    statement = (
        select(LogEntry)
        .join(AuditEntry, col(AuditEntry.id) == col(LogEntry.leaf_id))
        .where(LogEntry.subject == f"{object_type}:{object_id}", AuditEntry.action == action)
        .order_by(col(LogEntry.place))
        .limit(1)
    )
    return session.exec(statement).first()


def is_signed_for(session: Session, object_type: str, object_id: str, action: str) -> bool:
    """Whether the entry of this act stands in a head the log has signed; witnesses may still be asleep.

    An act from before there was a log has no leaf, and nothing of it is to come.
    """
    found = entry_of_act(session, object_type, object_id, action)
    if found is not None:
        signed = newest(session)
        return signed is not None and found.place < signed.checkpoint.size
    here = (AuditEntry.object_type == object_type, AuditEntry.object_id == object_id, AuditEntry.action == action)
    waiting = select(Leaf.id).join(AuditEntry, col(AuditEntry.id) == col(Leaf.id)).where(*here).limit(1)
    return session.exec(waiting).first() is None


def keys(session: Session, role: str = "log") -> list[LogKey]:
    """The log's own keys, or those of another role the registry signs in itself; the first to sign first."""
    mine = select(LogKey).where(LogKey.role == role)
    return list(session.exec(mine.order_by(col(LogKey.not_before), col(LogKey.created_at), col(LogKey.kid))))


def _beyond() -> bytes:
    raise unknown()
