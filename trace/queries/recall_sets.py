"""Works out what a recall reaches: from any starting points to every batch, pack and holder."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, or_, select

from brand.kernel.errors import AppError, Fault, invalid
from brand.models.enterprises import Enterprise
from trace.crypto.code_profiles import check_batch
from trace.crypto.readings import keys_of, read_any
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.care import CaredAnimal, CareRecord
from trace.models.containers import Container
from trace.models.devices import LoggerDevice
from trace.models.herds import AnimalId
from trace.models.holds import Hold
from trace.models.labels import Label, LabelOrder
from trace.models.places import Place
from trace.models.recalls import Recall
from trace.queries import containers, holds, lineage, shipments, subjects
from trace.queries.lineage import portions
from trace.rules.animals import IdKind
from trace.rules.holds import Scope
from trace.rules.labels import LabelState
from trace.rules.recalls import Width

MOST_STARTS = 2000
_TAG = re.compile(r"\d{15}")
_HOLD = re.compile(r"H\d{4}-\d+")
#: Words that say what the number after them is; in both languages of the house.
_SAID = re.compile(r"(?i)(兽药批号|medicine|记录仪|recorder|牲畜|animal)[\s:：]+(\S.*)")
_DAY = re.compile(r"(\S+)\s+(\d{4}-\d\d-\d\d)")


class StartKind(StrEnum):
    """What a starting point names; a hold stands for whatever it holds, a code for a batch or a place."""

    TAG = "tag"
    HOLD = "hold"
    CODE = "code"
    LABEL = "label"
    DAY = "day"
    MEDICINE = "medicine"
    DEVICE = "device"
    ANIMAL = "animal"


_WORDS = {
    "兽药批号": StartKind.MEDICINE,
    "medicine": StartKind.MEDICINE,
    "记录仪": StartKind.DEVICE,
    "recorder": StartKind.DEVICE,
    "牲畜": StartKind.ANIMAL,
    "animal": StartKind.ANIMAL,
}


class Start(NamedTuple):
    kind: StartKind
    key: str


@dataclass(frozen=True)
class Goods:
    """One batch within reach: ``kg`` are the goods made of it as such, without what flowed into other batches.

    ``elsewhere`` are packs of it that others than its holder have, kg by holder.
    """

    id: str
    code: str
    lot: str
    producer_id: str
    maker_id: str
    holder_id: str
    kg: Decimal
    packs: int
    issued: int
    activated: int
    elsewhere: tuple[tuple[str, Decimal], ...] = ()

    @property
    def holders(self) -> dict[str, Decimal]:
        """Kilograms by who has them: packs may be with another than the batch's holder."""
        gone = sum((kg for _, kg in self.elsewhere), Decimal(0))
        own = {self.holder_id: self.kg - gone} if self.kg > gone or not self.elsewhere else {}
        return own | dict(self.elsewhere)


