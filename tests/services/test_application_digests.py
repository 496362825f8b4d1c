"""What is decided is what was sent and put on notice: a row altered underneath stops the grant, an edit voids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.models.licences import Application
from brand.models.materials import ApplicationFile
from brand.models.reviews import Review
from brand.queries import application_digests, licences
from brand.queries import applications as reading
from brand.rules import licence_flow
from brand.services import applications
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER

LATER = make.MONDAY + timedelta(days=8)
Alter = Callable[[Session, Application], None]


def _cap(session: Session, one: Application) -> None:
    assert one.cap_kg is not None
    one.cap_kg += Decimal("0.001")


def _uses(session: Session, one: Application) -> None:
    one.uses = one.uses[:-1]


def _uses(session: Session, one: Application) -> None:
    one.uses = one.uses[:1]


def _words(session: Session, one: Application) -> None:
    one.capacity += "。"


def _promise(session: Session, one: Application) -> None:
    one.promise = False


def _paper(session: Session, one: Application) -> None:
    held = session.exec(select(ApplicationFile).where(ApplicationFile.application_id == one.id)).first()
    assert held is not None
    held.digest = "0" * 64


def _term_of_a_paper(session: Session, one: Application) -> None:
    held = select(ApplicationFile).where(
        ApplicationFile.application_id == one.id, ApplicationFile.kind == "certificate"
    )
    session.exec(held).one().valid_until = date(2036, 1, 1)


def _one_paper_less(session: Session, one: Application) -> None:
    held = session.exec(select(ApplicationFile).where(ApplicationFile.application_id == one.id)).first()
    assert held is not None
    held.removed_at = make.MONDAY


ASKED = [_cap, _uses, _words, _promise, _paper, _term_of_a_paper, _one_paper_less]


def _grant(session: Session, one: Application, digest: str = "") -> Application:
    return make.step(make.work(session, now=LATER), one, "grant", APPROVER, digest=digest)


def _refusal(act: Callable[[], object]) -> tuple[Kind, str]:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.kind, caught.value.code


CHANGED = (Kind.CONFLICT, "applications.content_changed")


def test_sending_notice_and_grant_name_what_they_are_about(database: Database) -> None:
    with database.writing() as session:
        one = make.on_notice(make.work(session))
        shown = reading.detail(session, make.actor(session, APPROVER), one.id, LATER.date()).digest
        _grant(session, one, shown)
        told = {step.action: step.digest for step in reading.steps_of(session, one.id)}
        assert {action for action, digest in told.items() if digest} == {"submit", "publish_notice", "grant"}
        assert told["grant"] == told["publish_notice"] == shown != told["submit"]
        assert all(len(told[action]) == 64 for action in ("submit", "grant"))


@pytest.mark.parametrize("alter", ASKED, ids=lambda one: one.__name__.strip("_"))
def test_a_row_altered_under_a_notice_stops_the_grant(database: Database, alter: Alter) -> None:
    with database.writing() as session:
        one = make.on_notice(make.work(session))
        alter(session, one)
        session.flush()
        assert _refusal(lambda: _grant(session, one)) == CHANGED
        assert (one.state, licences.number_for_application(session, one.id)) == ("on_notice", None)


@pytest.mark.parametrize("alter", ASKED, ids=lambda one: one.__name__.strip("_"))
def test_a_row_altered_under_a_review_stops_the_notice(database: Database, alter: Alter) -> None:
    with database.writing() as session:
        one = make.an_application(make.work(session))
        make.step(make.work(session), one, "submit", PRODUCER)
        make.step(make.work(session), one, "start_review", CLERK)
        make.reviewed(make.work(session), one)
        alter(session, one)
        session.flush()
        # What eligibility asks for is asked first; the rest is told by the digest.
        assert _refusal(lambda: make.step(make.work(session), one, "publish_notice", CLERK)) == CHANGED
        assert one.state == "site_inspected"


def test_a_record_of_the_office_altered_underneath_stops_the_grant(database: Database) -> None:
    with database.writing() as session:
        one = make.on_notice(make.work(session))
        before = application_digests.now(session, one, seen=True)
        paper = select(ApplicationFile).where(ApplicationFile.application_id == one.id)
        file = session.exec(paper).first()
        assert file is not None
        visit = session.exec(select(Review).where(Review.kind == "site")).one()
        file.review_id = visit.id
        session.flush()
        assert application_digests.now(session, one, seen=True) != before
        assert _refusal(lambda: _grant(session, one)) == CHANGED


def test_the_person_decides_on_what_was_before_their_eyes(database: Database) -> None:
    with database.writing() as session:
        one = make.on_notice(make.work(session))
        assert _refusal(lambda: _grant(session, one, "0" * 64)) == CHANGED
        approver = make.work(session, make.actor(session, APPROVER), LATER)
        blind = _refusal(lambda: applications.step(approver, one.id, "grant", version=one.version))
        assert blind == (Kind.INVALID, "applications.digest_missing")
        assert _grant(session, one, application_digests.now(session, one, seen=True)).state == "granted"


def test_an_edit_voids_what_was_sent(database: Database) -> None:
    with database.writing() as session:
        one = make.an_application(make.work(session))
        make.step(make.work(session), one, "submit", PRODUCER)
        make.step(make.work(session), one, "start_review", CLERK)
        make.step(make.work(session), one, "return", CLERK, comment="示范")
        producer = make.work(session, make.actor(session, PRODUCER))
        asked = {"cap_kg": Decimal(20), "uses": make.USES, "capacity": "川井", "promise": True}
        applications.edit(producer, one.id, version=one.version, **asked)
        make.step(make.work(session), one, "submit", PRODUCER)
        sent = [step.digest for step in reading.steps_of(session, one.id) if step.action == "submit"]
        assert len(set(sent)) == 2
        make.step(make.work(session), one, "start_review", CLERK)
        make.reviewed(make.work(session), one)
        make.step(make.work(session), one, "publish_notice", CLERK)
        assert _grant(session, one).state == "granted"


def test_without_the_guard_the_altered_row_is_granted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same alteration goes through where nobody compares."""
    from dataclasses import replace

    from brand.kernel.workflow import Workflow

    names = {"content_is_as_noticed", "content_is_as_sent"}
    careless = [
        replace(one, guards=tuple(guard for guard in one.guards if guard.__name__ not in names))
        for one in licence_flow.APPLICATION.steps
    ]
    monkeypatch.setattr(applications, "APPLICATION", Workflow("applications", careless))
    with pytest.raises(pytest.fail.Exception):
        test_a_row_altered_under_a_notice_stops_the_grant(database, _cap)
