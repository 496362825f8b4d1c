"""Applications from draft to decision: the way through, every wrong turn, and four eyes that are two persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import Actor, Grant
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, ApplicationStep, Licence, Notice
from brand.models.schemes import Brand, CalendarYear, Product, Tier
from brand.queries import applications as reading
from brand.services import applications
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, STATION

DECISION_DAY = datetime(2026, 9, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def _at(session: Session, now: datetime) -> Work:
    return make.work(session, now=now)


def _code(act: object, *args: object, **words: object) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)  # type: ignore[operator]
    return refusal.value.code


def test_the_way_through_is_written_down_step_by_step(session: Session) -> None:
    application = make.on_notice(make.work(session))
    assert (application.number, application.state, application.version) == ("A2026-0001", "on_notice", 6)
    notice = session.exec(select(Notice)).one()
    assert (notice.number, notice.starts_on, notice.ends_on) == ("N2026-0001", date(2026, 9, 14), date(2026, 9, 20))
    assert (notice.working_days, notice.provisional) == (5, False)
    make.step(_at(session, DECISION_DAY), application, "grant", APPROVER)
    history = reading.steps_of(session, application.id)
    assert [(one.action, one.person_id) for one in history] == [
        ("draft", "producer"),
        ("submit", "producer"),
        ("start_review", "clerk"),
        ("review_desk", "clerk"),
        ("inspect_site", "inspector"),
        ("publish_notice", "clerk"),
        ("grant", "approver"),
    ]
    trail = [one.action for one in session.exec(select(AuditEntry).where(AuditEntry.object_id == application.id))]
    steps = [one for one in trail if one != "materials.add"]
    assert sorted(steps) == sorted(f"applications.{one.action}" for one in history)
    licence = session.exec(select(Licence)).one()
    assert session.exec(select(AuditEntry.action).where(AuditEntry.object_id == licence.id)).all() == ["licences.grant"]
    assert (licence.valid_from, licence.granted_by) == (date(2026, 9, 22), "approver")


def test_sent_back_mended_and_sent_again(session: Session) -> None:
    work = make.work(session)
    application = make.an_application(work)
    make.step(work, application, "submit", PRODUCER)
    make.step(work, application, "start_review", CLERK)
    make.step(work, application, "return", CLERK, comment="请写明产地")
    producer = make.work(session, make.actor(session, PRODUCER))
    edited = applications.edit(
        producer,
        application.id,
        version=application.version,
        cap_kg=Decimal(20),
        uses=make.USES,
        capacity="川井",
        promise=True,
    )
    assert (edited.state, edited.cap_kg) == ("returned", Decimal(20))
    assert make.step(work, application, "submit", PRODUCER).state == "submitted"


def test_a_refusal_carries_its_reason(session: Session) -> None:
    application = make.on_notice(make.work(session))
    words = {"reason_code": "refusal.capacity", "comment": "超过核实产能"}
    make.step(_at(session, DECISION_DAY), application, "refuse", APPROVER, **words)
    last = reading.steps_of(session, application.id)[-1]
    assert (last.to_state, last.reason_code, last.comment) == ("refused", "refusal.capacity", "超过核实产能")
    assert session.exec(select(Licence)).all() == []


def test_no_decision_on_the_last_day_of_the_notice(session: Session) -> None:
    application = make.on_notice(make.work(session))
    # Sunday 20 September 2026 is worked for the holidays after it. 23:59 in China is still that day.
    last_minute = datetime(2026, 9, 20, 15, 59, tzinfo=UTC)
    assert _code(make.step, _at(session, last_minute), application, "grant", APPROVER) == "applications.notice_running"
    granted = make.step(_at(session, last_minute + timedelta(minutes=1)), application, "grant", APPROVER)
    assert granted.state == "granted"


def test_the_golden_week_stretches_a_notice(session: Session) -> None:
    make.on_notice(_at(session, datetime(2026, 9, 28, 1, 0, tzinfo=UTC)))
    # 29 and 30 September, then the days off of October; the make-up Saturday 10 October counts.
    assert session.exec(select(Notice.ends_on)).one() == date(2026, 10, 10)


def test_a_notice_across_an_ungazetted_year_waits_for_the_gazette(session: Session) -> None:
    application = make.on_notice(_at(session, datetime(2026, 12, 30, 1, 0, tzinfo=UTC)))
    assert session.exec(select(Notice.provisional)).one()
    late = _at(session, datetime(2027, 3, 1, 1, 0, tzinfo=UTC))
    assert _code(make.step, late, application, "grant", APPROVER) == "applications.notice_provisional"
    session.add(CalendarYear(year=2027, gazetted=True, source="示范公告"))
    session.flush()
    assert make.step(late, application, "grant", APPROVER).state == "granted"


@pytest.mark.parametrize("hand", [PRODUCER, CLERK, INSPECTOR])
def test_whoever_had_a_hand_in_it_may_not_decide_under_any_account(
    session: Session, hand: make.PersonOfTheCast
) -> None:
    application = make.on_notice(make.work(session))
    second_account = Actor("second", hand.username, hand.name, (Grant(Role.BRAND_APPROVER),))
    work = Work(session, second_account, DECISION_DAY, "test")
    code = _code(applications.step, work, application.id, "grant", version=application.version)
    assert code == "applications.four_eyes"


def test_an_editor_counts_as_a_hand(session: Session) -> None:
    work = make.work(session)
    application = make.an_application(work)
    station = make.work(session, make.actor(session, STATION))
    applications.edit(
        station, application.id, version=1, cap_kg=Decimal(5), uses=make.USES, capacity="示范", promise=True
    )
    known = reading.facts(session, application, "x", work.today)
    assert known["hands"] == {"producer", "station"}


def test_a_stale_page_is_refused(session: Session) -> None:
    work = make.work(session)
    application = make.an_application(work)
    make.step(work, application, "submit", PRODUCER)
    producer = make.work(session, make.actor(session, PRODUCER))
    assert _code(applications.step, producer, application.id, "withdraw", version=1) == "applications.stale"


def test_only_one_runs_and_only_one_is_held(session: Session) -> None:
    work = make.work(session)
    make.an_application(work)
    assert _code(make.an_application, work) == "applications.already_open"
    assert make.an_application(work, enterprise_id="rival").number == "A2026-0002"


def test_a_second_licence_is_refused_until_the_first_is_revoked(session: Session) -> None:
    from brand.services import licences

    work = make.work(session)
    licence = make.a_licence(work)
    assert _code(make.an_application, work) == "applications.already_licensed"
    approver = make.work(session, make.actor(session, APPROVER))
    licences.step(approver, licence.id, "revoke", version=1, reason_code="sanction.forgery", comment="示范")
    assert _code(make.an_application, work) == "applications.banned_until"
    after_the_ban = make.MONDAY.replace(year=2029)
    assert make.an_application(_at(session, after_the_ban)).state == "draft"


def test_an_enterprise_must_be_confirmed(session: Session) -> None:
    session.get_one(Enterprise, "cooperative").state = "pending"
    assert _code(make.an_application, make.work(session)) == "applications.enterprise_not_confirmed"


def test_the_third_tier_gives_no_licences(session: Session) -> None:
    work = make.work(session)
    make.a_scheme(work)
    tier = session.exec(select(Tier).where(Tier.process == "advice")).one()
    brand = Brand(scheme_id=tier.scheme_id, tier_id=tier.id, code="own", name="示范", name_en="Demo", source="x")
    session.add(brand)
    session.flush()
    product = Product(brand_id=brand.id, code="own", name="示范", name_en="Demo", source="x")
    session.add(product)
    session.flush()
    producer = make.work(session, make.actor(session, PRODUCER))
    asked = {
        "enterprise_id": "cooperative",
        "product_id": product.id,
        "cap_kg": Decimal(1),
        "uses": make.USES,
        "capacity": "x",
    }
    assert _code(applications.draft, producer, **asked) == "applications.tier_is_advice"


def test_a_neighbour_sees_nothing_to_act_on(session: Session) -> None:
    application = make.an_application(make.work(session))
    rival = make.work(session, make.actor(session, RIVAL))
    for action in ("submit", "withdraw"):
        assert _code(applications.step, rival, application.id, action, version=1) == "access.unknown"
    asked = {"version": 1, "cap_kg": Decimal(1), "uses": make.USES, "capacity": "x"}
    assert _code(applications.edit, rival, application.id, **asked) == "access.unknown"
    assert _code(reading.find, session, rival.actor, application.id) == "access.unknown"
    assert reading.listing(session, rival.actor).total == 0


@pytest.mark.parametrize("action", ["draft", "edit", "approve", ""])
def test_words_that_are_no_steps(session: Session, action: str) -> None:
    application = make.an_application(make.work(session))
    producer = make.work(session, make.actor(session, PRODUCER))
    assert _code(applications.step, producer, application.id, action, version=1) == "access.unknown"


def test_nobody_signed_in_is_asked_to_sign_in(session: Session) -> None:
    application = make.an_application(make.work(session))
    nobody = make.work(session, Actor())
    with pytest.raises(AppError) as refusal:
        applications.step(nobody, application.id, "submit", version=1)
    assert refusal.value.kind is Kind.NOT_SIGNED_IN


def test_a_refused_step_leaves_no_trace(database: Database) -> None:
    with database.writing() as session:
        application = make.on_notice(make.work(session))
    with pytest.raises(AppError), database.writing() as session:
        make.step(make.work(session), application, "grant", APPROVER)
    with database.reading() as session:
        assert session.get_one(Application, application.id).version == 6
        assert len(session.exec(select(ApplicationStep)).all()) == 6
