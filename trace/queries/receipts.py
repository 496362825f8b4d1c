"""Reads which acts on a batch, herd, shipment or container the log tells of, and whether each has its place yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import conflict, unknown
from brand.kernel.leaves import Leaf
from trace.models.care import CareRecord
from trace.models.events import Event
from trace.models.labels import LabelOrder
from trace.models.log import LogEntry
from trace.queries import batches, containers, herds, shipments
from trace.queries import log as reads


class Kind(StrEnum):
    """What acts are on."""

    BATCH = "batch"
    HERD = "herd"
    SHIPMENT = "shipment"
    CONTAINER = "container"


@dataclass(frozen=True)
class Thing:
    """One of them: its name for people, and the subjects under which the log tells of it."""

    name: str
    subjects: Sequence[str]


@dataclass(frozen=True)
class Told:
    """One act as the log tells of it; ``place`` is None while it waits for a signed head."""

    act: str
    statement: str
    at: datetime
    place: int | None
    leaf: Leaf
    entry: LogEntry | None


def find(session: Session, actor: Actor, kind: Kind, key: str) -> Thing:
    """By the key that its address carries; raises ``access.unknown`` for one the actor may not read."""
    return _FIND[kind](session, actor, key)


def of(session: Session, actor: Actor, kind: Kind, key: str) -> list[Told]:
    """The acts on it, the newest first; raises ``access.unknown`` for one the actor may not read."""
    return _told(session, find(session, actor, kind, key).subjects)


def one(session: Session, actor: Actor, kind: Kind, key: str, act: str) -> Told:
    """One of them; raises ``access.unknown``, or ``receipts.not_yet`` while it waits."""
    for found in of(session, actor, kind, key):
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


def _batch(session: Session, actor: Actor, key: str) -> Thing:
    """With its events and its label orders."""
    found = batches.find(session, actor, key).batch
    events = session.exec(select(Event.id).where(Event.batch_id == found.id)).all()
    orders = session.exec(select(LabelOrder.id).where(LabelOrder.batch_id == found.id)).all()
    told = [f"batch:{found.id}", *(f"event:{one}" for one in events), *(f"label_order:{one}" for one in orders)]
    return Thing(found.lot, told)


def _herd(session: Session, actor: Actor, key: str) -> Thing:
    """With the treatments of its animals."""
    found = herds.find(session, actor, key).herd
    cares = session.exec(select(CareRecord.id).where(CareRecord.herd_id == found.id)).all()
    return Thing(found.name, [f"herd:{found.id}", *(f"care_record:{one}" for one in cares)])


def _shipment(session: Session, actor: Actor, key: str) -> Thing:
    found = shipments.find(session, actor, key).shipment
    return Thing(found.number, [f"shipment:{found.id}"])


def _container(session: Session, actor: Actor, key: str) -> Thing:
    found = containers.find(session, actor, key).container
    return Thing(found.code, [f"container:{found.id}"])


_FIND: Mapping[Kind, Callable[[Session, Actor, str], Thing]] = {
    Kind.BATCH: _batch,
    Kind.HERD: _herd,
    Kind.SHIPMENT: _shipment,
    Kind.CONTAINER: _container,
}


def _told(session: Session, subjects: Sequence[str]) -> list[Told]:
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
