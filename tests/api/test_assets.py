"""Marks, certificates and sites over the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast

URL = "/api/v1/enterprises/cooperative"
BODY = {
    "kind": "green_food",
    "number": "gf150824120001",
    "title": "绿色食品证书（示范）",
    "issuer": "示范认证机构",
    "valid_until": "2099-06-30",
}
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            wanted = ("enterprises.read", "enterprises.edit", "assets.confirm")
            scopes = [one for one in wanted if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def test_from_declared_to_confirmed(client: FlaskClient, bearer: Bearer) -> None:
    own, office = bearer(PRODUCER), bearer(CLERK)
    made = client.post(f"{URL}/assets", json=BODY, headers=own)
    assert (made.status_code, made.json["number"], made.json["state"]) == (201, "GF150824120001", "declared")
    twice = client.post(f"{URL}/assets", json=BODY, headers=own)
    assert (twice.status_code, twice.json["code"]) == (422, "assets.taken")
    at = f"/api/v1/assets/{made.json['id']}"
    assert client.post(f"{at}/confirm", json={"version": 1}, headers=own).status_code == 404
    assert client.post(f"{at}/confirm", json={"version": 1}, headers=office).json["state"] == "confirmed"
    assert client.post(f"{at}/withdraw", json={"version": 1}, headers=own).status_code == 409
    public = client.get("/api/v1/register/enterprises/cooperative").json
    assert [(one["number"], one["state"]) for one in public["assets"]] == [("GF150824120001", "confirmed")]
    assert client.get(f"{URL}/assets", headers=bearer(RIVAL)).status_code == 404
    refused = client.post(f"{at}/refuse", json={"version": 2, "reason_code": "scope"}, headers=office)
    assert refused.json["reason_code"] == "scope"


@pytest.mark.parametrize("change", [{"file_sha256": "abc"}, {"number": "GF1"}, {"kind": "medal"}, {"extra": 1}])
def test_bad_input(client: FlaskClient, bearer: Bearer, change: dict[str, object]) -> None:
    assert client.post(f"{URL}/assets", json=BODY | change, headers=bearer(PRODUCER)).status_code == 422


def test_sites(client: FlaskClient, bearer: Bearer) -> None:
    own = bearer(PRODUCER)
    body = {"kind": "shop", "name": "示范门店", "county_code": "150824", "township_code": "150824100"}
    made = client.post(f"{URL}/sites", json=body, headers=own)
    assert made.status_code == 201
    assert client.post(f"/api/v1/sites/{made.json['id']}/close", headers=own).json["closed_at"] is not None
