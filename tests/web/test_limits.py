"""Pages and API of the register of limits: shown with sources, entered by one person, decided by another."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.permissions import PERMISSIONS
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, LABORATORY, RIVAL
from trace.models.limits import TestLimit

ENTRY = {
    "kind": "lamb", "item": "恩诺沙星", "aliases": "Enrofloxacin，恩诺沙星（和）", "limit": "10", "unit": "μg/kg",
    "source": "示范标准第1条", "confidence": "S", "valid_from": "2026-09-14",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def entered(as_, database):
    assert as_(CLERK).post("/limits/new", data=ENTRY).status_code == 303
    with database.reading() as session:
        return session.exec(select(TestLimit)).one()


def test_everybody_who_tests_reads_them_with_their_source(as_):
    for person in (ABATTOIR, LABORATORY, INSPECTOR, RIVAL):
        page = as_(person).get("/limits?kind=lamb").text
        assert "克伦特罗" in page
        assert "待核" in page, "what is to be checked says so"
        assert 'href="/limits/new' not in page
    assert as_(CLERK).get("/limits?kind=fish").status_code == 422


def test_entered_by_one_and_approved_by_another(as_, entered):
    assert entered.aliases == ["Enrofloxacin", "恩诺沙星（和）"]
    clerk, approver = as_(CLERK), as_(APPROVER)
    assert "示范标准第1条" in clerk.get("/limits").text
    assert f"/limits/{entered.id}/approve" not in clerk.get("/limits").text
    assert clerk.post(f"/limits/{entered.id}/approve", data={"version": 1}).status_code == 404
    assert "恩诺沙星" in approver.get("/desk?urgency=later").text, "with the second person's term"
    stale = approver.post(f"/limits/{entered.id}/approve", data={"version": 7})
    assert stale.status_code == 409
    assert approver.post(f"/limits/{entered.id}/approve", data={"version": 1}).status_code == 303
    page = as_(LABORATORY).get("/limits?kind=lamb&lang=en").text
    assert "恩诺沙星" in page
    assert "恩诺沙星" not in approver.get("/desk").text


def test_what_is_wrong_stands_at_its_field(as_, database):
    clerk = as_(CLERK)
    answer = clerk.post("/limits/new?lang=en", data=ENTRY | {"limit": "少量", "confidence": "B"})
    assert answer.status_code == 422
    assert 'id="f-confidence-fault"' in answer.text
    answer = clerk.post("/limits/new?lang=en", data=ENTRY | {"limit": "少量"})
    assert "cannot be compared with" in answer.text
    past = clerk.post("/limits/new?lang=en", data=ENTRY | {"valid_from": "2026-09-13"})
    assert (past.status_code, "cannot begin in the past" in past.text) == (422, True)
    with database.reading() as session:
        assert session.exec(select(TestLimit)).all() == []


def test_over_the_api(client, database):
    def token(person):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            scopes = sorted(PERMISSIONS[person.role])
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    body = ENTRY | {"aliases": ["Enrofloxacin"]}
    made = client.post("/api/v1/limits", json=body, headers=token(CLERK))
    assert (made.status_code, made.json["state"]) == (201, "open")
    twice = client.post("/api/v1/limits", json=body, headers=token(CLERK))
    assert twice.json["code"] == "limits.already_open"
    address = f"/api/v1/limits/{made.json['id']}/approve"
    assert client.post(address, json={"version": 1}, headers=token(INSPECTOR)).status_code == 404
    assert client.post(address, json={"version": 1}, headers=token(APPROVER)).json["state"] == "approved"
    rows = client.get("/api/v1/limits?kind=lamb", headers=token(ABATTOIR)).json["rows"]
    assert ("恩诺沙星", "10", False) in [(one["item"], one["limit"], one["to_be_checked"]) for one in rows]
    wrong = client.post("/api/v1/limits", json=body | {"kind": "fish"}, headers=token(CLERK))
    assert [one["code"] for one in wrong.json["errors"]] == ["limits.kind"]
