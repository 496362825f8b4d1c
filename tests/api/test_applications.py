"""Applications over the API: the whole way with tokens, problems in stable codes, creation that acts once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.licences import Application
from brand.rules.reviews import ACTIONS, sheets
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

WHERE = "/api/v1/applications"
Headers = Callable[..., dict[str, str]]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asked(database: Database) -> dict[str, Any]:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        product = make.a_product(session).id
    return {
        "enterprise_id": "cooperative",
        "product_id": product,
        "cap_kg": "30000",
        "uses": ["packaging"],
        "capacity": "x",
        "promise": True,
    }


@pytest.fixture
def by(database: Database) -> Headers:
    """Headers of a person's token."""

    def headers(person: PersonOfTheCast, *scopes: str) -> dict[str, str]:
        held = {
            PRODUCER: ["applications.read", "applications.write"],
            RIVAL: ["applications.read", "applications.write"],
            CLERK: ["applications.read", "applications.review"],
            INSPECTOR: ["applications.read", "applications.inspect"],
            APPROVER: ["applications.read", "applications.decide"],
        }
        with database.writing() as session:
            work = make.work(session, make.actor(session, person))
            _, text = accounts.issue_token(work, label="test", scopes=list(scopes) or held[person], days=30)
        return {"Authorization": f"Bearer {text}"}

    return headers


def _papers(client: FlaskClient, where: str, by: Headers) -> None:
    for kind in ("credit_code", "origin", "standard", "certificate", "test_report", "trace"):
        said: dict[str, Any] = {"kind": kind, "file": (BytesIO(make.a_paper(kind).data), "x.pdf")}
        said |= {"valid_until": "2030-01-01"} if kind == "certificate" else {}
        assert client.post(f"{where}/materials", data=said, headers=by(PRODUCER)).status_code == 201
    rows = client.get(f"{where}/materials", headers=by(PRODUCER)).json["rows"]
    assert sum(one["lacking"] for one in rows) == 0
    file = rows[0]["files"][0]
    answer = client.get(f"{where}/files/{file['id']}", headers=by(PRODUCER))
    assert hashlib.sha256(answer.data).hexdigest() == file["digest"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{where}/files/{file['id']}", headers=by(RIVAL)).status_code == 404


def _said(version: int, action: str) -> dict[str, Any]:
    if action not in ACTIONS:
        return {"version": version}
    scores = {one.code: one.most for one in sheets()[ACTIONS[action]].items}
    return {"version": version, "held_on": "2026-09-14", "opinion": "pass", "comment": "x", "scores": scores}


def test_the_whole_way(client: FlaskClient, by: Headers, asked: dict[str, Any], clock: time_machine.Traveller) -> None:
    made = client.post(WHERE, json=asked, headers=by(PRODUCER))
    assert made.status_code == 201
    found = made.json
    assert (found["state"], found["version"], found["cap_kg"]) == ("draft", 1, "30000.000")
    assert found["open_actions"] == ["edit", "withdraw"]
    where = f"{WHERE}/{found['id']}"
    lacking = client.post(f"{where}/submit", json={"version": 1}, headers=by(PRODUCER))
    assert (lacking.status_code, lacking.json["code"]) == (422, "applications.materials_missing")
    assert len(lacking.json["errors"]) == 6
    _papers(client, where, by)
    steps = [(PRODUCER, "submit"), (CLERK, "start_review"), (CLERK, "review_desk"), (INSPECTOR, "inspect_site")]
    for person, action in [*steps, (CLERK, "publish_notice")]:
        place = f"{where}/records/{action}" if action in ACTIONS else f"{where}/{action}"
        found = client.post(place, json=_said(found["version"], action), headers=by(person)).json
    assert [one["counts"] for one in found["records"]] == [True, True]
    assert (found["state"], found["notice"], found["notice_ends_on"]) == ("on_notice", "N2026-0001", "2026-09-20")
    early = client.post(f"{WHERE}/{found['id']}/grant", json={"version": 6}, headers=by(APPROVER))
    assert (early.status_code, early.json["code"]) == (403, "applications.notice_running")
    clock.move_to(make.MONDAY + timedelta(days=8))
    blind = client.post(f"{WHERE}/{found['id']}/grant", json={"version": 6}, headers=by(APPROVER))
    assert (blind.status_code, blind.json["code"]) == (422, "applications.digest_missing")
    assert [one["pointer"] for one in blind.json["errors"]] == ["/digest"]
    read = {"version": 6, "digest": found["digest"]}
    granted = client.post(f"{WHERE}/{found['id']}/grant", json=read, headers=by(APPROVER)).json
    assert (granted["state"], granted["licence"]) == ("granted", "L2026-0001")
    assert [one["action"] for one in granted["history"]][-1] == "grant"


def test_a_repeated_creation_acts_once(
    client: FlaskClient, by: Headers, asked: dict[str, Any], database: Database
) -> None:
    headers = by(PRODUCER) | {"Idempotency-Key": "one-and-the-same"}
    first, second = (client.post(WHERE, json=asked, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    with database.reading() as session:
        assert len(session.exec(select(Application)).all()) == 1
    other = client.post(WHERE, json=asked | {"cap_kg": "1"}, headers=headers)
    assert other.json["code"] == "idempotency.key_reused"


def test_problems_name_the_field(client: FlaskClient, by: Headers, asked: dict[str, Any]) -> None:
    wrong = asked | {"cap_kg": "-1", "surprise": 1}
    answer = client.post(WHERE, json=wrong, headers=by(PRODUCER))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert {(one["pointer"], one["code"]) for one in answer.json["errors"]} == {
        ("/cap_kg", "input.out_of_range"),
        ("/surprise", "input.unknown_field"),
    }


def test_rights_and_neighbours(client: FlaskClient, by: Headers, asked: dict[str, Any]) -> None:
    assert client.post(WHERE, json=asked).status_code == 401
    assert client.post(WHERE, json=asked, headers=by(CLERK)).status_code == 404
    assert client.post(WHERE, json=asked, headers=by(RIVAL)).status_code == 404
    assert client.post(WHERE, json=asked, headers=by(PRODUCER, "applications.read")).status_code == 404
    made = client.post(WHERE, json=asked, headers=by(PRODUCER)).json
    assert client.get(f"{WHERE}/{made['id']}", headers=by(RIVAL)).status_code == 404
    assert client.post(f"{WHERE}/{made['id']}/submit", json={"version": 1}, headers=by(RIVAL)).status_code == 404
    assert client.post(f"{WHERE}/{made['id']}/nonsense", json={"version": 1}, headers=by(PRODUCER)).status_code == 404
    assert client.get(WHERE, headers=by(RIVAL)).json["total"] == 0
    assert client.get(f"{WHERE}?state=draft", headers=by(CLERK)).json["rows"][0]["number"] == "A2026-0001"


def test_editing_and_stale_versions(client: FlaskClient, by: Headers, asked: dict[str, Any]) -> None:
    made = client.post(WHERE, json=asked, headers=by(PRODUCER)).json
    change = {"version": 1, "cap_kg": "5.125", "uses": ["live_stream"], "capacity": "y", "promise": True}
    edited = client.put(f"{WHERE}/{made['id']}", json=change, headers=by(PRODUCER))
    assert (edited.json["cap_kg"], edited.json["version"]) == ("5.125", 2)
    stale = client.put(f"{WHERE}/{made['id']}", json=change, headers=by(PRODUCER))
    assert (stale.status_code, stale.json["code"]) == (409, "applications.stale")
    assert client.post(f"{WHERE}/{made['id']}/submit", json={}, headers=by(PRODUCER)).status_code == 422
