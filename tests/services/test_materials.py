"""Papers and records of an application: what is lacking is listed, hands are counted, nothing changes once sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session, select

from brand.kernel import uploads
from brand.kernel.actors import Actor, Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.assets import Asset
from brand.models.licences import Application
from brand.models.materials import ApplicationFile
from brand.models.reviews import Review
from brand.models.schemes import Scheme
from brand.queries import applications as reading
from brand.queries import reviews as records
from brand.services import applications, materials, reviews, scheme_changes
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, STATION


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def _by(session: Session, person: make.PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def _refusal(act: object, *args: object, **words: object) -> AppError:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)  # type: ignore[operator]
    return refusal.value


def _paper(session: Session, application: Application, kind: str) -> ApplicationFile:
    statement = select(ApplicationFile).where(ApplicationFile.application_id == application.id)
    return session.exec(statement.where(ApplicationFile.kind == kind)).one()


def test_what_is_lacking_is_listed(session: Session) -> None:
    application = make.an_application(make.work(session))
    producer = _by(session, PRODUCER)
    for kind in ("certificate", "trace", "trademark"):
        materials.remove(producer, application.id, _paper(session, application, kind).id)
    error = _refusal(make.step, make.work(session), application, "submit", PRODUCER)
    assert error.code == "applications.materials_missing"
    assert [one.params for one in error.faults] == [
        {"kind": "material.certificate", "count": 1},
        {"kind": "material.trace", "count": 1},
    ]
    assert application.state == "draft"


def test_an_ended_certificate_does_not_count(session: Session) -> None:
    application = make.an_application(make.work(session))
    _paper(session, application, "certificate").valid_until = date(2026, 9, 13)
    session.flush()
    assert _refusal(make.step, make.work(session), application, "submit", PRODUCER).faults[0].params == {
        "kind": "material.certificate",
        "count": 1,
    }


def _certificate(session: Session, **changes: object) -> Asset:
    row = {
        "enterprise_id": "cooperative",
        "kind": "organic",
        "number": "100OP2600001",
        "claim": "organic:100OP2600001",
        "title": "有机产品认证（示范）",
        "issuer": "示范认证机构",
        "valid_until": date(2026, 9, 14),
        "state": "confirmed",
        "declared_by": "producer",
        "declared_at": make.MONDAY,
    }
    made = Asset(**row | changes)
    session.add(made)
    session.flush()
    return made


def test_a_confirmed_certificate_of_the_register_counts(session: Session) -> None:
    application = make.an_application(make.work(session))
    materials.remove(_by(session, PRODUCER), application.id, _paper(session, application, "certificate").id)
    made = _certificate(session)
    found = {
        one.need.kind: one
        for one in reading.detail(session, make.actor(session, PRODUCER), application.id, date(2026, 9, 14)).papers
    }
    assert [one.id for one in found["certificate"].assets] == [made.id]  # type: ignore[index]
    assert found["certificate"].need.present == 1  # type: ignore[index]
    make.step(make.work(session), application, "submit", PRODUCER)
    assert application.state == "submitted"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "declared"},
        {"state": "refused"},
        {"valid_until": date(2026, 9, 13)},
        {"valid_from": date(2026, 9, 15), "valid_until": None},
        {"kind": "trademark"},
        {"kind": "pollution_free", "valid_until": None},
        {"enterprise_id": "rival"},
    ],
)
def test_what_is_not_compared_or_not_in_force_certifies_nothing(session: Session, changes: dict[str, object]) -> None:
    application = make.an_application(make.work(session))
    materials.remove(_by(session, PRODUCER), application.id, _paper(session, application, "certificate").id)
    _certificate(session, **changes)
    error = _refusal(make.step, make.work(session), application, "submit", PRODUCER)
    assert [one.params for one in error.faults] == [{"kind": "material.certificate", "count": 1}]


@pytest.mark.parametrize(
    ("kind", "until", "code"),
    [
        ("certificate", None, "materials.until_missing"),
        ("certificate", date(2026, 9, 13), "materials.expired"),
        ("nonsense", None, "materials.kind"),
        ("origin", None, "materials.twice"),
    ],
)
def test_papers_that_are_refused(session: Session, kind: str, until: date | None, code: str) -> None:
    application = make.an_application(make.work(session))
    words = {"kind": kind, "upload": make.a_paper("示范origin"), "valid_until": until}
    assert _refusal(materials.add, _by(session, PRODUCER), application.id, **words).code == code


def test_papers_stand_still_once_they_are_sent(session: Session) -> None:
    application = make.an_application(make.work(session))
    make.step(make.work(session), application, "submit", PRODUCER)
    producer, paper = _by(session, PRODUCER), _paper(session, application, "trace")
    more = {"kind": "trace", "upload": make.a_paper("另一份")}
    assert _refusal(materials.add, producer, application.id, **more).code == "applications.wrong_state"
    assert _refusal(materials.remove, producer, application.id, paper.id).code == "applications.wrong_state"


def test_nobody_touches_a_neighbours_papers(session: Session) -> None:
    application = make.an_application(make.work(session))
    rival, paper = _by(session, RIVAL), _paper(session, application, "trace")
    assert _refusal(materials.remove, rival, application.id, paper.id).code == "access.unknown"
    assert (
        _refusal(materials.add, rival, application.id, kind="trace", upload=make.a_paper("x")).code == "access.unknown"
    )
    assert _refusal(materials.remove, _by(session, CLERK), application.id, paper.id).code == "access.unknown"


def test_who_hands_in_a_paper_has_a_hand_even_after_taking_it_back(session: Session) -> None:
    application = make.an_application(make.work(session))
    station = _by(session, STATION)
    added = materials.add(station, application.id, kind="promise", upload=make.a_paper("站点代交"))
    materials.remove(station, application.id, added.id)
    assert reading.facts(session, application, "x", station.today)["hands"] == {"producer", "station"}


def _under_review(session: Session) -> Application:
    application = make.an_application(make.work(session))
    make.step(make.work(session), application, "submit", PRODUCER)
    return make.step(make.work(session), application, "start_review", CLERK)


def test_the_notice_waits_for_the_records_the_policy_asks_for(session: Session) -> None:
    application, work = _under_review(session), make.work(session)
    error = _refusal(make.step, work, application, "publish_notice", CLERK)
    assert [one.params["kind"] for one in error.faults] == ["review.desk", "review.site"]
    assert _refusal(make.record, work, application, "inspect_site", INSPECTOR).code == "applications.reviews_missing"
    make.record(work, application, "review_desk", CLERK)
    make.record(work, application, "inspect_site", INSPECTOR, "fail")
    assert _refusal(make.step, work, application, "publish_notice", CLERK).faults[0].params["kind"] == "review.site"
    make.record(work, application, "inspect_site", INSPECTOR)
    assert make.step(work, application, "publish_notice", CLERK).state == "on_notice"
    kept = [(one.review.kind, one.review.opinion, one.review.score) for one in records.records(session, application.id)]
    assert kept == [("desk", "pass", 100), ("site", "fail", 100), ("site", "pass", 100)]


def test_after_a_sending_back_everything_is_looked_at_anew(session: Session) -> None:
    application, work = _under_review(session), make.work(session)
    make.reviewed(work, application)
    make.step(work, application, "return", CLERK, comment="补材料")
    make.step(work, application, "submit", PRODUCER)
    make.step(work, application, "start_review", CLERK)
    assert _refusal(make.step, work, application, "publish_notice", CLERK).code == "applications.reviews_missing"
    assert [one.counts for one in records.records(session, application.id)] == [False, False]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scores": {}}, "reviews.scores"),
        ({"scores": {"permits": 99}}, "reviews.scores"),
        ({"held_on": date(2026, 9, 15)}, "reviews.day_ahead"),
        ({"opinion": "maybe"}, "reviews.opinion_unknown"),
        ({"comment": " "}, "applications.comment_missing"),
        ({"version": 3}, "applications.stale"),
        ({"scores": dict.fromkeys(("permits", "facilities", "quality", "site", "process", "trace", "operation"), 5)},
         "reviews.below_pass_mark"),
    ],
)  # fmt: skip
def test_records_that_are_refused(session: Session, changes: dict[str, object], code: str) -> None:
    application = _under_review(session)
    make.record(make.work(session), application, "review_desk", CLERK)
    full = {"permits": 15, "facilities": 15, "quality": 20, "site": 10, "process": 15, "trace": 15, "operation": 10}
    said = {"version": 4, "held_on": date(2026, 9, 14), "opinion": "pass", "comment": "示范", "scores": full} | changes
    inspector = _by(session, INSPECTOR)
    assert _refusal(reviews.record, inspector, application.id, "inspect_site", **said).code == code
    assert len(session.exec(select(Review)).all()) == 1


def test_a_site_inspection_shows_the_pictures_the_policy_asks_for(session: Session) -> None:
    """A paper is no picture; other records need none; nothing is written down without them."""
    application = _under_review(session)
    scheme_id = session.exec(select(Scheme)).one().id
    asked = {"provenance": "示范：办公室会议决定", "provenance_en": "", "confidence": "D", "reason": "示范"}
    change = scheme_changes.propose_policy(_by(session, CLERK), scheme_id, "site_photos", value=1, **asked)
    scheme_changes.step(_by(session, APPROVER), change.id, "approve", version=1)
    make.record(make.work(session), application, "review_desk", CLERK)
    full = {"permits": 15, "facilities": 15, "quality": 20, "site": 10, "process": 15, "trace": 15, "operation": 10}
    said = {"version": 4, "held_on": date(2026, 9, 14), "opinion": "pass", "comment": "示范", "scores": full}
    inspector = _by(session, INSPECTOR)
    for given in ([], [make.a_paper("示范")]):
        refusal = _refusal(reviews.record, inspector, application.id, "inspect_site", uploads=given, **said)
        assert (refusal.code, refusal.faults[0].pointer) == ("reviews.pictures", "/files")
    assert len(session.exec(select(Review)).all()) == 1
    picture = uploads.take("示范.png", make.a_picture(), most=1_000_000)
    reviews.record(inspector, application.id, "inspect_site", uploads=[picture], **said)  # type: ignore[arg-type]
    assert application.state == "site_inspected"


def test_pictures_belong_to_their_record(session: Session) -> None:
    application = _under_review(session)
    said = {"version": 3, "held_on": date(2026, 9, 14), "opinion": "pass", "comment": "示范"}
    clerk = _by(session, CLERK)
    made = reviews.record(clerk, application.id, "recommend", uploads=[make.a_paper("推荐函")], **said)  # type: ignore[arg-type]
    kept = records.records(session, application.id)[0]
    assert [one.review_id for one in kept.files] == [made.id]
    assert _refusal(materials.remove, _by(session, PRODUCER), application.id, kept.files[0].id).code != ""


def test_an_application_may_be_refused_while_it_is_looked_at(session: Session) -> None:
    application, work = _under_review(session), make.work(session)
    make.record(work, application, "review_desk", CLERK, "fail")
    words = {"reason_code": "refusal.false_statement", "comment": "示范"}
    second = Actor("second", CLERK.username, CLERK.name, (Grant(Role.BRAND_APPROVER),))
    same = make.work(session, second)
    refusal = _refusal(applications.step, same, application.id, "refuse", version=application.version, **words)
    assert refusal.code == "applications.four_eyes"
    assert make.step(work, application, "refuse", APPROVER, **words).state == "refused"
