"""Signing in as real people do: first password, own password, second factor, sign-out, and every way to fail."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.actors import Grant
from brand.kernel.db import Database
from brand.kernel.permissions import Role
from brand.models.accounts import Account, SignIn
from brand.services import accounts
from tests import make
from tests.people import PRODUCER, PersonOfTheCast

OWN = "a-password-of-my-own"


@pytest.fixture
def newcomer(database: Database) -> Callable[[Role], str]:
    """Adds an account with that role and returns its first password; the user name is «newcomer»."""

    def add(role: Role) -> str:
        with database.writing() as session:
            return accounts.add(
                make.work(session), username="newcomer", name="示范新人", grants=(Grant(role),), phone="13900000001"
            )[1]

    return add


def sign_in(client: FlaskClient, password: str, identity: str = "newcomer"):
    return client.post("/sign-in", data={"identity": identity, "password": password})


def code_of(page: str, now: float | None = None) -> str:
    """What an authenticator app shows after the key on the page was typed in."""
    key = re.search(r'<span class="bt-code">([A-Z2-7\- ]{16,})</span>', page)
    assert key, page[:2000]
    secret = key[1].replace("-", "").replace(" ", "")
    totp = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)), 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(int(now or clock.now().timestamp())).decode()


@pytest.mark.parametrize("identity", ["newcomer", "NEWCOMER", "13900000001"])
def test_a_first_password_must_be_replaced_before_anything_else(
    client: FlaskClient, newcomer: Callable[[Role], str], identity: str
) -> None:
    first = newcomer(Role.AUDITOR)
    assert sign_in(client, first, identity).status_code == 302
    assert client.get("/account").location == "/password"
    changed = client.post("/password", data={"password": first, "new_password": OWN, "new_password_confirm": OWN})
    assert changed.status_code == 302
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    assert client.get("/account").status_code == 302
    assert sign_in(client, first).status_code == 200
    assert sign_in(client, OWN).status_code == 302


def test_every_failure_reads_alike(client: FlaskClient, newcomer: Callable[[Role], str]) -> None:
    newcomer(Role.AUDITOR)
    pages = [sign_in(client, "wrong-password", who).text for who in ("newcomer", "nobody", "13912345678")]
    assert all("用户名、手机号或密码不正确" in page for page in pages)
    stripped = {re.sub(r'value="[^"]*"', "", page) for page in pages}
    assert len(stripped) == 1


def test_whoever_decides_needs_a_second_factor(
    app: Flask, client: FlaskClient, newcomer: Callable[[Role], str], database: Database
) -> None:
    first = newcomer(Role.BRAND_APPROVER)
    assert sign_in(client, first).location == "/second-factor"
    assert client.get("/desk").status_code == 302, "a password alone opens nothing"
    page = client.post("/second-factor", data={"setup": "authenticator"}).text
    code = code_of(page)
    assert client.post("/second-factor/code", data={"code": "000000"}).status_code == 200
    assert client.post("/second-factor/code", data={"code": code}).status_code == 302
    client.post("/password", data={"password": first, "new_password": OWN, "new_password_confirm": OWN})
    assert client.get("/account").status_code == 200
    again = app.test_client()
    assert sign_in(again, OWN).location.startswith("/second-factor/code")
    assert again.post("/second-factor/code", data={"code": code}).status_code == 200, "a code counts once"
    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        assert again.post("/second-factor/code", data={"code": code_of(page)}).status_code == 302
        assert again.get("/account").status_code == 200
    with database.reading() as session:
        account = session.exec(select(Account).where(Account.username == "newcomer")).one()
        assert account.tf_totp_secret is not None
        assert re.search(r'<span class="bt-code">([A-Z2-7\- ]{16,})</span>', page)[1] not in account.tf_totp_secret


def test_a_sign_in_ends_when_idle_when_old_and_when_closed(
    as_: Callable[[PersonOfTheCast], FlaskClient], database: Database
) -> None:
    client = as_(PRODUCER)
    with time_machine.travel(clock.now() + timedelta(minutes=29)):
        assert client.get("/account").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=58)):
        assert client.get("/account").status_code == 200, "use keeps it awake"
    with time_machine.travel(clock.now() + timedelta(minutes=89)):
        assert client.get("/account").status_code == 302
    client = as_(PRODUCER)
    with database.writing() as session:
        for row in session.exec(select(SignIn)):
            row.started_at -= timedelta(hours=13)
    assert client.get("/account").status_code == 302
    client = as_(PRODUCER)
    with database.writing() as session:
        accounts.set_active(make.work(session), "producer", active=False)
    assert client.get("/account").status_code == 302


def test_the_cookie_of_a_sign_out_is_worth_nothing(as_: Callable[[PersonOfTheCast], FlaskClient]) -> None:
    client = as_(PRODUCER)
    kept = client.get_cookie("brandtrace")
    client.post("/sign-out")
    assert kept is not None
    client.set_cookie("brandtrace", kept.value)
    assert client.get("/account").status_code == 302


def test_forms_need_their_token(app: Flask, as_: Callable[[PersonOfTheCast], FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = as_(PRODUCER).post("/account", data={"label": "x", "days": "1", "scopes": "batches.read"})
    assert answer.status_code == 400
    assert "表单已过期" in answer.text


def test_the_next_address_stays_in_the_house(client: FlaskClient, newcomer: Callable[[Role], str]) -> None:
    first = newcomer(Role.AUDITOR)
    answer = client.post("/sign-in?next=https://evil.example/", data={"identity": "newcomer", "password": first})
    assert "evil" not in (answer.location or "")


def test_headers_and_cookies_are_tight(client: FlaskClient, newcomer: Callable[[Role], str]) -> None:
    answer = sign_in(client, newcomer(Role.AUDITOR))
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("brandtrace="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get("/password")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
