"""Adoption in batches and training attendance, and what a licence may ask of both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.ids import new_id
from brand.kernel.work import Work
from brand.models.licences import Application
from brand.models.schemes import PolicyValue
from brand.models.standards import Adoption, Attendance, Enrolment, Standard, StandardEdition, Training
from brand.queries import adoptions as reads
from brand.services import adoptions, standards
from tests import make
from tests.people import APPROVER, AUDITOR, CLERK, PRODUCER, RIVAL, PersonOfTheCast


def _by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def _edition(session: Session) -> StandardEdition:
    if session.exec(select(Standard)).first() is None:
        make.a_scheme(make.work(session))
    return session.exec(select(StandardEdition)).one()


def _enrolment(session: Session, *, days: int = 10) -> Enrolment:
    today = make.work(session).today
    return adoptions.open_enrolment(
        _by(session, CLERK),
        edition_id=_edition(session).id,
        name="示范第一批",
        opens_on=today - timedelta(days=20),
        closes_on=today + timedelta(days=days),
    )


def _training(session: Session) -> Training:
    standard = session.get_one(Standard, _edition(session).standard_id)
    return adoptions.hold_training(
        _by(session, CLERK),
        standard_id=standard.id,
        title="示范培训",
        held_on=date(2026, 9, 1),
        place="示范会议室",
        trainer="示范讲师",
    )


@pytest.mark.parametrize("person", [PRODUCER, CLERK], ids=lambda one: one.username)
def test_own_people_and_the_office_adopt(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        batch = _enrolment(session)
        made = adoptions.adopt(_by(session, person), batch.id, enterprise_id="cooperative")
        assert made.adopted_on == make.work(session).today
        with pytest.raises(AppError, match=r"adoptions\.already"):
            adoptions.adopt(_by(session, PRODUCER), batch.id, enterprise_id="cooperative")


def test_who_may_not(database: Database) -> None:
    with database.writing() as session:
        batch = _enrolment(session)
        for person in (RIVAL, APPROVER, AUDITOR):
            with pytest.raises(AppError, match=r"access\.unknown"):
                adoptions.adopt(_by(session, person), batch.id, enterprise_id="cooperative")
        with pytest.raises(AppError, match=r"access\.unknown"):
            adoptions.adopt(_by(session, PRODUCER), "0" * 20, enterprise_id="cooperative")
        with pytest.raises(AppError, match=r"access\.unknown"):
            adoptions.open_enrolment(
                _by(session, PRODUCER), edition_id=batch.edition_id, name="x", opens_on=date.min, closes_on=date.max
            )
        assert session.exec(select(Adoption)).all() == []


def test_days_names_and_states_of_a_batch(database: Database) -> None:
    with database.writing() as session:
        batch = _enrolment(session, days=-1)
        with pytest.raises(AppError, match=r"adoptions\.not_open"):
            adoptions.adopt(_by(session, PRODUCER), batch.id, enterprise_id="cooperative")
        with pytest.raises(AppError, match=r"adoptions\.name_taken"):
            _enrolment(session)
        edition = standards.draft(_by(session, CLERK), code="示范 URAD-1", label="1")
        with pytest.raises(AppError, match=r"adoptions\.not_published"):
            adoptions.open_enrolment(
                _by(session, CLERK), edition_id=edition.id, name="x", opens_on=date.min, closes_on=date.max
            )
        with pytest.raises(AppError, match=r"adoptions\.days"):
            adoptions.open_enrolment(
                _by(session, CLERK), edition_id=batch.edition_id, name="x", opens_on=date.max, closes_on=date.min
            )


def test_an_adoption_is_never_taken_back_in_silence(database: Database) -> None:
    with database.writing() as session:
        batch = _enrolment(session)
        adoptions.adopt(_by(session, PRODUCER), batch.id, enterprise_id="cooperative")
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "adoptions.adopt")).one()
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text("DELETE FROM adoptions"))


def test_attendance_is_counted_mended_and_struck_out(database: Database) -> None:
    with database.writing() as session:
        training, clerk = _training(session), _by(session, CLERK)
        for people in (12, 11):
            adoptions.attend(clerk, training.id, enterprise_id="cooperative", people=people)
        adoptions.attend(clerk, training.id, enterprise_id="rival", people=2)
        adoptions.attend(clerk, training.id, enterprise_id="rival", people=0)
        assert [(one.enterprise_id, one.people) for one in session.exec(select(Attendance))] == [("cooperative", 11)]
        seen = reads.trainings(session, make.actor(session, RIVAL))[0]
        assert (seen.people, seen.attendances) == (11, []), "others are counted, not named"
        for enterprise, training_id in (("nobody", training.id), ("cooperative", "0" * 20)):
            with pytest.raises(AppError, match=r"access\.unknown"):
                adoptions.attend(clerk, training_id, enterprise_id=enterprise, people=1)
        with pytest.raises(AppError, match=r"trainings\.in_future"):
            adoptions.hold_training(
                clerk,
                standard_id=training.standard_id,
                title="x",
                held_on=clerk.today + timedelta(days=1),
                place="x",
                trainer="x",
            )


def _ask(session: Session, *, on: date, **values: int) -> None:
    """A newer edition of each policy value from a day; the office makes one through a change with two persons."""
    for name, value in values.items():
        key = {"adoption": "standard_adoption_required", "trainings": "standard_trainings_required"}[name]
        known = select(PolicyValue).where(PolicyValue.key == key).order_by(col(PolicyValue.edition).desc())
        before = session.exec(known).first()
        assert before is not None
        newer = before.model_dump() | {"id": new_id(), "value": value, "edition": before.edition + 1, "valid_from": on}
        session.add(PolicyValue(**newer))
    session.flush()


def _step(session: Session, application_id: str, action: str, person: PersonOfTheCast, *, days: int = 0) -> None:
    application = session.get_one(Application, application_id)
    make.step(make.work(session, now=make.MONDAY + timedelta(days=days)), application, action, person)


def test_a_licence_may_rest_on_adoption_and_training(database: Database) -> None:
    """It must be there before the notice; what the scheme asks for since then is for later applications."""
    today = make.MONDAY.date()
    with database.writing() as session:
        application = make.an_application(make.work(session))
        _ask(session, on=today, adoption=1, trainings=1)
        for action, person in (("submit", PRODUCER), ("start_review", CLERK)):
            _step(session, application.id, action, person)
        make.reviewed(make.work(session), application)
        application_id = application.id
    for code in ("applications.adoption_missing", "applications.training_missing"):
        with pytest.raises(AppError) as caught, database.writing() as session:
            _step(session, application_id, "publish_notice", CLERK)
        assert caught.value.code == code
        with database.writing() as session:
            if code == "applications.adoption_missing":
                batch = _enrolment(session)
                adoptions.adopt(_by(session, PRODUCER), batch.id, enterprise_id="cooperative")
            else:
                training = _training(session)
                adoptions.attend(_by(session, CLERK), training.id, enterprise_id="cooperative", people=3)
    with database.writing() as session:
        _step(session, application_id, "publish_notice", CLERK)
        _ask(session, on=today + timedelta(days=1), adoption=1, trainings=5)
    with database.writing() as session:
        _step(session, application_id, "grant", APPROVER, days=20)
        assert session.get_one(Application, application_id).state == "granted"


def test_what_the_scheme_does_not_ask_for_is_not_missed(database: Database) -> None:
    with database.writing() as session:
        make.a_licence(make.work(session))
        nothing = {"adoption_missing": "", "training_missing": 0}
        asked = {"enterprise_id": "cooperative", "today": date(2026, 9, 14), "adoption": 1, "trainings": 1}
        assert reads.missing(session, code="", **asked) == nothing, "a product without a standard"
        assert reads.missing(session, code="NY/T 630-2002", **asked) != nothing
        assert reads.missing(session, code="NY/T 630-2002", **(asked | {"adoption": 0, "trainings": 0})) == nothing
