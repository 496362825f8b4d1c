"""A recorder's file on the way in: columns shown, corrected, remembered for that recorder; ageing beside chilling."""

from io import BytesIO

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.people import ABATTOIR, RIVAL_ABATTOIR
from trace.models.devices import LoggerDevice
from trace.models.events import ChillingLog, Event
from trace.models.imports import SheetImport

pytestmark = pytest.mark.slaughtered

FILE = "编号,甲,乙\n1,2026-09-12 13:00,33.1\n2,2026-09-12 13:05,32.2\n3,2026-09-13 00:05,3.2\n"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def batch(database):
    with database.writing() as session:
        return make.a_batch(make.work(session))


def send(client, batch, text=FILE, **said):
    file = (BytesIO(text.encode()), "recorder.csv")
    data = {"step": "chilling", **said, "file": file}
    return client.post(f"/batches/{batch.id}/sheets/chilling", data=data, content_type="multipart/form-data")


def kept(database):
    with database.reading() as session:
        return session.exec(select(SheetImport).where(SheetImport.state == "previewed")).one()


def test_a_wrong_guess_is_corrected_and_remembered(as_, database, batch):
    client = as_(ABATTOIR)
    assert send(client, batch, device="TH-7").status_code == 303
    row = kept(database)
    page = client.get(f"/imports/{row.id}")
    assert "各列是什么" in page.text
    assert "库温" in page.text, "the only channel was taken for the room"
    columns = {"heading": "1", "at": "1", "clock": "-1", "room": "-1", "core": "2", "order": "ymd", "device": "TH-7"}
    twice = client.post(f"/imports/{row.id}/columns", data=columns | {"room": "2", "version": row.version})
    assert twice.status_code == 422
    answer = client.post(f"/imports/{row.id}/columns", data=columns | {"step": "chilling", "version": row.version})
    assert answer.status_code == 303
    assert as_(RIVAL_ABATTOIR).post(f"/imports/{row.id}/columns", data=columns | {"version": 2}).status_code == 404
    row = kept(database)
    assert client.post(f"/imports/{row.id}/confirm", data={"version": row.version}).status_code == 303
    with database.reading() as session:
        log = session.exec(select(ChillingLog)).one()
        assert log.readings[0] == [0, None, "33.1"]
        device = session.exec(select(LoggerDevice)).one()
        assert (device.serial, device.columns["core"]) == ("TH-7", "2")
    later = FILE.replace("09-12", "09-13").replace("3,2026-09-13 00:05,3.2\n", "")
    assert send(client, batch, later, device="TH-7", step="ageing").status_code == 303
    assert kept(database).details["core"] == "2", "the next file is read as the clerk said last time"
    page = client.get(f"/batches/{batch.id}")
    assert page.status_code == 200
    assert "中心" in page.text


def test_ageing_is_a_step_of_its_own_and_its_slip_is_understood(as_, database, batch):
    client = as_(ABATTOIR)
    cold = (
        "时间,库温(℃),胴体中心温度(℃)\n2026-09-13 13:00,2.0,3.0\n2026-09-13 13:05,2.0,7.5\n2026-09-13 13:10,2.0,3.0\n"
    )
    assert send(client, batch, cold, step="脱酸").status_code == 303
    row = kept(database)
    assert client.post(f"/imports/{row.id}/confirm", data={"version": row.version}).status_code == 303
    with database.reading() as session:
        event = session.exec(select(Event).where(Event.kind == "ageing")).one()
    assert event.data["breaches"] == 1, "a core that was cold before has no ten hours"
    answered = client.post(
        f"/batches/{batch.id}/events/{event.id}/answer", data={"cause": "示范", "measure": "示范", "version": "4"}
    )
    assert answered.status_code == 303
    assert send(client, batch, cold.replace("2.0", "2.1"), step="烤").status_code == 422


def test_a_file_read_wrongly_can_be_put_right_where_it_was_refused(as_, batch):
    bad = "when,t\n13/09/2026 08:00,2\nnonsense,2\n"
    page = send(as_(ABATTOIR), batch, bad)
    assert page.status_code == 422
    assert "各列是什么" in page.text
    assert "A3" in page.text
