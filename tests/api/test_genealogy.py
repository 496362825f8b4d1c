"""The family of a batch over the API: the same graph, the same veil, the same refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.make_families import a_family
from tests.people import PRODUCER, RIVAL


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def one(database):
    with database.writing() as session:
        return a_family(make.work(session))


@pytest.fixture
def token(database):
    def issue(person, *scopes):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            issued = accounts.issue_token(work, label="t", scopes=["batches.read", *scopes], days=9)[1]
            return {"Authorization": f"Bearer {issued}"}

    return issue


def test_a_family_and_the_way_to_it(client, token, one):
    mine = token(PRODUCER, "herds.read")
    at = f"/api/v1/batches/{one.root.id}/genealogy"
    found = client.get(at, headers=mine).json
    assert (found["there"], found["veiled"], found["more"]) == (True, 3, False)
    assert [line["numbers"] for line in found["animals"] if line["tag"] == one.tag] == [[one.old_tag, one.tag]]
    assert {each["sight"] for each in found["nodes"]} == {"full", "named", "veiled"}
    assert "MIX1" not in str(found)
    assert client.get(f"{at}?at=2026-09-01T00:00:00Z", headers=mine).json["nodes"] == []
    ahead = client.get(f"{at}?at=2099-01-01T00:00:00Z", headers=mine)
    assert (ahead.status_code, ahead.json["code"]) == (422, "genealogy.ahead")
    starts = client.get(f"/api/v1/genealogy?q={one.old_tag}", headers=mine).json
    assert [each["id"] for each in starts["batches"]] == [one.root.id]
    assert client.get("/api/v1/genealogy?q=??", headers=mine).json["code"] == "genealogy.unreadable"


def test_a_token_without_herds_reads_no_life_and_strangers_nothing(client, token, one):
    bare = client.get(f"/api/v1/batches/{one.root.id}/genealogy", headers=token(PRODUCER)).json
    assert one.old_tag not in str(bare)
    assert client.get(f"/api/v1/batches/{one.root.id}/genealogy", headers=token(RIVAL)).status_code == 404
