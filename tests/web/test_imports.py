"""Pages for sheets: choose, see every fault at its cell, look before the yes, say yes once."""

from __future__ import annotations

import base64
import io

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL_ABATTOIR
from trace.formats.carcass_sheet import read_carcasses
from trace.formats.tables import read_table
from trace.models.batches import Batch
from trace.models.imports import SheetImport
from trace.services import imports

pytestmark = pytest.mark.licensed

FAULTY = make.sample("carcasses-with-faults.xlsx")


@pytest.fixture(autouse=True)
def clock():
    """Monday morning: every file of the demo day lies behind."""
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def product(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        return make.a_product(session).id


@pytest.fixture
def clerk(as_, product):
    return as_(ABATTOIR)


def sheet(data, name="day.xlsx"):
    return io.BytesIO(data), name


def said(product, **other):
    return {"producer_id": "cooperative", "product_id": product, "lot": "20260912A"} | other


def small(count=2, skip=0):
    return make.a_small_sheet(make.carcass_lines(count, skip=skip)).data


def send(client, path, data):
    return client.post(path, data=data, content_type="multipart/form-data")


def stored(database, model):
    with database.reading() as session:
        return session.exec(select(model)).all()


def test_the_form_offers_who_is_licensed(clerk):
    page = clerk.get("/batches/import")
    assert page.status_code == 200
    assert "乌拉特中旗示范养羊专业合作社" in page.text
    assert "示范邻社" not in page.text


@pytest.mark.ready
def test_without_any_licence_the_page_says_what_is_missing(as_):
    assert "今天没有持有效授权的生产者" in as_(ABATTOIR).get("/batches/import").text


def test_upload_look_yes(clerk, database, product):
    kept = send(clerk, "/batches/import", said(product, file=sheet(make.sample("carcasses.xlsx"))))
    assert kept.status_code == 303
    look = clerk.get(kept.location)
    assert look.status_code == 200
    for words in ("160", "2,917.29 kg", "45.98 %", "48 只 · 30.0 %", "38 只胴体的等级所依据", "A0912-001"):
        assert words in look.text, words
    assert stored(database, Batch) == []
    path = f"{kept.location}/confirm"
    assert clerk.post(path, data={}).status_code == 422
    done = clerk.post(path, data={"version": "1"})
    assert done.status_code == 303
    (batch,) = stored(database, Batch)
    assert done.location == f"/batches/{batch.id}"
    assert clerk.post(path, data={"version": "1"}).status_code == 409
    assert f'href="/batches/{batch.id}"' in clerk.get(kept.location).text
    assert f'href="{kept.location}"' in clerk.get(done.location).text
    twin = send(clerk, "/batches/import", said(product, file=sheet(make.sample("carcasses.xlsx")), lot="B2"))
    assert twin.status_code == 409
    assert f"/batches/{batch.id}" in twin.text
    assert "20260912A" in twin.text
    undone = clerk.post(f"{kept.location}/undo", data={"version": "2"})
    assert undone.status_code == 303
    assert stored(database, Batch)[0].withdrawn


def test_every_fault_stands_beside_its_cell_and_nothing_is_stored(clerk, database, product):
    page = send(clerk, "/batches/import", said(product, file=sheet(FAULTY)))
    assert page.status_code == 422
    for cell in ("A7", "A9", "A11", "H13", "G15", "I17", "D19", "N23", "K25", "F29", "A31", "H21"):
        assert f">{cell}<" in page.text, cell
    assert "十七点二" in page.text
    assert stored(database, SheetImport) == []


def test_the_sheet_comes_back_with_its_reasons(clerk, database, product):
    content = base64.b64encode(FAULTY).decode()
    again = {"content": content, "file_name": "坏表.xlsx", "answer": "reasons"}
    answer = send(clerk, "/batches/import", said(product, **again))
    assert answer.status_code == 200
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    back = read_table(answer.data, "back.xlsx")
    assert "应填数字" in str(back.rows[14].cells[-1])
    assert len(read_carcasses(answer.data, "back.xlsx").faults) == 11
    assert stored(database, SheetImport) == []


def test_fields_and_file_are_asked_for_by_name(clerk, product):
    no_file = send(clerk, "/batches/import", said(product))
    assert (no_file.status_code, 'href="#f-file"' in no_file.text) == (422, True)
    garbage = send(clerk, "/batches/import", said(product, content="not base64!", file_name="x"))
    assert garbage.status_code == 422
    for name, value, status in (
        ("lot", "批/1", 422),
        ("lot", "", 422),
        ("producer_id", "rival", 403),
        ("product_id", "nothing", 422),
    ):
        page = send(clerk, "/batches/import", said(product, file=sheet(small(), "s.csv"), **{name: value}))
        assert (page.status_code, f'href="#f-{name}"' in page.text) == (status, True), (name, value)


def test_what_is_no_table_is_a_sentence(clerk, product):
    page = send(clerk, "/batches/import", said(product, file=sheet(b"%PDF-1.7 \x00\x01", "报告.pdf")))
    assert page.status_code == 422
    assert "报告.pdf" in page.text


def test_only_abattoir_clerks_upload_and_only_for_their_own(as_, database, product):
    for person in (PRODUCER, CLERK):
        assert as_(person).get("/batches/import").status_code == 404
    theirs = said(product, file=sheet(small(), "s.csv"), abattoir_id="abattoir")
    assert send(as_(RIVAL_ABATTOIR), "/batches/import", theirs).status_code == 404
    assert stored(database, SheetImport) == []


def test_a_preview_of_somebody_else_is_not_there(as_, clerk, product):
    path = send(clerk, "/batches/import", said(product, file=sheet(small(), "s.csv"))).location
    for person in (RIVAL_ABATTOIR, PRODUCER):
        assert as_(person).get(path).status_code == 404
        assert as_(person).post(f"{path}/confirm", data={"version": 1}).status_code == 404
        assert as_(person).post(f"{path}/discard").status_code == 404


def test_discard(clerk, database, product):
    path = send(clerk, "/batches/import", said(product, file=sheet(small(), "s.csv"))).location
    assert clerk.post(f"{path}/discard").status_code == 303
    assert stored(database, SheetImport) == []
    assert clerk.get(path).status_code == 404


def test_a_stale_yes_is_refused_on_the_page(clerk, product):
    path = send(clerk, "/batches/import", said(product, file=sheet(small(), "s.csv"))).location
    send(clerk, "/batches/import", said(product, file=sheet(small(), "s.csv"), lot="B2"))
    page = clerk.post(f"{path}/confirm", data={"version": 1})
    assert page.status_code == 409
    assert "B2" in page.text


def test_what_changed_since_the_look_stands_on_the_page(clerk, database, product):
    """Two previews of overlapping animals: the second one's yes finds the tags taken."""
    first = send(clerk, "/batches/import", said(product, file=sheet(small(2), "a.csv"))).location
    second = send(clerk, "/batches/import", said(product, file=sheet(small(3), "b.csv"), lot="B2")).location
    clerk.post(f"{first}/confirm", data={"version": 1})
    page = clerk.post(f"{second}/confirm", data={"version": 1})
    assert page.status_code == 422
    assert "已登记过屠宰" in page.text
    assert len(stored(database, Batch)) == 1
    assert "/confirm" not in clerk.get(second).text


@pytest.fixture
def batch(database, product):
    with database.writing() as session:
        plan = imports.Plan("abattoir", "cooperative", product, "20260912A")
        made = imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(5)), plan)
        make.chilled(make.work(session), made)
        return made


