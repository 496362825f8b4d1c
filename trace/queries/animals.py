"""Reads animals: whose they are, their numbers and herds over time, what they were given, and what closes slaughter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, or_, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, Carcass
from trace.models.care import CaredAnimal, CareRecord
from trace.models.herds import Animal, AnimalId, Herd, Stay
from trace.models.quarantine import QuarantineCertificate, QuarantineUse
from trace.queries import quarantine
from trace.rules.animals import IdKind
from trace.rules.withdrawal import Use, opens, running

#: Values looked up in one statement; databases limit the parameters of one.
_AT_ONCE = 500


def in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in pieces small enough for one statement."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


@dataclass(frozen=True)
class Shown:
    """An animal in a list: its current numbers by kind, the herd it is in, and what closes slaughter today."""

    animal: Animal
    numbers: Mapping[str, str]
    herd: Herd | None
    closed: tuple[Use, ...]

    @property
    def tag(self) -> str:
        return self.numbers.get(IdKind.EAR_TAG, "")

    @property
    def name(self) -> str:
        """What people call it by: the tag, else a number of its own."""
        return self.tag or next(iter(self.numbers.values()), "—")


@dataclass(frozen=True)
class Life:
    """Everything recorded of one animal, oldest first; ``carcass`` once it was slaughtered.

    ``papers`` are the quarantine certificates that went with a herd while it was there, or with its batch.
    """

    shown: Shown
    numbers: tuple[AnimalId, ...]
    stays: tuple[tuple[Stay, Herd, Enterprise], ...]
    care: tuple[CareRecord, ...]
    carcass: Carcass | None
    batch: Batch | None
    papers: tuple[tuple[QuarantineUse, QuarantineCertificate], ...]


def listing(
    session: Session, herd_id: str, today: date, *, q: str = "", number: int = 1, size: int = 25
) -> Page[Shown]:
    """The animals now in a herd, by tag; ``q`` is a piece of any of their numbers, the last digits mostly."""
    here = (
        select(Animal)
        .join(Stay, col(Stay.animal_id) == col(Animal.id))
        .where(Stay.herd_id == herd_id, Stay.current == 1)
    )
    if q:
        here = here.where(col(Animal.id).in_(_bearing(q)))
    found = page(session, here.order_by(*_by_number()), number, size)
    return Page(shown(session, found.rows, today), found.number, found.size, found.total)


def _by_number() -> tuple[Any, Any]:
    """By the least number each animal bears: its tag, since those are all digits; else a number of its own."""
    borne = select(func.min(AnimalId.value)).where(AnimalId.animal_id == Animal.id, col(AnimalId.current).is_not(None))
    return borne.scalar_subquery(), col(Animal.id)


def everyone(session: Session, herd_id: str) -> Iterator[dict[str, Any]]:
    """Every animal now in the herd as the sheet of animals writes it."""
    here = (
        select(Stay, Animal)
        .join(Animal, col(Animal.id) == col(Stay.animal_id))
        .where(Stay.herd_id == herd_id, Stay.current == 1)
        .order_by(*_by_number())
    )
    found = session.exec(here).all()
    numbers = _numbers(session, [animal.id for _, animal in found])
    for stay, animal in found:
        borne = numbers.get(animal.id, {})
        yield animal.model_dump(include={"sex", "breed", "born_on", "birth"}) | {
            "ear_tag": borne.get(IdKind.EAR_TAG),
            "own_number": borne.get(IdKind.OWN),
            "association": borne.get(IdKind.ASSOCIATION),
            "coming": "birth" if stay.came == "birth" else "purchase" if stay.came == "purchase" else "recorded",
            "day": stay.since,
            "note": animal.origin_note,
        }


def find(session: Session, actor: Actor, animal_id: str, today: date) -> Life:
    """One animal, for those who read the herds of an enterprise that keeps or kept it; raises ``access.unknown``."""
    animal = session.get(Animal, animal_id)
    if animal is None:
        raise unknown()
    stays = _stays(session, animal_id)
    reach = actor.reach("herds.read")
    if reach is not None and not any(herd.enterprise_id in reach for _, herd, _ in stays):
        raise unknown()
    last = _known_until(stays, reach)
    carcass = session.exec(
        select(Carcass).where(Carcass.animal_id == animal_id, col(Carcass.withdrawn).is_(False))
    ).first()
    if carcass is not None and local_day(carcass.slaughtered_at) > last:
        carcass = None
    known = [one for one in stays if one[0].since <= last]
    held = select(AnimalId).where(AnimalId.animal_id == animal_id).order_by(col(AnimalId.since), col(AnimalId.id))
    return Life(
        shown(session, [animal], today)[0],
        tuple(one for one in session.exec(held) if one.since <= last),
        tuple(known),
        tuple(one for one in care_of(session, [animal_id]).get(animal_id, ()) if one.given_on <= last),
        carcass,
        session.get(Batch, carcass.batch_id) if carcass else None,
        tuple(_papers(session, known, carcass)),
    )


def _papers(
    session: Session, stays: Sequence[tuple[Stay, Herd, Enterprise]], carcass: Carcass | None
) -> Iterator[tuple[QuarantineUse, QuarantineCertificate]]:
    """Certificates for a herd on a day the animal was there, and those for the batch it became, by day of use."""
    went = [
        each for stay, herd, _ in stays for each in quarantine.went_with(session, "herd", herd.id) if _on(each, stay)
    ]
    if carcass is not None:
        went += quarantine.went_with(session, "batch", carcass.batch_id)
    yield from sorted(went, key=lambda each: (each[0].used_on, each[1].id))


def _on(each: tuple[QuarantineUse, QuarantineCertificate], stay: Stay) -> bool:
    """Whether a paper went with the herd while the animal was there, the day it left included."""
    return stay.since <= each[0].used_on and (stay.until is None or each[0].used_on <= stay.until)


def by_number(session: Session, actor: Actor, text: str, today: date, *, most: int = 50) -> list[Shown]:
    """Animals within reach that bear or bore a number with these digits."""
    reach = actor.reach("herds.read")
    statement = (
        select(Animal)
        .join(Stay, col(Stay.animal_id) == col(Animal.id))
        .join(Herd, col(Herd.id) == col(Stay.herd_id))
        .where(col(Animal.id).in_(_bearing(text)))
        .distinct()
        .order_by(col(Animal.id))
        .limit(most)
    )
    if reach is not None:
        statement = statement.where(col(Herd.enterprise_id).in_(reach))
    return shown(session, session.exec(statement).all(), today)


def shown(session: Session, animals: Sequence[Animal], today: date) -> list[Shown]:
    """The animals with their numbers, herds and running withdrawals; three look-ups for any number of them."""
    ids = [one.id for one in animals]
    numbers = _numbers(session, ids)
    homes: dict[str, Herd] = {}
    for part in in_parts(ids):
        at_home = (
            select(Stay.animal_id, Herd)
            .join(Herd, col(Herd.id) == col(Stay.herd_id))
            .where(col(Stay.animal_id).in_(part), Stay.current == 1)
        )
        homes.update(dict(session.exec(at_home).all()))
    uses = uses_of(session, ids)
    return [
        Shown(one, numbers.get(one.id, {}), homes.get(one.id), tuple(running(uses.get(one.id, ()), today)))
        for one in animals
    ]


def _numbers(session: Session, animal_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Animal → its current numbers by kind."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for part in in_parts(animal_ids):
        borne = select(AnimalId).where(col(AnimalId.animal_id).in_(part), col(AnimalId.current).is_not(None))
        for one in session.exec(borne.order_by(col(AnimalId.kind))):
            found[one.animal_id][one.kind] = one.value
    return found


def uses_of(session: Session, animal_ids: Sequence[str]) -> dict[str, list[Use]]:
    """Animal → what it was given, as the counting of withdrawal wants it."""
    return {
        at: [Use(one.name, one.lot, one.given_on, one.closed_until) for one in records]
        for at, records in care_of(session, animal_ids).items()
    }


def care_of(session: Session, animal_ids: Sequence[str]) -> dict[str, list[CareRecord]]:
    """Animal → its care records that stand, oldest first."""
    found: dict[str, list[CareRecord]] = defaultdict(list)
    for part in in_parts(animal_ids):
        statement = (
            select(CaredAnimal.animal_id, CareRecord)
            .join(CareRecord, col(CareRecord.id) == col(CaredAnimal.care_id))
            .where(col(CaredAnimal.animal_id).in_(part), col(CareRecord.struck_at).is_(None))
            .order_by(col(CareRecord.given_on), col(CareRecord.id))
        )
        for animal_id, record in session.exec(statement):
            found[animal_id].append(record)
    return found


def running_withdrawals(session: Session, animal_ids: Sequence[str], day: date) -> list[tuple[str, Use]]:
    """(what the animal is called by, the use that closes slaughter longest) for each animal that is closed that day."""
    uses = uses_of(session, animal_ids)
    closed = {at: found[0] for at, given in uses.items() if (found := running(given, day))}
    names = tag_names(session, list(closed))
    return [(names.get(at, "—"), use) for at, use in closed.items()]


def tag_names(session: Session, animal_ids: Sequence[str]) -> dict[str, str]:
    """Animal → its tag, else another number of its own."""
    found: dict[str, str] = {}
    for part in in_parts(animal_ids):
        borne = select(AnimalId).where(col(AnimalId.animal_id).in_(part), col(AnimalId.current).is_not(None))
        for one in session.exec(borne):
            if one.kind == IdKind.EAR_TAG or one.animal_id not in found:
                found[one.animal_id] = one.value
    return found


def withdrawal_words(tag: str, use: Use) -> dict[str, Any]:
    """The figures a refusal names: medicine, lot, last closed day, first open day."""
    until = use.closed_until or use.given_on
    return {
        "tag": tag,
        "medicine": use.medicine,
        "medicine_lot": use.lot,
        "until": until.isoformat(),
        "open": opens(until).isoformat(),
    }


def stays_of(session: Session, animal_ids: Sequence[str]) -> dict[str, list[tuple[Stay, Herd]]]:
    """Animal → herds over time, oldest first."""
    found: dict[str, list[tuple[Stay, Herd]]] = defaultdict(list)
    for part in in_parts(animal_ids):
        statement = (
            select(Stay, Herd)
            .join(Herd, col(Herd.id) == col(Stay.herd_id))
            .where(col(Stay.animal_id).in_(part))
            .order_by(col(Stay.since), col(Stay.until).is_(None), col(Stay.until))
        )
        for stay, herd in session.exec(statement):
            found[stay.animal_id].append((stay, herd))
    return found


def _stays(session: Session, animal_id: str) -> list[tuple[Stay, Herd, Enterprise]]:
    found = stays_of(session, [animal_id]).get(animal_id, [])
    keepers = by_id(session, Enterprise, {herd.enterprise_id for _, herd in found})
    return [(stay, herd, keepers[herd.enterprise_id]) for stay, herd in found]


def _known_until(stays: Sequence[tuple[Stay, Herd, Enterprise]], reach: frozenset[str] | None) -> date:
    """The keeper of today reads the whole life, as the law's farm file wants; one who sold it only up to the sale."""
    if reach is None or stays[-1][1].enterprise_id in reach:
        return date.max
    return max(stay.until or date.max for stay, herd, _ in stays if herd.enterprise_id in reach)


def _bearing(text: str) -> Any:
    """Ids of animals that bear or bore a number with these signs in it."""
    plain = "".join(one for one in text.upper() if one.isalnum() or one in ".-")
    return select(AnimalId.animal_id).where(or_(col(AnimalId.value) == plain, col(AnimalId.value).contains(plain)))


def tags_with(session: Session, tags: Iterable[str]) -> dict[str, tuple[AnimalId, Animal]]:
    """Ear tag → its row and the animal that bears or bore it."""
    found: dict[str, tuple[AnimalId, Animal]] = {}
    for part in in_parts(list(tags)):
        statement = (
            select(AnimalId, Animal)
            .join(Animal, col(Animal.id) == col(AnimalId.animal_id))
            .where(AnimalId.kind == IdKind.EAR_TAG.value, col(AnimalId.value).in_(part))
        )
        for row, animal in session.exec(statement):
            found[row.value] = (row, animal)
    return found
