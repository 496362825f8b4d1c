"""Appeals: each kind of decision, once, in time, answered by fresh eyes, and the new decision a change calls for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.appeals import Appeal, AppealFile
from brand.models.enterprises import Enterprise
from brand.models.inspections import Inspection, InspectionStep
from brand.models.licences import Application, ApplicationStep, Licence, LicenceStep
from brand.models.schemes import PolicyValue
from brand.queries import appeals as reading
from brand.queries import applications as reading_applications
from brand.queries import inspections as reading_inspections
from brand.queries import licences as reading_licences
from brand.queries import merges, notices, open_data, register
from brand.queries.terms import Terms
from brand.services import appeals, applications, inspections, licences
from tests import make
from tests.people import ABATTOIR, ADMIN, APPROVER, CAST, CLERK, DEPUTY, INSPECTOR, PRODUCER, RIVAL, STATION
from tests.people import PersonOfTheCast as Person

TODAY = date(2026, 9, 14)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        make.joins(opened, DEPUTY)
        yield opened


def by(session: Session, person: Person, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


def code(act: Callable[..., Any], *args: Any, **words: Any) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)
    return refusal.value.code


def refused(session: Session) -> tuple[Application, str]:
    """A refused application of the cooperative's and the id of the step that refused it, on Monday 14 September."""
    application = make.an_application(make.work(session))
    make.step(make.work(session), application, "submit", PRODUCER)
    make.step(make.work(session), application, "start_review", CLERK)
    make.reviewed(make.work(session), application)
    make.step(make.work(session), application, "refuse", APPROVER, reason_code="refusal.origin", comment="示范")
    statement = select(ApplicationStep.id).where(
        ApplicationStep.application_id == application.id, ApplicationStep.action == "refuse"
    )
    return application, session.exec(statement).one()


def sanctioned(session: Session, action: str, licence: Licence | None = None) -> tuple[Licence, str]:
    held = licence or make.a_licence(make.work(session))
    said = {"reason_code": "sanction.accident", "comment": "示范"}
    licences.step(by(session, APPROVER), held.id, action, version=held.version, **said)
    statement = select(LicenceStep.id).where(LicenceStep.licence_id == held.id, LicenceStep.action == action)
    return held, session.exec(statement).one()


def ordered(session: Session, severity: str = "serious") -> tuple[Inspection, str]:
    """An order to put something right, told by the inspector; «minor» is advice."""
    licence = make.a_licence(make.work(session))
    by_day = {"rectify_by": date(2026, 10, 14)} if severity == "serious" else {}
    found = inspections.record(
        by(session, INSPECTOR),
        licence.id,
        kind="visit",
        visited_on=TODAY,
        severity=severity,
        reason_code="sanction.standard",
        words="示范",
        **by_day,
    )
    inspections.step(by(session, INSPECTOR), found.id, "tell", version=1, comment="示范")
    return found, session.exec(select(InspectionStep.id).where(InspectionStep.inspection_id == found.id)).one()


def filed(session: Session, decision_id: str, person: Person = PRODUCER, days: int = 1, **words: Any) -> Appeal:
    return appeals.file(by(session, person, days), decision_id, **{"words": "示范申诉", **words})


def answered(session: Session, appeal: Appeal, action: str, person: Person = DEPUTY, days: int = 2) -> Appeal:
    return appeals.step(by(session, person, days), appeal.id, action, version=appeal.version, answer="示范答复")


def test_a_refusal_is_appealed_and_upheld(session: Session) -> None:
    application, decision = refused(session)
    appeal = filed(session, decision, uploads=[make.a_paper("产地证明")])
    # Ten working days after 15 September 2026: Sunday 20 is worked, 25 September is off.
    assert (appeal.number, appeal.kind, appeal.answer_due) == ("S2026-0001", "refusal", date(2026, 9, 29))
    shown = reading.find(session, make.actor(session, PRODUCER), appeal.id)
    assert [one.name for one in shown.files] == ["产地证明.pdf"]
    answered(session, appeal, "uphold")
    shown = reading.find(session, make.actor(session, PRODUCER), appeal.id)
    assert (shown.appeal.state, shown.appeal.answer, shown.to_carry_out) == ("upheld", "示范答复", False)
    trail = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == appeal.id)).all()
    assert sorted(trail) == ["appeals.file", "appeals.uphold"]
    version = application.version
    assert code(applications.step, by(session, CLERK, 3), application.id, "reconsider", version=version) == (
        "appeals.not_changed"
    )


