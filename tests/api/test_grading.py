"""Grading by persons over the API: read, decide once however often sent, state an axis; names stay inside."""

from __future__ import annotations

import pytest
import time_machine

from brand.kernel.permissions import Role
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, INSPECTOR, RIVAL_ABATTOIR, PersonOfTheCast

pytestmark = pytest.mark.slaughtered

SECOND = PersonOfTheCast("second-grader", "示范复评员", Role.ABATTOIR_CLERK, "abattoir")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def batch(database):
    with database.writing() as session:
        make.joins(session, SECOND)
        return make.a_batch(make.work(session))


@pytest.fixture
def bearer(database, client, batch):
    def call(person):
        with database.writing() as session:
            held = make.work(session, make.actor(session, person))
            scopes = ["batches.read", "grading.settle" if person == INSPECTOR else "events.record"]
            _, text = accounts.issue_token(held, label="t", scopes=scopes, days=1)

        def send(method, path, **options):
            headers = {"Authorization": f"Bearer {text}"} | options.pop("headers", {})
            return client.open(f"/api/v1/batches/{batch.id}{path}", method=method, headers=headers, **options)

        return send

    return call


def test_a_grade_is_given_once_and_read_back(bearer):
    send = bearer(SECOND)
    before = send("GET", "/grading").json
    numbers = [one["carcass_no"] for one in send("GET", "/carcasses?grade=good").json["rows"]][:2]
    said = {"version": before["version"], "carcasses": numbers, "grade": "usable", "reason": "复评", "method": "eye"}
    for _ in range(2):
        answer = send("POST", "/grade-decisions", json=said, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 201
        assert answer.json["disputed"] == 2
    assert [one["grade"] for one in answer.json["decisions"]] == ["usable", "usable"]
    assert SECOND.name not in answer.text
    rows = send("GET", "/carcasses?size=200").json["rows"]
    disputed = {one["carcass_no"]: (one["grade"], one["table_grade"]) for one in rows if one["disputed"]}
    assert disputed == dict.fromkeys(numbers, ("good", "good"))
    refused = send("POST", "/grade-decisions", json=said | {"version": answer.json["version"]})
    assert (refused.status_code, refused.json["code"]) == (403, "grade_decisions.same_hand")


def test_the_axes_come_from_the_records_and_take_statements(bearer):
    send = bearer(ABATTOIR)
    made = send("POST", "/axes", json={"axis": "rearing", "value": "天然放牧"})
    assert made.status_code == 201
    axes = send("GET", "/grading").json["axes"]
    assert sum(one["head"] for one in axes["breeds"]) == 160
    assert [one["value"] for one in axes["stated"]] == ["天然放牧"]
    for axis in ("quality", "breed"):
        typed = send("POST", "/axes", json={"axis": axis, "value": "特级"})
        assert (typed.status_code, typed.json["code"]) == (422, "axes.from_records")
        assert typed.json["errors"][0]["pointer"] == "/axis"
    wrong = send("POST", "/axes", json={"axis": "colour", "value": "x"})
    assert wrong.json["errors"][0]["pointer"] == "/axis"


def test_another_abattoir_finds_nothing(bearer):
    assert bearer(RIVAL_ABATTOIR)("GET", "/grading").status_code == 404
    assert bearer(RIVAL_ABATTOIR)("POST", "/axes", json={"axis": "cut", "value": "x"}).status_code == 404


def test_a_ph_is_written_down_and_mistakes_name_their_field(bearer):
    send = bearer(ABATTOIR)
    said = {"version": send("GET", "/grading").json["version"], "hours": 24, "head": 5, "lowest": "5.5"}
    wrong = send("POST", "/ph", json=said | {"highest": "9"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "ph.out_of_range")
    assert wrong.json["errors"][0]["pointer"] == "/highest"
    made = send("POST", "/ph", json=said | {"highest": "5.8"})
    assert made.json["data"]["ph_verdict"] == "usual"


def test_the_office_settles_over_the_api_in_the_same_words(bearer):
    send, office = bearer(SECOND), bearer(INSPECTOR)
    number = send("GET", "/carcasses?grade=good").json["rows"][0]["carcass_no"]
    said = {
        "version": send("GET", "/grading").json["version"],
        "carcasses": [number],
        "grade": "usable",
        "reason": "复评",
    }
    early = office("POST", "/grade-settlements", json=said)
    assert (early.status_code, early.json["code"]) == (409, "grade_decisions.not_disputed")
    said["version"] = send("POST", "/grade-decisions", json=said).json["version"]
    other = office("POST", "/grade-settlements", json=said | {"grade": "special"})
    assert (other.status_code, other.json["errors"][0]["pointer"]) == (422, "/grade")
    settled = office("POST", "/grade-settlements", json=said)
    assert (settled.status_code, settled.json["disputed"]) == (201, 0)
