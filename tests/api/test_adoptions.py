"""Adoption of standards and trainings over the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.standards import Standard, StandardEdition
from brand.services import accounts
from tests import make
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


def bearer(database: Database, person: PersonOfTheCast, *scopes: str) -> dict[str, str]:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        token = accounts.issue_token(work, label="示范", scopes=list(scopes), days=1)[1]
    return {"Authorization": f"Bearer {token}"}


def test_a_batch_is_opened_and_adopted(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = session.exec(select(StandardEdition.id)).one()
    office = bearer(database, CLERK, "standards.write", "standards.read", "standards.adopt")
    producer, rival = (bearer(database, one, "standards.adopt") for one in (PRODUCER, RIVAL))
    asked = {"edition_id": edition, "name": "示范第一批", "opens_on": "2026-09-01", "closes_on": "2026-09-30"}
    assert client.post("/api/v1/adoptions", json=asked).status_code == 401
    assert client.post("/api/v1/adoptions", json=asked, headers=producer).status_code == 404
    made = client.post("/api/v1/adoptions", json=asked, headers=office)
    assert (made.status_code, made.json["running"], made.json["total"]) == (201, True, 0)
    where = f"/api/v1/adoptions/{made.json['id']}/adopt"
    (row,) = client.get("/api/v1/adoptions", headers=producer).json["rows"]
    assert row["open_to"] == ["cooperative"]
    done = client.post(where, json={"enterprise_id": "cooperative"}, headers=producer)
    assert [one["enterprise_id"] for one in done.json["adoptions"]] == ["cooperative"]
    again = client.post(where, json={"enterprise_id": "cooperative"}, headers=producer)
    assert (again.status_code, again.json["code"]) == (409, "adoptions.already")
    assert client.post(where, json={"enterprise_id": "cooperative"}, headers=rival).status_code == 404
    (row,) = client.get("/api/v1/adoptions", headers=rival).json["rows"]
    assert (row["total"], row["adoptions"]) == (1, [])


def test_a_training_and_who_came(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        standard = session.exec(select(Standard.id)).one()
    office = bearer(database, CLERK, "standards.write", "standards.read")
    rival = bearer(database, RIVAL, "standards.adopt")
    held = {"standard_id": standard, "title": "示范培训", "held_on": "2026-09-12", "place": "示范", "trainer": "示范"}
    late = client.post("/api/v1/trainings", json=held | {"held_on": "2026-09-15"}, headers=office)
    assert (late.status_code, late.json["errors"][0]["pointer"]) == (422, "/held_on")
    made = client.post("/api/v1/trainings", json=held, headers=office).json
    where = f"/api/v1/trainings/{made['id']}/attendance"
    came = client.put(where, json={"enterprise_id": "cooperative", "people": 3}, headers=office).json
    assert (came["people"], came["attendances"][0]["people"]) == (3, 3)
    assert client.put(where, json={"enterprise_id": "cooperative", "people": 3}, headers=rival).status_code == 404
    (row,) = client.get("/api/v1/trainings", headers=rival).json["rows"]
    assert (row["people"], row["attendances"]) == (3, [])
