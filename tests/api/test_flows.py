"""Acts on goods over the API: the same refusals with the same figures, once however often sent."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.make_flows import a_garden, leaf
from tests.people import INSPECTOR, PRODUCER, RIVAL
from trace.models.events import Event
from trace.models.places import Place


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch(database):
    with database.writing() as session:
        return leaf(make.work(session)).id


@pytest.fixture
def token(database):
    def issue(person, *scopes):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            issued = accounts.issue_token(work, label="t", scopes=["batches.read", *scopes], days=9)[1]
            return {"Authorization": f"Bearer {issued}"}

    return issue


OURS = "/api/v1/enterprises/cooperative"
DAY = "2026-09-12"


def test_a_harvest_and_its_split_are_taken_once(client, database, token):
    with database.writing() as session:
        garden, product = a_garden(make.work(session)), make.a_product(session).id
    mine = token(PRODUCER, "flows.record")
    begun = {"kind": "harvest", "product_id": product, "form": "fresh_leaf", "place_id": garden, "day": DAY}
    body = begun | {"output": {"lot": "T9", "kg": "25"}}
    key = {"Idempotency-Key": "k1"}
    first = client.post(f"{OURS}/batches", json=body, headers=mine | key)
    assert first.status_code == 201
    assert client.post(f"{OURS}/batches", json=body, headers=mine | key).json == first.json
    at = f"{OURS}/batches/{first.json['id']}/split"
    done = client.post(at, json={"outputs": [{"lot": "T9-1", "kg": "20"}], "day": DAY}, headers=mine)
    assert [one["total_kg"] for one in done.json["batches"]] == ["20.000"]
    over = client.post(at, json={"outputs": [{"lot": "T9-2", "kg": "10"}], "day": DAY}, headers=mine)
    assert (over.status_code, over.json["code"]) == (409, "flows.more_than_left")
    assert over.json["params"] == {"lot": "T9", "in": "25", "used": "20", "asked": "10", "left": "5"}
    assert [one["pointer"] for one in over.json["errors"]] == ["/outputs/0/kg"]
    again = client.post(f"{OURS}/batches", json=body, headers=mine)
    assert [one["pointer"] for one in again.json["errors"]] == ["/output/lot"]
    unweighed = client.post(f"{OURS}/batches", json=begun | {"output": {"lot": "T8"}}, headers=mine)
    assert [one["pointer"] for one in unweighed.json["errors"]] == ["/output/kg"]
    part = first.json["id"]
    mixed = {"lot": "M1", "day": DAY, "inputs": [{"batch_id": done.json["batches"][0]["id"], "kg": "1"}]}
    much = mixed | {"inputs": [*mixed["inputs"], {"batch_id": part, "kg": "9"}]}
    short = client.post(f"{OURS}/merges", json=much, headers=mine)
    assert [(one["pointer"], one["code"]) for one in short.json["errors"]] == [("/inputs/1/kg", "flows.more_than_left")]
    double = client.post(
        f"{OURS}/merges",
        json=mixed | {"lot": "T9", "inputs": [*mixed["inputs"], {"batch_id": part, "kg": "1"}]},
        headers=mine,
    )
    assert [(one["pointer"], one["code"]) for one in double.json["errors"]] == [("/lot", "batches.lot_taken")]
    books = client.get(f"/api/v1/batches/{first.json['id']}/books", headers=mine).json
    assert [(one["operation"]["kind"], one["drawn_kg"]) for one in books] == [("commission", None), ("split", "20.000")]


def test_a_foreign_batch_is_no_input(client, token, batch):
    body = {"inputs": [{"batch_id": batch, "kg": "1"}, {"batch_id": "nothing", "kg": "1"}], "lot": "R1", "day": DAY}
    refused = client.post("/api/v1/enterprises/rival/merges", json=body, headers=token(RIVAL, "flows.record"))
    assert (refused.status_code, refused.json["code"]) == (422, "flows.not_yours")
    assert [one["pointer"] for one in refused.json["errors"]] == ["/inputs/0", "/inputs/1"]
    assert client.post(f"{OURS}/merges", json=body, headers=token(RIVAL, "flows.record")).status_code == 404


def test_an_unusual_yield_waits_and_is_decided(client, token, batch):
    mine, office = token(PRODUCER, "flows.record"), token(INSPECTOR, "flows.agree")
    body = {"process": "tea_making", "inputs": [{"batch_id": batch, "kg": "100"}], "loss_kg": "77", "day": DAY}
    body |= {"outputs": [{"lot": "M1", "kg": "23"}]}
    waiting = client.post(f"{OURS}/transformations", json=body, headers=mine).json["proposal"]
    assert waiting["shares"][0]["percent"] == "23.00"
    assert client.get("/api/v1/flow-proposals", headers=office).json["total"] == 1
    at = f"/api/v1/flow-proposals/{waiting['id']}"
    said = {"version": 1, "words": "秤单已核对"}
    assert client.post(f"{at}/agree", json=said, headers=mine).status_code == 404
    agreed = client.post(f"{at}/agree", json=said, headers=office)
    assert (agreed.status_code, agreed.json["state"]) == (200, "agreed")
    assert client.post(f"{at}/withdraw", json={"version": 2}, headers=mine).json["code"] == "flows.wrong_state"
    gone = client.post(
        f"{OURS}/batches/{batch}/leave", json={"kind": "lose", "kg": "1", "day": DAY, "words": "受潮"}, headers=mine
    )
    assert gone.json["code"] == "flows.more_than_left"


def test_whoever_has_several_places_says_at_which_it_happened(client, database, token, batch):
    with database.writing() as session:
        work = make.work(session)
        first, second = (make.a_place(work, kind="warehouse", name=f"示范{name}库").id for name in "东西")
        late = make.a_place(work, kind="workshop", name="示范新车间", opened_on=make.MONDAY.date()).id
        garden = session.exec(select(Place.id).where(Place.kind == "tea_garden")).one()
        others = make.a_place(work, kind="warehouse", name="示范邻库")
        others.enterprise_id, foreign = "rival", others.id
    mine = token(PRODUCER, "flows.record")
    at, body = f"{OURS}/batches/{batch}", {"kind": "destroy", "kg": "1", "day": DAY, "words": "受潮"}
    for place, code in (
        (foreign, "events.place"),
        ("nowhere", "events.place"),
        (garden, "events.place_kind"),
        (late, "events.place_not_open"),
    ):
        refused = client.post(f"{at}/leave", json=body | {"place_id": place}, headers=mine)
        assert (refused.status_code, refused.json["code"]) == (422, code)
        assert [one["pointer"] for one in refused.json["errors"]] == ["/place_id"]
    assert client.post(f"{at}/leave", json=body | {"place_id": second}, headers=mine).status_code == 201
    split = {"outputs": [{"lot": "T1-1", "kg": "20"}], "day": DAY}
    assert client.post(f"{at}/split", json=split | {"place_id": first}, headers=mine).status_code == 201
    made = {"process": "tea_making", "inputs": [{"batch_id": batch, "kg": "50"}], "loss_kg": "38.5", "day": DAY}
    made |= {"outputs": [{"lot": "M1", "kg": "11.5"}], "place_id": second}
    assert client.post(f"{OURS}/transformations", json=made, headers=mine).json["proposal"]
    with database.reading() as session:
        happened = select(Event.kind, Event.place_id).where(Event.kind.in_(["destroying", "splitting"]))
        assert set(session.exec(happened)) == {("destroying", second), ("splitting", first)}
    waiting = client.get("/api/v1/flow-proposals", headers=token(INSPECTOR, "flows.agree")).json["rows"][0]["id"]
    agreed = {"version": 1, "words": "秤单已核对"}
    at = f"/api/v1/flow-proposals/{waiting}/agree"
    assert client.post(at, json=agreed, headers=token(INSPECTOR, "flows.agree")).status_code == 200
    with database.reading() as session:
        # Agreed to later, it still happened where its people said.
        assert set(session.exec(select(Event.place_id).where(Event.kind == "transforming"))) == {second}


def test_an_act_is_taken_back_once(client, database, token, batch):
    mine = token(PRODUCER, "flows.record")
    outputs = {"outputs": [{"lot": "T1-1", "kg": "20"}], "day": DAY}
    assert client.post(f"{OURS}/batches/{batch}/split", json=outputs, headers=mine).status_code == 201
    books = client.get(f"/api/v1/batches/{batch}/books", headers=mine).json
    begun, split = (one["operation"]["id"] for one in books)
    body = {"words": "录错了"}
    used = client.post(f"/api/v1/acts/{begun}/undo", json=body, headers=mine)
    assert (used.status_code, used.json["code"], used.json["params"]["lots"]) == (409, "undoing.used", "T1-1")
    theirs = token(RIVAL, "flows.record")
    assert client.post(f"/api/v1/acts/{split}/undo", json=body, headers=theirs).status_code == 404
    key = {"Idempotency-Key": "k9"}
    done = client.post(f"/api/v1/acts/{split}/undo", json=body, headers=mine | key)
    assert (done.status_code, done.json["in_kg"], done.json["undoes_id"]) == (201, "-20.000", split)
    assert client.post(f"/api/v1/acts/{split}/undo", json=body, headers=mine | key).json == done.json
    twice = client.post(f"/api/v1/acts/{split}/undo", json=body, headers=mine)
    assert (twice.status_code, twice.json["code"]) == (409, "undoing.done_already")
    now = client.get(f"/api/v1/batches/{batch}/books", headers=mine).json
    assert [(one["operation"]["kind"], one["undone"]) for one in now][:2] == [("commission", False), ("split", True)]
