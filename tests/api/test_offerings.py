"""The product catalogue over the API."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast

URL = "/api/v1/enterprises/cooperative/offerings"
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            wanted = ("enterprises.read", "enterprises.edit", "catalogue.oversee")
            scopes = [one for one in wanted if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.fixture
def body(database: Database) -> dict[str, Any]:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        return make.offering_entries(session)


def test_written_once_edited_once_listed_and_held(client: FlaskClient, bearer: Bearer, body: dict[str, Any]) -> None:
    own, office = bearer(PRODUCER), bearer(CLERK)
    first, second = (client.post(URL, json=body, headers=own | {"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, first.json["state"]) == (201, "draft")
    assert second.json == first.json
    at = f"/api/v1/offerings/{first.json['id']}"
    changed = body | {"version": 1, "packaging": "纸箱"}
    put, again = (client.put(at, json=changed, headers=own | {"Idempotency-Key": "two"}) for _ in range(2))
    assert (put.status_code, put.json["packaging"], put.json["version"]) == (200, "纸箱", 2)
    assert again.json == put.json
    assert client.put(at, json=changed, headers=own).json["code"] == "offerings.stale"
    assert client.get("/api/v1/offerings", headers=own).json["total"] == 1
    photo = {"version": "2", "alt": "示范照片", "file": (BytesIO(make.a_picture()), "x.png")}
    sent = client.post(f"{at}/photos", data=photo, headers=own, content_type="multipart/form-data")
    assert sent.status_code == 201
    assert client.get(sent.json["path"]).status_code == 404
    assert client.post(f"{at}/list", json={"version": 3}, headers=own).json["state"] == "listed"
    assert client.get(sent.json["path"]).mimetype == "image/png"
    (row,) = client.get("/api/v1/catalogue?q=羊肉").json["rows"]
    assert (row["under_brand"], row["licence"], row["photos"][0]["alt"]) == (False, "", "示范照片")
    assert client.get(f"/api/v1/catalogue/{first.json['id']}").json["offering"]["packaging"] == "纸箱"
    held = client.post(f"{at}/hold", json={"version": 4, "reason_code": "picture"}, headers=office)
    assert held.json["state"] == "held"
    assert client.get(f"/api/v1/catalogue/{first.json['id']}").status_code == 404
    assert client.post(f"{at}/release", json={"version": 5}, headers=office).json["state"] == "withdrawn"


def test_what_is_missing_and_who_may_not(client: FlaskClient, bearer: Bearer, body: dict[str, Any]) -> None:
    own, rival = bearer(PRODUCER), bearer(RIVAL)
    made = client.post(URL, json=body | {"origin": "", "standard": ""}, headers=own).json
    at = f"/api/v1/offerings/{made['id']}"
    refused = client.post(f"{at}/list", json={"version": 1}, headers=own)
    assert (refused.status_code, refused.json["code"]) == (422, "offerings.incomplete")
    assert {one["code"] for one in refused.json["errors"]} == {"offerings.missing.origin", "offerings.missing.standard"}
    assert client.post(URL, json=body, headers=rival).status_code == 404
    assert client.put(at, json=body | {"version": 1}, headers=rival).status_code == 404
    assert client.post(f"{at}/hold", json={"version": 1, "reason_code": "picture"}, headers=own).status_code == 404
    assert client.post(f"{at}/list", json={"version": 1}).status_code == 401
