"""Pages of recalls: proposing, opening, answering, closing; what the public reads; and a drill it never hears of."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.crypto.code_profiles import UnitCode
from trace.crypto.typed_codes import human_readable
from trace.formats.tables import read_table
from trace.models.batches import Batch
from trace.models.labels import Label, LabelOrder

pytestmark = pytest.mark.packed
HOSTILE = "<b>x</b>=1+1{{7*7}}"
WORDS = {"level": "first", "reason_code": "contamination", "words": f"请勿食用（示范）{HOSTILE}", "width": "onward"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def batch(database):
    with database.reading() as session:
        return session.exec(select(Batch)).one()


@pytest.fixture
def order(database, tmp_path):
    with database.writing() as session:
        return make.an_order(make.work(session), make.a_signer(tmp_path), packs=2)


def pack(database, batch):
    with database.reading() as session:
        return f"/check?code={human_readable(UnitCode(batch.code, session.exec(select(Label)).first().serial))}"


def propose(as_, batch, person=CLERK, **changes):
    made = as_(person).post("/recall-cases/new", data=WORDS | {"starts": batch.code} | changes)
    assert made.status_code == 303, made.text
    return made.location.rpartition("/")[2]


def answer(as_, number, version=1):
    client = as_(ABATTOIR)
    at = f"/recall-cases/{number}/holders/abattoir"
    assert client.post(f"{at}/acknowledge", data={"version": version}).status_code == 303
    kg = {"found_kg": "2900", "destroyed_kg": "17.29", "returned_kg": "0", "gone_kg": "0", "words": HOSTILE}
    files = {"file": (BytesIO(make.a_picture()), "销毁.png")}
    assert client.post(f"{at}/report", data=kg | {"version": version + 1} | files).status_code == 303
    return client


def test_from_the_batch_to_the_shelf_and_closed_to_the_gram(as_, client, database, batch, order):
    number = propose(as_, batch)
    assert number == "R2026-0001"
    assert client.get(f"/recalls/{number}").status_code == 404  # a proposal is nobody's business yet
    assert "正在" not in client.get(pack(database, batch)).text
    shown = as_(APPROVER).get(f"/recall-cases/{number}?lang=en").text
    assert "Open the recall now" in shown
    assert "20260912A" in shown
    own = as_(CLERK)
    assert "Open the recall now" not in own.get(f"/recall-cases/{number}?lang=en").text
    opened = as_(APPROVER).post(f"/recall-cases/{number}/open", data={"version": 1})
    assert opened.status_code == 303
    told = client.get(pack(database, batch)).text
    assert f"/recalls/{number}" in told
    assert "已召回" in told
    page = client.get(f"/recalls/{number}").text
    assert batch.code in page
    assert HOSTILE not in page
    assert number in client.get("/recalls").text
    assert f"/recalls/{number}" in as_(PRODUCER).get(f"/batches/{batch.id}").text
    assert number in as_(ABATTOIR).get("/desk").text
    assert as_(RIVAL).get(f"/recall-cases/{number}").status_code == 404
    holder = answer(as_, number)
    assert number not in holder.get("/desk").text
    assert number in as_(APPROVER).get("/desk").text
    closed = as_(APPROVER).post(f"/recall-cases/{number}/close", data={"version": 2})
    assert closed.status_code == 303, closed.text
    assert "已召回" in client.get(pack(database, batch)).text


def test_a_difference_is_named_or_the_case_stays_open(as_, batch):
    number = propose(as_, batch)
    office = as_(APPROVER)
    office.post(f"/recall-cases/{number}/open", data={"version": 1})
    client = as_(ABATTOIR)
    at = f"/recall-cases/{number}/holders/abattoir"
    client.post(f"{at}/acknowledge", data={"version": 1})
    kg = {"found_kg": "2917.288", "destroyed_kg": "0", "returned_kg": "0", "gone_kg": "0", "version": 2}
    for wrong in ({"found_kg": "-1"}, {"found_kg": "1.0001"}, {"found_kg": "很多"}, {"gone_kg": ""}):
        assert client.post(f"{at}/report", data=kg | wrong).status_code == 422
    assert client.post(f"{at}/report", data=kg).status_code == 303
    refused = office.post(f"/recall-cases/{number}/close?lang=en", data={"version": 2})
    assert refused.status_code == 422
    assert "difference 0.002 kg" in refused.text
    named = {"version": 2, "difference_words": "失水（示范）"}
    assert office.post(f"/recall-cases/{number}/close", data=named).status_code == 303
    assert "失水" in office.get(f"/recall-cases/{number}").text


def test_list_notice_and_evidence_leave_the_house_whole_and_harmless(as_, batch):
    number = propose(as_, batch)
    office = as_(APPROVER)
    office.post(f"/recall-cases/{number}/open", data={"version": 1})
    answer(as_, number)
    rows = read_table(office.get(f"/recall-cases/{number}/list.xlsx").data, "list.xlsx").rows
    assert "20260912A" in [str(cell) for cell in rows[1].cells]
    paper = pypdfium2.PdfDocument(office.get(f"/recall-cases/{number}/notice.pdf").data)
    text = paper[0].get_textpage().get_text_range()
    assert "产品召回通知" in text.replace(" ", "")
    assert "{{7*7}}" in text
    page = as_(ABATTOIR).get(f"/recall-cases/{number}").text
    link = page.partition("/evidence/")[2].partition('"')[0]
    assert office.get(f"/recall-cases/{number}/evidence/{link}").mimetype == "image/png"
    assert as_(PRODUCER).get(f"/recall-cases/{number}/evidence/{link}").status_code == 404
    assert as_(RIVAL).get(f"/recall-cases/{number}/list.xlsx").status_code == 404


def test_starts_are_refused_line_by_line(as_, batch):
    answer = as_(CLERK).post("/recall-cases/new?lang=en", data=WORDS | {"starts": f"{batch.code}\n{HOSTILE}\n\n"})
    assert answer.status_code == 422
    assert "Line 2" in answer.text
    assert HOSTILE not in answer.text
    foreign = as_(RIVAL).post("/recall-cases/new?lang=en", data=WORDS | {"starts": batch.code})
    assert (foreign.status_code, "names no goods, or none you may recall" in foreign.text) == (422, True)


def test_a_drill_with_its_clock_leaves_every_public_page_byte_for_byte_the_same(
    app, as_, client, database, batch, order
):
    addresses = [
        pack(database, batch),
        *("/", "/recalls", "/register", "/catalogue", "/open-data", "/notices", "/standards", "/api/v1/recalls"),
        f"/register/enterprises/{batch.producer_id}",
    ]

    def everything():
        app.extensions["brandtrace.parts"].scans.flush()
        return [client.get(one).data for one in addresses]

    before = everything()
    number = propose(as_, batch, INSPECTOR, drill="yes")
    office = as_(INSPECTOR)
    assert office.post(f"/recall-cases/{number}/open", data={"version": 1}).status_code == 303
    with time_machine.travel(make.MONDAY.replace(minute=3, second=27), tick=False):
        assert "0:03:27" in office.get(f"/recall-cases/{number}").text
    assert everything() == before
    assert "召回演练通知待签收或上报" in as_(ABATTOIR).get("/desk").text, "nobody takes it for one in earnest"
    answer(as_, number)
    with database.reading() as session:
        one = session.exec(select(LabelOrder)).one()
    assert as_(PRODUCER).post(f"/labels/{one.id}/activate", data={"first": "1", "last": "2"}).status_code == 303
    assert as_(INSPECTOR).post(f"/recall-cases/{number}/close", data={"version": 2}).status_code == 303
    assert everything() == before
    assert client.get(f"/recalls/{number}").status_code == 404


def test_the_same_comparison_catches_a_recall_in_earnest(as_, client, database, batch, order):
    """The twin: what a drill must not change, a recall does."""
    before = [client.get(one).data for one in ("/recalls", pack(database, batch))]
    number = propose(as_, batch)
    as_(APPROVER).post(f"/recall-cases/{number}/open", data={"version": 1})
    after = [client.get(one).data for one in ("/recalls", pack(database, batch))]
    assert all(one != other for one, other in zip(before, after, strict=True))
