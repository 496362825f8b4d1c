"""Pages of holds: hold a batch, hold a day, let go; what the desk, the batch and the pack say meanwhile."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL
from trace.crypto.code_profiles import UnitCode
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch
from trace.models.labels import Label

pytestmark = pytest.mark.packed
HOSTILE = "<script>alert(1)</script>=HYPERLINK(1)"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch(database):
    with database.reading() as session:
        return session.exec(select(Batch)).one()


@pytest.fixture
def pack(database, tmp_path, batch):
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(tmp_path), packs=1)
        label = session.exec(select(Label)).one()
        return f"/check?code={human_readable(UnitCode(batch.code, label.serial))}&lang="


def test_held_from_the_batch_page_and_let_go_by_another(as_, client, batch, pack):
    office = as_(CLERK)
    address = f"/holds/new?scope=batch&key={batch.id}"
    assert address.replace("&", "&amp;") in office.get(f"/batches/{batch.id}").text
    assert "20260912A" in office.get(address).text
    assert "正在核查" not in client.get(pack + "zh").text
    given = {"scope": "batch", "key": batch.id, "reason_code": "complaint", "words": HOSTILE}
    made = office.post(address, data=given)
    assert made.status_code == 303, made.text
    for page in (office.get("/holds?lang=en").text, office.get("/desk?lang=en").text):
        assert "H2026-0001" in page
    page = as_(PRODUCER).get("/holds/H2026-0001?lang=en").text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert "Let it go" not in page
    assert "Held: nothing of it" in as_(ABATTOIR).get(f"/batches/{batch.id}?lang=en").text
    told = client.get(pack + "en").text
    assert "Being checked" in told
    assert "script&gt;" not in told  # the reason is not for the public
    own = office.post("/holds/H2026-0001/lift?lang=en", data={"words": "示范"})
    assert (own.status_code, "somebody else must lift it" in own.text) == (403, True)
    assert as_(APPROVER).post("/holds/H2026-0001/lift", data={"words": "示范"}).status_code == 303
    assert "Being checked" not in client.get(pack + "en").text
    assert "H2026-0001" in office.get("/holds?state=lifted").text


def test_a_day_is_held_by_its_own_enterprise(as_, batch):
    client = as_(ABATTOIR)
    assert "乌拉特中旗示范肉业有限公司" in client.get("/holds/new").text
    given = {"enterprise_id": "abattoir", "day": "2026-09-12", "reason_code": "hygiene"}
    assert client.post("/holds/new", data=given).status_code == 303
    assert "20260912A" in client.get("/holds/H2026-0001").text
    late = client.post("/holds/new", data=given | {"day": "2026-09-20"})
    assert late.status_code == 422
    assert client.post("/holds/new", data=given | {"enterprise_id": "rival"}).status_code == 404


def test_strangers_see_and_hold_nothing(as_, batch):
    assert (
        as_(CLERK)
        .post(
            f"/holds/new?scope=batch&key={batch.id}", data={"scope": "batch", "key": batch.id, "reason_code": "other"}
        )
        .status_code
        == 303
    )
    rival = as_(RIVAL)
    assert rival.get(f"/holds/new?scope=batch&key={batch.id}").status_code == 404
    assert rival.get("/holds/H2026-0001").status_code == 404
    assert rival.post("/holds/H2026-0001/lift", data={"words": "示范"}).status_code == 404
    assert "H2026-0001" not in rival.get("/holds").text


def test_who_has_goods_of_held_ones_reads_that_and_gets_no_dead_link(as_, database, batch):
    given = {"scope": "batch", "key": batch.id, "reason_code": "other"}
    assert as_(CLERK).post(f"/holds/new?scope=batch&key={batch.id}", data=given).status_code == 303
    with database.writing() as session:
        part = make.a_batch_from(session, {batch.id: "5"}, lot="CUT1", holder_id="rival", kg="5")
        part.producer_id = part.maker_id = part.licensee_id = "rival"
    page = as_(RIVAL).get(f"/batches/{part.id}").text
    assert "H2026-0001" in page
    assert "/holds/H2026-0001" not in page
    assert "/holds/H2026-0001" in as_(CLERK).get(f"/batches/{part.id}").text