@dataclass(frozen=True)
class Sets:
    """``starts``: batches the starting points name; ``origins``: everything those were made from; ``goods``: all that
    is called back, by lot."""

    starts: frozenset[str]
    origins: frozenset[str]
    goods: tuple[Goods, ...]

    @property
    def kg(self) -> Decimal:
        return sum((one.kg for one in self.goods), Decimal(0))

    @property
    def holders(self) -> dict[str, Decimal]:
        """Kilograms by holder."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.goods:
            for holder, kg in one.holders.items():
                found[holder] += kg
        return dict(found)


def read_start(text: str, hosts: Collection[str]) -> Start:
    """An ear tag, a hold's number, the code of a batch, case or place, an enterprise's day or a label.

    After a word that says so also the lot of a medicine, a recorder, or any number an animal bears or bore.

    Raises ``recalls.start_unreadable``.
    """
    text = text.strip()
    if _TAG.fullmatch(text):
        return Start(StartKind.TAG, text)
    if _HOLD.fullmatch(text.upper()):
        return Start(StartKind.HOLD, text.upper())
    if said := _SAID.fullmatch(text):
        return Start(_WORDS[said[1].lower()], said[2].strip())
    if day := _DAY.fullmatch(text):
        return Start(StartKind.DAY, f"{day[1]}:{day[2]}")
    try:
        check_batch(text.upper())
        return Start(StartKind.CODE, text.upper())
    except AppError:
        pass
    try:
        key = read_any(text, hosts).key
    except AppError as error:
        raise invalid("recalls.start_unreadable") from error
    return Start(StartKind.LABEL, _label_key(key))


def read_starts(texts: Sequence[str], hosts: Collection[str]) -> list[Start]:
    """The same for a list; one fault per text, pointing at its place."""
    found, faults = [], []
    for place, text in enumerate(texts):
        try:
            found.append(read_start(text, hosts))
        except AppError as error:
            faults.append(Fault(error.code, f"/starts/{place}", {"place": place + 1, "text": text[:60]}))
    if faults:
        raise invalid("recalls.starts", faults=faults, count=len(faults))
    return found


def named(session: Session, starts: Sequence[Start]) -> list[frozenset[str]]:
    """The batches each starting point names, in their order; an empty set for what is not there."""
    keys: dict[StartKind, set[str]] = defaultdict(set)
    for one in starts:
        keys[one.kind].add(one.key)
    found = {kind: _NAMED[kind](session, wanted) for kind, wanted in keys.items()}
    return [frozenset(found[one.kind].get(one.key, ())) for one in starts]


def reached(session: Session, recall: Recall) -> Sets:
    """What the case reaches at this moment."""
    starts = [Start(StartKind(kind), key) for kind, key in recall.starts]
    return sets(session, frozenset().union(*named(session, starts)), recall.width)


def sets(session: Session, starts: Collection[str], width: str) -> Sets:
    """Everything reached from these batches."""
    origins = lineage.back(session, starts)
    reached = lineage.onward(session, origins if width == Width.WHOLE else starts)
    return Sets(frozenset(starts), origins, goods(session, reached))


def goods(session: Session, batch_ids: Collection[str]) -> tuple[Goods, ...]:
    """The batches with their weight, packs and labels, by lot; seven look-ups per thousand. None that was taken back.

    Goods on the way count as their receiver's: it is where they will be found.
    """
    found: list[Goods] = []
    for some in portions(batch_ids):
        flowed = lineage.flowed(session, some)
        packs = dict(_sums(session, PackLine.batch_id, func.sum(PackLine.packs), some))
        labels = _labels(session, some)
        coming = shipments.receivers(session, some)
        cased = containers.packs_by_holder(session, some)
        for batch, code, lot, producer, maker, holder, total_kg in session.exec(_batches(some)):
            states = labels.get(batch, {})
            there, kg = coming.get(batch, holder), total_kg - flowed.get(batch, Decimal(0))
            counts = (packs.get(batch, 0), sum(states.values()), states.get(LabelState.ACTIVATED, 0))
            others = tuple(sorted((who, weight) for who, weight in cased.get(batch, {}).items() if who != holder))
            found.append(Goods(batch, code, lot, producer, maker, there, kg, *counts, others))
    return tuple(sorted(found, key=lambda one: (one.lot, one.id)))


def _batches(some: Sequence[str]) -> Any:
    named: Any = (Batch.id, Batch.code, Batch.lot, Batch.producer_id, Batch.maker_id, Batch.holder_id, Batch.total_kg)
    return select(*named).where(col(Batch.id).in_(some), col(Batch.withdrawn).is_(False))


def _sums(session: Session, key: Any, amount: Any, some: Sequence[str]) -> list[tuple[str, Any]]:
    return list(session.exec(select(key, amount).where(key.in_(some)).group_by(key)).all())


def _labels(session: Session, some: Sequence[str]) -> Mapping[str, dict[str, int]]:
    statement = select(Label.batch_id, Label.state, func.count()).where(
        col(Label.batch_id).in_(some), ~col(Label.control)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for batch, state, count in session.exec(statement.group_by(Label.batch_id, Label.state)):
        found[batch][state] = count
    return found


def _by_tag(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    """By the tag of a carcass, and by every tag its animal ever bore."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in portions(keys):
        for tag, batch in session.exec(select(Carcass.ear_tag, Carcass.batch_id).where(col(Carcass.ear_tag).in_(some))):
            found[tag].add(batch)
        for tag, batch in session.exec(_numbered(some).where(AnimalId.kind == IdKind.EAR_TAG.value)):
            found[tag].add(batch)
    return found


