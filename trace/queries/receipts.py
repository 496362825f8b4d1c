"""Reads which acts on a batch the log tells of, and whether each has its place under a signed head yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import conflict, unknown
from brand.kernel.leaves import Leaf
from trace.models.events import Event
from trace.models.labels import LabelOrder
from trace.models.log import LogEntry
from trace.queries import batches
from trace.queries import log as reads


@dataclass(frozen=True)
class Told:
    """One act as the log tells of it; ``place`` is None while it waits for a signed head."""

    act: str
    statement: str
    at: datetime
    place: int | None
    leaf: Leaf
    entry: LogEntry | None


def of_batch(session: Session, actor: Actor, batch_id: str) -> list[Told]:
    """The acts on a batch, on its events and its label orders, the newest first.

    Raises ``access.unknown`` for a batch the actor may not read.
    """
    batches.find(session, actor, batch_id)
    return _told(session, _subjects(session, batch_id))


def one(session: Session, actor: Actor, batch_id: str, act: str) -> Told:
    """One of them; raises ``access.unknown``, or ``receipts.not_yet`` while it waits."""
    for found in of_batch(session, actor, batch_id):
        if found.act == act:
            if found.place is None:
                raise conflict("receipts.not_yet")
            return found
    raise unknown()


def body_of(told: Told, origin: str) -> dict[str, Any]:
    """What a receipt says: which act, in whose name, when, at which place of which log, and the hash of the entry."""
    assert told.entry is not None
    return {
        "v": 1,
        "origin": origin,
        "act": told.act,
        "type": told.statement,
        "subject": told.leaf.subject,
        "issuer": told.leaf.issuer,
        "at": f"{told.at:%Y-%m-%dT%H:%M:%S}+00:00",
        "index": told.entry.place,
        "commit": told.leaf.commitment,
        "leaf_hash": told.entry.hash,
    }


def _subjects(session: Session, batch_id: str) -> list[str]:
    events = session.exec(select(Event.id).where(Event.batch_id == batch_id)).all()
    orders = session.exec(select(LabelOrder.id).where(LabelOrder.batch_id == batch_id)).all()
    return [f"batch:{batch_id}", *(f"event:{key}" for key in events), *(f"label_order:{key}" for key in orders)]


def _told(session: Session, subjects: list[str]) -> list[Told]:
    head = reads.head(session)
    size = head.checkpoint.size if head is not None else 0
    statement = (
        select(Leaf, LogEntry)
        .join(LogEntry, col(LogEntry.leaf_id) == col(Leaf.id), isouter=True)
        .where(col(Leaf.subject).in_(subjects))
        .order_by(col(Leaf.at).desc(), col(Leaf.id).desc())
    )
    found = []
    for leaf, entry in session.exec(statement):
        place = entry.place if entry is not None and entry.place < size else None
        found.append(Told(leaf.id, leaf.statement, leaf.at, place, leaf, entry))
    return found
