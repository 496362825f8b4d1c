"""Pages of shipments: sending from a phone, confirming what arrived, what the desk says meanwhile, parcels as CSV."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.models.batches import Batch
from trace.queries import shipments as reads

pytestmark = pytest.mark.packed
HOSTILE = "<script>1</script>=1+1"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch(database):
    with database.reading() as session:
        return session.exec(select(Batch)).one()


def send(as_, batch, **changes):
    usual = {"from_id": "abattoir", "batches": batch.id, "to_id": "rival", "planned_on": "2026-09-15"}
    usual[f"parcels-{batch.id}"] = "7"
    return as_(ABATTOIR).post("/shipments/new", data=usual | {"seal": "A1", "vehicle": HOSTILE} | changes)


def line_of(database, number="W2026-0001"):
    with database.reading() as session:
        actor = make.actor(session, CLERK)
        return reads.lines_of(session, reads.find(session, actor, number).shipment.id)[0].id


def test_sent_and_confirmed_with_what_is_short(as_, client, database, batch):
    assert "20260912A" in as_(ABATTOIR).get(f"/shipments/new?batch={batch.id}").text
    assert send(as_, batch).status_code == 303
    receiver = as_(RIVAL)
    assert "W2026-0001" in receiver.get("/desk").text
    page = receiver.get("/shipments/W2026-0001").text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    line = line_of(database)
    at = "/shipments/W2026-0001/receive"
    given = {"version": "1", f"{line}-kg": "2917.28", "seal_found": "A1"}
    refused = receiver.post(f"{at}?lang=en", data=given)
    assert refused.status_code == 422
    assert "short by 0.01 kg" in refused.text
    assert 'value="2917.28"' in refused.text
    for wrong in (
        {f"{line}-kg": ""},
        {f"{line}-kg": "-1"},
        {f"{line}-kg": "9999"},
        {"seal_found": "B2"},
        {"version": "x"},
    ):
        assert receiver.post(at, data=given | {f"{line}-shortage": "drying"} | wrong).status_code == 422, wrong
    assert receiver.post(at, data=given | {f"{line}-shortage": "drying"}).status_code == 303
    assert "W2026-0001" not in receiver.get("/desk").text
    assert "短少" in as_(ABATTOIR).get("/shipments/W2026-0001").text


def test_overdue_is_told_to_both(as_, batch):
    assert send(as_, batch, **{f"kg-{batch.id}": "300"}).status_code == 303
    assert 'value="300"' in as_(RIVAL).get("/shipments/W2026-0001").text, "as a scale writes it, not 3E+2"
    with time_machine.travel(make.MONDAY.replace(day=17), tick=True):
        for person in (ABATTOIR, RIVAL):
            assert "W2026-0001" in as_(person).get("/desk").text
        assert "overdue since 2026-09-15" in as_(CLERK).get("/shipments?lang=en").text


def test_strangers_learn_nothing(as_, batch):
    send(as_, batch)
    for path in ("", "/receive", "/call-off"):
        method = "post" if path else "get"
        answer = getattr(as_(RIVAL_ABATTOIR), method)(
            f"/shipments/W2026-0001{path}", **({"data": {"version": 1}} if path else {})
        )
        assert answer.status_code == 404, path
    assert as_(RIVAL).post("/shipments/W2026-0001/call-off", data={"version": 1}).status_code == 404
    assert as_(ABATTOIR).post("/shipments/W2026-0001/call-off", data={"version": 1}).status_code == 303
    foreign = as_(RIVAL).post("/shipments/new", data={"from_id": "abattoir", "batches": batch.id, "to_id": "rival"})
    assert foreign.status_code == 404


def test_parcels_as_evidence(as_, batch):
    send(as_, batch)
    text = as_(PRODUCER).get("/shipments/parcels.csv?lang=en").data.decode("utf-8-sig")
    assert "2026-09,乌拉特中旗示范养羊专业合作社,93150824111111117C,1,7," in text
    assert as_(PRODUCER).get("/shipments/parcels.csv?year=x").status_code == 422
