"""Marks, certificates and sites over the API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO

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


def _scanned(data: bytes, name: str = "证书.pdf", **change: object) -> dict[str, object]:
    return BODY | change | {"file": (BytesIO(data), name)}


def test_a_declaration_brings_its_scan(client: FlaskClient, bearer: Bearer) -> None:
    """The bytes are kept, hashed and read by those who compare; the neighbour and the public get nothing."""
    own, paper = bearer(PRODUCER), make.a_paper("证书")
    made = client.post(f"{URL}/assets/scanned", data=_scanned(paper.data), headers=own)
    assert (made.status_code, made.json["state"], made.json["file_sha256"]) == (201, "declared", paper.digest)
    at = f"/api/v1/assets/{made.json['id']}/scan"
    kept = client.get(at, headers=bearer(CLERK))
    assert (kept.data, kept.mimetype) == (paper.data, "application/pdf")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert (client.get(at, headers=bearer(RIVAL)).status_code, client.get(at).status_code) == (404, 401)
    assert client.post(f"{URL}/assets/scanned", data=_scanned(paper.data), headers=bearer(RIVAL)).status_code == 404
    twice = client.post(f"{URL}/assets/scanned", data=_scanned(paper.data), headers=own)
    assert (twice.status_code, twice.json["code"]) == (422, "assets.taken")
    bare = client.post(f"{URL}/assets", json=BODY | {"number": "GF150824120002"}, headers=own)
    assert client.get(f"/api/v1/assets/{bare.json['id']}/scan", headers=own).status_code == 404


def test_a_picture_is_drawn_anew(client: FlaskClient, bearer: Bearer) -> None:
    made = client.post(f"{URL}/assets/scanned", data=_scanned(make.a_picture(), "a.png"), headers=bearer(PRODUCER))
    kept = client.get(f"/api/v1/assets/{made.json['id']}/scan", headers=bearer(CLERK)).data
    assert hashlib.sha256(kept).hexdigest() == made.json["file_sha256"]
    assert kept != make.a_picture()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (_scanned(b""), "uploads.empty"),
        (BODY, "uploads.empty"),
        (_scanned(b"MZ\x90 no paper"), "uploads.kind"),
        (_scanned(b"%PDF-1.4 without an end"), "uploads.pdf_broken"),
        (_scanned(b"\x89PNG\r\n\x1a\n" + b"0" * 50, "x.png"), "uploads.picture_unreadable"),
        (_scanned(make.a_paper().data, file_sha256="0" * 64), "input.unknown_field"),
        (_scanned(make.a_paper().data, number="GF1"), "assets.number.green_food"),
    ],
)
def test_a_bad_scan_is_refused_and_nothing_is_declared(
    client: FlaskClient, bearer: Bearer, sent: dict[str, object], code: str
) -> None:
    own = bearer(PRODUCER)
    answer = client.post(f"{URL}/assets/scanned", data=dict(sent), headers=own)
    assert answer.status_code == 422
    assert code in {answer.json["code"], *(one["code"] for one in answer.json["errors"])}
    assert client.get(f"{URL}/assets", headers=own).json == []


@pytest.mark.parametrize("change", [{"file_sha256": "abc"}, {"number": "GF1"}, {"kind": "medal"}, {"extra": 1}])
def test_bad_input(client: FlaskClient, bearer: Bearer, change: dict[str, object]) -> None:
    assert client.post(f"{URL}/assets", json=BODY | change, headers=bearer(PRODUCER)).status_code == 422


def test_sites(client: FlaskClient, bearer: Bearer) -> None:
    own = bearer(PRODUCER)
    body = {"kind": "shop", "name": "示范门店", "county_code": "150824", "township_code": "150824100"}
    made = client.post(f"{URL}/sites", json=body, headers=own)
    assert made.status_code == 201
    assert client.post(f"/api/v1/sites/{made.json['id']}/close", headers=own).json["closed_at"] is not None
