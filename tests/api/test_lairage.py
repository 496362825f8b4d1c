"""Animals before slaughter over the API: a reader sends its tags, differences come back as codes with figures."""

from __future__ import annotations

import pytest
import time_machine

from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, RIVAL_ABATTOIR

pytestmark = pytest.mark.licensed


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def bearer(database, client):
    def call(person):
        with database.writing() as session:
            held = make.work(session, make.actor(session, person))
            _, text = accounts.issue_token(held, label="t", scopes=["batches.read", "batches.register"], days=1)

        def send(method, path, **options):
            headers = {"Authorization": f"Bearer {text}"} | options.pop("headers", {})
            return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

        return send

    return call


def test_a_lot_is_announced_read_and_examined(database, bearer):
    with database.writing() as session:
        make.a_licence(make.work(session))
        product = make.a_product(session).id
    tags = [one.ear_tag for one in make.carcass_lines(2)]
    send = bearer(ABATTOIR)
    said = {"producer_id": "cooperative", "product_id": product, "lot": "L1", "expected_on": "2026-09-14", "head": 3}
    made = [
        send("POST", "/enterprises/abattoir/lairage", json=said, headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert made[0].status_code == 201
    assert made[0].json == made[1].json
    path = f"/lairage/{made[0].json['id']}"
    found = send("POST", f"{path}/tags", json={"version": 1, "tags": tags}).json
    assert {"code": "lairage.head_differs", "params": {"announced": 3, "read": 2}} in found["differences"]
    wrong = send("POST", f"{path}/tags", json={"version": found["version"], "tags": ["1"]})
    assert (wrong.status_code, wrong.json["code"]) == (422, "ear_tags.length")
    assert wrong.json["errors"][0]["pointer"] == "/tags"
    closed = send("POST", f"{path}/examination", json={"version": found["version"], "note": "一头未到，证明在途"})
    assert closed.json["state"] == "examined"
    assert {one["fit"] for one in closed.json["tags"]} == {True}
    assert [one["lot"] for one in send("GET", "/lairage").json["rows"]] == ["L1"]
    assert bearer(RIVAL_ABATTOIR)("GET", path).status_code == 404
