"""What can be taken hold of: batches, days, places, recorders; whose each is, and which batches it names by itself.

Holds and recalls ask here in both directions: from a thing to its batches, and from batches to all they hang on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from brand.models.enterprises import Enterprise
from trace.models.batches import Batch
from trace.models.devices import LoggerDevice
from trace.models.events import Event
from trace.models.flows import BatchStay
from trace.models.places import Place
from trace.queries.lineage import portions
from trace.rules.holds import Handle, Scope, day_key, of_day


@dataclass(frozen=True)
class Subject:
    """One thing by its name; the first of the enterprises is the one it is noted under, each may hold it."""

    title: str
    enterprises: tuple[str, ...]


@dataclass(frozen=True)
class _Kind:
    """How a scope is read: the thing itself, the condition on its batches, and the keys batches have in it."""

    find: Callable[[Session, str], Subject | None]
    batches: Callable[[str], Any]
    keys: Callable[[Session, Collection[str]], Iterable[tuple[str, str]]]


def find(session: Session, scope: str, key: str) -> Subject | None:
    """The thing, or None; raises ``holds.subject`` for a day that is none."""
    return _KINDS[Scope(scope)].find(session, key)


def batches(session: Session, scope: str, key: str) -> list[Batch]:
    """The batches it names by itself, by lot."""
    statement = select(Batch).where(_KINDS[Scope(scope)].batches(key))
    return list(session.exec(statement.order_by(col(Batch.lot), col(Batch.id))))


def handles(session: Session, batch_ids: Collection[str], scopes: Iterable[str]) -> Mapping[str, frozenset[Handle]]:
    """What each batch can be taken hold of by in these scopes, of itself alone."""
    found: dict[str, set[Handle]] = defaultdict(set)
    for scope in set(scopes):
        for some in portions(batch_ids):
            for batch, key in _KINDS[Scope(scope)].keys(session, some):
                found[batch].add(Handle(scope, key))
    return {batch: frozenset(grips) for batch, grips in found.items()}


def _batch(session: Session, key: str) -> Subject | None:
    found = session.get(Batch, key)
    return Subject(found.lot, (found.holder_id, found.producer_id)) if found else None


def _day(session: Session, key: str) -> Subject | None:
    enterprise_id, day = of_day(key)
    return Subject(day.isoformat(), (enterprise_id,)) if session.get(Enterprise, enterprise_id) else None


def _of_day(key: str) -> Any:
    enterprise_id, day = of_day(key)
    return (col(Batch.maker_id) == enterprise_id) & (col(Batch.made_on) == day)


def _days(session: Session, some: Collection[str]) -> Iterable[tuple[str, str]]:
    named: Any = (Batch.id, Batch.maker_id, Batch.made_on)
    rows = session.exec(select(*named).where(col(Batch.id).in_(some)))
    return ((batch, day_key(maker, day)) for batch, maker, day in rows)


def _place(session: Session, key: str) -> Subject | None:
    found = session.get(Place, key)
    return Subject(f"{found.name} {found.code}", (found.enterprise_id,)) if found else None


def _places(session: Session, some: Collection[str]) -> Iterable[tuple[str, str]]:
    rows = session.exec(select(Batch.id, Batch.place_id).where(col(Batch.id).in_(some)))
    came_to_be = [(batch, place) for batch, place in rows if place]
    lay = session.exec(select(BatchStay.batch_id, BatchStay.place_id).where(col(BatchStay.batch_id).in_(some)))
    return [*came_to_be, *lay]


def _of_place(key: str) -> Any:
    """What came to be there, and what ever lay there."""
    lay = select(BatchStay.batch_id).where(BatchStay.place_id == key)
    return (col(Batch.place_id) == key) | col(Batch.id).in_(lay)


def devices(session: Session, enterprise_ids: Collection[str] | None, most: int = 50) -> list[LoggerDevice]:
    """Recorders of these enterprises (None: of all), the last used first."""
    statement = select(LoggerDevice)
    if enterprise_ids is not None:
        statement = statement.where(col(LoggerDevice.enterprise_id).in_(enterprise_ids))
    return list(session.exec(statement.order_by(col(LoggerDevice.used_at).desc()).limit(most)))


def _device(session: Session, key: str) -> Subject | None:
    found = session.get(LoggerDevice, key)
    return Subject(found.serial, (found.enterprise_id,)) if found else None


#: A chilling names its recorder by the serial number, under the enterprise that answers for the event.
_READ_BY = (col(Event.enterprise_id) == col(LoggerDevice.enterprise_id)) & (
    col(Event.data)["device"].as_string() == col(LoggerDevice.serial)
)


def _of_device(key: str) -> Any:
    read = select(Event.batch_id).join(LoggerDevice, _READ_BY).where(LoggerDevice.id == key)
    return col(Batch.id).in_(read)


def _devices(session: Session, some: Collection[str]) -> Iterable[tuple[str, str]]:
    statement = select(Event.batch_id, LoggerDevice.id).join(LoggerDevice, _READ_BY)
    rows = session.exec(statement.where(col(Event.batch_id).in_(some)))
    return ((batch, device) for batch, device in rows if batch)


_KINDS: Mapping[Scope, _Kind] = {
    Scope.BATCH: _Kind(_batch, lambda key: col(Batch.id) == key, lambda _, some: ((one, one) for one in some)),
    Scope.DAY: _Kind(_day, _of_day, _days),
    Scope.PLACE: _Kind(_place, _of_place, _places),
    Scope.DEVICE: _Kind(_device, _of_device, _devices),
}
