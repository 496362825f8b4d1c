"""Holds over the API."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.models.batches import Batch

pytestmark = pytest.mark.packed
ADDRESS = "/api/v1/holds"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def token(database):
    def issue(person):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            scopes = ["batches.read", "holds.place"]
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    return issue


def test_placed_once_however_often_sent_read_and_lifted(client, database, token):
    with database.reading() as session:
        batch = session.exec(select(Batch)).one().id
    body = {"scope": "batch", "key": batch, "reason_code": "papers"}
    office, other = token(CLERK), token(INSPECTOR)
    first, again = (client.post(ADDRESS, json=body, headers=office | {"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert first.json["subject"] == "20260912A"
    assert client.post(ADDRESS, json=body, headers=office).json["code"] == "holds.held_already"
    assert client.get(ADDRESS, headers=token(PRODUCER)).json["total"] == 1
    assert client.get(ADDRESS, headers=token(RIVAL)).json["total"] == 0
    assert client.get(f"{ADDRESS}/H2026-0001", headers=token(RIVAL)).status_code == 404
    lift = f"{ADDRESS}/H2026-0001/lift"
    assert client.post(lift, json={"words": "示范"}, headers=office).json["code"] == "holds.another_person"
    assert client.post(lift, json={"words": "示范"}, headers=other).json["lift_words"] == "示范"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scope": "batch", "key": "x"}, "/reason_code"),
        ({"scope": "herd?", "key": "x", "reason_code": "other"}, "/scope"),
        ({"scope": "day", "key": "abattoir", "reason_code": "other"}, "/key"),
    ],
)
def test_what_is_wrong_is_named(client, token, body, pointer):
    answer = client.post(ADDRESS, json=body, headers=token(CLERK))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
