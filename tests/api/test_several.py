"""The desk's steps on several records over the API: outcomes in the order sent, one refusal undoes no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from brand.services import accounts
from tests import make
from tests.people import CLERK, PRODUCER, PersonOfTheCast


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


def bearer(database: Database, person: PersonOfTheCast, *scopes: str) -> dict[str, str]:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        token = accounts.issue_token(work, label="示范", scopes=list(scopes), days=1)[1]
    return {"Authorization": f"Bearer {token}"}


def test_a_stale_one_is_refused_and_the_other_done(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        first = make.a_joined_enterprise(work)
        complaint = make.a_complaint(work)
        application = make.an_application(work)
        make.step(work, application, "submit", PRODUCER)
        seen = application.version
    headers = bearer(
        database, CLERK, "enterprises.confirm", "applications.review", "complaints.handle", "complaints.read"
    )
    chosen = [{"id": "nobody", "version": 1}, {"id": first.id, "version": 1}]
    answer = client.post("/api/v1/enterprises/confirm", json={"chosen": chosen}, headers=headers)
    assert answer.json == {
        "rows": [
            {"id": "nobody", "done": False, "code": "access.unknown"},
            {"id": first.id, "done": True, "code": ""},
        ]
    }
    with database.reading() as session:
        assert session.get_one(Enterprise, first.id).state == "confirmed"
    for where, one, version in (
        ("applications/start-review", application.id, seen),
        ("complaints/accept", complaint.id, complaint.version),
    ):
        picked = {"chosen": [{"id": one, "version": version}]}
        assert client.post(f"/api/v1/{where}", json=picked).status_code == 401
        done = client.post(f"/api/v1/{where}", json=picked, headers=headers)
        assert [row["done"] for row in done.json["rows"]] == [True], done.json
        again = client.post(f"/api/v1/{where}", json=picked, headers=headers)
        assert [row["done"] for row in again.json["rows"]] == [False]


@pytest.mark.parametrize(
    "chosen", [[], [{"id": "x"}], [{"id": "x", "version": 0}], ["x:1"], [{"id": "x", "version": 1}] * 201, None]
)
def test_what_is_not_a_list_of_records(client: FlaskClient, database: Database, chosen: object) -> None:
    headers = bearer(database, CLERK, "enterprises.confirm")
    assert client.post("/api/v1/enterprises/confirm", json={"chosen": chosen}, headers=headers).status_code == 422


def test_who_may_not(client: FlaskClient, database: Database) -> None:
    headers = bearer(database, PRODUCER, "enterprises.read")
    picked = {"chosen": [{"id": "x", "version": 1}]}
    for where in ("enterprises/confirm", "applications/start-review", "complaints/accept"):
        assert client.post(f"/api/v1/{where}", json=picked, headers=headers).status_code == 404
