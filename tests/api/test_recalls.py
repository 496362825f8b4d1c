"""Recalls and shipments over the API: the whole way of each, public reading, refusals with their pointers."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL
from trace.models.batches import Batch

pytestmark = pytest.mark.packed
V1 = "/api/v1"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def token(database):
    def issue(person):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            scopes = sorted(one for one in accounts.ALL_PERMISSIONS if work.actor.may(one))
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    return issue


@pytest.fixture
def batch(database):
    with database.reading() as session:
        return session.exec(select(Batch)).one()


def test_a_recall_from_proposal_to_its_sum(client, token, batch):
    clerk, approver, holder = token(CLERK), token(APPROVER), token(ABATTOIR)
    body = {"level": "second", "reason_code": "test_failed", "words": "示范", "starts": [batch.code]}
    made = client.post(f"{V1}/recall-cases", json=body, headers=clerk).json
    assert (made["number"], made["state"], made["starts"]) == ("R2026-0001", "proposed", [["code", batch.code]])
    at = f"{V1}/recall-cases/R2026-0001"
    assert client.get(f"{V1}/recalls/R2026-0001").status_code == 404
    assert client.post(f"{at}/open", json={"version": 1}, headers=clerk).status_code == 404
    assert client.post(f"{at}/open", json={"version": 1}, headers=approver).json["state"] == "open"
    assert client.post(f"{at}/open", json={"version": 1}, headers=approver).json["code"] == "recalls.stale"
    assert client.get(f"{V1}/recalls/R2026-0001").json["batches"][0]["lot"] == "20260912A"
    assert client.get(f"{V1}/recalls").json["total"] == 1
    mine = f"{at}/holders/abattoir"
    assert client.post(f"{mine}/acknowledge", json={"version": 1}, headers=token(RIVAL)).status_code == 404
    assert client.post(f"{mine}/acknowledge", json={"version": 1}, headers=holder).status_code == 200
    kg = {"found_kg": "2917.29", "destroyed_kg": "0", "returned_kg": "0", "gone_kg": "0", "version": 2}
    assert client.post(f"{mine}/reports", json=kg | {"found_kg": "NaN"}, headers=holder).status_code == 422
    told = client.post(f"{mine}/reports", json=kg, headers=holder)
    assert (told.status_code, told.json["difference_kg"]) == (201, "0.000")
    assert client.post(f"{at}/close", json={"version": 2}, headers=approver).json["state"] == "closed"


def test_starts_are_named_by_their_place(client, token, batch):
    body = {"level": "first", "reason_code": "other", "words": "示范", "drill": True}
    for starts, person, pointers in (
        ([batch.code, "?"], CLERK, ["/starts/1"]),
        ([batch.code], RIVAL, ["/starts/0"]),
        (["nobody 2026-09-12", "abattoir 2026-13-45"], CLERK, ["/starts/0", "/starts/1"]),
        ([], CLERK, ["/starts"]),
    ):
        answer = client.post(f"{V1}/recall-cases", json=body | {"starts": starts}, headers=token(person))
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json["errors"]] == pointers


def test_a_shipment_sent_and_received(client, token, batch):
    sender, receiver = token(ABATTOIR), token(RIVAL)
    body = {"to_id": "rival", "planned_on": "2026-09-15", "batches": [{"batch_id": batch.id, "parcels": 3}]}
    at = f"{V1}/enterprises/abattoir/shipments"
    assert client.post(at, json=body, headers=receiver).status_code == 404
    made = client.post(at, json=body, headers=sender)
    assert made.status_code == 201, made.json
    number, line = made.json["shipment"]["number"], made.json["lines"][0]["line_id"]
    again = client.post(at, json=body, headers=sender)
    assert (again.status_code, again.json["code"]) == (403, "holds.on_the_way")
    more = {"version": 1, "lines": [{"line_id": line, "received_kg": "9999"}]}
    refused = client.post(f"{V1}/shipments/{number}/receive", json=more, headers=receiver)
    assert (refused.json["code"], refused.json["params"]["sent"]) == ("shipments.more_than_sent", "2917.29")
    right = {"version": 1, "lines": [{"line_id": line, "received_kg": "2917.29"}]}
    assert client.post(f"{V1}/shipments/{number}/receive", json=right, headers=sender).status_code == 404
    done = client.post(f"{V1}/shipments/{number}/receive", json=right, headers=receiver).json
    assert (done["shipment"]["state"], done["lines"][0]["received_kg"]) == ("received", "2917.290")
    rows = client.get(f"{V1}/parcels?year=2026", headers=token(PRODUCER)).json["rows"]
    assert [(one["month"], one["parcels"]) for one in rows] == [("2026-09", 3)]
