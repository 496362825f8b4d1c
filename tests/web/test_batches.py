"""Pages of batches: the right person sees them, strangers find nothing, corrections and exports."""

from __future__ import annotations

import pytest
import time_machine

from tests import make
from tests.make_flows import leaf
from tests.people import ABATTOIR, ADMIN, AUDITOR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.formats.carcass_sheet import read_carcasses
from trace.formats.tables import read_table
from trace.models.batches import Batch
from trace.queries import batches as reads
from trace.services import imports

pytestmark = pytest.mark.licensed


@pytest.fixture(autouse=True)
def clock():
    """Monday morning: every file of the demo day lies behind."""
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def batch(database):
    """A small batch, chilled with one breach and packed."""
    with database.writing() as session:
        work = make.by_abattoir(make.work(session))
        make.a_licence(make.work(session))
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
        made = imports.take(work, make.a_small_sheet(make.carcass_lines(5, remark="=1+1")), plan)
        for kind, name in make.DAY_SHEETS.items():
            data = make.sample(name)
            if name == "packing.csv":
                data = data[: data.index(b"\n") + 1] + "20260912A,羊腿,1,20,20,2026-09-13,365,冷藏".encode()
            imports.take(work, imports.read(kind, name, data), made.id)
            make.answer_breaches(work, made)
        make.a_breach(work, made)
        return made


def first_event(database, batch):
    with database.reading() as session:
        return reads.chain(session, batch.id)[0].id


def test_the_list_is_for_those_whose_batch_it_is(as_, batch):
    for person in (ABATTOIR, PRODUCER, CLERK, AUDITOR, ADMIN):
        page = as_(person).get("/batches")
        assert page.status_code == 200
        assert batch.lot in page.text, person.username
    for person in (RIVAL, RIVAL_ABATTOIR):
        assert batch.lot not in as_(person).get("/batches").text


def test_the_list_filters_and_bad_filters_are_named(as_, batch, database):
    client = as_(ABATTOIR)
    assert batch.lot in client.get("/batches?q=0912&lacks=").text
    assert batch.lot not in client.get("/batches?lacks=packing").text
    assert client.get("/batches?lacks=nothing").status_code == 422
    with database.writing() as session:
        in_time = leaf(make.work(session), day=make.MONDAY.date()).lot
    office = as_(CLERK)
    assert in_time in office.get("/batches").text
    late = office.get("/batches?late=yes").text
    assert (batch.lot in late, "补记" in late, f">{in_time}<" in late) == (True, True, False)
    assert client.get("/batches?page=x").status_code == 422


def test_one_batch_shows_the_whole_of_it(as_, batch):
    for language, words in (
        ("zh", ("特等", "羊腿", "DEMO-2026-0913", "申报，尚未确认", "库温超过 4 ℃，最高 6.7 ℃", "待核")),
    ):
        page = as_(ABATTOIR).get(f"/batches/{batch.id}?lang={language}")
        assert page.status_code == 200
        for word in (batch.code, *words):
            assert word in page.text, word
    page = as_(ABATTOIR).get(f"/batches/{batch.id}?lang=en").text
    assert "Breaches of the limits" in page
    assert "declared, not confirmed" in page
    assert "genuine" not in page


@pytest.mark.parametrize("path", ["", "/carcasses", "/carcasses.csv", "/sheets/packing"])
def test_strangers_find_nothing(as_, batch, path):
    for person in (RIVAL, RIVAL_ABATTOIR):
        assert as_(person).get(f"/batches/{batch.id}{path}").status_code == 404
    assert as_(ABATTOIR).get(f"/batches/nothing{path}").status_code == 404


def test_the_producer_reads_but_records_nothing(as_, database, batch):
    client = as_(PRODUCER)
    page = client.get(f"/batches/{batch.id}")
    assert page.status_code == 200
    assert "/sheets/" not in page.text
    event = first_event(database, batch)
    for path in (
        "/batches/import",
        f"/batches/{batch.id}/sheets/packing",
        f"/batches/{batch.id}/events/{event}/correct",
    ):
        assert client.get(path).status_code == 404


def test_nobody_in_particular_is_asked_to_sign_in(client, batch):
    assert client.get(f"/batches/{batch.id}").status_code == 302


