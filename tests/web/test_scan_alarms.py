"""The office sees which codes may be copied and closes with what it found; sellers say what they sold, and where."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import CLERK, INSPECTOR, PRODUCER, RIVAL
from tests.services.test_scan_rollups import POINTS, copied
from trace.crypto.code_profiles import UnitCode
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.models.scans import LabelSale, SalesArea, ScanAlarm
from trace.services import label_releases, labels
from trace.services.scan_rollups import record

pytestmark = pytest.mark.packed


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(make.MONDAY + timedelta(days=14), tick=True):
        yield


@pytest.fixture
def label(database, tmp_path) -> Label:
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=2)
        return session.exec(select(Label).where(Label.order_id == order.id, Label.position == 1)).one()


@pytest.fixture
def alarm(database, label) -> ScanAlarm:
    with database.writing() as session:
        record(session, copied(label), POINTS)
    with database.reading() as session:
        return session.exec(select(ScanAlarm)).one()


def typed(database, label) -> str:
    with database.reading() as session:
        return human_readable(UnitCode(session.get_one(Batch, label.batch_id).code, label.serial))


def test_a_copied_code_stands_on_the_desk_in_the_list_and_in_its_table_of_places(as_, alarm, database, label):
    office = as_(CLERK)
    assert f"/scan-alarms/{alarm.id}" in office.get("/desk").text
    assert typed(database, label) in office.get("/scan-alarms").text
    assert "近 12 周全部编码的查询" in office.get("/scan-alarms").text
    page = office.get(f"/scan-alarms/{alarm.id}").text
    for words in (
        "在 7 个地方反复被查询",
        "销售区域",
        "110100",
        "满 60 分",
        f"/labels/{label.order_id}?position=1",
        "/holds/new",
    ):
        assert words in page, words
    assert "Codes that may be copied" in office.get("/desk?lang=en").text


def test_closing_needs_a_finding_in_words_and_happens_once(as_, alarm):
    office, address = as_(INSPECTOR), f"/scan-alarms/{alarm.id}"
    refused = office.post(address, data={"outcome": "genuine", "words": ""})
    assert refused.status_code == 422
    given = {"outcome": "explained", "words": "示范：合作社在直播间展示了这袋商品。"}
    assert office.post(address, data=given).status_code in (302, 303)
    page = office.get(address).text
    assert "示范：合作社在直播间展示了这袋商品。" in page
    assert "示范监管" in page
    again = office.post(address, data=given)
    assert (again.status_code, "已有人办结" in again.text) == (409, True)


def test_those_who_make_the_goods_do_not_see_the_case(as_, alarm):
    assert as_(PRODUCER).get("/scan-alarms").status_code == 404
    assert as_(PRODUCER).get(f"/scan-alarms/{alarm.id}").status_code == 404
    assert as_(CLERK).get("/scan-alarms/00000000000000000000").status_code == 404


def test_a_sale_is_told_on_the_page_of_the_code(as_, client, database, label):
    code = typed(database, label)
    seller = as_(PRODUCER)
    assert seller.get("/labels/sold").status_code == 200
    day = (make.MONDAY + timedelta(days=13)).date().isoformat()
    for _ in range(2):
        assert seller.post("/labels/sold", data={"codes": code, "sold_on": day}).status_code in (302, 303)
    assert f"已于 {day} 售出" in client.get("/check", query_string={"code": code}).text
    with database.reading() as session:
        assert session.exec(select(LabelSale)).one().sold_on.isoformat() == day


@pytest.mark.parametrize(
    ("person", "changes", "words"),
    [
        (RIVAL, {}, "第 1 个编码不是您的标签"),
        (PRODUCER, {"sold_on": "2030-01-01"}, "不能在今天之后"),
        (PRODUCER, {"sold_on": "soon"}, "此项应为日期"),
        (PRODUCER, {"codes": "nonsense"}, "25 个字符"),
    ],
)
def test_what_cannot_be_sold_is_refused_in_words(as_, database, label, person, changes, words):
    given = {"codes": typed(database, label), "sold_on": "2026-09-20"} | changes
    answer = as_(person).post("/labels/sold", data=given)
    assert answer.status_code == 422
    assert words in answer.text
    with database.reading() as session:
        assert session.exec(select(LabelSale)).all() == []


def test_a_forged_symbol_sells_no_pack(as_, database, label):
    """Whoever sells a copy with an invented signature would mark the pack it names as sold."""
    with database.reading() as session:
        batch = session.get_one(Batch, session.get_one(Label, label.serial).batch_id).code
    forged = f"http://localhost/u/{batch}/{label.serial}?s=zzz.{'A' * 86}"
    answer = as_(PRODUCER).post("/labels/sold", data={"codes": forged, "sold_on": "2026-09-20"})
    assert (answer.status_code, "第 1 个编码不是您的标签" in answer.text) == (422, True)
    with database.reading() as session:
        assert session.exec(select(LabelSale)).all() == []


def test_a_void_label_is_not_sold(as_, database, label):
    with database.writing() as session:
        session.get_one(Label, label.serial).state = "void"
    answer = as_(PRODUCER).post("/labels/sold", data={"codes": typed(database, label), "sold_on": "2026-09-20"})
    assert (answer.status_code, "没有启用或已作废" in answer.text) == (422, True)


def test_the_area_of_sale_is_stated_by_the_producer_and_only_in_codes_that_exist(as_, database, label):
    address = f"/labels/{label.order_id}/area"
    producer = as_(PRODUCER)
    assert producer.post(address, data={"places": "150000，110101 150800"}).status_code in (302, 303)
    with database.reading() as session:
        assert session.get_one(SalesArea, label.order_id).places == ["110101", "15", "1508"]
    assert "110101 15 1508" in producer.get(address).text
    for wrong in ("999999", "1", "here", "15082"):
        answer = producer.post(address, data={"places": wrong})
        assert (answer.status_code, "不是现行区划代码" in answer.text) == (422, True), wrong
    assert as_(RIVAL).post(address, data={"places": "15"}).status_code == 404


def test_the_same_over_the_api(client, database, alarm, label):
    def bearer(person, right):
        with database.writing() as session:
            work = make.work(session, make.actor(session, person), clock.now())
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=[right], days=9)[1]}"}

    headers = bearer(CLERK, "scans.watch")
    found = client.get("/api/v1/scan-alarms", headers=headers).json
    assert [(one["id"], one["open"]) for one in found["items"]] == [(alarm.id, True)]
    case = client.get(f"/api/v1/scan-alarms/{alarm.id}", headers=headers).json
    assert len(case["places"]) == 8
    given = {"outcome": "copied", "words": "示范"}
    closed = client.post(f"/api/v1/scan-alarms/{alarm.id}/close", json=given, headers=headers)
    assert (closed.json["outcome"], closed.json["open"]) == ("copied", False)
    again = client.post(f"/api/v1/scan-alarms/{alarm.id}/close", json=given, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "scans.closed")
    sold = {"codes": [typed(database, label)], "sold_on": "2026-09-20"}
    seller = bearer(PRODUCER, "labels.activate")
    assert client.post("/api/v1/labels/sold", json=sold, headers=seller).json == {"changed": 1, "already": 0}
    area = client.post(
        f"/api/v1/labels/{label.order_id}/area", json={"places": ["15"]}, headers=bearer(PRODUCER, "labels.order")
    )
    assert area.json == {"places": ["15"]}


def test_a_control_label_that_was_looked_at_names_who_had_the_file(as_, client, app, database, tmp_path):
    """To the stranger it is a code that was never put on a pack; the office reads order, printer and file."""
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        mine = Work(session, make.actor(session, PRODUCER), make.MONDAY, "test")
        line = make.a_pack_line(mine)
        order = labels.order(mine, signer, pack_line_id=line.id, packs=4, controls=1)
        label_releases.release(mine, order.id, printer="house", name="包头示范印刷厂", version=order.version)
        make.in_a_head(session, signer)
        labels.record_print(mine, order.id, first=1, last=5, layout="csv:a4-24")
        one = session.exec(select(Label).where(Label.control)).one()
        address = f"/u/{session.get_one(Batch, one.batch_id).code}/{one.serial}?s={order.kid}.{one.signature}"
    page = client.get(address).text
    assert "从未启用" in page
    assert "暗标" not in page
    app.extensions["brandtrace.parts"].scans.flush()
    with database.reading() as session:
        alarm = session.exec(select(ScanAlarm)).one()
    listed = as_(CLERK).get("/scan-alarms").text
    assert "暗标被扫" in listed
    assert "查清标签文件从谁手里流出" in as_(CLERK).get("/desk").text
    case = as_(CLERK).get(f"/scan-alarms/{alarm.id}").text
    for words in (order.number, "包头示范印刷厂", "1–5"):
        assert words in case
    assert as_(PRODUCER).get(f"/scan-alarms/{alarm.id}").status_code in (403, 404)
