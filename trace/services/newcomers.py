"""Checks animals about to come into a herd, thousands at once, and adds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel, col, select, update

from brand.kernel.errors import AppError, Fault, conflict, invalid
from brand.kernel.ids import new_id
from brand.kernel.work import Work
from trace.models.herds import Animal, AnimalId, Herd
from trace.queries.animals import in_parts
from trace.rules.animals import Coming, IdKind, State, check_begun, check_days, clean_number, clean_tag
from trace.rules.ear_tags import Species

NUMBERS = {"ear_tag": IdKind.EAR_TAG, "own_number": IdKind.OWN, "association": IdKind.ASSOCIATION}


@dataclass(frozen=True)
class Newcomer:
    """One animal as its keeper states it; numbers are empty where it bears none."""

    ear_tag: str
    sex: str
    own_number: str = ""
    association: str = ""
    breed: str = ""
    born_on: date | None = None
    birth: str = "day"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with the animal at ``place`` (from 0)."""

    place: int
    field: str
    code: str
    params: Mapping[str, Any]

    def fault(self, of: int) -> Fault:
        alone = of == 1 or self.field == "day"  # one day is said for all of them
        return Fault(self.code, f"/{self.field}" if alone else f"/animals/{self.place}/{self.field}", self.params)


@dataclass(frozen=True)
class Found:
    """The animals with their numbers made plain; ``back`` are those known already that return from a sale."""

    arrivals: tuple[Newcomer, ...]
    back: Mapping[int, Animal] = field(default_factory=dict)
    faults: tuple[Wrong, ...] = ()


def coming_of(text: str) -> Coming:
    """The word for how animals are brought in; raises ``input.not_a_choice`` for the others."""
    if text not in (Coming.BIRTH, Coming.PURCHASE, Coming.RECORDED):
        raise invalid("input.invalid", faults=[Fault("input.not_a_choice", "/coming")])
    return Coming(text)


def check(work: Work, herd: Herd, coming: Coming, day: date, arrivals: Sequence[Newcomer]) -> Found:
    """Everything wrong with them, by animal; numbers are looked up in a few statements however many there are."""
    plain: list[Newcomer] = []
    faults: list[Wrong] = []
    for place, one in enumerate(arrivals):
        cleaned, wrong = _clean(place, one, herd, coming, day, work.today)
        plain.append(cleaned)
        faults.extend(wrong)
    faults.extend(_repeated(plain))
    back: dict[int, Animal] = {}
    for name, kind in NUMBERS.items():
        scope = "" if kind is IdKind.EAR_TAG else herd.enterprise_id
        held = _held(work, kind, scope, [getattr(one, name) for one in plain if getattr(one, name)])
        for place, one in enumerate(plain):
            animal = held.get(getattr(one, name))
            if animal is None:
                continue
            if kind is IdKind.EAR_TAG and coming is Coming.PURCHASE and _returns(animal, herd, day):
                back[place] = animal
            else:
                faults.append(Wrong(place, name, "animals.tag_taken", {"tag": getattr(one, name)}))
    return Found(tuple(plain), back, tuple(sorted(faults, key=lambda one: one.place)))


def add(
    work: Work, herd: Herd, coming: Coming, day: date, found: Found, *, note: str, import_id: str | None
) -> list[str]:
    """The animals and their numbers as rows; gives ids in the order of ``found``."""
    ids = [found.back[place].id if place in found.back else new_id() for place in range(len(found.arrivals))]
    fresh = [(ids[place], one) for place, one in enumerate(found.arrivals) if place not in found.back]
    for animal in found.back.values():
        its = (col(Animal.id) == animal.id, col(Animal.state) == State.SOLD.value)
        values = {"state": State.ALIVE.value, "state_on": day, "sold_to": None, "version": col(Animal.version) + 1}
        if work.session.exec(update(Animal).where(*its).values(**values)).rowcount != 1:
            raise conflict("animals.stale")
    fixed = {
        "species": herd.species,
        "origin": coming.value,
        "origin_note": note,
        "state": State.ALIVE.value,
        "state_on": day,
        "registered_at": work.now,
        "registered_by": work.actor.person_id or "",
        "import_id": import_id,
        "version": 1,
    }
    bulk(
        work,
        Animal,
        [
            {"id": at, "sex": one.sex, "breed": one.breed or herd.breed, "born_on": one.born_on, "birth": one.birth}
            | fixed
            for at, one in fresh
        ],
    )
    bulk(work, AnimalId, [row for at, one in fresh for row in _numbers(herd, at, one, day)])
    return ids


def bulk(work: Work, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Many rows of one table in one statement; ids are made where none is given."""
    if rows:
        work.session.flush()
        work.session.connection().execute(insert(model), [{"id": new_id(), **one} for one in rows])


def _numbers(herd: Herd, animal_id: str, one: Newcomer, day: date) -> Iterator[dict[str, Any]]:
    for name, kind in NUMBERS.items():
        if value := getattr(one, name):
            scope = "" if kind is IdKind.EAR_TAG else herd.enterprise_id
            row = {"animal_id": animal_id, "kind": kind.value, "scope": scope, "value": value, "since": day}
            yield row | {"current": kind.value}


def _clean(
    place: int, one: Newcomer, herd: Herd, coming: Coming, day: date, today: date
) -> tuple[Newcomer, list[Wrong]]:
    """The same with plain numbers, and what is wrong with it by itself."""
    wrong: list[Wrong] = []
    numbers = {}
    for name in NUMBERS:
        text = getattr(one, name)
        if not text:
            continue
        try:
            tag = name == "ear_tag"
            numbers[name] = clean_tag(text, Species(herd.species), one.born_on, today) if tag else clean_number(text)
        except AppError as error:
            wrong.append(Wrong(place, name, error.code, error.params))
    if not any(getattr(one, name) for name in NUMBERS):
        wrong.append(Wrong(place, "ear_tag", "animals.no_number", {}))
    born_on = one.born_on or (day if coming is Coming.BIRTH else None)
    try:
        check_days(born_on, day, today)
        check_begun(herd.since, herd.name, day)
    except AppError as error:
        wrong.append(Wrong(place, error.faults[0].pointer.lstrip("/"), error.code, error.params))
    if coming is Coming.BIRTH and one.born_on not in (None, day):
        wrong.append(Wrong(place, "born_on", "animals.born_another_day", {"day": day.isoformat()}))
    return replace(one, born_on=born_on, **numbers), wrong


def _repeated(arrivals: Sequence[Newcomer]) -> Iterator[Wrong]:
    for name in NUMBERS:
        first: dict[str, int] = {}
        for place, one in enumerate(arrivals):
            value = getattr(one, name)
            if value and first.setdefault(value, place) != place:
                yield Wrong(place, name, "animals.number_twice", {"tag": value})


def _held(work: Work, kind: IdKind, scope: str, values: Sequence[str]) -> dict[str, Animal]:
    found: dict[str, Animal] = {}
    for part in in_parts(values):
        statement = (
            select(AnimalId.value, Animal)
            .join(Animal, col(Animal.id) == col(AnimalId.animal_id))
            .where(AnimalId.kind == kind.value, AnimalId.scope == scope, col(AnimalId.value).in_(part))
        )
        found.update(dict(work.session.exec(statement).all()))
    return found


def _returns(animal: Animal, herd: Herd, day: date) -> bool:
    """Sold to this enterprise, or to somebody outside the registry."""
    to_us = animal.sold_to in (None, herd.enterprise_id)
    return animal.state == State.SOLD and to_us and animal.species == herd.species and animal.state_on <= day
