"""Editions of the rulebook: four eyes are two persons, decisions quote them, nothing published ever changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import Actor, Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.licences import ApplicationStep, Licence
from brand.models.rulebooks import Rulebook
from brand.queries import rulebooks as reading
from brand.rules.rulebooks import shipped, written
from brand.services import rulebooks
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def scheme_id(session: Session) -> str:
    return make.a_scheme(make.work(session)).id


def _by(session: Session, person: make.PersonOfTheCast, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


def _words(**changes: object) -> dict[str, object]:
    text = written(shipped().clauses)
    usual = {"title": "示范规则", "effective_on": date(2026, 9, 15), "text": text, "codes": dict(shipped().codes)}
    return usual | changes


def _published(session: Session, scheme_id: str, **changes: object) -> Rulebook:
    clerk = _by(session, CLERK)
    made = rulebooks.draft(clerk, scheme_id)
    rulebooks.edit(clerk, made.id, version=made.version, **_words(**changes))  # type: ignore[arg-type]
    rulebooks.step(clerk, made.id, "submit", version=made.version)
    return rulebooks.step(_by(session, APPROVER), made.id, "publish", version=made.version)


def _code(act: object, *args: object, **words: object) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)  # type: ignore[operator]
    return refusal.value.code


def test_a_scheme_comes_with_its_first_edition(session: Session, scheme_id: str) -> None:
    first = reading.in_force(session, scheme_id, date(2026, 9, 14))
    assert first is not None
    assert (first.edition, first.state, first.confidence) == (1, "published", "D")
    assert reading.in_force(session, scheme_id, date(2025, 12, 31)) is None


def test_a_new_edition_comes_into_force_on_its_day(session: Session, scheme_id: str) -> None:
    second = _published(session, scheme_id)
    before, after = (reading.in_force(session, scheme_id, date(2026, 9, day)) for day in (14, 15))
    assert before is not None
    assert after is not None
    assert (before.edition, after.edition) == (1, 2)
    assert reading.standing(session, second, date(2026, 9, 14)) == "coming"
    assert reading.standing(session, before, date(2026, 9, 15)) == "superseded"


def test_the_writer_may_not_publish_under_any_account(session: Session, scheme_id: str) -> None:
    clerk = _by(session, CLERK)
    made = rulebooks.draft(clerk, scheme_id)
    rulebooks.edit(clerk, made.id, version=1, **_words())  # type: ignore[arg-type]
    rulebooks.step(clerk, made.id, "submit", version=2)
    second = Actor("second", CLERK.username, CLERK.name, (Grant(Role.BRAND_APPROVER),))
    assert _code(rulebooks.step, make.work(session, second), made.id, "publish", version=3) == "rulebooks.four_eyes"


def test_stale_twice_and_wrong_people(session: Session, scheme_id: str) -> None:
    clerk, approver = _by(session, CLERK), _by(session, APPROVER)
    assert _code(rulebooks.draft, approver, scheme_id) == "access.unknown"
    assert _code(rulebooks.draft, _by(session, PRODUCER), scheme_id) == "access.unknown"
    made = rulebooks.draft(clerk, scheme_id)
    assert _code(rulebooks.draft, clerk, scheme_id) == "rulebooks.already_open"
    assert _code(rulebooks.step, clerk, made.id, "submit", version=7) == "rulebooks.stale"
    rulebooks.step(clerk, made.id, "submit", version=1)
    assert _code(rulebooks.edit, clerk, made.id, version=2, **_words()) == "rulebooks.wrong_state"
    rulebooks.step(approver, made.id, "publish", version=2)
    assert _code(rulebooks.step, approver, made.id, "publish", version=3) == "rulebooks.wrong_state"
    assert _code(rulebooks.edit, clerk, made.id, version=3, **_words()) == "rulebooks.wrong_state"


def test_a_grant_quotes_the_edition_of_its_day(session: Session) -> None:
    application = make.on_notice(make.work(session))
    scheme_id = session.exec(select(Rulebook.scheme_id)).one()
    codes = dict(shipped().codes) | {"decision.grant": "3.2"}
    _published(session, scheme_id, effective_on=date(2026, 9, 20), codes=codes)
    make.step(make.work(session, now=make.MONDAY + timedelta(days=8)), application, "grant", APPROVER)
    last = session.exec(select(ApplicationStep).where(ApplicationStep.action == "grant")).one()
    assert (last.rulebook, last.clause) == ("2", "3.2")
    assert session.exec(select(Licence.rulebook)).one() == "2"


def test_a_refusal_rests_on_the_clause_of_its_reason(session: Session) -> None:
    application = make.on_notice(make.work(session))
    late = make.work(session, now=make.MONDAY + timedelta(days=8))
    make.step(late, application, "refuse", APPROVER, reason_code="refusal.capacity", comment="示范")
    last = session.exec(select(ApplicationStep).where(ApplicationStep.action == "refuse")).one()
    assert (last.rulebook, last.clause) == ("1", "2.3")


def test_without_a_rulebook_nothing_is_decided(session: Session) -> None:
    application = make.on_notice(make.work(session))
    for one in session.exec(select(Rulebook)):
        session.delete(one)
    session.flush()
    late = make.work(session, now=make.MONDAY + timedelta(days=8))
    assert _code(make.step, late, application, "grant", APPROVER) == "rulebooks.none_in_force"