def test_carcasses_with_what_decided_and_staff_numbers_for_staff_only(as_, batch):
    with_numbers = as_(ABATTOIR).get(f"/batches/{batch.id}/carcasses").text
    assert "脂肪和肌肉硬实度：软" in with_numbers
    assert "评级员" in with_numbers
    assert "G01" in with_numbers
    assert "G01" in as_(CLERK).get(f"/batches/{batch.id}/carcasses").text
    assert "G01" not in as_(PRODUCER).get(f"/batches/{batch.id}/carcasses").text
    assert as_(ABATTOIR).get(f"/batches/{batch.id}/carcasses?grade=finest").status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_reads_back_and_runs_nothing(as_, batch, kind):
    answer = as_(ABATTOIR).get(f"/batches/{batch.id}/carcasses.{kind}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=20260912A.{kind}"
    again = read_carcasses(answer.data, f"e.{kind}")
    assert again.accepted
    assert [one.remark for one in again.rows] == ["=1+1"] * 5
    cells = [cell for row in read_table(answer.data, f"e.{kind}").rows for cell in row.cells]
    assert "'=1+1" in cells
    assert "=1+1" not in cells
    theirs = read_table(as_(PRODUCER).get(f"/batches/{batch.id}/carcasses.{kind}").data, f"e.{kind}")
    assert "评级员工号" not in theirs.rows[0].cells


def event_of(database, batch, kind):
    with database.reading() as session:
        return next(one.id for one in reads.chain(session, batch.id) if one.kind == kind)


def version_of(database, batch):
    with database.reading() as session:
        return reads.find(session, make.SYSTEM, batch.id).batch.version


def test_a_correction_by_the_page(as_, database, batch):
    client, event = as_(ABATTOIR), event_of(database, batch, "grading")
    path = f"/batches/{batch.id}/events/{event}/correct"
    page = client.get(path).text
    assert "不会被涂改" in page
    assert "由登记该批次的屠宰企业撤销整批登记" in page
    good = {"version": version_of(database, batch), "name": "table", "value": "NY/T 630", "reason": "表名抄错"}
    empty = client.post(path, data=good | {"reason": ""})
    assert empty.status_code == 422
    assert 'href="#f-reason"' in empty.text
    assert client.post(path, data=good | {"name": "nothing"}).status_code == 422
    assert client.post(path, data=good | {"version": 1}).status_code == 409
    done = client.post(path, data=good)
    assert done.status_code == 303
    assert "更正为 NY/T 630" in client.get(f"/batches/{batch.id}").text
    assert client.post(path, data=good).status_code == 409  # the page is stale now


def test_a_withdrawal_by_the_page(as_, database, batch):
    client, event = as_(ABATTOIR), event_of(database, batch, "chilling")
    path = f"/batches/{batch.id}/events/{event}/withdraw"
    assert f"{event}/withdraw" in client.get(f"/batches/{batch.id}/events/{event}/correct").text
    assert as_(RIVAL_ABATTOIR).get(path).status_code == 404
    client = as_(ABATTOIR)
    assert "不再作数" in client.get(path).text
    good = {"version": version_of(database, batch), "reason": "传错文件"}
    assert client.post(path, data=good | {"reason": ""}).status_code == 422
    assert client.post(path, data=good).status_code in (303, 409)
    with database.writing() as session:
        make.answer_breaches(make.work(session), session.get_one(Batch, batch.id))
    good["version"] = version_of(database, batch)
    client.post(path, data=good)
    page = client.get(f"/batches/{batch.id}").text
    assert "已撤回" in page
    assert "补记" in page
    assert "补记" in client.get("/batches").text


def test_a_correction_needs_the_batch_it_belongs_to(as_, database, batch):
    event = first_event(database, batch)
    assert as_(ABATTOIR).get(f"/batches/other/events/{event}/correct").status_code == 404
    assert as_(RIVAL_ABATTOIR).get(f"/batches/{batch.id}/events/{event}/correct").status_code == 404


def test_the_desk_leads_to_the_batch(as_, batch):
    page = as_(PRODUCER).get("/desk").text
    assert f"/batches/{batch.id}" in page
    assert "已包装，尚未申领标签" in page
