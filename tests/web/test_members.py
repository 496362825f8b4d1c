"""Pages of who acts for an enterprise: people, invitations, consents, and the agent's choice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.db import Database
from brand.models.accounts import RoleGrant
from brand.models.members import Consent, Invitation
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL, STATION, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
INVITE = {"name": "示范新人", "role": "producer_clerk"}
NEW = {"name": "示范新人", "username": "invited", "password": "示范密码一二三四五六"}


def soon() -> str:
    return (clock.local_day(clock.now()) + timedelta(days=100)).isoformat()


def invited(client: FlaskClient) -> str:
    """The path of a fresh link, as the page shows it once."""
    assert client.post("/enterprises/cooperative/people", data=INVITE).status_code == 303
    page = client.get("/enterprises/cooperative/people?lang=zh").text
    found = re.search(r"http://localhost(/invited/[\w-]{43})<", page)
    assert found is not None
    assert found[1] not in client.get("/enterprises/cooperative/people").text
    return found[1]


def test_a_clerk_invites_and_the_person_joins_signs_in_and_works(as_: As, client: FlaskClient) -> None:
    path = invited(as_(PRODUCER))
    for _ in range(2):
        assert "您收到一份邀请" in client.get(f"{path}?lang=zh").text
    faulty = client.post(path, data=NEW | {"username": "x"})
    assert faulty.status_code == 422
    assert 'id="f-username-fault"' in faulty.text
    assert NEW["password"] not in faulty.text
    assert client.post(path, data=NEW).status_code == 303
    assert client.post(path, data=NEW | {"username": "again"}).status_code == 404
    assert client.get(path).status_code == 404
    assert client.post("/sign-in", data={"identity": "invited", "password": NEW["password"]}).status_code == 302
    assert client.get("/enterprises/cooperative").status_code == 200
    assert client.get("/enterprises/rival").status_code == 404


def test_the_link_is_told_to_no_other_page_and_no_search_engine(as_: As, client: FlaskClient) -> None:
    page = client.get(invited(as_(PRODUCER)))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_somebody_signed_in_only_says_yes(as_: As) -> None:
    path = invited(as_(PRODUCER))
    rival = as_(RIVAL)
    assert 'name="password"' not in rival.get(path).text
    assert rival.post(path).status_code == 303
    assert rival.get("/enterprises/cooperative").status_code == 200


def test_a_withdrawn_link_is_dead(as_: As, client: FlaskClient, database: Database) -> None:
    own = as_(PRODUCER)
    path = invited(own)
    with database.reading() as session:
        made = session.exec(select(Invitation)).one()
    assert own.post(f"/enterprises/cooperative/invitations/{made.id}/withdraw").status_code == 303
    answer = client.get(f"{path}?lang=zh")
    assert answer.status_code == 404
    assert "邀请链接无效" in answer.text


def test_removing_ends_an_open_session_at_once(as_: As, database: Database) -> None:
    own, rival = as_(PRODUCER), as_(RIVAL)
    rival.post(invited(own))
    assert rival.get("/enterprises/cooperative").status_code == 200
    with database.reading() as session:
        held = session.exec(
            select(RoleGrant).where(RoleGrant.account_id == "rival", RoleGrant.enterprise_id == "cooperative")
        ).one()
    assert own.post(f"/enterprises/cooperative/people/{held.id}/remove").status_code == 303
    assert rival.get("/enterprises/cooperative").status_code == 404
    assert rival.get("/enterprises/rival").status_code == 200


@pytest.mark.parametrize("person", [RIVAL, ABATTOIR, STATION, CLERK])
def test_the_people_of_another_enterprise_are_not_shown(as_: As, person: PersonOfTheCast) -> None:
    client = as_(person)
    assert client.get("/enterprises/cooperative/people").status_code == 404
    assert client.post("/enterprises/cooperative/people", data=INVITE).status_code == 404


def test_consents_are_given_seen_and_ended(as_: As, database: Database) -> None:
    own, agent = as_(PRODUCER), as_(STATION)
    assert agent.get("/applications").status_code == 200
    assert own.post("/enterprises/cooperative/consents/station/revoke").status_code == 303
    assert agent.get("/applications").status_code == 404
    assert "没有有效授权" in agent.get("/acting?lang=zh").text
    assert "代办员在等您授权" in own.get("/desk?lang=zh").text
    wanted = {"account_id": "station", "scope": ["labels.order"], "until": soon()}
    faulty = own.post("/enterprises/cooperative/consents", data=wanted | {"until": "2020-01-01"})
    assert faulty.status_code == 422
    assert 'id="f-until-fault"' in faulty.text
    assert own.post("/enterprises/cooperative/consents", data=wanted).status_code == 303
    assert agent.get("/applications").status_code == 200
    assert agent.get("/applications/new").status_code == 404
    with database.reading() as session:
        assert len(session.exec(select(Consent)).all()) == 2


@pytest.mark.parametrize("person", [RIVAL, ABATTOIR, STATION, APPROVER])
def test_consents_are_not_for_strangers(as_: As, person: PersonOfTheCast) -> None:
    client = as_(person)
    assert client.get("/enterprises/cooperative/consents").status_code == 404
    assert client.get("/enterprises/cooperative/on-behalf").status_code == 404
    assert client.post("/enterprises/cooperative/consents/station/revoke").status_code == 404


def test_the_office_records_paper(as_: As) -> None:
    office = as_(CLERK)
    wanted = {"account_id": "station", "scope": ["labels.order"], "until": soon()}
    faulty = office.post("/enterprises/cooperative/consents", data=wanted)
    assert faulty.status_code == 422
    assert 'id="f-paper-fault"' in faulty.text
    done = office.post("/enterprises/cooperative/consents", data=wanted | {"given_by": "示范牧民", "paper": "卷宗 12"})
    assert done.status_code == 303
    assert "卷宗 12" in office.get("/enterprises/cooperative/consents").text


def test_the_enterprise_reads_what_was_done_for_it(as_: As) -> None:
    agent, own = as_(STATION), as_(PRODUCER)
    assert "还没有代办记录" in own.get("/enterprises/cooperative/on-behalf?lang=zh").text
    edit = {"address": "示范路9号", "contact_name": "示范联系人", "contact_phone": "13800000000", "version": "1"}
    assert agent.post("/enterprises/cooperative/edit", data=edit).status_code == 303
    page = own.get("/enterprises/cooperative/on-behalf?lang=zh").text
    assert STATION.name in page
    assert "修改信息" in page


def test_an_agent_of_two_chooses_one_and_acts_for_that_one_only(as_: As, database: Database) -> None:
    with database.writing() as session:
        session.add(RoleGrant(account_id="station", role="station_agent", enterprise_id="rival"))
        earlier = session.get_one(Consent, "station")
        fresh = earlier.model_dump() | {"id": "station-2", "enterprise_id": "rival", "until": date(2099, 1, 1)}
        session.add(Consent(**fresh))
    agent = as_(STATION)
    assert "请先选择您代办的单位" in agent.get("/desk?lang=zh").text
    assert agent.get("/enterprises/rival").status_code == 404
    assert agent.post("/acting", data={"enterprise_id": "abattoir"}).status_code == 404
    assert agent.post("/acting", data={"enterprise_id": "rival"}).status_code == 303
    assert "乌拉特中旗示范邻社" in agent.get("/desk?lang=zh").text
    assert agent.get("/enterprises/rival").status_code == 200
    assert agent.get("/enterprises/cooperative").status_code == 404
    assert "您正在为这家单位代办" in agent.get("/acting?lang=zh").text
