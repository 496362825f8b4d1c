"""Changes and editions of schemes over the API."""

from __future__ import annotations

from flask.testing import FlaskClient

from brand.kernel import clock
from brand.kernel.db import Database
from brand.models.schemes import Product
from brand.queries import schemes
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, PersonOfTheCast

SIX = {"value": 6, "provenance": "参照示范文件第1行", "confidence": "D", "reason": "示范理由"}


def bearer(database: Database, person: PersonOfTheCast) -> dict[str, str]:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        scopes = {"schemes.changes", *(one for one in ("schemes.propose", "schemes.approve") if work.actor.may(one))}
        _, token = accounts.issue_token(
            make.work(session, work.actor, clock.now()), label="示范", scopes=sorted(scopes), days=1
        )
    return {"Authorization": f"Bearer {token}"}


def test_propose_decide_and_read(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
    base = f"/api/v1/schemes/{scheme.id}"
    clerk, approver = bearer(database, CLERK), bearer(database, APPROVER)
    keyed = clerk | {"Idempotency-Key": "once"}
    made = client.post(f"{base}/policies/notice_working_days/changes", json=SIX, headers=keyed)
    assert made.status_code == 201
    assert client.post(f"{base}/policies/notice_working_days/changes", json=SIX, headers=keyed).json == made.json
    where = f"/api/v1/schemes/changes/{made.json['id']}"
    assert client.post(f"{where}/approve", json={"version": 1}, headers=clerk).status_code == 404
    done = client.post(f"{where}/approve", json={"version": 1}, headers=approver)
    assert (done.status_code, done.json["state"], done.json["edition"]) == (200, "approved", 2)
    assert client.post(f"{where}/approve", json={"version": 1}, headers=approver).status_code == 409
    assert [one["number"] for one in client.get(f"{base}/editions").json] == [2, 1]
    assert client.get(f"{base}/editions/1").json["content"]["policies"]
    assert client.get(f"{base}/editions/9").status_code == 404
    assert client.get(f"{base}/changes").status_code == 401
    assert len(client.get(f"{base}/changes", headers=approver).json) == 1
    bad = client.post(f"{base}/tiers/2/changes", json={"slots_min": 1}, headers=clerk)
    assert bad.status_code == 422
    assert {"pointer": "/source", "code": "input.required"} in [
        {"pointer": one["pointer"], "code": one["code"]} for one in bad.json["errors"]
    ]
    assert client.post(f"{base}/tiers/3/places", json={"reason": "x"}, headers=clerk).status_code == 409


def test_a_product_and_its_flag_over_the_api(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        full = make.a_full_tier_of_heroes(make.work(session))
        brand = session.get_one(Product, full.plain_id).brand_id
    headers = [bearer(database, person) for person in (CLERK, APPROVER)]
    said = {"source": "示范", "confidence": "D", "reason": "示范"}
    asked = {"code": "api-tea", "name": "示范", **said}
    made = client.post(f"/api/v1/schemes/brands/{brand}/products/changes", json=asked, headers=headers[0])
    assert (made.status_code, made.json["kind"]) == (201, "goods")
    where = f"/api/v1/schemes/changes/{made.json['id']}/approve"
    assert client.post(where, json={"version": 1}, headers=headers[1]).json["state"] == "approved"
    flag = {"hero": True, **said}
    address = f"/api/v1/schemes/products/{full.plain_id}/hero/changes"
    assert client.post(address, json=flag, headers=headers[0]).json["code"] == "schemes.heroes_full"
    assert client.post(address, json=flag, headers=headers[1]).status_code == 404
    place = f"/api/v1/schemes/{full.scheme_id}/tiers/{full.level}/hero-places"
    assert client.post(place, json={"reason": "示范"}, headers=headers[0]).status_code == 201


def test_brands_names_and_heads_over_the_api(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        brand = schemes.brand_by_code(session, scheme.id, "pastoral")
        assert brand is not None
    clerk, approver = bearer(database, CLERK), bearer(database, APPROVER)
    said = {"name": "示范", "source": "示范", "confidence": "D", "reason": "示范"}
    head = said | {"owner": "示范旗人民政府", "county_code": "150824"}
    asked = {
        f"/api/v1/schemes/{scheme.id}/tiers/3/brands/changes": said | {"code": "own", "parent": "pastoral"},
        f"/api/v1/schemes/brands/{brand.id}/changes": said | {"parent": "region"},
        f"/api/v1/schemes/{scheme.id}/head/changes": head,
    }
    for address, body in asked.items():
        assert client.post(address, json=body, headers=approver).status_code == 404
        assert client.post(address, json=body).status_code == 401
        made = client.post(address, json=body, headers=clerk)
        assert made.status_code == 201
        where = f"/api/v1/schemes/changes/{made.json['id']}/approve"
        assert client.post(where, json={"version": 1}, headers=approver).json["state"] == "approved"
    found = client.get(f"/api/v1/schemes/{scheme.id}").json
    assert found["scheme"]["owner"] == "示范旗人民政府"
    assert [one["brand"]["code"] for one in found["tiers"][2]["brands"]] == ["own"]
    bad = client.post(f"/api/v1/schemes/{scheme.id}/head/changes", json=head | {"county_code": "1"}, headers=clerk)
    assert (bad.status_code, bad.json["errors"][0]["pointer"]) == (422, "/county_code")
