"""Pages of places: declare, draw, confirm, send back, and the light public page that tells no coordinates."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from tests import make
from tests.house.test_budgets import CONSUMER_BYTES, total
from tests.people import AUDITOR, CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.places import Place

As = Callable[[PersonOfTheCast], FlaskClient]
ENTRIES = {
    "kind": "pasture",
    "name": "示范夏牧场",
    "township_code": "150824201",
    "declared_mu": "24000",
    "opened_on": "2020-01-01",
}
NEW = "/enterprises/cooperative/places/new"
FORM = {"content_type": "multipart/form-data"}


def declared(database: Database) -> Place:
    with database.reading() as session:
        return session.exec(select(Place)).one()


def test_from_declared_to_the_public_page(as_: As, client: FlaskClient, database: Database) -> None:
    own, office = as_(PRODUCER), as_(CLERK)
    assert own.get(f"{NEW}?lang=zh").status_code == 200
    assert own.post(NEW, data=ENTRIES).status_code == 303
    one = declared(database)
    at = f"/places/{one.id}"
    file = {"file": (BytesIO(json.dumps(make.a_geojson()).encode()), "草场.geojson"), "version": "1"}
    assert own.get(f"{at}/outline?lang=en").status_code == 200
    assert own.post(f"{at}/outline", data=file, **FORM).status_code == 303
    page = own.get(f"{at}?lang=zh").text
    assert "24,298.31 亩" in page
    assert "-1.2 %" in page
    assert "示范夏牧场" in office.get("/desk?urgency=later").text, "the term of confirmations"
    assert "示范夏牧场" in office.get("/places?kind=pasture&state=declared&q=夏牧").text
    assert office.post(f"{at}/confirm", data={"version": "2"}).status_code == 303
    corners = office.get(f"{at}/outlines/1.geojson")
    assert corners.get_json(force=True)["coordinates"][0][0] == [108.4, 41.6]
    for lang in ("zh", "en"):
        public = client.get(f"/f/{one.code}", headers={"Accept-Language": lang})
        assert public.status_code == 200
        assert total(public.text) <= CONSUMER_BYTES
        for secret in ("示范夏牧场", "41.6", "108.4", "示范联系人", "13800000000", one.id):
            assert secret not in public.text
        assert "<script" not in public.text
    assert "24,000 亩" in client.get(f"/f/{one.code}?lang=zh").text
    assert own.post(f"{at}/close", data={"version": "3", "day": "2026-01-31"}).status_code == 303
    assert "2026-01-31" in client.get(f"/f/{one.code}").text
    for typed in (f"http://localhost/f/{one.code}", one.code, f"{one.code[:4].lower()} {one.code[4:]}"):
        assert client.get("/check", query_string={"code": typed}).headers["Location"] == f"/f/{one.code}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "castle"}, "kind"),
        ({"name": ""}, "name"),
        ({"declared_mu": "1e999999999"}, "declared_mu"),
        ({"declared_mu": "-3"}, "declared_mu"),
        ({"declared_mu": "0.001"}, "declared_mu"),
        ({"declared_mu": "many"}, "declared_mu"),
        ({"opened_on": "3020-01-01"}, "opened_on"),
        ({"township_code": "elsewhere"}, "county_code"),
        ({"township_code": "150824999"}, "township_code"),
        ({"site_id": "x"}, "site_id"),
    ],
)
def test_bad_entries_name_the_field(as_: As, database: Database, change: dict[str, str], field: str) -> None:
    answer = as_(PRODUCER).post(NEW, data=ENTRIES | change)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text or field == "site_id"
    with database.reading() as session:
        assert session.exec(select(Place)).all() == []


@pytest.mark.parametrize(
    "text", ["", "{", '{"type":"Point"}', "<svg onload=x>", "\x00", json.dumps({"type": "Polygon"})]
)
def test_bad_outlines_stay_on_the_page(as_: As, database: Database, text: str) -> None:
    own = as_(PRODUCER)
    own.post(NEW, data=ENTRIES)
    at = f"/places/{declared(database).id}/outline"
    answer = own.post(at, data={"version": "1", "outline": text})
    assert answer.status_code == 422
    assert "<svg onload" not in answer.text
    assert own.post(at, data={"version": "1", "file": (BytesIO(gzip.compress(b"x")), "x.geojson")}).status_code == 422


def test_strangers_and_wrong_codes_meet_nothing(as_: As, client: FlaskClient, database: Database) -> None:
    own, rival = as_(PRODUCER), as_(RIVAL)
    own.post(NEW, data=ENTRIES)
    one = declared(database)
    for path in ("", "/edit", "/outline", "/outlines/1.geojson"):
        assert rival.get(f"/places/{one.id}{path}").status_code == 404
    for action in ("confirm", "return", "close", "reopen"):
        words = {"version": "1", "reason_code": "area", "day": "2026-01-31"}
        shape = {"return": ("version", "reason_code"), "close": ("version", "day")}.get(action, ("version",))
        sent = {name: words[name] for name in shape}
        assert rival.post(f"/places/{one.id}/{action}", data=sent).status_code == 404
    assert rival.get(NEW).status_code == 404
    assert as_(AUDITOR).get(f"/places/{one.id}").status_code == 200
    assert as_(AUDITOR).get(f"/places/{one.id}/outlines/1.geojson").status_code == 404
    for code in (one.id, one.code.lower(), "0" * 8, "'; --"):
        assert client.get(f"/f/{code}").status_code == 404


def test_sent_back_with_a_reason(as_: As, database: Database) -> None:
    own, office = as_(PRODUCER), as_(CLERK)
    own.post(NEW, data=ENTRIES)
    at = f"/places/{declared(database).id}"
    assert 'id="f-reason_code-fault"' in office.post(f"{at}/return", data={"version": "1"}).text
    words = {"version": "1", "reason_code": "area", "comment": "<b>示范</b>"}
    assert office.post(f"{at}/return", data=words).status_code == 303
    page = own.get(f"{at}?lang=zh").text
    assert "面积与材料不符" in page
    assert "<b>示范</b>" not in page
    assert "产地被退回" in own.get("/desk?lang=zh").text
    assert own.get(f"{at}/edit").status_code == 200
    assert own.post(f"{at}/edit", data=ENTRIES | {"version": "2", "declared_mu": "24300"}).status_code == 303
    assert own.post(f"{at}/edit", data=ENTRIES | {"version": "2"}).status_code == 409
