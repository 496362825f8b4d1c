"""Holds carcasses against the animals their tags belong to, and marks those animals slaughtered.

An animal is slaughtered once: its state changes by one guarded statement in the transaction that makes the carcass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlmodel import col, select, update

from brand.kernel.clock import local_day
from brand.kernel.errors import Fault, conflict
from brand.kernel.work import Work
from brand.queries import schemes
from trace.models.batches import Carcass
from trace.models.herds import Animal, AnimalId, Herd, Stay
from trace.queries import animals as reads
from trace.queries.animals import in_parts
from trace.rules.animals import Known, Seen, State, contradictions
from trace.rules.withdrawal import running

#: The policy value that says whether tags nobody registered are refused (1) or taken as stated only (0).
POLICY = "linked_animals_only"


class Line(Protocol):
    """What of a carcass's line is held against the animal."""

    @property
    def row(self) -> int: ...
    @property
    def ear_tag(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def breed(self) -> str: ...
    @property
    def age_months(self) -> int: ...
    @property
    def slaughtered_at(self) -> Any: ...


@dataclass(frozen=True)
class Links:
    """Which animal each tag is; tags nobody registered are absent. ``faults`` are (row, field, fault)."""

    animals: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[tuple[int, Fault], ...] = ()


def link(work: Work, producer_id: str, product_id: str, lines: Sequence[Line]) -> Links:
    """The animals behind the tags, and everything that stands against slaughtering them as that producer's."""
    known = reads.tags_with(work.session, [one.ear_tag for one in lines])
    ids = [animal.id for _, animal in known.values()]
    stays, uses = reads.stays_of(work.session, ids), reads.uses_of(work.session, ids)
    only_linked = _only_linked(work, product_id)
    faults: list[tuple[int, Fault]] = []
    for line in lines:
        if line.ear_tag not in known:
            if only_linked:
                faults.append((line.row, Fault("slaughter.unknown_tag", "/ear_tag", {"tag": line.ear_tag})))
            continue
        tag, animal = known[line.ear_tag]
        day = local_day(line.slaughtered_at)
        found = [
            *_of_tag(tag, day),
            *_of_animal(animal, line, day),
            *_of_herd(producer_id, stays.get(animal.id, []), animal, day),
            *_of_care(uses.get(animal.id, []), day),
        ]
        faults.extend((line.row, Fault(one.code, one.pointer, {**one.params, "tag": line.ear_tag})) for one in found)
    return Links({tag: animal.id for tag, (_, animal) in known.items()}, tuple(faults))


def mark(work: Work, links: Links, day: date, event_id: str) -> None:
    """The linked animals are slaughtered; raises ``slaughter.stale`` when one of them was not alive any more."""
    ids = list(links.animals.values())
    changed = ended = 0
    for part in in_parts(ids):
        alive = (col(Animal.id).in_(part), col(Animal.state) == State.ALIVE.value)
        values = {"state": State.SLAUGHTERED.value, "state_on": day, "version": col(Animal.version) + 1}
        changed += work.session.exec(update(Animal).where(*alive).values(**values)).rowcount
        here = (col(Stay.animal_id).in_(part), col(Stay.current) == 1)
        left = {"until": day, "current": None, "left": "slaughter", "left_event_id": event_id}
        ended += work.session.exec(update(Stay).where(*here).values(**left)).rowcount
    if changed != len(ids) or ended != len(ids):
        raise conflict("slaughter.stale")


def unmark(work: Work, batch_id: str) -> None:
    """The animals of a batch that was taken back live again in the herd they stood in.

    Raises ``slaughter.stale`` when one of them is not as the slaughter left it.
    """
    ids = work.session.exec(select(Carcass.animal_id).where(Carcass.batch_id == batch_id)).all()
    animals = [one for one in ids if one]
    changed = stays = 0
    for part in in_parts(animals):
        came = select(col(Stay.since)).where(
            col(Stay.animal_id) == col(Animal.id), Stay.left == "slaughter", col(Stay.current).is_(None)
        )
        dead = (col(Animal.id).in_(part), col(Animal.state) == State.SLAUGHTERED.value)
        alive = {
            "state": State.ALIVE.value,
            "state_on": came.scalar_subquery(),
            "version": col(Animal.version) + 1,
        }
        changed += work.session.exec(update(Animal).where(*dead).values(**alive)).rowcount
        left = (col(Stay.animal_id).in_(part), col(Stay.left) == "slaughter")
        here = {"until": None, "current": 1, "left": None, "left_event_id": None}
        stays += work.session.exec(update(Stay).where(*left).values(**here)).rowcount
    if changed != len(animals) or stays != len(animals):
        raise conflict("slaughter.stale")


def _only_linked(work: Work, product_id: str) -> bool:
    found = schemes.policy_of_product(work.session, product_id, POLICY, work.today)
    return found is not None and found.value == 1


def _of_tag(tag: AnimalId, day: date) -> Iterator[Fault]:
    if tag.until is not None:
        yield Fault("slaughter.tag_replaced", "/ear_tag", {"until": tag.until.isoformat()})
    elif tag.since > day:
        yield Fault("slaughter.tag_later", "/ear_tag", {"since": tag.since.isoformat()})


def _of_animal(animal: Animal, line: Line, day: date) -> Iterator[Fault]:
    known = Known(State(animal.state), animal.state_on, animal.sex, animal.breed, animal.born_on, animal.birth)
    return contradictions(known, Seen(day, line.sex, line.breed, line.age_months))


def _of_herd(producer_id: str, stays: Sequence[tuple[Stay, Herd]], animal: Animal, day: date) -> Iterator[Fault]:
    """In the producer's herd on the day; whose else it is stays untold. Of what is not alive no more is asked."""
    if animal.state != State.ALIVE:
        return
    home = next((herd for stay, herd in stays if stay.current), None)
    came = next((stay.since for stay, _ in stays if stay.current), None)
    if home is None or home.enterprise_id != producer_id:
        yield Fault("slaughter.not_in_herd", "/ear_tag", {})
    elif came is not None and came > day:
        yield Fault("slaughter.came_later", "/ear_tag", {"since": came.isoformat()})


def _of_care(uses: Sequence[Any], day: date) -> Iterator[Fault]:
    for use in running(uses, day)[:1]:
        yield Fault("slaughter.in_withdrawal", "/ear_tag", reads.withdrawal_words("", use))
