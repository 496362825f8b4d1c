"""Trademarks of brands over the API."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.db import Database
from brand.models.schemes import Brand
from brand.services import accounts
from tests import make
from tests.people import CLERK

MARK = {"number": "12345678", "nice_class": 29, "kind": "collective", "holder": "示范", "registered_on": "2000-03-14"}


def test_enter_read_and_renew(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        brand = session.exec(select(Brand).where(Brand.code == "pastoral")).one().id
        work = make.work(session, make.actor(session, CLERK), clock.now())
        _, token = accounts.issue_token(work, label="示范", scopes=["brands.manage", "brands.read"], days=1)
    headers = {"Authorization": f"Bearer {token}"}
    where = f"/api/v1/brands/{brand}/trademarks"
    assert client.post(where, json=MARK).status_code == 401
    made = client.post(where, json=MARK, headers=headers)
    assert (made.status_code, made.json["valid_until"], made.json["phase"]) == (201, "2010-03-13", "lapsed")
    (read,) = client.get(where).json
    assert read == made.json
    late = client.post(f"/api/v1/brands/trademarks/{read['id']}/renew", json={"version": 1}, headers=headers)
    assert (late.status_code, late.json["code"]) == (403, "brand_marks.not_renewable")
    bad = client.post(where, json=MARK | {"nice_class": 46}, headers=headers)
    assert [one["pointer"] for one in bad.json["errors"]] == ["/nice_class"]
    assert client.get("/api/v1/brands/NOTHING/trademarks").status_code == 404
