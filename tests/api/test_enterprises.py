"""Enterprises over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import AUDITOR, CLERK, PRODUCER, RIVAL, PersonOfTheCast

URL = "/api/v1/enterprises"
JOIN = {
    "kind": "cooperative",
    "name": "乌拉特中旗示范新社",
    "credit_code": make.NEW_CREDIT_CODE,
    "county_code": "150824",
    "township_code": "150824203",
    "contact_name": "示范新联系人",
    "contact_phone": "13900000001",
    "username": "newcomer",
    "password": "示范密码一二三四五六",
}
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    """Headers of a token with the enterprise permissions the person holds."""

    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            held = [one for one in ("read", "contact", "edit", "confirm") if actor.may(f"enterprises.{one}")]
            _, text = accounts.issue_token(
                make.work(session, actor), label="test", scopes=[f"enterprises.{one}" for one in held], days=365
            )
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.fixture
def newcomer(client: FlaskClient) -> dict[str, Any]:
    answer = client.post(URL, json=JOIN)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json
    return found


def codes(answer: Any) -> set[tuple[str, str]]:
    assert answer.mimetype == "application/problem+json"
    return {(one["pointer"], one["code"]) for one in answer.json["errors"]}


def test_anybody_joins_and_the_answer_holds_no_secret(newcomer: dict[str, Any]) -> None:
    assert (newcomer["state"], newcomer["version"]) == ("pending", 1)
    assert not {"password", "contact_name", "contact_phone", "address"} & newcomer.keys()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"surplus": 1}, ("/surplus", "input.unknown_field")),
        ({"name": None}, ("/name", "input.required")),
        ({"name": 7}, ("/name", "input.not_text")),
        ({"credit_code": "1"}, ("/credit_code", "identifiers.credit_code.length")),
        ({"township_code": ""}, ("/township_code", "enterprises.township_needed")),
        ({"password": "x" * 129}, ("/password", "input.too_long")),
        ({"username": "a b c"}, ("/username", "accounts.username_shape")),
    ],
)
def test_bad_input_is_a_problem_with_its_pointer(
    client: FlaskClient, change: dict[str, Any], fault: tuple[str, str]
) -> None:
    answer = client.post(URL, json=JOIN | change)
    assert answer.status_code == 422
    assert fault in codes(answer)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"nul", b'{"name": "\\ud800"}', b'{"kind": NaN}'])
def test_what_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(URL, data=body, content_type="application/json")
    assert answer.status_code == 422


def test_lists_keep_to_the_reach_of_the_token(client: FlaskClient, bearer: Bearer, newcomer: dict[str, Any]) -> None:
    assert client.get(URL).status_code == 401
    everything = client.get(URL, headers=bearer(CLERK)).json
    assert everything["total"] == 6, "the cast's five and the newcomer"
    assert {one["name"] for one in client.get(f"{URL}?q=新社", headers=bearer(CLERK)).json["rows"]} == {JOIN["name"]}
    assert client.get(URL, headers=bearer(PRODUCER)).json["total"] == 1
    assert client.get(f"{URL}?size=2&page=3", headers=bearer(CLERK)).json["page"] == 3
    assert ("/size", "input.out_of_range") in codes(client.get(f"{URL}?size=0", headers=bearer(CLERK)))


def test_one_shows_its_contact_only_to_those_who_need_it(
    client: FlaskClient, bearer: Bearer, newcomer: dict[str, Any]
) -> None:
    one = f"{URL}/{newcomer['id']}"
    assert client.get(one, headers=bearer(CLERK)).json["contact"]["contact_phone"] == "13900000001"
    assert client.get(one, headers=bearer(AUDITOR)).json["contact"] is None
    assert client.get(one, headers=bearer(RIVAL)).status_code == 404
    assert client.get(f"{URL}/NOTHING", headers=bearer(CLERK)).status_code == 404


def test_the_office_refuses_and_confirms(client: FlaskClient, bearer: Bearer, newcomer: dict[str, Any]) -> None:
    office, one = bearer(CLERK), f"{URL}/{newcomer['id']}"
    bare = client.post(f"{one}/refuse", json={"version": 1}, headers=office)
    assert ("/reason_code", "input.required") in codes(bare)
    refused = client.post(f"{one}/refuse", json={"version": 1, "reason_code": "kind"}, headers=office).json
    assert (refused["state"], refused["reason_code"], refused["version"]) == ("refused", "kind", 2)
    late = client.post(f"{one}/confirm", json={"version": 1}, headers=office)
    assert (late.status_code, late.json["code"]) == (409, "enterprises.stale")
    wrong = client.post(f"{one}/confirm", json={"version": 2}, headers=office)
    assert (wrong.status_code, wrong.json["code"]) == (409, "enterprises.wrong_state")
    assert client.post(f"{one}/confirm", json={"version": 2}, headers=bearer(RIVAL)).status_code == 404
    assert client.post(f"{one}/resubmit", json={"version": 2}, headers=office).status_code == 404


def test_own_people_put_new_entries(client: FlaskClient, bearer: Bearer) -> None:
    own = bearer(PRODUCER)
    now = client.get(f"{URL}/cooperative", headers=own).json
    entries = {name: now[name] for name in ("kind", "name", "name_en", "credit_code", "county_code", "township_code")}
    words = entries | {"contact_name": "示范新人", "contact_phone": "13811112222", "version": now["version"]}
    changed = client.put(f"{URL}/cooperative", json=words, headers=own)
    assert changed.json["contact"]["contact_phone"] == "13811112222"
    renamed = client.put(f"{URL}/cooperative", json=words | {"name": "新名", "version": 2}, headers=own)
    assert codes(renamed) == {("/name", "enterprises.confirmed_fields")}
    assert client.put(f"{URL}/rival", json=words, headers=own).status_code == 404
    assert client.put(f"{URL}/cooperative", json=words, headers=own).status_code == 409