def _numbered(some: Collection[str]) -> Any:
    """(number, batch) of carcasses whose animals bear or bore one of these."""
    named: Any = (AnimalId.value, Carcass.batch_id)
    borne = select(*named).join(Carcass, col(Carcass.animal_id) == col(AnimalId.animal_id))
    return borne.where(col(AnimalId.value).in_(some))


def _by_number(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for some in portions({one.upper() for one in keys}):
        for number, batch in session.exec(_numbered(some)):
            found[number].add(batch)
    return {one: found[one.upper()] for one in keys}


def _by_lot(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    """Every medicine of that lot: whoever reads a box knows its number and seldom our name for it."""
    named: Any = (CareRecord.lot, Carcass.batch_id)
    given = (
        select(*named)
        .join(CaredAnimal, col(CaredAnimal.care_id) == col(CareRecord.id))
        .join(Carcass, col(Carcass.animal_id) == col(CaredAnimal.animal_id))
        .where(col(CareRecord.lot).in_(keys), col(CareRecord.struck_at).is_(None))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for lot, batch in session.exec(given.distinct()):
        found[lot].add(batch)
    return found


def _by_device(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in session.exec(select(LoggerDevice).where(col(LoggerDevice.serial).in_(keys))).all():
        found[one.serial] |= {each.id for each in subjects.batches(session, Scope.DEVICE, one.id)}
    return found


def _by_code(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    rows = session.exec(select(Batch.code, Batch.id).where(col(Batch.code).in_(keys)))
    found = {code: {batch} for code, batch in rows}
    boxes = session.exec(select(Container).where(col(Container.code).in_(keys)))
    found |= {one.code: set(containers.packed_with(session, one).batch_ids) for one in boxes}
    there = session.exec(select(Place).where(col(Place.code).in_(keys)))
    return found | {one.code: {each.id for each in subjects.batches(session, Scope.PLACE, one.id)} for one in there}


def _by_day(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    """``{credit code or id of an enterprise}:{day}``."""
    found: dict[str, set[str]] = {}
    for key in keys:
        said, _, day = key.rpartition(":")
        its = or_(Enterprise.id == said, Enterprise.credit_code == said)
        made_there = col(Batch.maker_id).in_(select(Enterprise.id).where(its))
        try:
            on = date.fromisoformat(day)
        except ValueError:
            continue
        found[key] = set(session.exec(select(Batch.id).where(made_there, Batch.made_on == on)))
    return found


def _by_label(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    words = {word for one in keys for word in one.split()}
    statement = (
        select(Batch, Label.serial, LabelOrder)
        .join(Label, col(Label.batch_id) == col(Batch.id))
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .where(col(Label.serial).in_(words))
    )
    return {
        _label_key(key): {batch.id}
        for batch, serial, order in session.exec(statement)
        for key in keys_of(batch.code, serial, batch.lot, order.gtin, order.expiry)
    }


def _label_key(key: Sequence[str]) -> str:
    return " ".join(word or "-" for word in key)


def _by_hold(session: Session, keys: Collection[str]) -> dict[str, set[str]]:
    held = session.exec(select(Hold).where(col(Hold.number).in_(keys)))
    return {one.number: {batch.id for batch in holds.concerned(session, one)} for one in held}


_NAMED: Mapping[StartKind, Callable[[Session, Collection[str]], dict[str, set[str]]]] = {
    StartKind.TAG: _by_tag,
    StartKind.HOLD: _by_hold,
    StartKind.CODE: _by_code,
    StartKind.LABEL: _by_label,
    StartKind.DAY: _by_day,
    StartKind.MEDICINE: _by_lot,
    StartKind.DEVICE: _by_device,
    StartKind.ANIMAL: _by_number,
}
