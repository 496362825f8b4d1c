"""Shipments and chains of custody over the API: sent, taken over, received; refusals name line and field."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.models.batches import Batch
from trace.models.shipments import Shipment

pytestmark = pytest.mark.packed
API = "/api/v1"
SCOPES = ("batches.read", "shipments.send", "shipments.receive", "shipments.carry")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def bearer(database, app):
    def issue(person):
        with database.writing() as session:
            actor = make.actor(session, person)
            scopes = [one for one in SCOPES if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="t", scopes=scopes, days=9)
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.fixture
def batch(database):
    with database.reading() as session:
        return session.exec(select(Batch.id)).one()


def send(client, headers, batch, **changes):
    body = {"to_id": "rival", "carrier_id": "cooperative", "seal": "A1", "planned_on": "2026-09-15"}
    body |= {"batches": [{"batch_id": batch, "parcels": 7}]}
    return client.post(f"{API}/enterprises/abattoir/shipments", json=body | changes, headers=headers)


def test_from_hand_to_hand(client, bearer, batch):
    sender, carrier, receiver, stranger = (bearer(one) for one in (ABATTOIR, PRODUCER, RIVAL, RIVAL_ABATTOIR))
    made = send(client, sender | {"Idempotency-Key": "s"}, batch)
    assert made.status_code == 201
    assert send(client, sender | {"Idempotency-Key": "s"}, batch).json == made.json
    at = f"{API}/shipments/{made.json['shipment']['number']}"
    for who in (sender, receiver, stranger):
        assert client.post(f"{at}/take-over", json={"version": 1, "seal_taken": "A1"}, headers=who).status_code == 404
    wrong = client.post(f"{at}/take-over", json={"version": 1, "seal_taken": "B2"}, headers=carrier)
    assert (wrong.json["code"], wrong.json["errors"][0]["pointer"]) == ("shipments.seal", "/taken_words")
    taken = client.post(f"{at}/take-over", json={"version": 1, "seal_taken": "A1"}, headers=carrier)
    assert taken.json["shipment"]["seal_taken"] == "A1"
    line = made.json["lines"][0]
    told = {"line_id": line["line_id"], "received_kg": line["kg"]}
    body = {"version": 2, "seal_found": "A1", "lines": [told]}
    assert client.post(f"{at}/receive", json=body, headers=sender).status_code == 404
    short = body | {"lines": [told | {"received_kg": "1.000"}]}
    assert client.post(f"{at}/receive", json=short, headers=receiver).json["code"] == "shipments.short_unnamed"
    assert client.post(f"{at}/receive", json=body | {"version": 1}, headers=receiver).json["code"] == "shipments.stale"
    done = client.post(f"{at}/receive", json=body, headers=receiver).json
    assert (done["shipment"]["state"], done["temperatures"]) == ("received", [])
    chain = client.get(f"{API}/batches/{batch}/custody", headers=receiver).json["rows"]
    assert [(one["who_id"], one["how"]) for one in chain][1:] == [
        ("abattoir", "holder"),
        ("cooperative", "carrier"),
        ("rival", "holder"),
    ]
    assert client.get(f"{API}/batches/{batch}/custody", headers=stranger).status_code == 404
    assert client.get(at, headers=stranger).status_code == 404
    assert client.get(f"{API}/shipments", headers=stranger).json["total"] == 0
    assert client.get(f"{API}/parcels?year=2026", headers=bearer(CLERK)).json["rows"][0]["parcels"] == 7


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"to_id": "abattoir"}, "shipments.party", "/to_id"),
        ({"carrier_id": "nobody"}, "shipments.party", "/carrier_id"),
        ({"planned_on": "2026-09-13"}, "shipments.planned", "/planned_on"),
        ({"planned_on": "x"}, "input.invalid", "/planned_on"),
        ({"batches": []}, "shipments.loads", "/batches"),
        ({"batches": [{"batch_id": "x"}]}, "shipments.not_yours", "/batches/0"),
        ({"driver": "x"}, "input.invalid", "/driver"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_sent(client, bearer, batch, database, changes, code, pointer):
    answer = send(client, bearer(ABATTOIR), batch, **changes)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    with database.reading() as session:
        assert session.exec(select(Shipment)).all() == []


def test_who_may_not_send(client, bearer, batch):
    for person in (PRODUCER, RIVAL, CLERK):
        assert send(client, bearer(person), batch).status_code in (403, 404), person
