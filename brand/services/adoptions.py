"""Enterprises adopt editions of standards in batches, and come to trainings."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.standards import Adoption, Attendance, Enrolment, Standard, StandardEdition, Training
from brand.rules import adoptions as rules
from brand.rules.standards import EditionState


def open_enrolment(work: Work, *, edition_id: str, name: str, opens_on: date, closes_on: date) -> Enrolment:
    """A batch in which enterprises adopt a published edition.

    Raises ``adoptions.not_published``, ``adoptions.days``, ``adoptions.name_taken``.
    """
    work.actor.require("standards.write")
    edition = work.session.get(StandardEdition, edition_id)
    if edition is None:
        raise unknown()
    if edition.state != EditionState.PUBLISHED:
        raise invalid("adoptions.not_published", faults=[Fault("adoptions.not_published", "/edition_id")])
    rules.check_days(opens_on, closes_on)
    held = select(Enrolment.id).where(Enrolment.edition_id == edition_id, Enrolment.name == name)
    if work.session.exec(held).first():
        raise invalid("adoptions.name_taken", faults=[Fault("adoptions.name_taken", "/name")])
    enrolment = Enrolment(edition_id=edition_id, name=name, opens_on=opens_on, closes_on=closes_on, **_by(work))
    work.session.add(enrolment)
    work.session.flush()
    audit.record(work, "adoptions.open", "enrolment", enrolment.id, edition=edition_id, name=name)
    return enrolment


def adopt(work: Work, enrolment_id: str, *, enterprise_id: str) -> Adoption:
    """The enterprise works by the edition from today on; by its own people, its station, or the office.

    Raises ``adoptions.not_open``, ``adoptions.not_published`` (superseded meanwhile), ``adoptions.already``,
    ``adoptions.enterprise_not_confirmed``.
    """
    work.actor.require("standards.adopt", enterprise_id)
    statement = select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update()
    enrolment = work.session.exec(statement).first()
    enterprise = work.session.get(Enterprise, enterprise_id)
    if enrolment is None or enterprise is None:
        raise unknown()
    if enterprise.state != EnterpriseState.CONFIRMED:
        raise refused("adoptions.enterprise_not_confirmed", name=enterprise.name)
    rules.check_open(enrolment.opens_on, enrolment.closes_on, work.today)
    if work.session.get_one(StandardEdition, enrolment.edition_id).state != EditionState.PUBLISHED:
        raise refused("adoptions.not_published")
    held = select(Adoption.id).where(
        Adoption.edition_id == enrolment.edition_id, Adoption.enterprise_id == enterprise_id
    )
    if work.session.exec(held).first():
        raise conflict("adoptions.already", name=enterprise.name)
    adoption = Adoption(
        edition_id=enrolment.edition_id,
        enrolment_id=enrolment.id,
        enterprise_id=enterprise_id,
        adopted_on=work.today,
        **_by(work),
    )
    work.session.add(adoption)
    work.session.flush()
    audit.record(
        work, "adoptions.adopt", "adoption", adoption.id, enterprise_id=enterprise_id, edition=enrolment.edition_id
    )
    return adoption


def hold_training(work: Work, *, standard_id: str, title: str, held_on: date, place: str, trainer: str) -> Training:
    """A training meeting on a standard; raises ``trainings.in_future``: what has not happened has no attendance."""
    work.actor.require("standards.write")
    if work.session.get(Standard, standard_id) is None:
        raise unknown()
    if held_on > work.today:
        raise invalid("trainings.in_future", faults=[Fault("trainings.in_future", "/held_on")])
    training = Training(
        standard_id=standard_id, title=title, held_on=held_on, place=place, trainer=trainer, **_by(work)
    )
    work.session.add(training)
    work.session.flush()
    audit.record(work, "trainings.hold", "training", training.id, standard=standard_id)
    return training


def attend(work: Work, training_id: str, *, enterprise_id: str, people: int) -> None:
    """How many people of the enterprise came; said again it replaces what was said, and 0 strikes it out."""
    work.actor.require("standards.write")
    statement = select(Training).where(Training.id == training_id).with_for_update()
    if work.session.exec(statement).first() is None or work.session.get(Enterprise, enterprise_id) is None:
        raise unknown()
    found = work.session.exec(
        select(Attendance).where(Attendance.training_id == training_id, Attendance.enterprise_id == enterprise_id)
    ).first()
    before = found.people if found else 0
    if found is not None and people == 0:
        work.session.delete(found)
    elif found is not None:
        found.people, found.at, found.by = people, work.now, work.actor.person_id or ""
    elif people:
        made = Attendance(training_id=training_id, enterprise_id=enterprise_id, people=people, **_by(work))
        work.session.add(made)
    work.session.flush()
    audit.record(
        work, "trainings.attend", "training", training_id, enterprise_id=enterprise_id, before=before, people=people
    )


def _by(work: Work) -> dict[str, Any]:
    return {"at": work.now, "by": work.actor.person_id or ""}
