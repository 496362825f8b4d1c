"""Commitment certificates over the API."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.make_crops import a_crop
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.rules import commitments as rules

Bearer = Callable[[PersonOfTheCast], dict[str, str]]
BODY = {"style": "producer", "bases": ["controlled"], "quantity_kg": "100", "contact": "13812345678"}


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            scopes = [one for one in ("batches.read", "commitments.issue") if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.fixture
def crop(database: Database) -> str:
    with database.writing() as session:
        return a_crop(session).id


def test_issued_replaced_withdrawn(client: FlaskClient, bearer: Bearer, crop: str) -> None:
    own, office, rival = bearer(PRODUCER), bearer(CLERK), bearer(RIVAL)
    url = f"/api/v1/batches/{crop}/commitments"
    for wrong, code in (
        (BODY | {"bases": []}, "commitments.basis_needed"),
        (BODY | {"bases": ["hope"]}, "input.invalid"),
        (BODY | {"quantity_kg": "100.001"}, "commitments.quantity"),
        (BODY | {"style": "collector"}, "commitments.style"),
        (BODY | {"origin": "他处"}, "input.invalid"),
    ):
        assert client.post(url, json=wrong, headers=own).json["code"] == code
    assert client.post(url, json=BODY, headers=rival).status_code == 404
    assert client.post(url, json=BODY, headers=office).status_code == 404
    key = own | {"Idempotency-Key": "one"}
    made = client.post(url, json=BODY, headers=key)
    assert (made.status_code, made.json["origin"]) == (201, "乌拉特中旗海流图镇")
    assert client.post(url, json=BODY, headers=key).json == made.json
    assert client.post(url, json=BODY, headers=own).json["code"] == "commitments.issued_already"
    at = f"/api/v1/commitments/{made.json['number']}"
    assert client.get(at, headers=office).json["state"] == "valid"
    assert client.get(at, headers=rival).status_code == 404
    new = client.post(f"{at}/replace", json=BODY | {"quantity_kg": "90", "version": 1}, headers=own).json
    assert client.get(at, headers=own).json["state"] == "replaced"
    again = f"/api/v1/commitments/{new['number']}"
    assert (
        client.post(f"{again}/withdraw", json={"version": 1}, headers=own).json["code"] == "commitments.reason_needed"
    )
    gone = client.post(f"{again}/withdraw", json={"version": 1, "comment": "示范"}, headers=own)
    assert (gone.status_code, gone.json["state"]) == (200, "withdrawn")
    listed = client.get("/api/v1/commitments?state=replaced", headers=office).json
    assert [one["number"] for one in listed["rows"]] == [made.json["number"]]
    found = client.get(f"/api/v1/public/commitments/{made.json['code']}")
    assert "13812345678" not in found.text
    assert rules.digest(found.json["words"]) == found.json["sha256"] == made.json["sha256"]
    assert (found.json["state"], found.json["replaced_by"]) == ("replaced", new["code"])
    assert client.get("/api/v1/public/commitments/nonsense").status_code == 404


def test_papers_are_taken(client: FlaskClient, bearer: Bearer, database: Database) -> None:
    with database.writing() as session:
        bought = a_crop(session, "C1", kind="collected").id
    own, rival = bearer(PRODUCER), bearer(RIVAL)
    url = f"/api/v1/batches/{bought}/commitments/taken"
    form = {"product": "鲜茶叶", "quantity_kg": "100", "issued_on": "2026-09-01"}
    assert client.post(url, data=form, headers=own).json["code"] == "uploads.empty"

    def send(who: dict[str, str]) -> TestResponse:
        return client.post(url, data=form | {"file": (BytesIO(make.a_picture()), "a.png")}, headers=who)

    assert send(rival).status_code == 404
    made = send(own)
    assert (made.status_code, made.json["media_type"]) == (201, "image/png")
    assert send(own).json["code"] == "materials.twice"
    assert [one["id"] for one in client.get(url, headers=own).json["rows"]] == [made.json["id"]]
    at = f"/api/v1/commitments/taken/{made.json['id']}"
    assert client.get(at, headers=own).data.startswith(b"\x89PNG")
    assert client.get(at, headers=rival).status_code == 404
