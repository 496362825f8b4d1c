"""The form for pH: written into the chain, refused with its figures, only by whoever holds the batch."""

from __future__ import annotations

import pytest
import time_machine

from tests import make
from tests.people import ABATTOIR, PRODUCER, RIVAL_ABATTOIR
from trace.models.batches import Batch
from trace.queries import completeness
from trace.rules.completeness import Item

pytestmark = pytest.mark.slaughtered


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def batch(database):
    with database.writing() as session:
        return make.a_batch(make.work(session))


def typed(database, batch, **changes):
    with database.reading() as session:
        version = session.get_one(Batch, batch.id).version
    return {"version": version, "hours": "24", "head": "10", "lowest": "5.5", "highest": "5.8"} | changes


def test_the_readings_stand_in_the_chain(as_, database, batch):
    client = as_(ABATTOIR)
    address = f"/batches/{batch.id}/ph"
    for changes, words in (
        ({"head": "161"}, "160"),
        ({"lowest": "5.9"}, "最高值不应低于最低值"),
        ({"hours": "240"}, "晚于现在"),
    ):
        refused = client.post(address, data=typed(database, batch, **changes))
        assert refused.status_code == 422
        assert words in refused.text
    with database.reading() as session:
        assert Item.PH not in completeness.there(session, batch.id)
    said = typed(database, batch, highest="6.2")
    assert client.post(address, data=said).status_code == 303
    page = client.get(f"/batches/{batch.id}").text
    assert "6.2" in page
    assert "可能为黑干肉，待核实" in page
    with database.reading() as session:
        assert Item.PH in completeness.there(session, batch.id)
    assert client.post(address, data=said).status_code == 409


@pytest.mark.parametrize("person", [PRODUCER, RIVAL_ABATTOIR])
def test_nobody_else_writes_it(as_, database, batch, person):
    assert as_(person).post(f"/batches/{batch.id}/ph", data=typed(database, batch)).status_code in (403, 404)
