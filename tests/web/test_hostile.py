"""What an attacker sends to doors: overlong and unholdable values, foreign hosts, forms as JSON, half a sign-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.actors import Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.models.accounts import Account
from brand.schemas.shape import Kilograms, Shape, Text
from brand.services import accounts
from tests import make
from tests.house.test_routes import _routes as routes
from tests.people import ADMIN, PRODUCER, PersonOfTheCast
from tests.web.test_signin import code_of

As = Callable[[PersonOfTheCast], FlaskClient]


class Weighed(Shape):
    cap_kg = Kilograms(required=True)


class Named(Shape):
    name = Text(required=True)


@pytest.mark.parametrize("mark", ["\u202e", "\u202a", "\u2066", "\u2069", "\ud800", "\0", "\x1b"])
def test_no_name_turns_the_order_of_what_is_read(mark: str) -> None:
    with pytest.raises(AppError) as caught:
        Named().take({"name": f"示范{mark}合作社"})
    assert [(one.code, one.pointer) for one in caught.value.faults] == [("input.bad_characters", "/name")]


def test_mongolian_joins_its_letters_as_it_needs() -> None:
    name = "\u182a\u180e\u1820\u202f\u1836\u200d"
    assert Named().take({"name": name}) == {"name": name}


def test_every_form_of_a_page_needs_its_token(app: Flask, as_: As) -> None:
    """Whoever lures a signed-in person to another site moves nothing here, on no page there will ever be."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = as_(ADMIN)
    tried = 0
    for method, address, _ in routes(app):
        if method == "GET" or address.startswith("/api/"):
            continue
        answer = client.open(address, method=method, data={"version": "1"})
        assert (answer.status_code, "表单已过期" in answer.text) == (400, True), address
        tried += 1
    assert tried > 60


@pytest.mark.parametrize("text", ["1e999999999", "1E-999999999", "-1e999999999", "0E999999999", "1e400", "sNaN", "1e9"])
def test_a_weight_beyond_all_measure_is_refused_in_words(text: str) -> None:
    with pytest.raises(AppError) as caught:
        Weighed().take({"cap_kg": text})
    assert [one.pointer for one in caught.value.faults] == ["/cap_kg"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("999999999", "input.out_of_range"), ("1.0001", "input.too_precise"), ("1e3", "input.not_number")],
)
def test_a_weight_is_refused_by_the_rule_it_breaks(text: str, code: str) -> None:
    with pytest.raises(AppError) as caught:
        Weighed().take({"cap_kg": text})
    assert [one.code for one in caught.value.faults] == [code]


@pytest.mark.parametrize(
    "query", ["page=" + "9" * 30, "page=-1", "action=" + "中" * 60_000, "object_id=%00", "person_id=%FF"]
)
def test_the_audit_trail_refuses_what_it_cannot_look_for(as_: As, database: Database, query: str) -> None:
    with database.writing() as session:  # an empty trail compares nothing
        accounts.reset(make.work(session), "auditor")
    assert as_(ADMIN).get(f"/audit?{query}").status_code in (200, 422)


@pytest.mark.parametrize("identity", ["producer", "nobody"])
@pytest.mark.parametrize("password", ["a" * 129, "a" * 60_000, "ﷺ" * 128, "x\0y"])
def test_no_password_is_too_long_for_an_answer(client: FlaskClient, identity: str, password: str) -> None:
    answer = client.post("/sign-in", data={"identity": identity, "password": password})
    assert answer.status_code in (200, 422)


def test_a_new_password_has_an_upper_limit_too(as_: As) -> None:
    long = {"password": "x", "new_password": "a" * 5000, "new_password_confirm": "a" * 5000}
    assert as_(PRODUCER).post("/password", data=long).status_code == 422
    assert as_(PRODUCER).post("/sign-in/again", data={"password": "a" * 5000}).status_code == 422


def test_the_sign_in_takes_forms_only_and_hands_out_no_token_of_the_library(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        _, first = accounts.add(make.work(session), username="newcomer", name="示范新人", grants=(Grant(Role.AUDITOR),))
    typed = {"identity": "newcomer", "password": first}
    assert client.post("/sign-in?include_auth_token", json=typed).status_code == 415
    answer = client.post("/sign-in?include_auth_token", data=typed, headers={"Accept": "application/json"})
    assert answer.status_code == 302
    assert b"token" not in answer.data


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1:8000@evil.example"])
@pytest.mark.parametrize(
    "address", ["/", "/register", "/u/N6GN4G6Z/ZZ33CFVVJ4HKZFGV?s=x", "/u//x", "/nothing", "/api/v1/register"]
)
def test_a_foreign_host_gets_one_plain_line(client: FlaskClient, host: str, address: str) -> None:
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert b"evil" not in answer.data


def test_half_a_sign_in_ends_with_the_password_it_was_made_with(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        account, first = accounts.add(
            make.work(session), username="newcomer", name="示范新人", grants=(Grant(Role.BRAND_APPROVER),)
        )
    assert client.post("/sign-in", data={"identity": "newcomer", "password": first}).location == "/second-factor"
    with database.writing() as session:
        accounts.reset(make.work(session), account.id)
    page = client.post("/second-factor", data={"setup": "authenticator"})
    if page.status_code == 200:
        client.post("/second-factor/code", data={"code": code_of(page.text)})
    with database.reading() as session:
        assert session.exec(select(Account).where(Account.username == "newcomer")).one().tf_totp_secret is None
