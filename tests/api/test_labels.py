"""Label orders over the API: tokens, idempotency, problem documents, codes, sheets."""

from __future__ import annotations

import pyrage
import pytest
import time_machine
from pyrage import x25519
from sqlmodel import select

from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL
from trace.models.labels import LabelOrder

pytestmark = pytest.mark.packed
ADDRESS = "/api/v1/label-orders"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def token(database):
    def issue(person, *scopes):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=list(scopes), days=9)[1]}"}

    return issue


@pytest.fixture
def line(database):
    with database.writing() as session:
        return make.a_pack_line(make.work(session))


@pytest.fixture
def order(database, tmp_path):
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        made = make.an_order(make.work(session), signer, packs=5, activated=False)
        make.in_a_head(session, signer)
        return made


def test_an_order_sent_twice_is_one_order(client, token, line, database):
    headers = token(PRODUCER, "labels.order", "labels.read") | {"Idempotency-Key": "示范-1".encode().hex()}
    answers = [client.post(ADDRESS, json={"pack_line_id": line.id, "packs": 7}, headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert answers[0].json | {"packs": 7, "kg": "3.500", "issued": 7, "net_kg": "0.500"} == answers[0].json
    with database.reading() as session:
        assert len(session.exec(select(LabelOrder)).all()) == 1
    listed = client.get(ADDRESS, headers=headers).json
    assert [one["number"] for one in listed["items"]] == [answers[0].json["number"]]
    assert client.get(f"{ADDRESS}/{answers[0].json['id']}", headers=headers).json == answers[0].json


def test_too_many_is_a_problem_with_figures(client, token, line):
    headers = token(PRODUCER, "labels.order")
    answer = client.post(ADDRESS, json={"pack_line_id": line.id, "packs": 397}, headers=headers)
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "labels.packs_exceeded"
    assert answer.json["params"]["left"] == "396"
    assert answer.json["errors"][0]["pointer"] == "/packs"


@pytest.mark.parametrize("body", [{}, {"pack_line_id": "x", "packs": 0}, {"pack_line_id": 5, "packs": "x", "more": 1}])
def test_bad_bodies(client, token, body):
    answer = client.post(ADDRESS, json=body, headers=token(PRODUCER, "labels.order"))
    assert answer.status_code == 422
    assert answer.json["code"] == "input.invalid"


def test_a_token_without_the_scope_and_nobody(client, token, line):
    body = {"pack_line_id": line.id, "packs": 1}
    assert client.post(ADDRESS, json=body, headers=token(PRODUCER, "labels.read")).status_code == 404
    assert client.post(ADDRESS, json=body).status_code == 401


def test_codes_are_for_those_who_print(client, token, order):
    codes = client.get(
        f"{ADDRESS}/{order.id}/codes?size=2", headers=token(PRODUCER, "labels.print", "labels.read")
    ).json
    assert (codes["total"], codes["pages"], len(codes["items"])) == (5, 3, 2)
    assert codes["items"][0]["address"].startswith("http://localhost/u/")
    both = token(RIVAL, "labels.print", "labels.read")
    assert client.get(f"{ADDRESS}/{order.id}/codes", headers=both).status_code == 404
    assert client.get(f"{ADDRESS}/{order.id}/codes", headers=token(ABATTOIR, "labels.read")).status_code == 404


def test_sheet_activate_void(client, token, order):
    mine = token(PRODUCER, "labels.print", "labels.activate", "labels.void", "labels.read")
    sheet = client.post(f"{ADDRESS}/{order.id}/sheet", json={"first": 1, "last": 5}, headers=mine)
    assert sheet.data.startswith(b"%PDF-")
    roll = {"first": 1, "last": 5, "kind": "zpl", "layout": "roll-60x40", "dpi": 203}
    job = client.post(f"{ADDRESS}/{order.id}/sheet", json=roll, headers=mine)
    assert job.data.startswith(b"~DGR:LABEL.GRF")
    assert job.data.count(b"^GFA") == 10
    for wrong, code in (({"kind": "zpl"}, "labels.layout_needs_roll"), ({"dpi": 250}, "input.not_a_choice")):
        answer = client.post(f"{ADDRESS}/{order.id}/sheet", json={"first": 1, "last": 5, **wrong}, headers=mine)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)
    done = client.post(f"{ADDRESS}/{order.id}/activate", json={"first": 1, "last": 2}, headers=mine)
    assert done.json == {"changed": 2, "already": 0}
    typed = client.get(f"{ADDRESS}/{order.id}/codes", headers=mine).json["items"][2]["typed"]
    by_code = client.post(f"{ADDRESS}/activate", json={"codes": [typed]}, headers=token(ABATTOIR, "labels.activate"))
    assert by_code.json == {"changed": 1, "already": 0}
    version = client.get(f"{ADDRESS}/{order.id}", headers=mine).json["version"]
    body = {"first": 4, "last": 5, "reason": "left_over", "version": version}
    assert client.post(f"{ADDRESS}/{order.id}/void", json=body, headers=mine).json == {"changed": 2, "already": 0}
    again = client.post(f"{ADDRESS}/{order.id}/void", json=body, headers=mine)
    assert (again.status_code, again.json["code"]) == (409, "labels.stale")
    final = client.get(f"{ADDRESS}/{order.id}", headers=mine).json
    assert (final["issued"], final["activated"], final["void"]) == (0, 3, 2)


def test_strange_codes_are_named_by_their_place(client, token, order):
    answer = client.post(
        f"{ADDRESS}/activate", json={"codes": ["123", "/u/x"]}, headers=token(ABATTOIR, "labels.activate")
    )
    assert (answer.status_code, answer.json["code"]) == (422, "codes.unreadable")
    assert [one["pointer"] for one in answer.json["errors"]] == ["/codes/0", "/codes/1"]


def test_a_large_order_is_signed_and_laid_out_by_runs(client, app, token, line, monkeypatch):
    for module in ("api.labels", "services.label_jobs", "rules.labels"):
        monkeypatch.setattr(f"trace.{module}.AT_ONCE", 20)
    runner = app.extensions["brandtrace.parts"].jobs
    monkeypatch.setattr(type(runner), "wake", lambda self: None)
    mine = token(PRODUCER, "labels.order", "labels.print", "labels.read")
    made = client.post(ADDRESS, json={"pack_line_id": line.id, "packs": 30}, headers=mine)
    assert (made.status_code, made.json["state"], made.json["issued"]) == (201, "reserved", 0)
    runner.run_all()
    there = f"{ADDRESS}/{made.json['id']}"
    signed = client.get(there, headers=mine).json
    assert (signed["state"], signed["issued"]) == ("signed", 30)
    (run,) = client.get(f"{there}/runs", headers=mine).json["items"]
    assert (run["kind"], run["state"], run["labels"], run["done_labels"]) == ("sign", "done", 30, 30)
    body = {"first": 1, "last": 30, "kind": "csv"}
    early = client.post(f"{there}/runs", json=body, headers=mine)
    assert (early.status_code, early.json["code"]) == (403, "labels.not_released")
    client.post(f"{there}/release", json={"printer": "own", "version": signed["version"]}, headers=mine)
    begun = client.post(f"{there}/runs", json=body, headers=mine)
    assert begun.status_code == 201
    few = client.post(f"{there}/sheet", json={**body, "last": 3}, headers=mine)
    listed = client.get(f"{there}/codes", headers=mine)
    assert [(one.status_code, one.json["code"]) for one in (few, listed)] == [(409, "labels.not_in_head")] * 2
    app.extensions["brandtrace.parts"].log.run_once()
    runner.run_all()
    run = client.get(f"{there}/runs", headers=mine).json["items"][0]
    assert [(one["first"], one["last"]) for one in run["files"]] == [(1, 20), (21, 30)]
    file = f"{there}/runs/{run['id']}/files/2"
    with client.get(file, headers=mine) as answer:
        assert answer.text.count("http://localhost/u/") == 10
    assert client.get(file, headers=token(RIVAL, "labels.print")).status_code == 404
    assert client.get(f"{there}/runs/{run['id']}/files/3", headers=mine).status_code == 404
    too_many = client.post(f"{there}/sheet", json=body, headers=mine)
    assert (too_many.status_code, too_many.json["code"]) == (422, "labels.too_many_at_once")


def test_a_list_for_a_printing_house_is_encrypted_to_its_key(client, token, order):
    mine = token(PRODUCER, "labels.print", "labels.read")
    secret = x25519.Identity.generate()
    body = {"first": 1, "last": 5, "kind": "csv", "recipient": str(secret.to_public())}
    sealed = client.post(f"{ADDRESS}/{order.id}/sheet", json=body, headers=mine)
    assert (sealed.status_code, sealed.mimetype) == (200, "application/octet-stream")
    assert b"http" not in sealed.data
    assert pyrage.decrypt(sealed.data, [secret]).count(b"http://localhost/u/") == 5
    answer = client.post(f"{ADDRESS}/{order.id}/sheet", json={**body, "recipient": "age1none"}, headers=mine)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/recipient")
    assert answer.json["code"] == "labels.recipient_shape"


def test_which_labels_are_controls_the_office_reads_and_the_producer_does_not(client, token, line):
    headers = token(PRODUCER, "labels.order", "labels.read", "labels.print")
    made = client.post(ADDRESS, json={"pack_line_id": line.id, "packs": 7, "controls": 2}, headers=headers).json
    assert (made["packs"], made["controls"], made["kg"]) == (7, 2, "3.500")
    assert client.get(f"{ADDRESS}/{made['id']}/controls", headers=headers).status_code == 404
    office = client.get(f"{ADDRESS}/{made['id']}/controls", headers=token(CLERK, "labels.read", "scans.watch"))
    assert [one["looks"] for one in office.json["items"]] == [0, 0]
