"""Invitations and consents over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel import clock
from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import PRODUCER, RIVAL, STATION, PersonOfTheCast

URL = "/api/v1/enterprises/cooperative"
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            scopes = [one for one in ("enterprises.read", "members.manage") if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def test_an_invitation_tells_its_link_once(client: FlaskClient, bearer: Bearer) -> None:
    body = {"name": "示范新人", "role": "producer_clerk"}
    made = client.post(f"{URL}/invitations", json=body, headers=bearer(PRODUCER))
    assert made.status_code == 201
    assert made.json["link"].startswith("http://localhost/invited/")
    assert client.get(made.json["link"].removeprefix("http://localhost")).status_code == 200
    assert client.post(f"{URL}/invitations", json=body, headers=bearer(RIVAL)).status_code == 404
    wrong = client.post(f"{URL}/invitations", json=body | {"role": "auditor"}, headers=bearer(PRODUCER))
    assert (wrong.status_code, wrong.json["code"]) == (422, "members.role")


def test_ending_a_consent_ends_a_token_of_the_agent(client: FlaskClient, bearer: Bearer) -> None:
    own, agent = bearer(PRODUCER), bearer(STATION)
    assert client.get(URL, headers=agent).status_code == 200
    (held,) = client.get(f"{URL}/consents", headers=own).json
    assert held["id"] == "station"
    assert client.get(f"{URL}/consents", headers=agent).status_code == 404
    assert client.post("/api/v1/consents/station/revoke", headers=agent).status_code == 404
    ended = client.post("/api/v1/consents/station/revoke", headers=own)
    assert ended.json["revoked_at"] is not None
    assert client.get(URL, headers=agent).status_code == 404
    until = (clock.local_day(clock.now()) + timedelta(days=30)).isoformat()
    body = {"account_id": "station", "scope": ["labels.order"], "until": until}
    key = own | {"Idempotency-Key": "one"}
    made = client.post(f"{URL}/consents", json=body, headers=key)
    assert made.status_code == 201
    assert client.post(f"{URL}/consents", json=body, headers=key).json == made.json
    assert client.get(URL, headers=agent).status_code == 200
    assert client.get(f"{URL}/on-behalf", headers=own).json["total"] == 0
    assert client.get(f"{URL}/on-behalf", headers=agent).status_code == 404