def test_a_changed_refusal_is_decided_anew_by_somebody_else(session: Session) -> None:
    application, decision = refused(session)
    appeal = answered(session, filed(session, decision), "change")
    assert reading.find(session, make.actor(session, CLERK), appeal.id).to_carry_out
    assert application.state == "refused"
    make.step(make.work(session), application, "reconsider", CLERK)
    assert (application.state, reading.find(session, make.actor(session, CLERK), appeal.id).to_carry_out) == (
        "under_review",
        False,
    )
    again = {"version": application.version, "reason_code": "refusal.origin", "comment": "示范"}
    assert code(applications.step, by(session, APPROVER, 3), application.id, "refuse", **again) == (
        "applications.four_eyes"
    )
    applications.step(by(session, DEPUTY, 3), application.id, "refuse", **again)
    # The second refusal is a decision of its own: the old answer opens nothing, a new appeal may be sent.
    assert code(applications.step, by(session, CLERK), application.id, "reconsider", version=application.version) == (
        "appeals.not_changed"
    )
    lines = reading.of_application(session, make.actor(session, PRODUCER), application, TODAY + timedelta(days=3))
    assert [(one.appeal is None, one.file_by is None) for one in lines] == [(True, False), (False, True)]


def test_it_is_not_taken_up_beside_a_new_application(session: Session) -> None:
    application, decision = refused(session)
    answered(session, filed(session, decision), "change")
    make.an_application(make.work(session))
    assert code(applications.step, by(session, CLERK), application.id, "reconsider", version=application.version) == (
        "applications.already_open"
    )


def test_a_changed_suspension_is_lifted_by_reinstating(session: Session) -> None:
    licence, decision = sanctioned(session, "suspend")
    appeal = answered(session, filed(session, decision), "change")
    assert licence.state == "suspended"
    assert reading.find(session, make.actor(session, APPROVER), appeal.id).to_carry_out
    licences.step(by(session, APPROVER, 3), licence.id, "reinstate", version=licence.version, comment="申诉成立")
    assert not reading.find(session, make.actor(session, APPROVER), appeal.id).to_carry_out


def test_a_changed_revocation_gives_the_licence_back_and_ends_the_ban(session: Session) -> None:
    licence, decision = sanctioned(session, "revoke")
    actor = make.actor(session, APPROVER)
    scheme_id = session.exec(select(PolicyValue.scheme_id)).first()
    assert scheme_id is not None
    assert reading_licences.revoked_on(session, "cooperative", scheme_id) == TODAY
    entry = reading_licences.find(session, actor, licence.number, TODAY)
    assert reading_licences.steps_open_to(session, entry, actor, TODAY) == []
    back = {"comment": "申诉成立"}
    version = licence.version
    assert code(licences.step, by(session, APPROVER), licence.id, "reinstate", version=version, **back) == (
        "appeals.not_changed"
    )
    answered(session, filed(session, decision), "change")
    licences.step(by(session, APPROVER, 3), licence.id, "reinstate", version=version, **back)
    assert reading_licences.status_on(session, licence, TODAY + timedelta(days=3)).value == "valid"
    assert reading_licences.status_on(session, licence, TODAY).value == "revoked"
    assert reading_licences.revoked_on(session, "cooperative", scheme_id) is None


def test_a_changed_order_is_lifted_and_never_counts_as_a_repeat(session: Session) -> None:
    found, decision = ordered(session)
    appeal = answered(session, filed(session, decision), "change")
    assert reading_inspections.earlier(session, "cooperative", "sanction.standard") == 1
    assert code(inspections.step, by(session, CLERK), found.id, "lift", version=found.version, comment="x") == (
        "access.unknown"
    )
    inspections.step(by(session, APPROVER), found.id, "lift", version=found.version, comment="申诉成立")
    assert (found.state, reading_inspections.earlier(session, "cooperative", "sanction.standard")) == ("lifted", 0)
    assert not reading.find(session, make.actor(session, PRODUCER), appeal.id).to_carry_out


def test_what_is_no_decision_against_the_party_cannot_be_appealed(session: Session) -> None:
    _, advice = ordered(session, "minor")
    assert code(filed, session, advice) == "access.unknown"
    licence = session.exec(select(Licence)).one()
    sanctioned(session, "suspend", licence)
    licences.step(by(session, APPROVER), licence.id, "reinstate", version=licence.version, comment="示范")
    lifted = session.exec(select(LicenceStep.id).where(LicenceStep.action == "reinstate")).one()
    granted = session.exec(select(ApplicationStep.id).where(ApplicationStep.action == "grant")).one()
    for one in (lifted, granted, licence.id, "0" * 20, ""):
        assert code(filed, session, one) == "access.unknown"


