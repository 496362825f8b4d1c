"""Test reports over the API."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine

from brand.kernel.permissions import PERMISSIONS
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, APPROVER, INSPECTOR, LABORATORY, PRODUCER, RIVAL_ABATTOIR

pytestmark = pytest.mark.packed
REPORT = {
    "kind": "laboratory",
    "number": "R-7",
    "laboratory": "示范检测中心",
    "tested_on": "2026-09-14",
    "items": [{"name": "恩诺沙星", "result": "12", "unit": "μg/kg", "limit": "100"}],
}
BAD = REPORT | {"items": [REPORT["items"][0] | {"result": "120"}]}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def token(database):
    def issue(person):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            scopes = sorted(PERMISSIONS[person.role])
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    return issue


@pytest.fixture
def address(database):
    with database.reading() as session:
        return f"/api/v1/batches/{make.the_batch(session).id}/tests"


def test_recorded_once_confirmed_by_what_was_read(client, token, address):
    own = token(ABATTOIR)
    first, again = (client.post(address, json=REPORT, headers=own | {"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert (first.json["passed"], first.json["status"]) == (True, "declared")
    taken = client.post(address, json=REPORT, headers=own)
    assert [(one["pointer"], one["code"]) for one in taken.json["errors"]] == [("/number", "lab_reports.number_taken")]
    one = f"/api/v1/tests/{first.json['id']}"
    paper = client.post(f"{one}/files", data={"file": (BytesIO(make.a_paper().data), "a.pdf")}, headers=own)
    assert (paper.status_code, paper.json["digest"]) == (201, make.a_paper().digest)
    assert client.get(f"{one}/files/{paper.json['id']}", headers=own).data == make.a_paper().data
    stale = {"version": first.json["version"], "digest_seen": first.json["digest"]}
    theirs = token(LABORATORY)
    assert client.post(f"{one}/steps/confirm", json=stale, headers=theirs).json["code"] == "lab_reports.stale"
    now = client.get(one, headers=theirs).json
    read = {"version": now["version"], "digest_seen": now["digest"]}
    assert client.post(f"{one}/steps/confirm", json=read, headers=theirs).json["status"] == "confirmed"
    assert client.get("/api/v1/tests?q=r-7", headers=theirs).json["total"] == 1


def test_a_verdict_cannot_be_sent(client, token, address):
    for wrong, pointer in (
        ({"passed": True}, "/passed"),
        ({"items": [REPORT["items"][0] | {"passed": True}]}, "/items/0/passed"),
    ):
        answer = client.post(address, json=REPORT | wrong, headers=token(ABATTOIR))
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_failing_retest_and_release(client, token, address):
    own, office, second = token(ABATTOIR), token(INSPECTOR), token(APPROVER)
    first = client.post(address, json=BAD, headers=own).json
    assert (first["passed"], first["retest_until"][:16]) == (False, "2026-09-20T23:59")
    one = f"/api/v1/tests/{first['id']}"
    assert client.post(f"{one}/retest", json={"version": 1}, headers=token(RIVAL_ABATTOIR)).status_code == 404
    asked = client.post(f"{one}/retest", json={"version": 1}, headers=own)
    assert (asked.status_code, asked.json["retest"]["version"]) == (201, 1)
    sample = {"version": 1, "received_on": "2026-09-14"}
    handed = client.post(f"{one}/retest/sample", json=sample, headers=own).json
    assert handed["retest"]["report_due"] == "2026-09-22"
    same = client.post(address, json=REPORT | {"number": "S-0"}, headers=own).json["id"]
    wrong = client.post(f"{one}/retest/result", json={"version": 2, "result_id": same}, headers=own)
    assert wrong.json["code"] == "lab_reports.retest_same_laboratory"
    why = {"version": 2, "comment": "已销毁"}
    assert client.post(f"{one}/relief/ask_release", json=why, headers=office).json["relief"] == "asked"
    refused = client.post(f"{one}/relief/release", json={"version": 3}, headers=office)
    assert refused.json["code"] == "lab_reports.same_person"
    assert client.post(f"{one}/relief/release", json={"version": 3}, headers=second).json["relief"] == "released"
    assert client.get("/api/v1/tests?state=failing", headers=token(PRODUCER)).json["total"] == 0
