"""Pages and API of free tests: a programme by two persons, a request, the office's word, what is left."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.permissions import PERMISSIONS
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.make_quality import PROGRAMME, a_programme, a_request
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.models.free_tests import FreeTest, TestProgramme
from trace.models.quality import LabReport

pytestmark = pytest.mark.packed
HOSTILE = "<script>alert(1)</script>"
TYPED = {name: str(value) for name, value in PROGRAMME.items()} | {"online_only": "yes"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch_id(database):
    with database.reading() as session:
        return make.the_batch(session).id


@pytest.fixture
def programme(database):
    with database.writing() as session:
        return a_programme(make.work(session))


def the(database, kind):
    with database.reading() as session:
        return session.exec(select(kind)).one()


def test_proposed_opened_and_ended(as_, database):
    clerk, approver = as_(CLERK), as_(APPROVER)
    assert clerk.post("/free-tests/programmes/new", data=TYPED).status_code == 303
    one = the(database, TestProgramme)
    assert (one.state, one.online_only, one.quota) == ("proposed", True, 2)
    assert "working days left: 5" in approver.get("/desk?q=示范免费检测项目&lang=en").text
    assert f"{one.id}/approve" not in clerk.get("/free-tests").text
    assert clerk.post(f"/free-tests/programmes/{one.id}/approve", data={"version": 1}).status_code == 404
    assert approver.post(f"/free-tests/programmes/{one.id}/approve", data={"version": 3}).status_code == 409
    assert approver.post(f"/free-tests/programmes/{one.id}/approve", data={"version": 1}).status_code == 303
    assert "示范方案" in as_(RIVAL).get("/free-tests").text, "what is paid for from public money is told to all"
    wrong = clerk.post("/free-tests/programmes/new", data=TYPED | {"closes_on": "2027-01-01", "quota": "٣x"})
    assert (wrong.status_code, 'id="f-quota-fault"' in wrong.text) == (422, True)


def test_asked_from_the_batch_page_accepted_and_finished(as_, batch_id, programme, database):
    producer, clerk = as_(PRODUCER), as_(CLERK)
    address = f"/batches/{batch_id}/free-tests/new"
    assert address in producer.get(f"/batches/{batch_id}/tests").text
    assert "2 个" in producer.get(address).text
    given = {"test_programme_id": programme.id, "items": HOSTILE, "sold_at": "示范网店"}
    made = producer.post(address, data=given)
    assert made.status_code == 303
    assert ", working days left: 5" in clerk.get("/desk?q=T2026-0001&lang=en").text, "the second person's term"
    page = clerk.get(made.location).text
    assert HOSTILE not in page
    assert "/refuse" in page
    twice = producer.post(f"{address}?lang=en", data=given)
    assert (twice.status_code, "T2026-0001 for this batch is still open" in twice.text) == (409, True)
    assert producer.post(f"{made.location}/accept", data={"version": 1}).status_code == 404
    assert clerk.post(f"{made.location}/accept", data={"version": 1}).status_code == 303
    assert PROGRAMME["closes_on"].isoformat() in clerk.get("/desk?q=T2026-0001").text, "tested while the project runs"
    with database.writing() as session:
        report = session.exec(select(LabReport)).one()
        assert report.number not in clerk.get(made.location).text, "tested before anybody asked"
        report.tested_on = the(database, FreeTest).asked_at.date()
    assert report.number in clerk.get(made.location).text
    nothing = clerk.post(f"{made.location}/finish", data={"version": 2})
    assert (nothing.status_code, 'id="f-report_id-fault"' in nothing.text) == (422, True)
    assert clerk.post(f"{made.location}/finish", data={"version": 2, "report_id": report.id}).status_code == 303
    assert the(database, FreeTest).state == "done"
    assert "T2026-0001" not in clerk.get("/desk").text
    assert "T2026-0001" in clerk.get("/free-tests?state=done").text


def test_refused_with_a_reason_the_enterprise_reads(as_, batch_id, programme, database):
    with database.writing() as session:
        request = a_request(make.work(session), batch_id, programme)
    address = f"/free-tests/{request.id}"
    silent = as_(INSPECTOR).post(f"{address}/refuse", data={"version": 1, "reason_code": "not_online"})
    assert silent.status_code == 404, "inspectors do not decide"
    clerk = as_(CLERK)
    assert clerk.post(f"{address}/refuse", data={"version": 1}).status_code == 422
    refused = clerk.post(f"{address}/refuse", data={"version": 1, "reason_code": "not_online"})
    assert refused.status_code == 303
    assert "not sold online" in as_(PRODUCER).get(f"{address}?lang=en").text
    assert as_(RIVAL).get(address).status_code == 404
    assert as_(RIVAL).get(f"/batches/{batch_id}/free-tests/new").status_code == 404


def test_without_a_programme_the_page_says_so(as_, batch_id):
    assert (
        "No programme of free tests is open now"
        in as_(PRODUCER).get(f"/batches/{batch_id}/free-tests/new?lang=en").text
    )


def test_over_the_api(client, database, batch_id):
    def token(person):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            scopes = sorted(PERMISSIONS[person.role])
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    root = "/api/v1/free-tests"
    body = PROGRAMME | {"opens_on": "2026-09-01", "closes_on": "2026-12-31", "quota": 1}
    made = client.post(f"{root}/programmes", json=body, headers=token(CLERK))
    assert (made.status_code, made.json["state"]) == (201, "proposed")
    opened = client.post(f"{root}/programmes/{made.json['id']}/approve", json={"version": 1}, headers=token(APPROVER))
    assert opened.json["state"] == "open"
    asked = {"test_programme_id": made.json["id"], "items": "兽药残留", "sold_at": "示范网店"}
    own = token(PRODUCER)
    first, again = (
        client.post(f"/api/v1/batches/{batch_id}/free-tests", json=asked, headers=own | {"Idempotency-Key": "k"})
        for _ in range(2)
    )
    assert (first.status_code, again.json) == (201, first.json)
    one = f"{root}/{first.json['id']}"
    accepted = client.post(f"{one}/accept", json={"version": 1}, headers=token(CLERK)).json
    assert accepted["state"] == "accepted"
    assert client.get(f"{root}/programmes", headers=own).json["rows"][0]["used"] == 1
    assert client.get(one, headers=token(RIVAL)).status_code == 404
    assert client.post(f"{one}/withdraw", json={"version": 2}, headers=own).json["state"] == "withdrawn"
    assert client.get(f"{root}/programmes", headers=own).json["rows"][0]["used"] == 0
    assert client.get(f"{root}?state=withdrawn", headers=token(ABATTOIR)).json["total"] == 0
