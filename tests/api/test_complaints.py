"""Complaints over the API: sent by anybody and once, worked on with tokens, problems in stable codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import APPROVER, AUDITOR, CLERK, PRODUCER, PersonOfTheCast

WHERE = "/api/v1/complaints"
SENT = {"kind": "complaint", "what": "包装写一千克，称重八百克", "contact": make.SENDER_PHONE}
Headers = Callable[[PersonOfTheCast], dict[str, str]]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def by(database: Database) -> Headers:
    """Headers of a person's token with every right the person holds."""

    def headers(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            work = make.work(session, make.actor(session, person))
            held = sorted(one for one in accounts.ALL_PERMISSIONS if work.actor.may(one))
            _, text = accounts.issue_token(work, label="test", scopes=held, days=30)
        return {"Authorization": f"Bearer {text}"}

    return headers


@pytest.fixture(autouse=True)
def _scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


def _send(client: FlaskClient, key: str = "", **changes: Any) -> Any:
    return client.post(WHERE, json=SENT | changes, headers={"Idempotency-Key": key} if key else {})


def test_sent_worked_on_and_read(client: FlaskClient, by: Headers) -> None:
    made = _send(client)
    assert made.status_code == 201
    assert (made.json["number"], made.json["state"]) == ("C2026-0001", "received")
    assert made.json["link"].startswith("http://localhost/complaints/mine/")
    clerk = by(CLERK)
    row = client.get(f"{WHERE}?state=received", headers=clerk).json["rows"][0]
    assert (row["due_on"], row["due_provisional"], row["urgency"]) == ("2026-09-22", False, "calm")
    assert "contact" not in row
    where = f"{WHERE}/{row['id']}"
    found = client.get(where, headers=clerk).json
    assert found["contact"]["contact"] == make.SENDER_PHONE
    assert set(found["open_actions"]) == {"accept", "refuse", "route", "escalate"}
    accepted = client.post(f"{where}/accept", json={"version": 1}, headers=clerk)
    assert (accepted.json["state"], accepted.json["version"]) == ("in_work", 2)
    answered = client.post(f"{where}/answer", json={"version": 2, "comment": "已退款"}, headers=clerk)
    assert [one["action"] for one in answered.json["history"]] == ["receive", "accept", "answer"]
    assert "已退款" in client.get(made.json["link"].removeprefix("http://localhost")).text


def test_a_repeated_call_acts_once(client: FlaskClient, by: Headers) -> None:
    first, again = _send(client, "0b7d3a52-6d1e-4c0e-9f61-0a1f"), _send(client, "0b7d3a52-6d1e-4c0e-9f61-0a1f")
    assert first.json == again.json
    assert client.get(WHERE, headers=by(CLERK)).json["total"] == 1
    other = _send(client, "0b7d3a52-6d1e-4c0e-9f61-0a1f", what="别的事")
    assert (other.status_code, other.json["code"]) == (409, "complaints.sent_already")
    short = _send(client, "short")
    assert (short.status_code, short.json["code"]) == (422, "tickets.token_short")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"what": ""}, "/what"),
        ({"kind": "threat"}, "/kind"),
        ({"happened_on": "2026-09-15"}, "/happened_on"),
        ({"kind": "objection"}, "/notice"),
        ({"notice": "N2026-9999"}, "/notice"),
        ({"website": "x"}, "/website"),
    ],
)
def test_bad_input_is_named(client: FlaskClient, changes: dict[str, Any], pointer: str) -> None:
    answer = _send(client, **changes)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


def test_refusals_have_codes(client: FlaskClient, by: Headers) -> None:
    _send(client)
    clerk = by(CLERK)
    where = f"{WHERE}/{client.get(WHERE, headers=clerk).json['rows'][0]['id']}"
    cases = [
        ("answer", {"version": 1, "comment": "x"}, 409, "complaints.wrong_state"),
        ("accept", {"version": 7}, 409, "complaints.stale"),
        ("refuse", {"version": 1, "comment": "x"}, 422, "complaints.reason_unknown"),
        ("route", {"version": 1, "handler": "producer"}, 422, "complaints.handler_unknown"),
        ("uphold", {"version": 1, "comment": "x"}, 404, "access.unknown"),
        ("accept", {}, 422, "input.invalid"),
    ]
    for action, sent, status, code in cases:
        answer = client.post(f"{where}/{action}", json=sent, headers=clerk)
        assert (answer.status_code, answer.json["code"]) == (status, code)


def test_only_the_office_reads_and_not_all_of_it_the_sender(client: FlaskClient, by: Headers) -> None:
    _send(client)
    one = client.get(WHERE, headers=by(CLERK)).json["rows"][0]["id"]
    for person in (APPROVER, AUDITOR):
        found = client.get(f"{WHERE}/{one}", headers=by(person))
        assert found.json["contact"] is None
        assert make.SENDER_PHONE not in found.text
    for address in (WHERE, f"{WHERE}/{one}"):
        assert client.get(address).status_code == 401
        assert client.get(address, headers=by(PRODUCER)).status_code == 404
    assert client.post(f"{WHERE}/{one}/accept", json={"version": 1}, headers=by(AUDITOR)).status_code == 404
