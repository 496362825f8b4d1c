"""Reads looks at codes: what a judgement rests on, alarms for those who look into them, and the table of places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, PackLine
from trace.models.label_releases import LabelRelease
from trace.models.labels import Label, LabelOrder, PrintRun
from trace.models.scans import LabelSale, SalesArea, ScanAlarm, ScanCode, ScanPlace
from trace.queries import label_releases, labels
from trace.rules.scans import History, PlaceDay


@dataclass(frozen=True)
class About:
    """What the registry holds of a code beside the looks at it."""

    licensee_id: str
    shelf_life_ends: date
    sold_on: date | None
    area: tuple[str, ...]
    days: tuple[PlaceDay, ...]

    def history(self, code: ScanCode) -> History:
        return History(
            days=self.days,
            jumps=frozenset((one[:6], one[7:]) for one in code.jumps.split()),
            sold_on=self.sold_on,
            shelf_life_ends=self.shelf_life_ends,
            area=self.area,
            explained=code.explained,
        )


def about(session: Session, serials: Collection[str]) -> dict[str, About]:
    """By serial; a serial nobody issued is left out."""
    statement = (
        select(Label, PackLine, col(Batch.licensee_id))
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .join(PackLine, col(PackLine.id) == col(LabelOrder.pack_line_id))
        .join(Batch, col(Batch.id) == col(Label.batch_id))
        .where(col(Label.serial).in_(serials))
    )
    found = session.exec(statement).all()
    sold = {one.serial: one.sold_on for one in _sales(session, serials)}
    areas = {one.order_id: tuple(one.places) for one in _areas(session, {label.order_id for label, _, _ in found})}
    days = _days(session, serials)
    return {
        label.serial: About(
            licensee_id,
            line.packed_on + timedelta(days=line.shelf_life_days),
            sold.get(label.serial),
            areas.get(label.order_id, ()),
            tuple(days[label.serial]),
        )
        for label, line, licensee_id in found
    }


def _sales(session: Session, serials: Collection[str]) -> Collection[LabelSale]:
    return session.exec(select(LabelSale).where(col(LabelSale.serial).in_(serials))).all()


def _areas(session: Session, orders: Collection[str]) -> Collection[SalesArea]:
    return session.exec(select(SalesArea).where(col(SalesArea.order_id).in_(orders))).all()


def _days(session: Session, serials: Collection[str]) -> dict[str, list[PlaceDay]]:
    found: dict[str, list[PlaceDay]] = defaultdict(list)
    for one in session.exec(select(ScanPlace).where(col(ScanPlace.serial).in_(serials))):
        found[one.serial].append(PlaceDay(one.place, one.day, one.devices))
    return found


@dataclass(frozen=True)
class Entry:
    """An alarm with the label it is about and whose goods they are."""

    alarm: ScanAlarm
    label: Label
    batch: Batch
    producer: Enterprise

    @property
    def open(self) -> bool:
        return self.alarm.closed_at is None


@dataclass(frozen=True)
class Place:
    """All looks at a code from one place; ``days`` is on how many days."""

    place: str
    days: int
    devices: int
    looks: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Leak:
    """Where a label that was never on a pack can have come from: its order, who was to print it, each file with it."""

    order: LabelOrder
    printers: tuple[tuple[LabelRelease, str], ...]
    files: tuple[tuple[PrintRun, str], ...]


@dataclass(frozen=True)
class Case:
    """Everything a person needs to look into a code."""

    entry: Entry
    code: ScanCode | None
    about: About
    places: tuple[Place, ...]
    earlier: tuple[ScanAlarm, ...]
    closed_by: str
    leak: Leak | None = None


def listing(session: Session, actor: Actor, *, number: int = 1, size: int = 25) -> Page[Entry]:
    """Open ones first, the gravest of them before the others, then the latest closed."""
    actor.require("scans.watch")
    opened = col(ScanAlarm.closed_at).is_not(None)
    statement = select(ScanAlarm).order_by(opened, col(ScanAlarm.score).desc(), col(ScanAlarm.at).desc())
    found = page(session, statement, number, size)
    return Page(_entries(session, found.rows), found.number, found.size, found.total)


def open_alarms(session: Session, actor: Actor, most: int) -> list[Entry]:
    """What waits for those who look into codes; nothing for anybody else."""
    if not actor.may("scans.watch"):
        return []
    statement = select(ScanAlarm).where(col(ScanAlarm.closed_at).is_(None)).order_by(col(ScanAlarm.score).desc())
    return _entries(session, session.exec(statement.limit(most)).all())


def case(session: Session, actor: Actor, alarm_id: str) -> Case:
    actor.require("scans.watch")
    alarm = session.get(ScanAlarm, alarm_id)
    if alarm is None:
        raise unknown()
    entry = _entries(session, [alarm])[0]
    earlier = select(ScanAlarm).where(ScanAlarm.serial == alarm.serial, ScanAlarm.id != alarm.id)
    closer = session.get(Person, alarm.closed_by) if alarm.closed_by else None
    return Case(
        entry,
        session.get(ScanCode, alarm.serial),
        about(session, [alarm.serial])[alarm.serial],
        _places(session, alarm.serial),
        tuple(session.exec(earlier.order_by(col(ScanAlarm.at).desc()))),
        closer.name if closer else "",
        _leak(session, entry.label) if entry.label.control else None,
    )


def _leak(session: Session, label: Label) -> Leak:
    files = labels.prints(session, label.order_id)
    return Leak(
        session.get_one(LabelOrder, label.order_id),
        tuple(label_releases.of_order(session, label.order_id)),
        tuple(one for one in files if one[0].first <= label.position <= one[0].last),
    )


def _places(session: Session, serial: str) -> tuple[Place, ...]:
    where = col(ScanPlace.place)
    statement = (
        select(
            where,
            func.count(),
            func.sum(ScanPlace.devices),
            func.sum(ScanPlace.looks),
        )
        .where(ScanPlace.serial == serial)
        .group_by(where)
    )
    spans = select(where, func.min(ScanPlace.first_at), func.max(ScanPlace.last_at)).where(ScanPlace.serial == serial)
    ends = {place: (first, last) for place, first, last in session.exec(spans.group_by(where))}
    rows = [Place(place, days, devices, looks, *ends[place]) for place, days, devices, looks in session.exec(statement)]
    return tuple(sorted(rows, key=lambda one: (-one.devices, one.place)))


def _entries(session: Session, alarms: Collection[ScanAlarm]) -> list[Entry]:
    looked_at = {
        one.serial: one
        for one in session.exec(select(Label).where(col(Label.serial).in_({one.serial for one in alarms})))
    }
    batches = by_id(session, Batch, {one.batch_id for one in looked_at.values()})
    producers = by_id(session, Enterprise, {one.enterprise_id for one in alarms})
    return [
        Entry(one, looked_at[one.serial], batches[looked_at[one.serial].batch_id], producers[one.enterprise_id])
        for one in alarms
    ]


def area(session: Session, order_id: str) -> list[str]:
    """Where the packs of an order are meant to be sold, as stated; empty when nobody said."""
    found = session.get(SalesArea, order_id)
    return list(found.places) if found else []
