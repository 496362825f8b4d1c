"""Supply contracts over the API."""

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
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, PersonOfTheCast

URL = "/api/v1/enterprises/cooperative/supply-contracts"
Bearer = Callable[[PersonOfTheCast], dict[str, str]]

#: Doors ask the wall clock.
TODAY = clock.local_day(clock.now())

pytestmark = pytest.mark.licensed


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            wanted = ("enterprises.read", "enterprises.edit", "supply.confirm", "consents.record")
            scopes = [one for one in wanted if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def test_declared_recorded_confirmed_stopped(client: FlaskClient, bearer: Bearer, database: Database) -> None:
    own, supplier, office = bearer(PRODUCER), bearer(RIVAL), bearer(CLERK)
    with database.writing() as session:
        licence = make.a_licence(make.work(session)).id
    said = {
        "licence_id": licence,
        "supplier_id": "rival",
        "number": "示范合同 2026-8",
        "valid_from": TODAY.isoformat(),
        "valid_until": (TODAY + timedelta(days=60)).isoformat(),
        "kg": "800",
        "plots": "",
    }
    paper = {"paper_sha256": "0" * 64}
    early = client.post(URL, data=said, headers=own).json
    late = f"/api/v1/supply-contracts/{early['id']}"
    assert client.post(f"{late}/paper", data={"version": "1"}, headers=own).json["code"] == "supply.paper"
    brought = client.post(f"{late}/paper", data={"version": "1"} | paper, headers=own)
    assert (brought.json["sha256"], brought.json["state"]) == ("0" * 64, "declared")
    assert client.post(f"{late}/withdraw", json={"version": 2}, headers=own).json["state"] == "withdrawn"
    for changes, code in (
        ({"paper_sha256": "x"}, "input.invalid"),
        (paper | {"supplier_id": "cooperative"}, "supply.supplier"),
        (paper | {"plots": "7K3M9Q2X，8K3M9Q2X"}, "supply.plot"),
    ):
        refused = client.post(URL, data=said | changes, headers=own)
        assert (refused.status_code, refused.json["code"]) == (422, code), changes
    assert refused.json["errors"][0]["pointer"] == "/plots"
    made = client.post(URL, data=said | paper, headers=own)
    assert (made.status_code, made.json["state"], made.json["kg"]) == (201, "declared", "800")
    at = f"/api/v1/supply-contracts/{made.json['id']}"
    assert client.post(f"{at}/consent", json={"version": 1}, headers=own).status_code == 404
    assert client.post(f"{at}/record", json={"version": 1}, headers=office).json["code"] == "supply.words_needed"
    body = {"version": 1, "comment": "示范户签字，原件存苏木"}
    assert client.post(f"{at}/record", json=body, headers=office).json["state"] == "agreed"
    assert client.post(f"{at}/confirm", json={"version": 2}, headers=office).json["code"] == "supply.four_eyes"
    assert client.post(f"{at}/stop", json={"version": 2, "comment": "示范"}, headers=office).json["code"] == (
        "supply.wrong_state"
    )
    gone = client.post(f"{at}/refuse", json={"version": 2, "reason_code": "paper"}, headers=office)
    assert (gone.json["state"], gone.json["reason_code"]) == ("refused", "paper")
    assert client.get(at, headers=supplier).json["sha256"] == "0" * 64
    assert client.get(at, headers=bearer(ABATTOIR)).status_code == 404
    assert {one["id"] for one in client.get(URL, headers=own).json} == {made.json["id"], early["id"]}
