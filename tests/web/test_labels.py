"""Pages of labels: ordering, sheets, activation, voiding; each for the right person only."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import time_machine
import zxingcpp
from PIL import Image
from sqlmodel import select

from brand.kernel.work import Work
from brand.models.licences import Licence
from tests import make
from tests.people import ABATTOIR, CLERK, INSPECTOR, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.crypto.code_profiles import UnitCode
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch
from trace.models.labels import Label, LabelOrder, PrintRun
from trace.services import label_stops

pytestmark = pytest.mark.packed


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def line(database):
    with database.writing() as session:
        return make.a_pack_line(make.work(session))


@pytest.fixture
def order(database, tmp_path):
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        made = make.an_order(make.work(session), signer, packs=30, activated=False)
        make.in_a_head(session, signer)
        return made


def states(database, order):
    with database.reading() as session:
        rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position))
        return "".join(one.state[0] for one in rows)


def test_ordering_on_the_page(as_, database, line):
    client = as_(PRODUCER)
    assert "20260912A" in client.get("/labels/new").text
    form = client.get(f"/labels/new?batch={line.batch_id}")
    assert "396 袋中还有 396 袋没有标签" in form.text
    done = client.post(f"/labels/new?batch={line.batch_id}", data={"pack_line_id": line.id, "packs": "２４"})
    assert done.status_code == 303
    page = client.get(done.headers["Location"])
    assert "标签已签发" in page.text
    assert "法式羊肋脊排" in page.text
    with database.reading() as session:
        assert session.exec(select(LabelOrder)).one().packs == 24


@pytest.mark.parametrize(
    ("packs", "status", "words"),
    [
        ("0", 422, "1"),
        ("viele", 422, "整数"),
        ("", 422, "必填"),
        ("397", 409, "还可订 396 枚"),
    ],
)
def test_a_number_that_cannot_be(as_, line, packs, status, words):
    page = as_(PRODUCER).post(f"/labels/new?batch={line.batch_id}", data={"pack_line_id": line.id, "packs": packs})
    assert page.status_code == status
    assert words in page.text
    assert 'id="f-packs-fault"' in page.text


@pytest.mark.parametrize("person", [RIVAL, ABATTOIR, INSPECTOR])
def test_others_cannot_order(as_, line, person):
    client = as_(person)
    assert client.get(f"/labels/new?batch={line.batch_id}").status_code == 404
    answer = client.post(f"/labels/new?batch={line.batch_id}", data={"pack_line_id": line.id, "packs": "1"})
    assert answer.status_code == 404


def test_the_list_and_an_order_are_seen_by_those_whom_they_concern(as_, order):
    for person in (PRODUCER, ABATTOIR, CLERK, INSPECTOR):
        assert order.number in as_(person).get("/labels").text
        assert as_(person).get(f"/labels/{order.id}").status_code == 200
    for person in (RIVAL, RIVAL_ABATTOIR):
        assert order.number not in as_(person).get("/labels").text
        assert as_(person).get(f"/labels/{order.id}").status_code == 404
        assert as_(person).get(f"/labels/{order.id}/symbol.svg").status_code == 404


def test_nobody_signed_in_is_sent_to_the_door(client, order):
    assert client.get("/labels").status_code == 302
    assert client.get(f"/labels/{order.id}").status_code == 302


def test_the_page_offers_only_what_the_person_may_do(as_, order):
    assert "/void" not in as_(ABATTOIR).get(f"/labels/{order.id}").text
    assert "/activate" in as_(ABATTOIR).get(f"/labels/{order.id}").text
    assert "/print" not in as_(CLERK).get(f"/labels/{order.id}").text
    assert "/void" in as_(CLERK).get(f"/labels/{order.id}").text


@pytest.mark.parametrize("scope", ["licence", "order", "key"])
def test_a_stopped_order_says_so_and_offers_only_to_make_labels_void(as_, database, order, scope):
    page, doors = f"/labels/{order.id}", ("/print", "/release", "/activate", "/reprint")
    before = as_(PRODUCER).get(page).text
    assert all(f"{page}{one}" in before for one in doors)
    with database.writing() as session:
        name = {"licence": session.get_one(Licence, order.licence_id).number, "order": order.number, "key": order.kid}
        clerk = make.work(session, make.actor(session, CLERK))
        label_stops.place(clerk, scope=scope, name=name[scope], reason_code="leaked")
    stopped = as_(PRODUCER).get(page).text
    what = {"licence": "授权", "order": "标签订单", "key": "签名密钥"}[scope]
    assert f"{what} {name[scope]} 已叫停（文件或标签外泄）" in stopped
    refused = as_(PRODUCER).post(f"{page}/activate", data={"first": "1", "last": "2"}).text
    assert f"{what} {name[scope]} 已叫停" in refused
    assert not any(f'"{page}{one}"' in stopped for one in doors)
    assert f'"{page}/void"' in stopped


def test_a_sheet_is_a_pdf_whose_symbols_open_the_pack_and_is_logged(as_, database, order):
    answer = as_(PRODUCER).post(f"/labels/{order.id}/print", data={"first": "3", "last": "5"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    page = pypdfium2.PdfDocument(BytesIO(answer.data))[0].render(scale=300 / 72).to_pil()
    read = {one.text for one in zxingcpp.read_barcodes(page)}
    with database.reading() as session:
        batch = session.get_one(Batch, order.batch_id)
        rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
        run = session.exec(select(PrintRun)).one()
    wanted = {f"http://localhost/u/{batch.code}/{one.serial}?s={order.kid}.{one.signature}" for one in rows[2:5]}
    assert read == wanted
    assert (run.first, run.last, run.person_id) == (3, 5, "producer")
    assert "示范合作社文员" in as_(PRODUCER).get(f"/labels/{order.id}").text


def test_a_sheet_is_never_made_by_a_get_or_by_others(as_, order, database):
    assert as_(PRODUCER).get(f"/labels/{order.id}/print").mimetype == "text/html"
    for person in (RIVAL, ABATTOIR, CLERK):
        assert as_(person).post(f"/labels/{order.id}/print", data={"first": "1", "last": "2"}).status_code == 404
    with database.reading() as session:
        assert session.exec(select(PrintRun)).first() is None


def test_the_address_of_the_print_page_is_the_choice_and_a_picture_shows_it(as_, order):
    client = as_(PRODUCER)
    page = client.get(f"/labels/{order.id}/print?first=2&last=3&layout=roll-40x30&kind=tspl&dpi=203").text
    assert "position=2&amp;layout=roll-40x30&amp;dpi=203" in page
    picture = client.get(f"/labels/{order.id}/preview.png?position=2&layout=roll-40x30&dpi=203")
    assert zxingcpp.read_barcode(Image.open(BytesIO(picture.data)).convert("L")).text.startswith("http://localhost/u/")
    choice = {"first": "2", "last": "3", "layout": "roll-40x30", "kind": "tspl", "dpi": "203"}
    made = client.post(f"/labels/{order.id}/print", data=choice)
    assert made.data.count(b"PRINT 1,1") == 2
    assert ".tspl" in made.headers["Content-Disposition"]
    assert "TSPL · 卷纸，40 × 30 毫米" in client.get(f"/labels/{order.id}").text


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"layout": "a5"}, "layout"),
        ({"kind": "zpl"}, "卷纸"),
        ({"dpi": "250"}, "dpi"),
        ({"recipient": "age1none"}, "age1"),
        ({"first": "9", "last": "3"}, "9"),
        ({"last": "1000000"}, "last"),
        ({"evil": "<script>"}, "evil"),
    ],
)
def test_a_print_that_cannot_be_is_refused_before_and_after(as_, order, choice, told):
    client = as_(PRODUCER)
    asked = {"first": "1", "last": "2", **choice}
    assert client.get(f"/labels/{order.id}/print", query_string=asked).status_code == 422
    answer = client.post(f"/labels/{order.id}/print", data=asked)
    assert answer.status_code == 422
    assert told in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")


def test_a_preview_shows_the_first_label_that_is_still_good(as_, order):
    """After the beginning of a roll was spoilt the picture of the range was a broken one."""
    client = as_(PRODUCER)
    address, last = f"/labels/{order.id}/preview.png?layout=roll-40x30&dpi=203&position=", order.packs

    def void(first, until, version):
        given = {"first": str(first), "last": str(until), "reason": "spoilt", "version": str(version)}
        assert client.post(f"/labels/{order.id}/void", data=given).status_code == 303

    third = client.get(f"{address}3").data
    void(1, 2, order.version)
    assert client.get(f"{address}1").data == third
    void(3, last, order.version + 1)
    assert client.get(f"{address}1").status_code == 422


def test_a_preview_is_only_for_those_who_may_print(as_, order):
    for person in (RIVAL, ABATTOIR, CLERK):
        assert as_(person).get(f"/labels/{order.id}/preview.png").status_code == 404
        assert as_(person).get(f"/labels/{order.id}/print").status_code == 404


def test_void_labels_are_not_printed_again(as_, order):
    client = as_(PRODUCER)
    client.post(f"/labels/{order.id}/void", data={"first": "1", "last": "2", "reason": "lost", "version": "2"})
    answer = client.post(f"/labels/{order.id}/print", data={"first": "1", "last": "2"})
    assert answer.status_code == 422
    assert "没有可以打印的标签" in answer.text


def test_activating_a_range_twice(as_, database, order):
    """What was so before is spoken of only where something was."""
    client = as_(ABATTOIR)
    for words in ("启用 10 枚。", "启用 0 枚，另有 10 枚此前已启用。"):
        done = client.post(f"/labels/{order.id}/activate", data={"first": "1", "last": "10"})
        assert done.status_code == 303
        assert words in client.get(done.headers["Location"]).text
    assert states(database, order) == "a" * 10 + "i" * 20


@pytest.mark.parametrize(("first", "last", "field"), [("0", "3", "first"), ("5", "2", "last"), ("1", "31", "last")])
def test_a_range_that_is_none_is_named(as_, database, order, first, last, field):
    page = as_(PRODUCER).post(f"/labels/{order.id}/activate", data={"first": first, "last": last})
    assert page.status_code == 422
    assert f'id="f-{field}-fault"' in page.text
    assert states(database, order) == "i" * 30


def test_a_stale_page_cannot_void(as_, database, order):
    client = as_(PRODUCER)
    client.post(f"/labels/{order.id}/activate", data={"first": "1", "last": "3"})
    answer = client.post(f"/labels/{order.id}/void", data={"first": "1", "last": "9", "reason": "lost", "version": "2"})
    assert answer.status_code == 409
    assert "本次作废没有执行" in answer.text
    assert states(database, order).startswith("aaai")


def test_voiding_needs_a_reason(as_, order):
    answer = as_(PRODUCER).post(f"/labels/{order.id}/void", data={"first": "1", "last": "1", "version": "2"})
    assert answer.status_code == 422
    assert 'id="f-reason-fault"' in answer.text


def test_strangers_change_nothing(as_, database, order):
    for path, data in (
        ("activate", {"first": "1", "last": "2"}),
        ("void", {"first": "1", "last": "2", "reason": "lost", "version": "2"}),
    ):
        assert as_(RIVAL).post(f"/labels/{order.id}/{path}", data=data).status_code == 404
    assert as_(ABATTOIR).post(f"/labels/{order.id}/void", data=data).status_code == 404
    assert states(database, order) == "i" * 30


def test_activation_by_scanner(as_, database, order):
    with database.reading() as session:
        batch = session.get_one(Batch, order.batch_id)
        rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
    scanned = f"http://localhost/u/{batch.code}/{rows[0].serial}?s={order.kid}.{rows[0].signature}"
    typed = human_readable(UnitCode(batch.code, rows[1].serial))
    client = as_(ABATTOIR)
    assert client.get("/labels/activate").status_code == 200
    done = client.post("/labels/activate", data={"codes": f"{scanned}\r\n\r\n{typed}\r\n"})
    assert done.status_code == 303
    assert states(database, order).startswith("aai")


def test_a_line_that_is_no_code_is_named_and_nothing_is_activated(as_, database, order):
    with database.reading() as session:
        batch = session.get_one(Batch, order.batch_id)
        row = session.exec(select(Label).where(Label.order_id == order.id)).first()
    typed = human_readable(UnitCode(batch.code, row.serial))
    page = as_(ABATTOIR).post("/labels/activate", data={"codes": f"{typed}\n12345"})
    assert page.status_code == 422
    assert "第 2 行：输入了 5 个字符" in page.text
    assert typed in page.text
    assert states(database, order) == "i" * 30


def test_a_symbol_is_a_picture_without_script(as_, order):
    answer = as_(PRODUCER).get(f"/labels/{order.id}/symbol.svg?position=2")
    assert answer.mimetype == "image/svg+xml"
    assert "script" not in answer.text
    assert as_(PRODUCER).get(f"/labels/{order.id}/symbol.svg?position=31").status_code == 404
    assert as_(PRODUCER).get(f"/labels/{order.id}/symbol.svg?position=x").status_code == 422


def test_the_hidden_second_code_on_its_pages(as_, app, client, database, line):
    form = as_(PRODUCER).get(f"/labels/new?batch={line.batch_id}").text
    assert "隐藏的第二个码" in form
    wanted = {"pack_line_id": line.id, "packs": "2", "profile": "compact", "second_code": "yes"}
    done = as_(PRODUCER).post(f"/labels/new?batch={line.batch_id}", data=wanted)
    order_id = done.headers["Location"].rpartition("/")[2]
    as_(PRODUCER).post(f"/labels/{order_id}/release", data={"printer": "own", "version": "1"})
    as_(PRODUCER).post(f"/labels/{order_id}/activate", data={"first": "1", "last": "2"})
    page = as_(PRODUCER).get(f"/labels/{order_id}?lang=en").text
    assert "compact code, unsigned" in page
    assert "Signed with key" not in page
    missing = "这个文件不带第二个码"
    assert missing in as_(PRODUCER).get(f"/labels/{order_id}/print?kind=pdf").text
    assert missing not in as_(PRODUCER).get(f"/labels/{order_id}/print?kind=csv").text
    choice = {"first": "1", "last": "1", "kind": "csv"}
    early = as_(PRODUCER).post(f"/labels/{order_id}/print", data=choice)
    assert (early.status_code, early.headers["Refresh"]) == (409, "2")
    assert "还没有进入已签名的日志" in early.text
    app.extensions["brandtrace.parts"].log.run_once()
    assert "Refresh" not in as_(PRODUCER).get(f"/labels/{order_id}/print").headers
    listed = as_(PRODUCER).post(f"/labels/{order_id}/print", data=choice).text
    row = listed.splitlines()[1].split(",")
    pack = client.get(row[2].removeprefix("http://localhost"))
    assert f"/second-code?code={row[1]}" in pack.text
    fits = client.post("/second-code", data={"code": row[1], "second": row[-1]}).text
    assert "首次输入" in fits
    assert 'name="second"' not in fits, "to enter it again would only spoil the answer"
    assert "以前输入过" in client.post("/second-code", data={"code": row[2], "second": row[-1].lower()}).text
    assert client.post("/second-code", data={"code": row[1], "second": "x"}).status_code == 422
    assert client.post("/second-code", data={"code": "nothing", "second": row[-1]}).status_code == 422
    given = {"code": row[1], "second": row[-1]}
    for wrong, field in (
        ({"code": "nothing"}, "/code"),
        ({"code": "0000 0000 0000 0000"}, "/code"),
        ({"second": "x"}, "/second"),
    ):
        refused = client.post("/api/v1/codes/second", json=given | wrong)
        assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, [field])
    api = client.post("/api/v1/codes/second?lang=en", json=given)
    assert (api.status_code, api.json["right"], api.json["left"], api.json["colour"]) == (200, True, 2, "green")
    typed = {"code": row[1], "second": row[-1][::-1]}
    ways = (f'href="/check?code={row[1]}"', f'href="/complaints/new?code={row[1]}"')
    for left in (1, 0):
        wrong = client.post("/second-code?lang=en", data=typed)
        assert (wrong.status_code, "does not fit" in wrong.text) == (200, True)
        assert all(way in wrong.text for way in ways), "a wrong code is no dead end"
        assert ('name="second"' in wrong.text) is (left > 0)
        assert ("again from 2026-09-15 on" in wrong.text) is (left == 0)
    shut = client.post("/second-code?lang=en", data=typed | {"second": row[-1]})
    assert (shut.status_code, 'name="second"' in shut.text) == (429, False)
    assert "was not compared" in shut.text
    assert "again from 2026-09-15 on" in shut.text
    assert all(way in shut.text for way in ways)
    assert "这一袋今天不能再试了" in client.post("/second-code?lang=zh", data=typed).text
    assert all(client.get(way[6:-1]).status_code == 200 for way in ways)
    assert row[1] in client.get(ways[1][6:-1]).text, "the complaint has the code"
    version = as_(PRODUCER).get(f"/labels/{order_id}").text.partition('name="version" value="')[2].partition('"')[0]
    void = {"first": "1", "last": "1", "reason": "lost", "version": version}
    as_(PRODUCER).post(f"/labels/{order_id}/void", data=void)
    page = client.post("/second-code?lang=en", data={"code": row[1], "second": row[-1]})
    assert page.status_code == 422
    assert "This code was made void. The second code was not tried" in page.text
    assert "is-green" not in page.text
    assert ways[0] in page.text
    api = client.post("/api/v1/codes/second", json=given)
    assert (api.status_code, api.json["code"]) == (422, "second_codes.look_first")


def test_a_pack_without_a_second_code_says_so_at_its_field(client, order, database):
    with database.reading() as session:
        code = human_readable(
            UnitCode(session.exec(select(Batch.code)).one(), session.exec(select(Label.serial)).first())
        )
    page = client.post("/second-code?lang=en", data={"code": code, "second": "0123-4567"})
    assert page.status_code == 422
    assert "has no hidden second code" in page.text
    assert f'value="{code}"' in page.text


def test_a_large_order_and_its_files_on_their_pages(as_, app, line, monkeypatch):
    for module in ("web.labels", "web.label_prints", "services.label_jobs"):
        monkeypatch.setattr(f"trace.{module}.AT_ONCE", 20)
    client = as_(PRODUCER)
    runner = app.extensions["brandtrace.parts"].jobs
    monkeypatch.setattr(type(runner), "wake", lambda self: None)
    begun = client.post(f"/labels/new?batch={line.batch_id}", data={"pack_line_id": line.id, "packs": "30"})
    page = client.get(begun.headers["Location"])
    assert (begun.status_code, page.headers["Refresh"]) == (303, "2")
    assert "0</progress> 0 / 30" in page.text
    order_id = begun.headers["Location"].split("/")[2]
    assert "已预留，正在签发" in client.get(f"/labels/{order_id}").text
    runner.run_all()
    assert "标签已全部签发" in client.get(begun.headers["Location"]).text
    client.post(f"/labels/{order_id}/release", data={"printer": "house", "name": "示范印刷厂", "version": "1"})
    assert "示范印刷厂" in client.get(f"/labels/{order_id}").text
    run = client.post(f"/labels/{order_id}/print", data={"first": "1", "last": "30", "kind": "csv"}).headers["Location"]
    app.extensions["brandtrace.parts"].log.run_once()
    runner.run_all()
    assert f'href="{run}/2"' in client.get(run).text
    with client.get(f"{run}/2") as answer:
        assert answer.text.count("http://localhost/u/") == 10
        assert answer.headers["Content-Disposition"].endswith("-002.csv")
    for person in (RIVAL, CLERK):
        assert as_(person).get(f"{run}/2").status_code == 404
    assert as_(RIVAL).get(run).status_code == 404


def test_control_labels_are_ordered_here_and_shown_to_the_office_alone(as_, database, line):
    """The producer reads how many there are and scans each label; which they are stands on the office's page."""
    client = as_(PRODUCER)
    too_many = client.post(
        f"/labels/new?batch={line.batch_id}", data={"pack_line_id": line.id, "packs": "5", "controls": "6"}
    )
    assert too_many.status_code == 422
    assert 'id="f-controls-fault"' in too_many.text
    done = client.post(
        f"/labels/new?batch={line.batch_id}", data={"pack_line_id": line.id, "packs": "5", "controls": "2"}
    )
    address = done.headers["Location"]
    with database.writing() as session:
        order = session.exec(select(LabelOrder)).one()
        make.a_release(Work(session, make.actor(session, PRODUCER), make.MONDAY, "test"), order)
        serials = session.exec(select(Label.serial).where(Label.control)).all()
    page = client.get(address).text
    assert "文件中的暗标" in page
    assert f'action="/labels/{order.id}/activate"' not in page
    assert not any(one in page for one in serials)
    office = as_(CLERK).get(address).text
    assert len(serials) == 2
    assert all(one in office for one in serials)
    refused = client.post(f"/labels/{order.id}/activate", data={"first": "1", "last": "7"})
    assert refused.status_code == 403
    assert "逐枚扫码" in refused.text
    assert 'value="7"' in client.get(f"/labels/{order.id}/print").text
