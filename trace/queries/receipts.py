"""Reads which acts the log tells of (on a batch, herd, shipment or container; or all of one person's), each with its
place once it has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.audit import AuditEntry
from brand.kernel.errors import conflict, unknown
from brand.kernel.leaves import Leaf
from brand.kernel.paging import Page, page
from trace.models.care import CareRecord
from trace.models.events import Event
from trace.models.labels import LabelOrder
from trace.models.log import LogEntry
from trace.queries import batches, containers, herds, shipments
from trace.queries import log as reads

#: The moment of an act lies so near that of the call it came by.
NEAR = timedelta(minutes=10)

#: Public figures that name what an act was on, the nearest first.
_NAMES = ("number", "code", "batch", "kid")


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

    @property
    def on(self) -> str:
        """The kind of thing the act was on, e.g. ``herd``."""
        return self.leaf.subject.partition(":")[0]

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """The public figures the log tells of it."""
        found: Mapping[str, Any] = json.loads(self.leaf.facts)
        return found

    @property
    def known_as(self) -> str:
        """The number or code by which people know that thing; empty where the log names none."""
        return next((str(self.facts[one]) for one in _NAMES if self.facts.get(one)), "")

    @property
    def kg(self) -> Decimal | None:
        """How much it was about."""
        return Decimal(self.facts["kg"]) if self.facts.get("kg") else None


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
            return _with_place(found)
    raise unknown()


def mine(session: Session, actor: Actor, since: datetime, number: int, size: int) -> Page[Told]:
    """What this person did since that moment, the earliest first; whoever did an act may always keep its receipt."""
    statement = _mine(actor).where(AuditEntry.at >= since).order_by(col(AuditEntry.at), col(AuditEntry.id))
    found = page(session, statement, number, size)
    return Page(_placed(session, found.rows), found.number, found.size, found.total)


def of_capture(session: Session, actor: Actor, request_id: str, at: datetime) -> list[Told]:
    """What this person did by one call about that moment; nothing for anybody else's."""
    near = col(AuditEntry.at).between(at - NEAR, at + NEAR)
    statement = _mine(actor).where(near, AuditEntry.request_id == request_id)
    return _placed(session, session.exec(statement.order_by(col(AuditEntry.id))).all())


def own(session: Session, actor: Actor, act: str) -> Told:
    """One act of this person's; raises ``access.unknown``, or ``receipts.not_yet`` while it waits."""
    found = _placed(session, session.exec(_mine(actor).where(AuditEntry.id == act)).all())
    if not found:
        raise unknown()
    return _with_place(found[0])


def waiting(session: Session, actor: Actor, since: datetime) -> int:
    """How many of this person's acts since that moment have no place yet."""
    mine = _mine(actor).where(AuditEntry.at >= since).where(_no_place(session)).subquery()
    return session.exec(select(func.count()).select_from(mine)).one()


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
    statement = select(Leaf).where(col(Leaf.subject).in_(subjects))
    return _placed(session, session.exec(statement.order_by(col(Leaf.at).desc(), col(Leaf.id).desc())).all())


def _mine(actor: Actor) -> SelectOfScalar[Leaf]:
    return (
        select(Leaf).join(AuditEntry, col(AuditEntry.id) == col(Leaf.id)).where(AuditEntry.person_id == actor.person_id)
    )


def _no_place(session: Session) -> ColumnElement[bool]:
    placed = select(LogEntry.leaf_id).where(LogEntry.place < _size(session), LogEntry.leaf_id == Leaf.id)
    return ~placed.exists()


def _with_place(told: Told) -> Told:
    if told.place is None:
        raise conflict("receipts.not_yet")
    return told


def _size(session: Session) -> int:
    head = reads.head(session)
    return head.checkpoint.size if head is not None else 0


def _placed(session: Session, leaves: Sequence[Leaf]) -> list[Told]:
    """Each with the entry that tells of it; an entry behind the signed head counts as waiting."""
    size = _size(session)
    rows = session.exec(select(LogEntry).where(col(LogEntry.leaf_id).in_([one.id for one in leaves])))
    entries = {one.leaf_id: one for one in rows}
    found = []
    for leaf in leaves:
        entry = entries.get(leaf.id)
        place = entry.place if entry is not None and entry.place < size else None
        found.append(Told(leaf.id, leaf.statement, leaf.at, place, leaf, entry))
    return found
