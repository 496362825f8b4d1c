"""The people form as an administrator uses it: roles with enterprise or township, refused by field, taken away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.models.accounts import Account, RoleGrant
from brand.schemas import presets
from brand.services import schemes
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
TOWN, ELSEWHERE = "150824100", "150824999"
NEW = {"username": "sumu", "name": "示范苏木新经办", "role": "township_clerk", "township_code": TOWN}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture(autouse=True)
def _scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


def _held(database: Database, username: str) -> list[tuple[str, str | None, str | None]]:
    with database.reading() as session:
        statement = select(RoleGrant).join(Account).where(Account.username == username)
        return [(one.role, one.enterprise_id, one.township_code) for one in session.exec(statement)]


def test_a_townships_clerk_is_added_with_the_township(as_: As, database: Database) -> None:
    admin = as_(ADMIN)
    page = admin.get("/accounts?lang=zh").text
    assert 'name="township_code"' in page
    assert f'<option value="{TOWN}"' in page
    assert admin.post("/accounts", data=NEW).status_code == 303
    assert _held(database, "sumu") == [("township_clerk", None, TOWN)]
    shown = admin.get("/accounts?lang=zh").text
    assert "示范苏木新经办" in shown
    assert "川井苏木" in shown.partition("示范苏木新经办")[2], "the grant says which township"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"township_code": ""}, "township_code"),
        ({"township_code": ELSEWHERE}, "township_code"),
        ({"township_code": "川井"}, "township_code"),
        ({"role": "auditor"}, "township_code"),
        ({"enterprise_id": "cooperative"}, "enterprise_id"),
        ({"role": "producer_clerk"}, "enterprise_id"),
        ({"role": "mayor"}, "role"),
        ({"username": "x y"}, "username"),
    ],
)
def test_what_does_not_fit_is_named_at_its_field(
    as_: As, database: Database, change: dict[str, str], field: str
) -> None:
    answer = as_(ADMIN).post("/accounts", data=NEW | change)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text
    assert _held(database, "sumu") == []


def test_where_no_list_of_townships_is_entered_the_code_is_typed(as_: As, database: Database) -> None:
    with database.writing() as session:
        schemes.load_preset(make.work(session), presets.read_shipped("burqin-2-3-10-15"))
    admin = as_(ADMIN)
    assert 'type="text" id="f-township_code"' in admin.get("/accounts").text
    assert admin.post("/accounts", data=NEW | {"township_code": "654321"}).status_code == 422
    assert admin.post("/accounts", data=NEW | {"township_code": "654321100"}).status_code == 303
    assert _held(database, "sumu") == [("township_clerk", None, "654321100")]


def test_given_to_an_account_and_taken_away_at_once(as_: As, database: Database) -> None:
    admin, clerk = as_(ADMIN), as_(CLERK)
    given = {"role": "township_clerk", "township_code": TOWN}
    assert admin.post(f"/accounts/{CLERK.username}/grant", data={"role": "township_clerk"}).status_code == 422
    assert admin.post(f"/accounts/{CLERK.username}/grant", data=given).status_code == 303
    assert ("township_clerk", None, TOWN) in _held(database, CLERK.username)
    with database.reading() as session:
        grant = session.exec(select(RoleGrant.id).where(RoleGrant.township_code == TOWN)).one()
    assert clerk.post(f"/accounts/grants/{grant}/revoke").status_code == 404
    assert admin.post(f"/accounts/grants/{grant}/revoke").status_code == 303
    assert _held(database, CLERK.username) == [("brand_clerk", None, None)]
    with database.reading() as session:
        trail = select(AuditEntry.action).where(AuditEntry.object_id == CLERK.username)
        assert {"accounts.grant", "accounts.revoke"} <= set(session.exec(trail).all())


@pytest.mark.parametrize("person", [APPROVER, CLERK, PRODUCER], ids=lambda one: one.username)
def test_nobody_else_adds_people(as_: As, database: Database, person: PersonOfTheCast) -> None:
    client = as_(person)
    assert client.get("/accounts").status_code == 404
    assert client.post("/accounts", data=NEW).status_code == 404
    assert client.post(f"/accounts/{person.username}/grant", data={"role": "administrator"}).status_code == 404
    assert _held(database, "sumu") == []


def test_no_two_fields_of_the_page_share_a_name_for_readers(as_: As) -> None:
    ids = Counter(re.findall(r' id="([^"]+)"', as_(ADMIN).get("/accounts").text))
    assert [one for one, count in ids.items() if count > 1] == []


def test_a_person_who_left_is_forgotten_on_request(as_: As, database: Database) -> None:
    admin, address = as_(ADMIN), f"/accounts/{CLERK.username}/erase"
    assert as_(APPROVER).get(address).status_code == 404
    assert admin.get("/accounts/nobody/erase").status_code == 404
    assert CLERK.name in admin.get(f"{address}?lang=zh").text
    open_yet = admin.post(address, data={"paper": "示范-1"})
    assert open_yet.status_code == 409
    admin.post(f"/accounts/{CLERK.username}/close")
    assert 'id="f-paper-fault"' in admin.post(address, data={"paper": ""}).text
    assert admin.post(address, data={"paper": "示范-1"}).status_code == 303
    people = admin.get("/accounts?lang=en").text
    assert CLERK.name not in people
    assert "forgotten on 2026-09-14" in people
    assert admin.post(f"/accounts/{CLERK.username}/reopen").status_code == 409
    assert admin.get(f"{address}?lang=en").status_code == 200