def test_the_term_and_its_last_day(session: Session) -> None:
    _, decision = refused(session)
    # Ten working days after Monday 14 September 2026 end on the 28th; see the make-up Sunday and the day off.
    assert code(filed, session, decision, days=15) == "appeals.too_late"
    with pytest.raises(AppError) as refusal:
        filed(session, decision, days=15)
    assert refusal.value.params == {"day": "2026-09-28", "days": 10}
    assert reading.open_to(session, make.actor(session, PRODUCER), date(2026, 9, 29)) == []
    assert len(reading.open_to(session, make.actor(session, PRODUCER), date(2026, 9, 28))) == 1
    assert filed(session, decision, days=14).state == "filed"


def test_the_term_is_that_of_the_day_of_the_decision(session: Session) -> None:
    _, decision = refused(session)
    now = session.exec(select(PolicyValue).where(PolicyValue.key == "appeal_working_days")).one()
    shorter = now.model_dump(exclude={"id"}) | {"value": 1, "edition": 2, "valid_from": date(2026, 9, 15)}
    session.add(PolicyValue(**shorter))
    session.flush()
    assert filed(session, decision, days=10).state == "filed"


def test_once_and_not_empty(session: Session) -> None:
    _, decision = refused(session)
    assert code(filed, session, decision, words=" \n") == "appeals.words_missing"
    filed(session, decision)
    assert code(filed, session, decision) == "appeals.twice"
    assert code(filed, session, decision, person=STATION) == "appeals.twice"


@pytest.mark.parametrize("person", CAST, ids=lambda one: one.username)
def test_only_the_party_and_its_agent_appeal(session: Session, person: Person) -> None:
    _, decision = refused(session)
    if person in (PRODUCER, STATION):
        appeal = filed(session, decision, person=person)
        entry = session.exec(select(AuditEntry).where(AuditEntry.object_id == appeal.id)).one()
        assert entry.on_behalf_of == ("cooperative" if person is STATION else None)
    else:
        assert code(filed, session, decision, person=person) == "access.unknown"


def test_a_stale_page_and_an_empty_answer(session: Session) -> None:
    appeal = filed(session, refused(session)[1])
    doing = by(session, DEPUTY)
    assert code(appeals.step, doing, appeal.id, "uphold", version=7, answer="x") == "appeals.stale"
    with pytest.raises(AppError, match=r"appeals\.answer_missing"), session.begin_nested():
        appeals.step(doing, appeal.id, "uphold", version=1, answer=" ")
    assert code(appeals.step, doing, "0" * 20, "uphold", version=1, answer="x") == "access.unknown"


def test_whoever_had_a_hand_does_not_answer(session: Session) -> None:
    """The one who told the party, the one who recorded an open finding, and the one who sent the appeal."""
    found, _ = ordered(session)
    licence = session.get_one(Licence, found.licence_id)
    _, suspension = sanctioned(session, "suspend", licence)
    decided = reading.decision(session, suspension)
    assert decided is not None
    assert reading.hands(session, decided) == {"approver", "inspector"}
    filed(session, suspension)
    assert reading.hands(session, decided) == {"approver", "inspector", "producer"}
    # A finding that was closed before has nothing to do with what was decided later.
    inspections.step(by(session, DEPUTY), found.id, "accept", version=found.version, comment="示范")
    licences.step(by(session, APPROVER, 1), licence.id, "revoke", version=licence.version,
                  reason_code="sanction.forgery", comment="示范")  # fmt: skip
    revocation = session.exec(select(LicenceStep.id).where(LicenceStep.action == "revoke")).one()
    later = reading.decision(session, revocation)
    assert later is not None
    assert reading.hands(session, later) == {"approver"}


def test_persons_are_compared_and_not_accounts(session: Session) -> None:
    _, decision = refused(session)
    appeal = filed(session, decision)
    from dataclasses import replace

    twin = replace(make.actor(session, DEPUTY), person_id="approver")
    doing = make.work(session, twin, make.MONDAY)
    assert code(appeals.step, doing, appeal.id, "change", version=1, answer="x") == "appeals.four_eyes"


def test_the_desks(session: Session) -> None:
    def topics(person: Person) -> list[tuple[str, date | None]]:
        return [(one.topic, one.due) for one in reading.waiting(session, make.actor(session, person))]

    _, decision = refused(session)
    appeal = filed(session, decision)
    assert topics(DEPUTY) == [("desk.appeal_to_answer", date(2026, 9, 29))]
    assert [topics(one) for one in (APPROVER, CLERK, PRODUCER, RIVAL, ADMIN)] == [[]] * 5
    answered(session, appeal, "change")
    # Answered on 16 September: Sunday 20 is worked, so the fifth working day is Tuesday 22.
    assert (topics(DEPUTY), topics(CLERK), topics(INSPECTOR)) == (
        [],
        [("desk.appeal_to_carry_out", date(2026, 9, 22))],
        [],
    )


