"""Places over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast

URL = "/api/v1/enterprises/cooperative/places"
BODY = {
    "kind": "tea_garden",
    "name": "示范茶园",
    "county_code": "150824",
    "township_code": "150824201",
    "declared_mu": "131.5",
    "opened_on": "2020-01-01",
}
Bearer = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture
def bearer(database: Database, app: Flask) -> Bearer:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            wanted = ("enterprises.read", "enterprises.edit", "enterprises.contact", "places.confirm")
            scopes = [one for one in wanted if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def test_from_declared_to_confirmed(client: FlaskClient, bearer: Bearer) -> None:
    own, office = bearer(PRODUCER), bearer(CLERK)
    made = client.post(URL, json=BODY, headers=own)
    assert (made.status_code, made.json["state"], made.json["declared_mu"]) == (201, "declared", "131.5")
    at = f"/api/v1/places/{made.json['id']}"
    drawn = client.post(f"{at}/outlines", json={"version": 1, "outline": make.a_geojson()}, headers=own)
    assert (drawn.status_code, drawn.json["area_mu"], drawn.json["area_ha"]) == (201, "24298.31", "1619.89")
    assert client.get(f"{at}/outlines/1", headers=own).json == make.a_geojson()
    assert client.post(f"{at}/confirm", json={"version": 2}, headers=own).status_code == 404
    assert client.post(f"{at}/confirm", json={"version": 2}, headers=office).json["state"] == "confirmed"
    wrong = client.post(f"{at}/return", json={"version": 3, "reason_code": "mood"}, headers=office)
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/reason_code")
    edited = client.put(at, json=BODY | {"version": 3, "kind": "plot"}, headers=own)
    assert (edited.json["kind"], edited.json["state"]) == ("plot", "declared")
    whole = client.get(at, headers=office).json
    assert [one["points"] for one in whole["outlines"]] == [5]
    assert "coordinates" not in str(whole)
    public = client.get(f"/api/v1{made.json['path']}").json
    assert (public["area_mu"], public["township"]) == ("24000", "川井苏木")
    assert "name" not in public
    closed = client.post(f"{at}/close", json={"version": 4, "day": "2020-02-02"}, headers=own).json
    assert (closed["state"], closed["closed_on"]) == ("closed", "2020-02-02")
    assert client.post(f"{at}/reopen", json={"version": 5}, headers=own).json["closed_on"] is None
    assert client.get("/api/v1/places?kind=plot", headers=office).json["total"] == 1
    assert client.get("/api/v1/places", headers=bearer(RIVAL)).json["total"] == 0
    assert client.get(at, headers=bearer(RIVAL)).status_code == 404
    assert client.get(f"{at}/outlines/1", headers=bearer(RIVAL)).status_code == 404


@pytest.mark.parametrize(
    "change", [{"kind": "castle"}, {"declared_mu": "x"}, {"declared_mu": 1e300}, {"extra": 1}, {"opened_on": None}]
)
def test_bad_input(client: FlaskClient, bearer: Bearer, change: dict[str, Any]) -> None:
    assert client.post(URL, json=BODY | change, headers=bearer(PRODUCER)).status_code == 422


def test_the_same_refusal_as_on_the_page(client: FlaskClient, bearer: Bearer) -> None:
    own = bearer(PRODUCER)
    at = f"/api/v1/places/{client.post(URL, json=BODY, headers=own).json['id']}/outlines"
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in make.CORNERS]]}
    answer = client.post(at, json={"version": 1, "outline": swapped}, headers=own)
    assert (answer.status_code, answer.json["code"]) == (422, "geojson.swapped")
    assert answer.json["errors"][0]["pointer"] == "/outline"
    assert "经度" in answer.json["title"] or "longitude" in answer.json["title"]
