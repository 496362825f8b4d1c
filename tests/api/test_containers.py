"""Cases and pallets over the API: packed once however often sent, sent, confirmed whole, opened; the same refusals."""

from __future__ import annotations

import pytest
import time_machine

from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, RIVAL

pytestmark = pytest.mark.packed
OURS, THEIRS = "/api/v1/enterprises/abattoir", "/api/v1/enterprises/rival"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def line(database):
    with database.writing() as session:
        return make.a_pack_line(make.work(session))


@pytest.fixture
def token(database):
    def issue(person):
        scopes = ["batches.read", "flows.record", "shipments.send", "shipments.receive"]
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    return issue


def test_from_pack_to_pallet_to_the_receiver_s_shelf(client, line, token):
    mine, theirs = token(ABATTOIR), token(RIVAL)
    body = {"kind": "case", "packs": [{"pack_line_id": line.id, "packs": 10}]}
    key = mine | {"Idempotency-Key": "k1"}
    case = client.post(f"{OURS}/containers", json=body, headers=key)
    assert case.status_code == 201
    assert client.post(f"{OURS}/containers", json=body, headers=key).json == case.json
    code = case.json["container"]["code"]
    assert (case.json["container"]["packs"], case.json["packed"][0]["lot"]) == (10, "20260912A")
    over = client.post(
        f"{OURS}/containers", json={"kind": "case", "packs": [{"pack_line_id": line.id, "packs": 999}]}, headers=mine
    )
    assert (over.status_code, over.json["code"]) == (422, "stocks.not_there")
    pallet = client.post(f"{OURS}/containers", json={"kind": "pallet", "cases": [code]}, headers=mine).json
    box = pallet["container"]["code"]
    assert pallet["cases"] == [code]
    forward = client.get(f"/api/v1/batches/{line.batch_id}/containers", headers=mine).json
    assert [(one["code"], one["pallet"]) for one in forward] == [(code, box)]
    way = {"to_id": "rival", "planned_on": "2026-09-15", "boxes": [box]}
    sent = client.post(f"{OURS}/shipments", json=way, headers=mine).json
    assert [(one["code"], one["arrived"]) for one in sent["boxes"]] == [(box, None)]
    at = f"/api/v1/shipments/{sent['shipment']['number']}/receive"
    assert client.post(at, json={"version": 1}, headers=theirs).json["code"] == "shipments.every_box"
    done = client.post(at, json={"version": 1, "boxes": [{"code": box, "arrived": True}]}, headers=theirs)
    assert (done.status_code, done.json["boxes"][0]["arrived"]) == (200, True)
    whole = client.get(f"/api/v1/containers/{box}", headers=theirs).json["container"]
    assert (whole["holder_id"], whole["shipment"]) == ("rival", "")
    step = {"version": whole["version"]}
    assert (
        client.post(f"{OURS}/containers/{box}/unpack", json=step, headers=mine).json["code"] == "containers.not_yours"
    )
    assert (
        client.post(f"{THEIRS}/containers/{box}/unpack", json=step, headers=theirs).json["container"]["state"]
        == "emptied"
    )
    assert [one["code"] for one in client.get("/api/v1/containers", headers=theirs).json["rows"]] == [code]
    version = client.get(f"/api/v1/containers/{code}", headers=theirs).json["container"]["version"]
    sale = {"kind": "sell", "day": "2026-09-14", "buyer": "示范超市", "version": version}
    assert (
        client.post(f"{THEIRS}/containers/{code}/leave", json=sale, headers=theirs).json["container"]["state"] == "sold"
    )


def test_a_case_comes_off_its_pallet_with_its_hands_and_family(client, line, token):
    mine = token(ABATTOIR)
    body = {"kind": "case", "packs": [{"pack_line_id": line.id, "packs": 10}]}
    cases = [client.post(f"{OURS}/containers", json=body, headers=mine).json["container"]["code"] for _ in range(2)]
    box = client.post(f"{OURS}/containers", json={"kind": "pallet", "cases": cases}, headers=mine).json["container"]
    at = f"{OURS}/containers/{box['code']}/take-off"
    wrong = client.post(at, json={"version": 1, "cases": ["XXXXXXXX"]}, headers=mine)
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/cases/0")
    left = client.post(at, json={"version": 1, "cases": cases[:1]}, headers=mine)
    assert left.json["cases"] == cases[1:]
    on = at.replace("take-off", "put-on")
    said = {"version": left.json["container"]["version"], "cases": cases}
    twice = client.post(on, json=said, headers=mine)
    told = [(one["pointer"], one["code"]) for one in twice.json["errors"]]
    assert (twice.status_code, told) == (409, [("/cases/1", "containers.on_a_pallet")])
    whole = client.post(on, json=said | {"cases": cases[:1]}, headers=mine)
    assert whole.json["cases"] == sorted(cases)
    hands = client.get(f"/api/v1/containers/{cases[0]}/custody", headers=mine).json["rows"]
    assert [(one["who_id"], one["how"], one["until"]) for one in hands] == [("abattoir", "holder", None)]
    family = client.get(f"/api/v1/containers/{cases[0]}/genealogy", headers=mine).json
    assert {"batch", "case", "pallet"} <= {one["kind"] for one in family["nodes"]}
    assert client.get(f"/api/v1/genealogy?q={cases[0]}", headers=mine).json["containers"] == [cases[0]]
    for door in ("custody", "genealogy"):
        assert client.get(f"/api/v1/containers/{cases[0]}/{door}", headers=token(RIVAL)).status_code == 404


def test_packs_leave_with_the_figures(client, line, token):
    at, mine = f"{OURS}/batches/{line.batch_id}/packs/leave", token(ABATTOIR)
    gone = {"kind": "destroy", "day": "2026-09-14", "words": "示范", "packs": [{"pack_line_id": line.id, "packs": 2}]}
    assert client.post(at, json=gone, headers=mine).json["gone_kg"] == f"{2 * line.net_kg}"
    over = client.post(at, json=gone | {"packs": [{"pack_line_id": line.id, "packs": 999}]}, headers=mine)
    assert over.json["params"] == {"asked": "999", "there": f"{line.packs - 2}"}


def test_everybody_s_programs_read_a_case(client, line, token):
    mine = token(ABATTOIR)
    body = {"kind": "case", "packs": [{"pack_line_id": line.id, "packs": 10}]}
    code = client.post(f"{OURS}/containers", json=body, headers=mine).json["container"]["code"]
    told = client.get(f"/api/v1/codes/containers/{code}")
    assert (told.json["state"], told.json["colour"], told.json["packs"]) == ("packed", "green", 10)
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert not {"holder_id", "shipment", "buyer"} & set(told.json), "nobody is told who has it"
    assert client.get("/api/v1/codes/containers/7K3M9Q2X").status_code == 404