def test_others_neither_read_nor_save(session: Session) -> None:
    appeal = filed(session, refused(session)[1], uploads=[make.a_paper("证明")])
    paper = session.exec(select(AppealFile)).one()
    for person in (RIVAL, ABATTOIR):
        actor = make.actor(session, person)
        assert code(reading.find, session, actor, appeal.id) == "access.unknown"
        assert code(reading.file, session, actor, appeal.id, paper.id) == "access.unknown"
        assert reading.listing(session, actor).total == 0
    mine = make.actor(session, PRODUCER)
    assert reading.file(session, mine, appeal.id, paper.id).digest == paper.digest
    assert code(reading.file, session, mine, appeal.id, "0" * 20) == "access.unknown"
    assert reading.listing(session, mine, state="filed").total == 1


def test_the_public_reads_pending_and_answered_and_no_word(session: Session) -> None:
    licence, decision = sanctioned(session, "suspend")
    assert register.entry(session, licence.number, TODAY).sanctions[0][1] == ""
    appeal = filed(session, decision)
    assert register.entry(session, licence.number, TODAY).sanctions[0][1] == "pending"
    assert [one["appeal"] for one in open_data.files(session, TODAY)["sanctions"]] == ["pending"]
    answered(session, appeal, "change")
    assert register.entry(session, licence.number, TODAY).sanctions[0][1] == "answered"


def test_a_notice_says_that_the_refusal_is_appealed(session: Session) -> None:
    application = make.on_notice(make.work(session, now=make.MONDAY - timedelta(days=20)))
    make.step(make.work(session), application, "refuse", APPROVER, reason_code="refusal.origin", comment="示范")
    decision = session.exec(select(ApplicationStep.id).where(ApplicationStep.action == "refuse")).one()
    number = notices.board(session, TODAY).rows[0].notice.number
    assert notices.notice(session, number, TODAY).appeal == ""
    filed(session, decision)
    assert notices.notice(session, number, TODAY).appeal == "pending"


def test_a_duplicate_with_an_unanswered_appeal_is_not_merged_away(session: Session) -> None:
    appeal = filed(session, refused(session)[1])
    assert merges.running(session, "cooperative", TODAY) == appeal.number
    answered(session, appeal, "uphold")
    assert merges.running(session, "cooperative", TODAY) == ""


def test_a_suspended_enterprise_may_still_appeal(session: Session) -> None:
    """Whoever is cut off must be heard, of all parties."""
    _, decision = refused(session)
    session.get_one(Enterprise, "cooperative").state = "suspended"
    session.flush()
    assert filed(session, decision).state == "filed"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE appeals SET state = 'upheld'",
        "UPDATE appeals SET state = 'upheld', answered_by = 'approver'",
        "UPDATE appeals SET state = 'upheld', answered_by = 'producer'",
        "UPDATE appeals SET licence_id = (SELECT max(id) FROM licences), application_id = NULL, answered_by = 'clerk'",
        "UPDATE appeals SET application_id = NULL",
        "DELETE FROM appeal_files",
        "UPDATE appeal_files SET name = 'x'",
    ],
)
def test_the_database_itself_refuses(database: Database, change: str) -> None:
    with database.writing() as session:
        filed(session, refused(session)[1], uploads=[make.a_paper("证明")])
    with pytest.raises(DBAPIError), database.writing() as session:
        session.connection().execute(text(change))


def test_applications_say_whose_turn_it_is_after_a_change(session: Session) -> None:
    from brand.rules import whose_turn

    application, decision = refused(session)
    answered(session, filed(session, decision), "change")
    known = reading_applications.facts(session, application, "", TODAY)
    assert whose_turn.turn("refused", known).key == "reconsider"
    turn = Terms(session).turn(application, known)
    assert (turn.due, turn.policy) == (date(2026, 9, 22), "appeal_carry_out_working_days")
    make.step(make.work(session, now=make.MONDAY + timedelta(days=4)), application, "reconsider", CLERK)
    known = reading_applications.facts(session, application, "", TODAY)
    # Taken up again on 18 September, it lies with the office for a desk's ten working days, over the holidays.
    assert (Terms(session).turn(application, known).key, Terms(session).turn(application, known).due) == (
        "publish",
        date(2026, 10, 9),
    )
