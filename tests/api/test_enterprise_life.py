"""Suspension and merging over the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, PersonOfTheCast

URL = "/api/v1/enterprises"
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            held = [f"enterprises.{one}" for one in ("read", "confirm", "suspend", "merge")]
            scopes = [one for one in held if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def test_suspend_and_resume(client: FlaskClient, bearer: Bearer) -> None:
    office = bearer(APPROVER)
    body = {"version": 1, "reason_code": "closed", "comment": "示范"}
    assert client.post(f"{URL}/cooperative/suspend", json=body, headers=bearer(CLERK)).status_code == 404
    done = client.post(f"{URL}/cooperative/suspend", json=body, headers=office)
    assert (done.status_code, done.json["state"], done.json["reason_code"]) == (200, "suspended", "closed")
    stale = client.post(f"{URL}/cooperative/suspend", json=body, headers=office)
    assert (stale.status_code, stale.json["code"]) == (409, "enterprises.stale")
    ended = client.post(f"{URL}/cooperative/resume", json={"version": 2, "comment": "示范"}, headers=office)
    assert ended.json["state"] == "confirmed"


def test_merge_by_two(client: FlaskClient, bearer: Bearer) -> None:
    clerk, office = bearer(CLERK), bearer(APPROVER)
    body = {"kept_id": "cooperative", "why": "示范"}
    key = clerk | {"Idempotency-Key": "one"}
    made = client.post(f"{URL}/rival/merge", json=body, headers=key)
    assert made.status_code == 201
    assert client.post(f"{URL}/rival/merge", json=body, headers=key).json == made.json
    at = f"/api/v1/merges/{made.json['id']}"
    assert client.get(at, headers=bearer(PRODUCER)).status_code == 404
    assert client.post(f"{at}/approve", json={"version": 1}, headers=clerk).status_code == 404
    assert client.post(f"{at}/drop", json={"version": 1}, headers=office).status_code == 422
    assert client.post(f"{at}/approve", json={"version": 1}, headers=office).json["state"] == "merged"
    found = client.get(f"{URL}/rival", headers=clerk).json
    assert (found["state"], found["merged_into"]) == ("merged", "cooperative")
