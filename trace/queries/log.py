"""Reads the log: its tiles from rows, its last signed head, an entry, and where an act is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import conflict, unknown
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
    if wanted.level < 0:
        found = session.exec(select(LogEntry.data).where(*_places(wanted)).order_by(col(LogEntry.place))).all()
        data = pack_entries([one.encode("utf-8") for one in found])
    elif wanted.width == WIDTH:
        whole = session.get(LogTile, (wanted.level, wanted.index))
        return bytes.fromhex(whole.hashes) if whole is not None else _beyond()
    elif wanted.level == 0:
        found = session.exec(select(LogEntry.hash).where(*_places(wanted)).order_by(col(LogEntry.place))).all()
        data = bytes.fromhex("".join(found))
    else:
        below = select(LogTile.root).where(LogTile.level == wanted.level - 1, *_between(wanted))
        found = session.exec(below.order_by(col(LogTile.place))).all()
        data = bytes.fromhex("".join(found))
    return data if len(found) == wanted.width else _beyond()


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


def keys(session: Session, role: str = "log") -> list[LogKey]:
    """The log's own keys, or those of another role the registry signs in itself; the first to sign first."""
    mine = select(LogKey).where(LogKey.role == role)
    return list(session.exec(mine.order_by(col(LogKey.not_before), col(LogKey.created_at), col(LogKey.kid))))


def _beyond() -> bytes:
    raise unknown()


def _places(wanted: Tile) -> tuple[ColumnElement[bool], ...]:
    return (col(LogEntry.place) >= wanted.start, col(LogEntry.place) < wanted.start + wanted.width)


def _between(wanted: Tile) -> tuple[ColumnElement[bool], ...]:
    return (col(LogTile.place) >= wanted.start, col(LogTile.place) < wanted.start + wanted.width)
