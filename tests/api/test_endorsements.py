"""Endorsements and designation marks over the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, PersonOfTheCast

URL = "/api/v1/endorsements"
DRAFT = make.AN_ENDORSEMENT | {"valid_from": "2026-09-01", "valid_until": "2099-12-31"}
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            wanted = ("endorsements.read", "endorsements.write", "endorsements.issue", "designations.manage")
            scopes = [one for one in wanted if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.mark.slaughtered
def test_two_persons_and_everybody_reads(client: FlaskClient, bearer: Bearer, database: Database) -> None:
    with database.writing() as session:
        code = make.a_batch(make.work(session)).code
    draft = DRAFT | {"batch_code": code}
    clerk, approver = bearer(CLERK), bearer(APPROVER)
    key = clerk | {"Idempotency-Key": "one"}
    made = client.post(URL, json=draft, headers=key)
    assert (made.status_code, made.json["state"]) == (201, "draft")
    assert client.post(URL, json=draft, headers=key).json == made.json
    at = f"{URL}/{made.json['number']}"
    assert client.get(at).status_code == 404
    body = {"version": 1, "digest_seen": made.json["digest"]}
    assert client.post(f"{at}/issue", json=body, headers=clerk).status_code == 404
    assert client.post(f"{at}/issue", json=body | {"version": 2}, headers=approver).status_code == 409
    assert client.post(f"{at}/issue", json=body, headers=approver).json["state"] == "issued"
    found = client.get(at).json
    assert (found["subject"], found["intact"]) == (f"batch:{code}", True)
    gone = client.post(f"{at}/revoke", json={"version": 2, "reason_code": "mistake"}, headers=approver)
    assert (gone.json["state"], client.get(at).json["state"]) == ("revoked", "revoked")


@pytest.mark.parametrize(
    "change",
    [{"batch_code": "x"}, {"batch_code": "ZZZZZZZZ"}, {"kind": "farm"}, {"extra": 1}, {"valid_until": "never"}],
)
def test_bad_input(client: FlaskClient, bearer: Bearer, change: dict[str, object]) -> None:
    assert client.post(URL, json=DRAFT | change, headers=bearer(CLERK)).status_code == 422


def test_marks(client: FlaskClient, bearer: Bearer) -> None:
    clerk = bearer(CLERK)
    body = {"mark_code": "demo-county-recognition", "document": "示范文号 1", "granted_on": "2026-09-01"}
    at = "/api/v1/enterprises/cooperative/designations"
    assert client.post(at, json=body, headers=bearer(APPROVER)).status_code == 404
    made = client.post(at, json=body, headers=clerk)
    assert made.status_code == 201
    ended = client.post(
        f"/api/v1/designations/{made.json['id']}/end", json={"version": 1, "comment": "示范"}, headers=clerk
    )
    assert ended.json["revoked_at"] is not None
