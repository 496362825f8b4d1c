"""Purchases and care for plots over the API."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.make_flows import a_garden
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast

Bearer = Callable[[PersonOfTheCast], dict[str, str]]
SCOPES = ("batches.read", "commitments.issue", "flows.record", "herds.read", "herds.oversee")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            scopes = [one for one in SCOPES if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.fixture
def goods(database: Database) -> dict[str, str]:
    with database.writing() as session:
        garden = a_garden(make.work(session))
        lamb = make.a_product(session).id
    return {"place_id": garden, "day": "2026-09-12", "product_id": lamb, "form": "fresh_leaf", "lot": "T1", "kg": "100"}


def test_a_treatment_and_a_harvest(client: FlaskClient, bearer: Bearer, goods: dict[str, str]) -> None:
    own, office, rival = bearer(PRODUCER), bearer(CLERK), bearer(RIVAL)
    care = f"/api/v1/places/{goods['place_id']}/care"
    body = {
        "kind": "pesticide", "name": "示范农药", "approval": "PD示范", "lot": "A1", "dose": "30", "unit": "g",
        "used_on": "2026-09-05", "safe_days": 7, "person": "示范操作人",
    }  # fmt: skip
    assert client.post(care, json=body | {"safe_days": -1}, headers=own).json["code"] == "input.invalid"
    assert client.post(care, json=body, headers=rival).status_code == 404
    made = client.post(care, json=body, headers=own)
    assert (made.status_code, made.json["closed_until"], made.json["struck"]) == (201, "2026-09-12", False)
    assert "示范操作人" not in made.text
    url = "/api/v1/enterprises/cooperative/batches"
    harvest = {name: goods[name] for name in ("place_id", "day", "product_id", "form")} | {"kind": "harvest"}
    harvest["output"] = {"lot": "T1", "kg": "100"}
    assert client.post(url, json=harvest, headers=own).json["code"] == "plot_care.safe_interval"
    strike = f"/api/v1/plot-care/{made.json['id']}/strike"
    assert client.post(strike, json={"reason": "示范"}, headers=own).status_code == 404
    assert client.post(strike, json={"reason": "示范"}, headers=office).json["struck"] is True
    assert [one["struck"] for one in client.get(care, headers=own).json["rows"]] == [True]
    assert client.post(url, json=harvest, headers=own).status_code == 201


def test_a_purchase(client: FlaskClient, bearer: Bearer, goods: dict[str, str]) -> None:
    own = bearer(PRODUCER)
    url = "/api/v1/enterprises/cooperative/purchases"
    form = {name: text for name, text in goods.items() if name != "place_id"} | {
        "seller_id": "rival", "paper_number": "示范单 1", "certificate_kg": "100", "certificate_on": "2026-09-12",
    }  # fmt: skip

    def send(who: dict[str, str], **changes: str):
        files = {"certificate": (BytesIO(make.a_picture()), "a.png")}
        return client.post(url, data=form | files | changes, headers=who)

    assert client.post(url, data=form, headers=own).json["code"] == "purchases.certificate_file"
    assert send(own, seller_id="cooperative").json["code"] == "purchases.own_goods"
    assert send(own, certificate_kg="1").json["code"] == "purchases.certificate_short"
    assert send(bearer(RIVAL)).status_code == 404
    made = send(own)
    assert (made.status_code, made.json["lot"]) == (201, "T1")
    listed = client.get("/api/v1/purchases?q=C", headers=own).json["rows"]
    assert listed == []
    listed = client.get("/api/v1/purchases?q=T1", headers=own).json["rows"]
    assert [(one["batch_id"], one["seller_id"]) for one in listed] == [(made.json["id"], "rival")]
    assert len(client.get(f"/api/v1/batches/{made.json['id']}/commitments/taken", headers=own).json["rows"]) == 1
