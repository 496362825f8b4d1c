"""Answers «may these animals go to slaughter on that day?», each with what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.errors import Fault
from trace.models.herds import Animal, Stay
from trace.queries import animals, herds
from trace.queries.animals import Shown
from trace.rules.animals import State
from trace.rules.withdrawal import Use, running


@dataclass(frozen=True)
class Answer:
    """For one day: the animals that may go and those that may not, with the reasons."""

    day: date
    open: tuple[Shown, ...]
    closed: tuple[tuple[Shown, tuple[Fault, ...]], ...]


def for_herd(session: Session, herd_id: str, numbers: str, day: date) -> Answer:
    """For the animals of a herd named by numbers or last digits (none: all of them); raises ``animals.named``."""
    ids = herds.named(session, herd_id, numbers)
    if not numbers.strip():
        ids = list(session.exec(select(Stay.animal_id).where(Stay.herd_id == herd_id, Stay.current == 1)))
    rows = [
        one for part in animals.in_parts(ids) for one in session.exec(select(Animal).where(col(Animal.id).in_(part)))
    ]
    shown = sorted(animals.shown(session, rows, day), key=lambda one: (one.name, one.animal.id))
    uses = animals.uses_of(session, ids)
    judged = [(one, tuple(against(one.animal, uses.get(one.animal.id, []), day))) for one in shown]
    return Answer(day, tuple(one for one, reasons in judged if not reasons), tuple(pair for pair in judged if pair[1]))


def against(animal: Animal, uses: list[Use], day: date) -> list[Fault]:
    """What stands against slaughtering the animal on that day."""
    found = []
    if animal.state != State.ALIVE:
        found.append(Fault(f"slaughter.not_alive.{animal.state}", "", {"day": animal.state_on.isoformat()}))
    found += [Fault("slaughter.in_withdrawal", "", animals.withdrawal_words("", use)) for use in running(uses, day)]
    return found
