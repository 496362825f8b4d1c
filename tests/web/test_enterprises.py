"""Pages of enterprises: joining, the list, one of them, its decision and its editing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from tests import make
from tests.people import ABATTOIR, ADMIN, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
ENTRIES = {
    "kind": "cooperative",
    "name": "乌拉特中旗示范新社",
    "credit_code": make.NEW_CREDIT_CODE,
    "township_code": "150824203",
    "contact_name": "示范新联系人",
    "contact_phone": "13900000001",
    "username": "newcomer",
    "password": "示范密码一二三四五六",
}


@pytest.fixture
def scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


@pytest.fixture
def newcomer(database: Database) -> str:
    with database.writing() as session:
        return make.a_joined_enterprise(make.work(session)).id


def all_of(database: Database) -> list[Enterprise]:
    with database.reading() as session:
        return list(session.exec(select(Enterprise).where(Enterprise.state != "confirmed")))


@pytest.mark.usefixtures("scheme")
def test_a_herder_joins_signs_in_and_sees_the_pending_state(client: FlaskClient, database: Database) -> None:
    page = client.get("/join?lang=zh")
    assert page.status_code == 200
    assert "新忽热苏木" in page.text
    answer = client.post("/join", data=ENTRIES)
    assert answer.status_code == 303
    assert "接下来" in client.get(answer.headers["Location"]).text
    (one,) = all_of(database)
    assert (one.county_code, one.township_code, one.state) == ("150824", "150824203", "pending")
    signed = client.post("/sign-in", data={"identity": "13900000001", "password": ENTRIES["password"]})
    assert signed.status_code == 302
    assert "已提交，等办公室确认" in client.get("/desk").text
    assert "办公室尚未确认" in client.get(f"/enterprises/{one.id}").text


@pytest.mark.usefixtures("scheme")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "cartel"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "甲" * 121}, "name"),
        ({"name": "甲\x00乙"}, "name"),
        ({"credit_code": "93150824555555555X"}, "credit_code"),
        ({"credit_code": ""}, "credit_code"),
        ({"credit_code": make.CREDIT_CODES["rival"]}, "credit_code"),
        ({"township_code": ""}, "township_code"),
        ({"township_code": "150824999"}, "township_code"),
        ({"township_code": "elsewhere"}, "county_code"),
        ({"township_code": "elsewhere", "county_code": "999999"}, "county_code"),
        ({"contact_phone": "110"}, "contact_phone"),
        ({"username": "x"}, "username"),
        ({"username": "producer"}, "username"),
        ({"password": "short"}, "password"),
    ],
)
def test_bad_input_names_the_field_keeps_what_was_typed_and_stores_nothing(
    client: FlaskClient, database: Database, change: dict[str, str], field: str
) -> None:
    answer = client.post("/join?lang=zh", data=ENTRIES | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert f'id="f-{field}-fault"' in answer.text
    assert "示范新联系人" in answer.text
    assert ENTRIES["password"] not in answer.text
    assert all_of(database) == []


@pytest.mark.usefixtures("scheme")
def test_one_from_elsewhere_gives_its_county(client: FlaskClient, database: Database) -> None:
    answer = client.post("/join", data=ENTRIES | {"township_code": "elsewhere", "county_code": "150625"})
    assert answer.status_code == 303
    (one,) = all_of(database)
    assert (one.county_code, one.township_code) == ("150625", "")


def test_before_a_scheme_is_loaded_the_county_is_typed(client: FlaskClient, database: Database) -> None:
    assert 'name="county_code"' in client.get("/join").text
    there = ENTRIES | {"township_code": "elsewhere", "county_code": "150625"}
    assert client.post("/join", data=there).status_code == 303


@pytest.mark.usefixtures("scheme")
def test_joining_twice_is_named(client: FlaskClient) -> None:
    assert client.post("/join", data=ENTRIES).status_code == 303
    again = client.post("/join?lang=en", data=ENTRIES)
    assert again.status_code == 422
    assert "in the register already" in again.text
    other = client.post("/join?lang=en", data=ENTRIES | {"credit_code": "", "kind": "household", "username": "second"})
    assert "has an account already" in other.text


def test_ten_joins_an_hour_from_one_address(limited: Flask) -> None:
    client = limited.test_client()
    codes = [client.post("/join", data={}).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    assert client.post("/api/v1/enterprises", json={}).status_code == 429
    assert client.get("/join").status_code == 200


def test_the_list_searches_filters_and_keeps_to_ones_own(as_: As, newcomer: str) -> None:
    clerk = as_(CLERK)
    assert "示范邻社" in clerk.get("/enterprises").text
    found = clerk.get("/enterprises?q=新社&state=pending&kind=cooperative").text
    assert "示范新社" in found
    assert "示范邻社" not in found
    assert "没有符合条件的企业" in clerk.get("/enterprises?q=%25&lang=zh").text
    assert clerk.get("/enterprises?state=unheard").status_code == 422
    own = as_(PRODUCER).get("/enterprises").text
    assert "示范养羊" in own
    assert "示范邻社" not in own


def test_another_enterprise_and_a_missing_one_look_alike(as_: As, newcomer: str) -> None:
    rival = as_(RIVAL)
    for path in (f"/enterprises/{newcomer}", "/enterprises/cooperative", "/enterprises/NOTHING"):
        for way in (path, f"{path}/edit"):
            answer = rival.get(way)
            assert answer.status_code == 404
            assert "示范新" not in answer.text
    assert rival.post(f"/enterprises/{newcomer}/resubmit", data={"version": 1}).status_code == 404
    assert rival.post(f"/enterprises/{newcomer}/edit", data={"version": 1}).status_code == 404


@pytest.mark.parametrize("person", [ADMIN, AUDITOR])
def test_contact_data_stays_with_those_who_need_it(as_: As, newcomer: str, person: PersonOfTheCast) -> None:
    assert "13900000001" in as_(CLERK).get(f"/enterprises/{newcomer}").text
    assert "13900000001" in as_(INSPECTOR).get(f"/enterprises/{newcomer}").text
    assert "13900000001" not in as_(person).get(f"/enterprises/{newcomer}").text


def test_the_office_refuses_with_a_reason_and_the_enterprise_reads_it(as_: As, newcomer: str) -> None:
    clerk = as_(CLERK)
    bare = clerk.post(f"/enterprises/{newcomer}/refuse", data={"version": 1})
    assert bare.status_code == 422
    assert 'href="#f-reason_code"' in bare.text
    words = {"version": 1, "reason_code": "contact", "comment": "电话打不通"}
    assert clerk.post(f"/enterprises/{newcomer}/refuse", data=words).status_code == 303
    page = clerk.get(f"/enterprises/{newcomer}?lang=zh").text
    assert "电话打不通" in page
    assert "按所留电话联系不上" in page
    assert clerk.post(f"/enterprises/{newcomer}/refuse", data=words).status_code == 409
    assert clerk.post(f"/enterprises/{newcomer}/confirm", data={"version": 2}).status_code == 409


def test_a_stale_confirmation_is_refused_and_a_fresh_one_counts(as_: As, newcomer: str, database: Database) -> None:
    clerk = as_(CLERK)
    assert clerk.post(f"/enterprises/{newcomer}/confirm", data={"version": 7}).status_code == 409
    assert clerk.post(f"/enterprises/{newcomer}/confirm", data={}).status_code == 422
    assert all_of(database)
    assert clerk.post(f"/enterprises/{newcomer}/confirm", data={"version": 1}).status_code == 303
    assert all_of(database) == []


@pytest.mark.parametrize("person", [ADMIN, AUDITOR, INSPECTOR, PRODUCER, ABATTOIR])
def test_nobody_else_decides(as_: As, newcomer: str, person: PersonOfTheCast) -> None:
    for action in ("confirm", "refuse"):
        assert as_(person).post(f"/enterprises/{newcomer}/{action}", data={"version": 1}).status_code == 404


def test_own_people_mend_the_contact_after_confirmation_and_nothing_else(as_: As, database: Database) -> None:
    producer = as_(PRODUCER)
    page = producer.get("/enterprises/cooperative/edit")
    assert 'name="contact_phone"' in page.text
    assert 'name="credit_code"' not in page.text
    words = {"contact_name": "示范新人", "contact_phone": "13811112222", "address": "示范路2号", "version": 1}
    assert producer.post("/enterprises/cooperative/edit", data=words | {"name": "新名"}).status_code == 422
    assert producer.post("/enterprises/cooperative/edit", data=words).status_code == 303
    stale = producer.post("/enterprises/cooperative/edit?lang=en", data=words)
    assert stale.status_code == 409
    assert "changed" in stale.text
    with database.reading() as session:
        assert session.get_one(Enterprise, "cooperative").contact_phone == "13811112222"


@pytest.mark.usefixtures("scheme")
def test_own_people_mend_everything_before_confirmation(client: FlaskClient, database: Database) -> None:
    client.post("/join", data=ENTRIES)
    client.post("/sign-in", data={"identity": "newcomer", "password": ENTRIES["password"]})
    (one,) = all_of(database)
    page = client.get(f"/enterprises/{one.id}/edit").text
    assert '<option value="150824203" selected>' in page
    entries = {name: text for name, text in ENTRIES.items() if name not in ("username", "password")}
    words = entries | {"name": "乌拉特中旗示范改名社", "township_code": "150824100", "version": 1}
    assert client.post(f"/enterprises/{one.id}/edit", data=words).status_code == 303
    (one,) = all_of(database)
    assert (one.name, one.township_code) == ("乌拉特中旗示范改名社", "150824100")
    assert "修改信息" in client.get(f"/enterprises/{one.id}?lang=zh").text