PACKING = make.sample("packing.csv").split(b"\n")[0] + b"\n"


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("chilling", make.sample("cold-room.csv"), "最高 6.7 ℃"),
        ("lab_report", make.sample("lab-report.csv"), "DEMO-2026-0913"),
        ("packing", PACKING + "20260912A,羊腿,1,20,20,2026-09-13,365,冷藏".encode(), "羊腿"),
    ],
)
def test_sheets_of_the_day(clerk, batch, kind, data, words):
    path = f"/batches/{batch.id}/sheets/{kind}"
    assert clerk.get(path).status_code == 200
    kept = send(clerk, path, {"file": sheet(data, f"{kind}.csv")})
    assert kept.status_code == 303, kept.text
    assert words in clerk.get(kept.location).text
    assert clerk.post(f"{kept.location}/confirm", data={"version": 1}).location == f"/batches/{batch.id}"
    assert words in clerk.get(f"/batches/{batch.id}").text
    assert send(clerk, path, {"file": sheet(data, f"{kind}.csv")}).status_code == 409


def test_packs_beyond_the_weight_are_refused_with_the_figures(clerk, batch):
    data = PACKING + "20260912A,羊腿,1,2000,2000,2026-09-13,365,冷藏".encode()
    page = send(clerk, f"/batches/{batch.id}/sheets/packing", {"file": sheet(data, "p.csv")})
    assert page.status_code == 409
    cold = f"{batch.total_kg.normalize():f}"
    assert f"本批次共 {cold} 千克（胴体按冷胴体重计），已用 0 千克，剩余 {cold} 千克，本次要用 2000 千克" in page.text


def test_faults_of_another_lot_are_located(clerk, batch):
    data = PACKING + "OTHER,羊腿,1,20,20,2026-09-13,365,冷藏".encode()
    page = send(clerk, f"/batches/{batch.id}/sheets/packing", {"file": sheet(data, "p.csv")})
    assert page.status_code == 422
    assert ">A2<" in page.text


def test_templates(clerk, as_):
    for kind in ("carcasses", "chilling", "packing", "lab_report"):
        answer = clerk.get(f"/imports/templates/{kind}.xlsx")
        assert answer.status_code == 200
        assert read_table(answer.data, "t.xlsx").rows
    assert clerk.get("/imports/templates/nothing.xlsx").status_code == 404
    assert clerk.get("/batches/x/sheets/carcasses").status_code == 404
