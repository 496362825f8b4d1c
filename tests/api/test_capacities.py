"""Capacities over the API."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast

URL = "/api/v1/enterprises/cooperative/capacities"
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            wanted = ("enterprises.read", "enterprises.edit", "places.confirm", "capacities.agree")
            scopes = [one for one in wanted if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def test_declared_verified_raised_refused(client: FlaskClient, bearer: Bearer, database: Database) -> None:
    own, office, second = bearer(PRODUCER), bearer(CLERK), bearer(APPROVER)
    with database.writing() as session:
        make.a_scheme(make.work(session))
        lamb = make.a_product(session).id
    body = {
        "product_id": lamb,
        "season_from": "2026-01-01",
        "season_to": "2026-12-31",
        "unit": "kg",
        "declared": "5000",
        "basis": "contract",
        "source": "示范合同",
    }
    made = client.post(URL, json=body, headers=own)
    assert (made.status_code, made.json["allowed"], made.json["state"]) == (201, "5000", "declared")
    assert client.post(URL, json=body, headers=own).json["code"] == "capacities.season_overlaps"
    assert client.post(URL, json=body | {"unit": "sack"}, headers=own).status_code == 422
    at = f"/api/v1/capacities/{made.json['id']}"
    assert client.post(f"{at}/verify", json={"version": 1}, headers=own).status_code == 404
    assert client.post(f"{at}/verify", json={"version": 1}, headers=office).json["state"] == "verified"
    raised = client.post(f"{at}/verify", json={"version": 2, "amount": "6000"}, headers=office).json
    assert (Decimal(raised["allowed"]), Decimal(raised["wanted"])) == (5000, 6000)
    assert client.post(f"{at}/agree", json={"version": 3}, headers=second).json["wanted"] is None
    refused = client.post(f"{at}/refuse", json={"version": 4, "reason_code": "twice"}, headers=office)
    assert refused.json["state"] == "refused"
    assert client.post(f"{at}/withdraw", json={"version": 5}, headers=own).status_code == 409
    assert [one["id"] for one in client.get(URL, headers=own).json["rows"]] == [made.json["id"]]
    assert client.get(at, headers=own).json["reason_code"] == "twice"
    for address in (URL, at):
        assert client.get(address, headers=bearer(RIVAL)).status_code == 404
