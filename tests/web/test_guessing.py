"""Guessing passwords and codes comes to an end: per account from any address, and on every page that tests a secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel import clock
from brand.kernel.actors import Grant
from brand.kernel.db import Database
from brand.kernel.permissions import Role
from brand.services import accounts
from tests import make
from tests.people import PRODUCER, PersonOfTheCast
from tests.web.test_signin import OWN, code_of, sign_in

As = Callable[[PersonOfTheCast], FlaskClient]
LIMIT = 10


@pytest.fixture
def app(limited: Flask) -> Flask:
    """The service with its limits on."""
    return limited


def newcomer(database: Database, role: Role) -> str:
    with database.writing() as session:
        return accounts.add(
            make.work(session), username="newcomer", name="示范新人", grants=(Grant(role),), phone="13900000001"
        )[1]


def from_address(app: Flask, number: int) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
    return client


def test_a_password_is_not_guessed_from_many_addresses_under_both_names(app: Flask, database: Database) -> None:
    first = newcomer(database, Role.AUDITOR)
    names = ("newcomer", "NEWCOMER ", "13900000001")
    for number in range(LIMIT):
        assert sign_in(from_address(app, number), "wrong", names[number % 3]).status_code == 200
    assert [sign_in(from_address(app, 99), first, name).status_code for name in names] == [429] * 3
    assert sign_in(from_address(app, 99), "wrong", "somebody").status_code == 200, "others are not shut out"
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert sign_in(from_address(app, 99), first).status_code == 302


def test_a_name_nobody_has_is_limited_like_one_somebody_has(app: Flask) -> None:
    """Otherwise the limit would tell who has an account."""
    answers = [sign_in(from_address(app, number), "wrong", "nobody").status_code for number in range(LIMIT + 1)]
    assert answers == [200] * LIMIT + [429]


def test_signing_in_often_shuts_nobody_out(app: Flask, database: Database) -> None:
    first = newcomer(database, Role.AUDITOR)
    answers = {sign_in(from_address(app, number), first).status_code for number in range(LIMIT + 2)}
    assert answers == {302}


def test_a_code_is_not_guessed_by_beginning_anew(app: Flask, database: Database) -> None:
    first = newcomer(database, Role.BRAND_APPROVER)
    client = from_address(app, 1)
    sign_in(client, first)
    code = code_of(client.post("/second-factor", data={"setup": "authenticator"}).text)
    assert client.post("/second-factor/code", data={"code": code}).status_code == 302
    client.post("/password", data={"password": first, "new_password": OWN, "new_password_confirm": OWN})
    guesses = []
    for number in range(LIMIT + 1):
        other = from_address(app, 10 + number)
        assert sign_in(other, OWN).status_code == 302
        address = "/second-factor/code" if number % 2 else "/second-factor/recovery"
        guesses.append(other.post(address, data={"code": "000000"}).status_code)
    assert guesses == [200] * LIMIT + [429]


@pytest.mark.parametrize(
    ("address", "others"), [("/sign-in/again", {}), ("/password", {"new_password": OWN, "new_password_confirm": OWN})]
)
def test_an_open_browser_is_no_place_to_guess_its_owner_s_password(
    as_: As, address: str, others: dict[str, str]
) -> None:
    client = as_(PRODUCER)
    answers = []
    for number in range(LIMIT + 1):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers.append(client.post(address, data={"password": "wrong"} | others).status_code)
    assert answers == [200] * LIMIT + [429]
