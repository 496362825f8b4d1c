"""Reads who adopted which edition in which batch, who came to which training, and what a licence still waits for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.standards import Adoption, Attendance, Enrolment, Standard, StandardEdition, Training
from brand.queries import standards
from brand.queries.lookups import by_id


@dataclass(frozen=True)
class EnrolmentRow:
    """One batch with the adoptions this person may see; ``open_to`` are enterprises it could still adopt for."""

    enrolment: Enrolment
    standard: Standard
    edition: StandardEdition
    adoptions: Sequence[tuple[Adoption, Enterprise]]
    total: int
    running: bool
    open_to: Sequence[Enterprise]


@dataclass(frozen=True)
class TrainingRow:
    """One training with the attendances this person may see; ``people`` counts everybody who came."""

    training: Training
    standard: Standard
    attendances: Sequence[tuple[Attendance, Enterprise]]
    enterprises: int
    people: int


def enrolments(session: Session, actor: Actor, today: date) -> list[EnrolmentRow]:
    """Every batch, the latest first; other enterprises' adoptions are counted and not named to an enterprise."""
    statement = (
        select(Enrolment, StandardEdition, Standard)
        .join(StandardEdition, col(StandardEdition.id) == col(Enrolment.edition_id))
        .join(Standard, col(Standard.id) == col(StandardEdition.standard_id))
        .order_by(col(Enrolment.opens_on).desc(), col(Enrolment.at).desc())
    )
    found = session.exec(statement).all()
    held: dict[str, list[Adoption]] = defaultdict(list)
    for one in session.exec(select(Adoption).order_by(col(Adoption.adopted_on), col(Adoption.at))):
        held[one.edition_id].append(one)
    own = adopters(session, actor)
    return [_row(session, actor, today, held[edition.id], own, *row) for row in found if (edition := row[1])]


def _row(
    session: Session,
    actor: Actor,
    today: date,
    held: Sequence[Adoption],
    own: Sequence[Enterprise],
    enrolment: Enrolment,
    edition: StandardEdition,
    standard: Standard,
) -> EnrolmentRow:
    inside = [one for one in held if one.enrolment_id == enrolment.id]
    seen = [one for one in inside if _sees(actor, one.enterprise_id)]
    names = by_id(session, Enterprise, (one.enterprise_id for one in seen))
    running = enrolment.opens_on <= today <= enrolment.closes_on and edition.state == "published"
    have = {one.enterprise_id for one in held}
    waiting = [one for one in own if one.id not in have] if running else []
    shown = [(one, names[one.enterprise_id]) for one in seen]
    return EnrolmentRow(enrolment, standard, edition, shown, len(inside), running, waiting)


def _sees(actor: Actor, enterprise_id: str) -> bool:
    return actor.may("standards.read") or actor.may("standards.adopt", enterprise_id)


def adopters(session: Session, actor: Actor) -> list[Enterprise]:
    """Confirmed enterprises this person may adopt for."""
    reach = actor.reach("standards.adopt")
    statement = select(Enterprise).where(Enterprise.state == EnterpriseState.CONFIRMED).order_by(Enterprise.name)
    return list(session.exec(statement if reach is None else statement.where(col(Enterprise.id).in_(reach))))


def trainings(session: Session, actor: Actor) -> list[TrainingRow]:
    """Every training, the latest first."""
    statement = (
        select(Training, Standard)
        .join(Standard, col(Standard.id) == col(Training.standard_id))
        .order_by(col(Training.held_on).desc(), col(Training.at).desc())
    )
    return [_training(session, actor, *row) for row in session.exec(statement)]


def training(session: Session, actor: Actor, training_id: str) -> TrainingRow:
    """One training; raises ``access.unknown``."""
    found = session.get(Training, training_id)
    if found is None:
        raise unknown()
    return _training(session, actor, found, session.get_one(Standard, found.standard_id))


def _training(session: Session, actor: Actor, one: Training, standard: Standard) -> TrainingRow:
    statement = (
        select(Attendance, Enterprise)
        .join(Enterprise, col(Enterprise.id) == col(Attendance.enterprise_id))
        .where(Attendance.training_id == one.id)
        .order_by(Enterprise.name)
    )
    came = session.exec(statement).all()
    seen = [(each, enterprise) for each, enterprise in came if _sees(actor, enterprise.id)]
    return TrainingRow(one, standard, seen, len(came), sum(each.people for each, _ in came))


def missing(
    session: Session, *, enterprise_id: str, code: str, today: date, adoption: int, trainings: int
) -> dict[str, Any]:
    """What the guards of ``rules/adoptions.py`` look at.

    ``code`` is the standard the product cites; ``adoption`` (0 or 1) and ``trainings`` are what the scheme asks for.
    A product that cites no published standard has nothing to adopt.
    """
    found = standards.in_force(session, code, today)
    if found is None:
        return {"adoption_missing": "", "training_missing": 0}
    held = select(Adoption.id).where(Adoption.edition_id == found.edition.id, Adoption.enterprise_id == enterprise_id)
    came = (
        select(func.count())
        .select_from(Attendance)
        .join(Training, col(Training.id) == col(Attendance.training_id))
        .where(Training.standard_id == found.standard.id, Attendance.enterprise_id == enterprise_id)
    )
    adopted = not adoption or session.exec(held).first() is not None
    attended = session.exec(came).one() if trainings else 0
    return {
        "adoption_missing": "" if adopted else f"{code} ({found.edition.label})",
        "training_missing": max(0, trainings - attended),
    }
