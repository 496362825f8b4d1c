"""A township's clerk recommends the applications of enterprises seated there, and touches nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.accounts import RoleGrant
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from brand.models.schemes import PolicyValue
from brand.queries import applications as reading
from brand.queries import desk
from brand.rules import whose_turn
from brand.services import accounts, applications
from tests import make
from tests.people import CLERK, PRODUCER, TOWNSHIP

TODAY = make.MONDAY.date()


def refusal(act: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value


def by_township(session: Session) -> Work:
    return make.work(session, make.actor(session, TOWNSHIP))


@pytest.fixture
def one(database: Database) -> Application:
    """An application under review where the policy asks for a recommendation; the neighbour moved away."""
    with database.writing() as session:
        make.joins(session, TOWNSHIP)
        application = make.an_application(make.work(session))
        asked = session.exec(select(PolicyValue).where(PolicyValue.key == "review_recommendation")).one()
        session.add(PolicyValue(**asked.model_dump(exclude={"id"}) | {"value": 1, "edition": 2}))
        session.get_one(Enterprise, "rival").township_code = "150824101"
        make.step(make.work(session), application, "submit", PRODUCER)
        make.step(make.work(session), application, "start_review", CLERK)
        return application


def test_it_is_their_turn_and_on_their_desk(database: Database, one: Application) -> None:
    with database.reading() as session:
        turn = whose_turn.turn("under_review", reading.facts(session, one, "x", TODAY))
        assert (turn.key, turn.party) == ("review.recommendation", "role.township_clerk")
        waiting = desk.applications_waiting(session, make.actor(session, TOWNSHIP), TODAY)
        assert [(line.topic, line.detail) for line in waiting] == [("desk.application_to_recommend", one.number)]
        clerk = desk.applications_waiting(session, make.actor(session, CLERK), TODAY)
        assert "desk.application_to_recommend" not in {line.topic for line in clerk}


def test_they_recommend_and_take_no_other_step(database: Database, one: Application) -> None:
    with database.writing() as session:
        found = session.get_one(Application, one.id)
        for action in ("return", "publish_notice", "grant", "withdraw"):
            act = lambda: applications.step(by_township(session), one.id, action, version=found.version)  # noqa: B023, E731
            assert refusal(act).kind is Kind.UNKNOWN
        for action in ("review_desk", "inspect_site"):
            act = lambda: make.record(make.work(session), found, action, TOWNSHIP)  # noqa: B023, E731
            assert refusal(act).kind is Kind.UNKNOWN
        make.record(make.work(session), found, "recommend", TOWNSHIP)
        assert found.state == "recommended"
        assert TOWNSHIP.username in reading.facts(session, found, "x", TODAY)["hands"]
        assert desk.applications_waiting(session, make.actor(session, TOWNSHIP), TODAY) == []


def test_another_township_is_not_there_for_them(database: Database, one: Application) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").township_code = "150824101"
        session.flush()
        found = session.get_one(Application, one.id)
        assert refusal(lambda: make.record(make.work(session), found, "recommend", TOWNSHIP)).kind is Kind.UNKNOWN
        assert refusal(lambda: reading.find(session, make.actor(session, TOWNSHIP), one.id)).kind is Kind.UNKNOWN
        assert desk.applications_waiting(session, make.actor(session, TOWNSHIP), TODAY) == []


@pytest.mark.parametrize(
    ("right", "code"),
    [
        (Grant(Role.TOWNSHIP_CLERK), "accounts.role_township"),
        (Grant(Role.TOWNSHIP_CLERK, "cooperative"), "accounts.role_scope"),
        (Grant(Role.AUDITOR, township="150824100"), "accounts.role_township"),
        (Grant(Role.TOWNSHIP_CLERK, township="150824999"), "accounts.township_unknown"),
        (Grant(Role.TOWNSHIP_CLERK, township="999999001"), "accounts.township_unknown"),
        (Grant(Role.TOWNSHIP_CLERK, township="x"), "accounts.township_unknown"),
    ],
)
def test_the_role_needs_a_township_and_no_other_has_one(database: Database, right: Grant, code: str) -> None:
    with database.writing() as session:
        assert refusal(lambda: accounts.give(make.work(session), CLERK.username, right)).code == code


def test_the_role_is_given_once(database: Database) -> None:
    with database.writing() as session:
        for _ in range(2):
            accounts.give(make.work(session), CLERK.username, Grant(Role.TOWNSHIP_CLERK, township="150824100"))
            session.flush()
        held = select(RoleGrant.township_code).where(RoleGrant.role == "township_clerk")
        assert session.exec(held).all() == ["150824100"]
