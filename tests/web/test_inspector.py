"""The inspector's page and a telephone's calls over HTTP: enrolled, list fetched, findings handed in, and attacks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from brand.edge.requests import signs_statements
from tests import make
from tests.people import CLERK, INSPECTOR, PRODUCER, PersonOfTheCast
from tests.phone import Phone
from tests.services.test_field_findings import entries, picture
from trace.models.field_devices import FieldDevice
from trace.models.field_findings import FieldFinding, FieldStatement

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def office(app: Flask) -> None:
    signs_statements(app, make.an_office_signer())


def offer(as_: As) -> tuple[FlaskClient, str, str]:
    """The inspector at the computer: the page of the device and the text under the symbol."""
    desk = as_(INSPECTOR)
    made = desk.post("/field-devices/new", data={"name": "示范1号机", "days": "180"})
    page = desk.get(made.location).text
    return desk, made.location, re.search(r"#enrol=([0-9A-Z]{32})", page)[1]


def enrolled(as_: As, client: FlaskClient) -> Phone:
    _, _, token = offer(as_)
    phone = Phone()
    answer = client.post("/api/v1/inspector/enrol", json=phone.answer(token))
    assert answer.status_code == 201, answer.text
    phone.device = answer.json["device"]
    assert answer.json["origin"] == "registry.test.invalid/log"
    return phone


def handed_in(client: FlaskClient, phone: Phone, given: dict[str, Any], photos: tuple[bytes, ...] = (), **changed: str):
    payload = json.dumps(given, ensure_ascii=False)
    signature = phone.sign("finding", phone.device, payload)
    files = [(BytesIO(data), f"{place}.jpg") for place, data in enumerate(photos)]
    data = {"device": phone.device, "payload": payload, "signature": signature, "photos": files} | changed
    return client.post("/api/v1/inspector/findings", data=data)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_the_page_is_whole_and_strict(client, app):
    for lang, word in (("zh", "核查"), ("en", "Inspector kit")):
        page = client.get(f"/inspector/?lang={lang}")
        assert page.status_code == 200
        assert word in page.text
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
        assert "script-src 'self' 'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
        assert re.search(r"<script(?! type=\"module\" src=)", page.text) is None
    most, each = map(int, re.search(r'data-photos="(\d+)" data-photo-bytes="(\d+)"', page.text).groups())
    assert most * each + 50_000 < app.config["MAX_CONTENT_LENGTH"], "a full finding goes through the door"
    worker = client.get("/inspector/worker.js")
    assert worker.mimetype == "text/javascript"
    kept = json.loads(re.search(r"const KEPT = (\[.*\]);", worker.text)[1])
    assert any(one.endswith("zxing_reader.wasm") for one in kept)
    for one in kept:
        with client.get(one) as answer:
            assert answer.status_code == 200, one
    told = client.get("/inspector/manifest.webmanifest").json
    assert (told["display"], told["scope"]) == ("standalone", "/inspector/")


def test_every_word_the_scripts_say_is_in_both_files(client):
    from pathlib import Path

    root = Path(__file__).parents[2] / "static" / "js" / "inspector"
    texts = "".join(one.read_text("utf-8") for one in root.glob("*.js"))
    coded = r"(?:say\(|code: |Refusal\()[^\"`]{0,20}\"((?:inspector|field_findings)[.][a-z_.]+)\""
    said = set(re.findall(coded, texts))
    assert len(said) > 30
    for code in ("zh", "en"):
        assert said - set(client.get(f"/inspector/words/{code}.json").json) == set()


@pytest.mark.packed
def test_a_telephone_is_enrolled_gets_its_list_and_hands_in(app, office, as_, client, database, tmp_path):
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(tmp_path), packs=3)
    phone = enrolled(as_, client)
    told = client.post("/api/v1/inspector/list", json=phone.call("list", since=0))
    assert told.status_code == 200, told.text
    phone.take(told.json)
    assert len(phone.entries) == 1
    again = client.post("/api/v1/inspector/list", json=phone.call("list", since=phone.head["version"])).json
    assert (again["since"], again["entries"]) == (phone.head["version"], [])
    data = (picture("red"), picture("blue"))
    given = entries(phone, next(iter(phone.entries)), data, list_version=phone.head["version"])
    first = handed_in(client, phone, given, data)
    assert (first.status_code, first.json) == (201, {"number": "F2026-0001", "sequence": 1})
    assert handed_in(client, phone, given, data).json == first.json
    office_page = as_(CLERK).get("/field-findings/F2026-0001?lang=en").text
    assert "示范市场3号摊" in office_page
    photo = as_(CLERK).get("/field-findings/F2026-0001/photos/1")
    assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
    assert photo.headers["Content-Disposition"].startswith("attachment")
    listed = as_(CLERK).get("/field-findings?lang=en").text
    assert "F2026-0001" in listed
    done = as_(CLERK).post("/field-findings/F2026-0001/set_aside", data={"version": "1", "words": "示范"})
    assert done.status_code == 303
    assert "F2026-0001" not in as_(CLERK).get("/field-findings").text
    assert as_(PRODUCER).get("/field-findings/F2026-0001").status_code == 404


def test_the_symbol_is_shown_once_and_nobody_else_gets_it(as_, client):
    desk, where, token = offer(as_)
    assert token not in desk.get(where).text
    other = as_(CLERK)
    assert token not in other.get(where).text
    assert as_(PRODUCER).get(where).status_code == 404
    assert as_(CLERK).get("/field-devices/new").status_code == 404


def test_a_lost_telephone_is_revoked_from_its_page(app, office, as_, client, database):
    phone = enrolled(as_, client)
    other = as_(CLERK)
    where = f"/field-devices/{phone.device}"
    assert other.post(f"{where}/revoke", data={"version": "1"}).status_code == 409
    assert other.post(f"{where}/revoke", data={"version": "2", "words": "示范丢失"}).status_code == 303
    assert "示范丢失" in other.get(where).text
    answer = client.post("/api/v1/inspector/list", json=phone.call("list", since=0))
    assert code_of(answer) == (401, "field_devices.not_enrolled")
    assert code_of(handed_in(client, phone, entries(phone, "x"))) == (401, "field_devices.not_enrolled")


def test_a_call_heard_before_is_not_heard_again(app, office, as_, client):
    phone = enrolled(as_, client)
    call = phone.call("list", since=0)
    assert client.post("/api/v1/inspector/list", json=call).status_code == 200
    assert code_of(client.post("/api/v1/inspector/list", json=call)) == (409, "field_devices.repeated")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"payload": "{"}, 422, "input.not_json"),
        ({"payload": "[]"}, 422, "input.invalid"),
        ({"payload": '{"since":1,"since":2}'}, 422, "input.not_json"),
        ({"signature": "A" * 86}, 401, "field_devices.not_enrolled"),
        ({"signature": "=" * 86}, 401, "field_devices.not_enrolled"),
        ({"counter": 2**53}, 422, "input.invalid"),
        ({"counter": -1}, 422, "input.invalid"),
        ({"device": "\u0000"}, 422, "input.invalid"),
        ({"device": None}, 422, "input.invalid"),
        ({"extra": 1}, 422, "input.invalid"),
        ({"payload": "x" * 5000}, 422, "input.invalid"),
    ],
)
def test_garbage_is_refused_by_name(app, office, as_, client, changed, status, code):
    phone = enrolled(as_, client)
    call = phone.call("list", since=0) | changed
    if "payload" in changed and "signature" not in changed:
        call["signature"] = phone.sign("list", phone.device, f"{call['counter']}\n{call['payload']}")
    found = client.post("/api/v1/inspector/list", json=call)
    assert found.status_code == status, found.text
    assert found.json["code"].startswith(code.partition(".")[0])


def test_hostile_photos_are_refused_and_nothing_is_kept(app, as_, client, database):
    phone = enrolled(as_, client)
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    bomb = b"\x89PNG\r\n\x1a\n" + bytes(2000)
    for data, codes in (
        (bytes(100_001), {"http.too_large"}),
        (b"GIF89a" + bytes(100), {"uploads.pictures_only"}),
        (bomb, {"uploads.picture_unreadable", "uploads.picture_broken"}),
        (b"<svg onload=alert(1)>", {"uploads.pictures_only"}),
    ):
        answer = handed_in(client, phone, entries(phone, "示范", (data,)), (data,))
        assert answer.status_code in (413, 422)
        assert answer.json["code"] in codes or answer.json["code"].startswith("uploads.picture"), answer.json
    many = tuple(picture(colour) for colour in ("red", "green", "blue", "white", "black", "gold", "navy"))
    assert handed_in(client, phone, entries(phone, "示范", many), many).status_code == 422
    other = entries(phone, "示范", (picture("red"),))
    assert code_of(handed_in(client, phone, other, (picture("blue"),))) == (422, "field_findings.photos")
    with database.reading() as session:
        assert session.exec(select(FieldFinding)).all() == []
        assert session.exec(select(FieldDevice.findings)).one() == 0


def test_nobody_without_a_telephone_makes_us_draw_pictures(app, client, monkeypatch):
    from brand.kernel import uploads

    monkeypatch.setattr(uploads, "take", lambda *_, **__: pytest.fail("drawn for a stranger"))
    phone, data = Phone(device="0" * 20), (picture(),)
    assert code_of(handed_in(client, phone, entries(phone, "示范", data), data)) == (401, "field_devices.not_enrolled")


def test_no_character_and_no_unset_clock_keeps_a_finding_on_the_telephone(app, as_, client, database):
    """Nothing of a signed finding can be mended, and those after it wait for it: it is kept, and shown as «·»."""
    phone = enrolled(as_, client)
    unassigned, private, turned = "\U0003fffe", "\ue000", "\u202e"
    odd = {"market": f"3号\t摊{turned}", "words": f"净重\n不符{unassigned}{private}\x07", "code": f"示范{private}"}
    never_set = {"checked_at": "1970-01-01T00:00:00+00:00", "found_at": "1970-01-01T00:00:07+00:00"}
    answer = handed_in(client, phone, entries(phone, "示范") | odd | never_set)
    assert answer.status_code == 201, answer.text
    with database.reading() as session:
        found = session.exec(select(FieldFinding)).one()
        kept = json.loads(session.exec(select(FieldStatement.payload)).one())
    assert (found.market, found.words, found.code) == ("3号·摊·", "净重\n不符···", "示范·")
    assert {one: kept[one] for one in odd} == odd, "what was signed is kept as it came"
    assert found.found_at.year == 1970


@pytest.mark.parametrize(
    "changed",
    [
        {"severity": "dreadful"},
        {"reason_code": "sanction.unknown"},
        {"compared": {"smell": "same"}},
        {"compared": {"cut": "roughly"}},
        {"sequence": 0},
        {"previous": "zz"},
        {"found_at": "yesterday"},
        {"found_at": "0001-01-01T00:00:00+00:00"},
        {"found_at": "2026-09-14T01:00:00"},
        {"market": "x" * 121},
        {"words": "x" * 1001},
        {"verdict": {"colour": "blue", "reasons": []}},
        {"verdict": {"colour": "red", "reasons": ["<b>"]}},
        {"verdict": None},
        {"photos": [{"original": "x", "sent": "y"}]},
        {"clock_back": "perhaps"},
        {"more": 1},
    ],
)
def test_a_finding_of_another_shape_is_refused(app, as_, client, changed):
    phone = enrolled(as_, client)
    answer = handed_in(client, phone, entries(phone, "示范") | changed)
    assert answer.status_code == 422, answer.text


def test_the_office_revokes_and_lists_over_the_api(app, as_, client, database):
    phone = enrolled(as_, client)
    with database.writing() as session:
        from brand.services import accounts
        from tests.services.test_field_devices import by

        scopes = ["field_devices.oversee", "licences.inspect"]
        _, token = accounts.issue_token(by(session, CLERK), label="示范", scopes=scopes, days=1)
    held = {"Authorization": f"Bearer {token}"}
    rows = client.get("/api/v1/field-devices", headers=held).json["rows"]
    assert [(one["id"], one["state"], one["holder"]) for one in rows] == [(phone.device, "active", INSPECTOR.name)]
    gone = client.post(f"/api/v1/field-devices/{phone.device}/revoke", json={"version": 2}, headers=held)
    assert gone.json["state"] == "revoked"
    assert client.get("/api/v1/field-findings", headers=held).json["total"] == 0
    assert client.get("/api/v1/field-devices").status_code == 401
