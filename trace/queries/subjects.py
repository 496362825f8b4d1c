"""What can be taken hold of: batches, days, places, recorders, lots of medicine; whose each is, which batches it names.

Holds and recalls ask here in both directions: from a thing to its batches, and from batches to all they hang on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from brand.models.enterprises import Enterprise
from trace.models.batches import Batch, Carcass
from trace.models.care import CaredAnimal, CareRecord, Medicine
from trace.models.devices import LoggerDevice
from trace.models.events import Event
from trace.models.flows import BatchStay
from trace.models.herds import Grazing, Stay
from trace.models.places import Place
from trace.queries import harvests
from trace.queries.lineage import portions
from trace.rules.holds import Handle, Scope, day_key, lot_key, of_day, of_lot


@dataclass(frozen=True)
class Subject:
    """One thing by its name; the first of the enterprises is the one it is noted under.

    Each of them may hold it; what is ``shared`` only somebody who may hold for all of them.
    """

    title: str
    enterprises: tuple[str, ...]
    shared: bool = False

    def within(self, may: Callable[[str], bool]) -> bool:
        """Whether somebody who may act for those enterprises may hold it."""
        return (all if self.shared else any)(may(one) for one in self.enterprises)


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
    return Subject(found.lot, (found.holder_id, found.licensee_id, found.producer_id)) if found else None


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


#: A herd on a place while an animal was in the herd.
_SAME_TIME = (
    (col(Grazing.herd_id) == col(Stay.herd_id))
    & or_(col(Stay.until).is_(None), col(Grazing.since) < col(Stay.until))
    & or_(col(Grazing.until).is_(None), col(Stay.since) < col(Grazing.until))
)


def _grazed() -> Any:
    """(batch, place) of carcasses whose herds grazed there while their animals were in them."""
    named: Any = (Carcass.batch_id, Grazing.place_id)
    return select(*named).join(Stay, col(Stay.animal_id) == col(Carcass.animal_id)).join(Grazing, _SAME_TIME).distinct()


def _places(session: Session, some: Collection[str]) -> Iterable[tuple[str, str]]:
    rows = session.exec(select(Batch.id, Batch.place_id).where(col(Batch.id).in_(some)))
    came_to_be = [(batch, place) for batch, place in rows if place]
    lay = session.exec(select(BatchStay.batch_id, BatchStay.place_id).where(col(BatchStay.batch_id).in_(some)))
    goods = harvests.grown()
    grew = session.exec(select(goods.c.batch_id, goods.c.place_id).where(goods.c.batch_id.in_(some)))
    return [*came_to_be, *grew, *lay, *session.exec(_grazed().where(col(Carcass.batch_id).in_(some)))]


def _of_place(key: str) -> Any:
    """What grew or came to be there, what ever lay there, and what came of animals that grazed there."""
    lay = select(BatchStay.batch_id).where(BatchStay.place_id == key)
    grazed = _grazed().where(Grazing.place_id == key).with_only_columns(col(Carcass.batch_id))
    goods = harvests.grown()
    grew = select(goods.c.batch_id).where(goods.c.place_id == key)
    return (col(Batch.place_id) == key) | col(Batch.id).in_(grew) | col(Batch.id).in_(lay) | col(Batch.id).in_(grazed)


def _lot(session: Session, key: str) -> Subject | None:
    medicine_id, lot = of_lot(key)
    medicine = session.get(Medicine, medicine_id)
    if medicine is None:
        return None
    given = select(CareRecord.enterprise_id).where(CareRecord.name == medicine.name, CareRecord.lot == lot)
    keepers = session.exec(given.where(col(CareRecord.struck_at).is_(None)).distinct()).all()
    return Subject(f"{medicine.name} {lot}", tuple(sorted(keepers)), shared=True) if keepers else None


def _given() -> Any:
    """Carcasses of animals with what they were given; by names, since each enterprise has a row of its own."""
    named: Any = (Carcass.batch_id, Medicine.id, CareRecord.lot)
    return (
        select(*named)
        .join(CaredAnimal, col(CaredAnimal.animal_id) == col(Carcass.animal_id))
        .join(CareRecord, col(CareRecord.id) == col(CaredAnimal.care_id))
        .join(Medicine, col(Medicine.name) == col(CareRecord.name))
        .where(col(CareRecord.struck_at).is_(None))
    )


def _of_lot(key: str) -> Any:
    medicine_id, lot = of_lot(key)
    named = _given().where(Medicine.id == medicine_id, CareRecord.lot == lot)
    return col(Batch.id).in_(named.with_only_columns(col(Carcass.batch_id)))


def _lots(session: Session, some: Collection[str]) -> Iterable[tuple[str, str]]:
    rows = session.exec(_given().where(col(Carcass.batch_id).in_(some)).distinct())
    return ((batch, lot_key(medicine, lot)) for batch, medicine, lot in rows)


def lots(session: Session, enterprise_ids: Collection[str] | None, most: int = 50) -> list[tuple[str, str]]:
    """(key, name and lot) of what these enterprises gave last (None: any of them)."""
    named: Any = (CareRecord.medicine_id, CareRecord.name, CareRecord.lot, func.max(CareRecord.last_dose_on))
    statement = select(*named).where(col(CareRecord.struck_at).is_(None))
    if enterprise_ids is not None:
        statement = statement.where(col(CareRecord.enterprise_id).in_(enterprise_ids))
    grouped = statement.group_by(CareRecord.medicine_id, CareRecord.name, CareRecord.lot)
    rows = session.exec(grouped.order_by(func.max(CareRecord.last_dose_on).desc(), CareRecord.lot).limit(most))
    return [(lot_key(medicine, lot), f"{name} {lot}") for medicine, name, lot, _ in rows]


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
    Scope.MEDICINE: _Kind(_lot, _of_lot, _lots),
}
