"""Scanning a code: every text gets a page that says why, in both languages, and promises nothing it cannot keep."""

from __future__ import annotations

import gzip
import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from sqlmodel import select

from brand.edge.languages import telling
from brand.kernel import clock, rows
from brand.kernel.db import Database
from brand.kernel.permissions import Role
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Product
from brand.rules.grade_tables import CarcassClass, Grade, nyt630_2002
from brand.services import licences
from tests import make
from tests.crypto.key_ring import derive_test_key
from tests.people import APPROVER, CAST, CLERK, PRODUCER, PersonOfTheCast
from trace.crypto import log_policies
from trace.crypto.code_profiles import UnitCode
from trace.crypto.notes import COSIGNATURE, Verifier
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch, Carcass
from trace.models.events import Event
from trace.models.labels import Label, LabelOrder
from trace.models.quality import LabItem, LabReport
from trace.models.scans import Scan
from trace.queries import packs
from trace.queries.pack_records import Carcasses
from trace.queries.packs import Origin, Sheet
from trace.queries.recall_sets import Start, StartKind
from trace.rules.labels import VoidReason
from trace.services import axes, events, grading, holds, key_steps, labels, places, recalls
from trace.services.wire import Reply
from trace.services.witness import Witness
from trace.services.witnesses import Cosigners
from trace.web import pack_goods, pack_shelf
from trace.web.pack_grade import asks
from trace.web.pack_shelf import PAGES

pytestmark = pytest.mark.packed
FORBIDDEN = re.compile(r"正品|真品|genuine|authentic", re.IGNORECASE)
BANNER = re.compile(r'<section class="bt-verdict is-(\w+)"')
ROOT = Path(__file__).parents[2]
REGRADERS = [
    PersonOfTheCast(one, "示范复评员", Role.ABATTOIR_CLERK, "abattoir") for one in ("second-grader", "third-grader")
]


class Stall:
    """Thirty labels of one order: twenty on packs, one spoilt, the rest never used."""

    def __init__(self, database, signer) -> None:
        self.database, self.signer = database, signer
        with database.writing() as session:
            work = make.work(session)
            order = make.an_order(work, signer, activated=False)
            labels.activate(work, order.id, first=1, last=20)
            labels.void(work, order.id, first=20, last=20, reason=VoidReason.SPOILT, version=order.version)
            make.a_breach(work, session.get_one(Batch, order.batch_id))
            made = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
            batch = session.get_one(Batch, order.batch_id)
        self.order, self.batch = order, batch
        self.codes = [UnitCode(batch.code, row.serial) for row in made]
        self.addresses = [f"/u/{batch.code}/{row.serial}?s={order.kid}.{row.signature}" for row in made]

    def heal(self) -> None:
        """The abattoir answers for the hour its cold room was too warm."""
        with self.database.writing() as session:
            make.answer_breaches(make.work(session), session.get_one(Batch, self.batch.id))

    def sanction(self, action: str, at=make.MONDAY) -> None:
        with self.database.writing() as session:
            licence = session.exec(select(Licence)).one()
            words = {"reason_code": "sanction.accident", "comment": "示范"}
            doing = make.work(session, make.actor(session, APPROVER), at)
            licences.step(doing, licence.id, action, version=licence.version, **words)

    def scans(self, app) -> list[Scan]:
        app.extensions["brandtrace.parts"].scans.flush()
        with self.database.reading() as session:
            return list(session.exec(select(Scan).order_by(Scan.first_at)))


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def stall(database, app, tmp_path) -> Stall:
    return Stall(database, make.a_signer(tmp_path))


def banner(page) -> str:
    assert page.status_code == 200, page.text
    assert not FORBIDDEN.search(page.text)
    return BANNER.search(page.text)[1]


def test_a_sound_pack_is_green_and_tells_its_story(client, stall):
    stall.heal()
    page = client.get(stall.addresses[0])
    assert banner(page) == "green"
    for word in (
        "编码登记有效",
        "此编码由本登记机构为 乌拉特中旗示范养羊专业合作社",
        "编码可能被复制",
        "法式羊肋脊排",
        "0.5 kg",
        "2026-09-14",
        "2027-09-14",
        "20260912A",
        "屠宰",
        "排酸冷却",
        "NY/T 630-2002",
        "标准编号待核",
        "优等",
        "DEMO-2026-0913",
        "企业申报",
        make.CREDIT_CODES["cooperative"],
        "/register/L2026-0001",
        "已发标签 30 枚",
        "示范品牌办公室",
        human_readable(stall.codes[0]),
    ):
        assert word in page.text, word


def test_the_same_in_english(client, stall):
    stall.heal()
    page = client.get(stall.addresses[0] + "&lang=en")
    assert banner(page) == "green"
    assert page.headers["Content-Language"] == "en"
    for word in ("The code is on record", "Demo Sheep Cooperative", "Compare with the pack", "A code can be copied"):
        assert word in page.text, word
    assert f'href="{stall.addresses[0].replace("&", "&amp;")}&amp;lang=zh"' in page.text


def test_an_open_breach_is_said_and_shown(client, stall):
    page = client.get(stall.addresses[0])
    assert banner(page) == "amber"
    assert "冷链有异常尚未处理完" in page.text
    assert "库温超过 4 ℃，最高 6.7 ℃" in page.text
    stall.heal()
    page = client.get(stall.addresses[0])
    assert banner(page) == "green"
    assert "库温超过 4 ℃，最高 6.7 ℃" in page.text, "the breach itself stays in the chain"
    assert "转运时库门未关。" in page.text


def test_a_failed_test_that_counts_no_more_says_why(client, stall, database):
    for status, relief, words in (
        ("confirmed", "none", "检测机构已确认"),
        ("rejected", "none", "经监管员核查，不予采信"),
        ("declared", "overturned", "另一家检测机构复检合格，此结果不再作数"),
        ("declared", "released", "监管部门检测，尚待另一人确认 · 经主管部门两人核查后放行"),
    ):
        with database.writing() as session:
            report = session.exec(select(LabReport)).one()
            report.status, report.relief, report.passed = status, relief, False
            report.decided_by, report.relief_by, report.relief_asked_by = "inspector", "inspector", "approver"
            report.decided_at = report.relief_at = report.relief_asked_at = make.MONDAY
            report.decided_as, report.official = "inspector", relief == "released"
            for item in session.exec(select(LabItem)):
                item.passed = False
            events.touch(make.work(session), [stall.batch.id])
        page = client.get(stall.addresses[0]).text
        assert words in page
        assert "scan.report" not in page, "every standing has its words"
        assert ("is-red" in page) is (status == "confirmed"), "only what counts alarms"


@pytest.mark.parametrize(
    ("position", "zh", "en"),
    [
        (20, "此编码已作废", "This code was made void"),
        (25, "此编码从未启用", "This code was never put on a pack"),
    ],
)
def test_labels_that_should_not_be_out_there(client, stall, position, zh, en):
    page = client.get(stall.addresses[position - 1])
    assert banner(page) == "red"
    assert zh in page.text
    assert "法式羊肋脊排" in page.text
    assert "冷链异常" not in page.text
    assert en in client.get(stall.addresses[position - 1] + "&lang=en").text


def test_a_forged_signature_learns_nothing_about_the_batch(client, stall):
    forged = stall.addresses[0].replace(stall.addresses[0][-80:], stall.addresses[1][-80:])
    page = client.get(forged)
    assert banner(page) == "red"
    assert "签名不符" in page.text
    assert "法式羊肋脊排" not in page.text
    assert "示范养羊" not in page.text


def test_the_signature_of_another_label_does_not_fit(client, stall):
    swapped = stall.addresses[0].partition("?")[0] + "?" + stall.addresses[1].partition("?")[2]
    assert banner(client.get(swapped)) == "red"


def test_a_key_nobody_has_heard_of_is_a_bad_signature(client, stall):
    foreign = stall.addresses[0].replace(f"s={stall.order.kid}.", "s=zz9.")
    page = client.get(foreign)
    assert banner(page) == "red"
    assert "签名不符" in page.text


def test_a_distrusted_key(client, stall, database):
    with database.writing() as session:
        key_steps.distrust(make.work(session), "label", stall.order.kid, reason="stolen", from_index=0)
    page = client.get(stall.addresses[0])
    assert banner(page) == "red"
    assert "签发密钥已不可信" in page.text


def test_a_code_never_issued(client, stall):
    unknown = stall.addresses[0].replace(stall.codes[0].serial, "0123456789ABCDEF")
    page = client.get(unknown)
    assert banner(page) == "red"
    assert "没有签发过此编码" in page.text


def test_a_serial_under_another_batch_is_unknown(client, stall):
    from trace.crypto.label_codes import fresh_batch_code

    page = client.get(f"/u/{fresh_batch_code()}/{stall.codes[0].serial}")
    assert banner(page) == "red"
    assert "没有签发过此编码" in page.text


def test_without_its_signature_a_signed_code_is_amber(client, stall):
    stall.heal()
    page = client.get(stall.addresses[0].partition("?")[0])
    assert banner(page) == "amber"
    assert "扫描到的地址缺少签名" in page.text


@pytest.mark.parametrize(
    ("action", "zh", "en"),
    [
        ("suspend", "企业授权目前被暂停", "The licence is suspended at present"),
        ("revoke", "企业授权已被撤销", "The licence has been revoked"),
    ],
)
def test_a_licence_that_ended_after_packing(client, stall, action, zh, en):
    stall.heal()
    assert banner(client.get(stall.addresses[0])) == "green"
    stall.sanction(action, make.MONDAY + timedelta(days=1))
    with time_machine.travel(make.MONDAY + timedelta(days=2)):
        page = client.get(stall.addresses[0])
        assert banner(page) == "amber"
        assert zh in page.text
        assert en in client.get(stall.addresses[0] + "&lang=en").text


def test_a_licence_that_simply_ran_out(client, stall):
    stall.heal()
    with time_machine.travel(make.MONDAY + timedelta(days=3 * 366)):
        page = client.get(stall.addresses[0])
        assert banner(page) == "amber"
        assert "授权已到期" in page.text
        assert "保质期已于 2027-09-14 届满" in page.text


def test_a_sanction_on_the_packing_day(client, stall):
    stall.sanction("suspend")
    assert "包装时该企业的品牌授权被暂停" in client.get(stall.addresses[0]).text


GARBAGE = [
    "/u/",
    "/u/x",
    "/u/a/b/c/d",
    "/u//double//slash",
    "/u/../../etc/passwd",
    "/u/%2e%2e/%2e%2e",
    "/u/%00/%0d%0a",
    "/u/{batch}/{serial}/",
    "/u/{batch}/{serial}?s=",
    "/u/{batch}/{serial}?s=a7",
    "/u/{batch}/{serial}?x=1",
    "/u/{batch}/{serial}?s=a7.{tail}&s=a7.{tail}",
    "/u/{batch}/{serial}?lang=zh&s=a7.{tail}",
    "/u/{lower}/{serial}",
    "/u/{batch}/{wide}",
    "/u/%4{rest}/{serial}",
    "/u/" + "A" * 5000,
    "/u/中文/编码",
    "/u/%F0%9F%90%91/%ff%fe",
    "/u/{batch}/{serial}?s=<script>alert(1)</script>",
    "/u/{{7*7}}/${x}",
]


@pytest.mark.parametrize("shape", GARBAGE)
def test_anything_else_gets_a_page_and_no_verdict(client, stall, app, shape):
    code = stall.codes[0]
    address = shape
    for name, value in {
        "{batch}": code.batch,
        "{serial}": code.serial,
        "{lower}": code.batch.lower(),
        "{wide}": quote("".join(chr(ord(one) + 0xFEE0) for one in code.serial)),
        "{rest}": f"{ord(code.batch[0]):02x}"[1] + code.batch[1:],
        "{tail}": "A" * 86,
    }.items():
        address = address.replace(name, value)
    page = client.get(address)
    assert banner(page) == "grey", address
    assert "<script>alert" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert stall.scans(app) == []


def test_an_empty_query_is_a_second_spelling(client, stall):
    address = stall.addresses[0].partition("?")[0]
    assert banner(client.get(address, environ_overrides={"RAW_URI": f"{address}?"})) == "grey"


def test_garbage_of_other_methods_is_no_scan(client, stall):
    assert client.post(stall.addresses[0]).status_code in (400, 405)
    assert client.head(stall.addresses[0]).status_code == 200


def test_the_absolute_form_of_a_request_is_read_by_its_path(client, stall):
    absolute = {"RAW_URI": f"http://localhost{stall.addresses[0]}"}
    assert banner(client.get(stall.addresses[0], environ_overrides=absolute)) == "amber"


def test_a_server_that_decodes_the_path_still_gets_no_second_spelling_of_the_query(app, stall):
    """Granian gives no raw target: path decoded, query as sent."""

    def without_raw(environ, start):
        environ.pop("RAW_URI"), environ.pop("REQUEST_URI")
        return app.wsgi_app(environ, start)

    from werkzeug.test import Client

    client = Client(without_raw)
    assert BANNER.search(client.get(stall.addresses[0]).text)[1] == "amber"
    encoded = stall.addresses[0].replace("?s=", "?s=%61"[:4] + "a")
    assert BANNER.search(client.get(encoded).text)[1] in ("grey", "red")
    hidden = stall.addresses[0].replace("?", "%3F")
    assert BANNER.search(client.get(hidden).text)[1] == "grey"


def test_each_device_of_a_day_is_recorded_without_anybody_in_it(client, stall, app):
    client.get(stall.addresses[0], headers={"User-Agent": "示范手机", "X-Forwarded-For": "192.0.2.7"})
    client.get(stall.addresses[20])
    client.get(stall.addresses[0].replace(stall.codes[0].serial, "0123456789ABCDEF"))
    client.head(stall.addresses[0])
    seen = stall.scans(app)
    assert [(one.known, one.colour, one.looks, one.place) for one in seen] == [
        (True, "amber", 1, ""),
        (True, "red", 1, ""),
        (False, "red", 1, ""),
    ]
    assert not re.search(r"127\.0\.0|192\.0\.2|示范", "".join(one.token for one in seen))
    assert "此编码此前已被查询 1 次" in client.get(stall.addresses[0]).text
    assert "第一次查询" in client.get(stall.addresses[0], headers={"User-Agent": "示范手机"}).text, "one's own look"


def test_hundreds_of_looks_from_one_place_are_no_warning(client, stall, app):
    stall.heal()
    for one in range(30):
        client.get(stall.addresses[0], headers={"User-Agent": f"示范手机 {one}"})
    assert len(stall.scans(app)) == 30
    page = client.get(stall.addresses[0])
    assert banner(page) == "green"
    assert "此编码此前已被查询 30 次" in page.text


def test_what_the_asker_claims_of_its_place_is_not_believed(client, stall, app, monkeypatch):
    """A header names the place only where a proxy that sets it stands in front."""
    kept = app.extensions["brandtrace.parts"]
    client.get(stall.addresses[0], headers={"X-Place": "150824"})
    behind = replace(kept, watch=replace(kept.watch, header="X-Place"))
    monkeypatch.setitem(app.extensions, "brandtrace.parts", behind)
    client.get(stall.addresses[1], headers={"X-Place": "150824"})
    client.get(stall.addresses[2], headers={"X-Place": "here"})
    assert [one.place for one in stall.scans(app)] == ["", "150824", ""]


def test_the_kept_page_holds_nothing_of_the_pack_before(client, stall):
    first, second = client.get(stall.addresses[0]).text, client.get(stall.addresses[1]).text
    assert stall.codes[0].serial not in second
    assert human_readable(stall.codes[0]) not in second
    assert human_readable(stall.codes[1]) in second
    assert first.replace(human_readable(stall.codes[0]), "") != second


def test_a_signed_in_clerk_sees_what_everybody_sees(client, as_, stall):
    theirs, everybodys = as_(PRODUCER).get(stall.addresses[0]).text, client.get(stall.addresses[1]).text
    assert "示范合作社文员" not in theirs
    assert "is-scan" in everybodys


def test_no_person_is_on_the_page(client, stall):
    text = client.get(stall.addresses[0]).text + client.get(stall.addresses[0] + "&lang=en").text
    for word in (*(one.name for one in CAST), "示范联系人", "13800000000", "示范路1号", "150824"):
        if word != "150824":
            assert word not in text, word
    assert not re.search(r"评级员|grader", text)


def test_the_page_is_light_and_needs_no_script(client, stall):
    page = client.get(stall.addresses[0]).text
    sheets = re.findall(r'<link rel="stylesheet" href="(/static/[^"]+)"', page)
    weight = sum(len(gzip.compress((ROOT / one.lstrip("/")).read_bytes(), 9)) for one in sheets)
    assert len(gzip.compress(page.encode(), 9)) + weight <= 14 * 1024
    assert 1 + len(sheets) <= 3
    assert not re.search(r'<script(?! type="application/ld\+json")', page), "data, never a script"
    assert " style=" not in page


def test_headers(client, stall):
    page = client.get(stall.addresses[0])
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in page.headers
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_check_asks_for_a_code(client):
    page = client.get("/check")
    assert page.status_code == 200
    assert 'name="code"' in page.text
    assert "http://localhost" in page.text


def test_check_reads_a_typed_line(client, stall):
    stall.heal()
    typed = human_readable(stall.codes[0]).lower().replace("-", " ")
    page = client.get("/check", query_string={"code": typed})
    assert banner(page) == "green"
    assert "此编码由人工输入" in page.text
    assert "lang=en" in page.text


def test_check_reads_a_pasted_address(client, stall):
    stall.heal()
    page = client.get("/check", query_string={"code": f" http://localhost{stall.addresses[0]}\n"})
    assert banner(page) == "green"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7K3M-1111", "应为 25 个字符"),
        ("https://trace.example.cn.evil.test/u/AAAAAAAA/0123456789ABCDEF", "不是本登记机构的网址"),
        ("http://localhost@evil.test/u/AAAAAAAA/0123456789ABCDEF", "不是本登记机构的网址"),
        ("<script>alert(1)</script>", "不是本登记机构的网址"),
        ("x" * 3000, "应为 25 个字符"),
    ],
)
def test_check_names_what_is_wrong_with_the_text(client, text, words):
    page = client.get("/check", query_string={"code": text})
    assert page.status_code == 422
    assert words in page.text
    assert 'id="f-code-fault"' in page.text
    assert "<script>alert" not in page.text


def test_public_keys(client, stall):
    keys = client.get("/.well-known/jwks.json")
    assert [one["kid"] for one in keys.json["keys"]] == [stall.order.kid]
    for answer in (keys, client.options("/.well-known/jwks.json")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    document = client.get("/.well-known/did.json").json
    assert document["id"] == "did:web:localhost"
    assert document["verificationMethod"][0]["id"] == f"did:web:localhost#{stall.order.kid}"


def test_a_distrusted_key_is_published_as_such(client, stall, database):
    with database.writing() as session:
        cut = key_steps.distrust(make.work(session), "label", stall.order.kid, reason="stolen")
    (told,) = client.get("/.well-known/jwks.json").json["keys"]
    assert (told["kid"], told["state"], told["distrusted_from"]) == (stall.order.kid, "distrusted", cut)
    assert client.get("/.well-known/did.json").json["assertionMethod"] == []
    assert banner(client.get(stall.addresses[0])) != "red", "its codes were in the log before"


def _told_from(client, where: str, status: int = 200) -> str:
    """The code as the complaint form has it for whoever comes there from this page."""
    page = client.get(f"{where}{'&' if '?' in where else '?'}lang=en")
    assert page.status_code == status
    (href,) = set(re.findall(r'href="(/complaints/new[^"]*)"', page.text.partition("<main")[2].partition("</main")[0]))
    form = client.get(html.unescape(href)).text
    return html.unescape(re.search(r'name="code" value="([^"]*)"', form)[1])


def test_the_code_reaches_the_ticket_and_the_officer_from_every_page(client, as_, stall, database):
    """From the verdict, a forged, void or unreadable code and the page for typing one: nobody types it twice."""
    sound, forged = stall.addresses[0], stall.addresses[1][:-4] + "AAAA"
    plain = human_readable(stall.codes[0])
    assert _told_from(client, sound) == plain
    assert _told_from(client, f"/check?code={quote(plain)}") == plain
    assert _told_from(client, forged) == human_readable(stall.codes[1])
    assert _told_from(client, stall.addresses[19]) == human_readable(stall.codes[19])
    assert "not-a-code" in _told_from(client, "/u/not-a-code")
    assert _told_from(client, "/check?code=7K3M%209Q2", 422) == "7K3M 9Q2"
    assert _told_from(client, "/check") == ""
    form = client.get(f"/complaints/new?code={quote(plain)}").text
    token = re.search(r'name="token" value="([^"]+)"', form)[1]
    sent = {"kind": "report", "what": "示范：同一个码出现在两包上", "code": plain, "token": token}
    assert client.post("/complaints/new", data=sent).status_code == 303
    with database.reading() as session:
        ticket = session.exec(select(Complaint)).one()
    assert ticket.code == plain
    page = as_(CLERK).get(f"/complaints/{ticket.id}?lang=en").text
    assert plain in page
    (check,) = re.findall(r'href="(/check\?code=[^"]+)"', page)
    assert banner(client.get(html.unescape(check))) == banner(client.get(sound))


def test_the_products_mongolian_name_stands_upright(client, stall, database):
    stall.heal()
    assert "bt-mongolian" not in client.get(stall.addresses[0]).text
    with database.writing() as session:
        session.get_one(Product, stall.batch.product_id).name_mn = "ᠮᠢᠬ᠎ᠠ"
        session.get_one(Batch, stall.batch.id).version += 1
    assert '<p class="bt-mongolian" lang="mn-Mong">ᠮᠢᠬ᠎ᠠ</p>' in client.get(stall.addresses[0]).text
    sheet = (ROOT / "static/css/public.css").read_text()
    upright = re.search(r"\.bt-mongolian\{writing-mode:vertical-lr;([^}]+)\}", sheet)
    assert "margin-block-start" in upright[1], "in upright lines that is the side towards the facts"


def test_what_machines_read_tells_the_goods_and_no_verdict(client, stall):
    stall.heal()
    page = client.get(stall.addresses[0]).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (data["@type"], data["productionDate"], data["identifier"]) == ("Product", "2026-09-14", stall.batch.code)
    assert data["weight"]["value"] == "0.5"
    card = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert card["image"] == f"http://localhost/share/{stall.batch.code}"
    assert "20260912A" in card["description"]
    told = json.dumps(data, ensure_ascii=False) + "".join(card.values())
    assert not re.search("登记有效|在册|on record|green", told)
    assert stall.codes[0].serial not in told


def test_the_temperature_record_is_drawn_with_its_breach_and_what_grades_ask_is_told(client, stall):
    page = client.get(stall.addresses[0]).text
    curve = re.search(r'<svg class="bt-curve".*?</svg>', page, re.DOTALL)[0]
    assert curve.count("<rect") == 1
    assert "6.7 ℃" in curve
    assert "各等级对胴体的要求" in page
    assert "≥ 22" in page
    assert 'href="/standards/ny-t-630-2002"' in page


def test_the_land_is_drawn_without_its_name(client, stall, database):
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        place = make.a_place(work, name="示范老王家的草场")
        places.draw(work, place.id, version=1, outline=make.an_outline(), valid_from=work.today)
        batch = session.get_one(Batch, stall.batch.id)
        batch.place_id, batch.version = place.id, batch.version + 1
        code = place.code
    page = client.get(stall.addresses[0]).text
    assert 'class="bt-plot"' in page
    assert f'href="/f/{code}"' in page
    assert "轮廓由企业绘制，尚未确认" in page
    assert "老王" not in page


def test_unknown_and_foreign_codes_get_the_same_answer(client, stall):
    """One that nobody issued under a batch of ours, and one of a batch of nobody: nothing tells them apart."""
    from trace.crypto.label_codes import fresh_batch_code

    answers = []
    for batch in (stall.batch.code, fresh_batch_code()):
        code = UnitCode(batch, "0123456789ABCDEF")
        page = client.get(f"/u/{batch}/0123456789ABCDEF")
        shown = page.text
        for text in (human_readable(code), quote(human_readable(code)), quote(f"/u/{batch}"), batch):
            shown = shown.replace(text, "…")
        answers.append((page.status_code, shown, dict(page.headers)))
    assert answers[0] == answers[1]


def test_the_first_look_is_told_with_its_county(client, stall, app, monkeypatch):
    kept = app.extensions["brandtrace.parts"]
    behind = replace(kept, watch=replace(kept.watch, header="X-Place"))
    monkeypatch.setitem(app.extensions, "brandtrace.parts", behind)
    client.get(stall.addresses[0], headers={"X-Place": "150824", "User-Agent": "first"})
    stall.scans(app)
    assert "· 乌拉特中旗" in client.get(stall.addresses[0]).text.partition("首次")[2]


@pytest.fixture
def only_kept(app, monkeypatch):
    """From now on only the quick twin answers; the common way fails."""

    def refuse() -> None:
        def fail():
            raise RuntimeError("the common way was taken")

        for prefix in ("/u/", "/pack/"):
            monkeypatch.setitem(app._lean, prefix, replace(app._lean[prefix], view=fail))

    return refuse


def test_a_kept_page_says_the_same_as_the_one_made_for_it(client, stall, app, only_kept):
    stall.heal()
    asked = [(one, tongue) for one in stall.addresses[:2] for tongue in ("zh-CN,zh;q=0.9", "en")]
    first = [client.get(one, headers={"Accept-Language": tongue}) for one, tongue in asked]
    only_kept()
    with time_machine.travel(make.MONDAY, tick=False):
        second = [client.get(one, headers={"Accept-Language": tongue}) for one, tongue in asked]
    assert [one.text for one in first] == [one.text for one in second]
    assert [dict(one.headers) for one in first] == [dict(one.headers) for one in second]
    assert [one.looks for one in stall.scans(app)] == [4, 4], "a look at a kept page counts as every other"


@pytest.mark.parametrize("what", ["void", "recall", "hold", "suspension"])
def test_a_kept_page_falls_with_the_next_look(client, stall, database, what):
    """Whatever happens to the pack, nobody gets the page of the moment before."""
    stall.heal()
    assert [banner(client.get(stall.addresses[0])) for _ in range(2)] == ["green", "green"]
    with database.writing() as session:
        as_clerk = make.work(session, make.actor(session, CLERK))
        if what == "void":
            order = session.get_one(LabelOrder, stall.order.id)
            labels.void(make.work(session), order.id, first=1, last=1, reason=VoidReason.LOST, version=order.version)
        elif what == "hold":
            holds.place(as_clerk, scope="batch", key=stall.batch.id, reason_code="other", words="示范")
        elif what == "recall":
            words = {"level": "first", "reason_code": "contamination", "words": "请勿食用（示范）", "width": "onward"}
            starts = [Start(StartKind.CODE, stall.batch.code)]
            made = recalls.propose(as_clerk, drill=False, starts=starts, **words)
            decider = make.work(session, make.actor(session, APPROVER))
            recalls.step(decider, made.number, "open", version=made.version)
    if what == "suspension":
        stall.sanction("suspend")
    assert banner(client.get(stall.addresses[0])) == ("red" if what in ("void", "recall") else "amber")


def _renamed(stall, database):
    with database.writing() as session:
        holder = session.get_one(Enterprise, "cooperative")
        holder.name, holder.version = "乌拉特中旗示范合作社二", holder.version + 1


def _more_labels(stall, database):
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        labels.order(work, stall.signer, pack_line_id=stall.order.pack_line_id, packs=2)


#: What a shared part tells, changed.
_TOLD = {
    "suspension": lambda stall, database: stall.sanction("suspend"),
    "labels": _more_labels,
    "name": _renamed,
}


def _two_looks(client, stall, app) -> tuple[str, str]:
    """The page with the parts that are kept, and with all of them made anew."""
    pages = app.extensions[PAGES]
    found = []
    for forget in (pages.forget, pages.parts.forget):
        pages.forget()
        forget()
        found.append(client.get(stall.addresses[0]).text)
    return found[0], found[1]


@pytest.mark.parametrize("what", _TOLD)
def test_a_part_that_many_pages_share_is_never_that_of_before(client, stall, app, database, what):
    stall.heal()
    before, _ = _two_looks(client, stall, app)
    _TOLD[what](stall, database)
    after, anew = _two_looks(client, stall, app)
    assert after == anew
    assert after.partition("谁获准使用")[2] != before.partition("谁获准使用")[2] != ""


def test_a_part_kept_under_less_than_it_says_is_seen(client, stall, app, database, monkeypatch):
    """The planted fault of the test above."""
    part = pack_shelf.part
    monkeypatch.setattr(pack_shelf, "part", lambda template, told, words: part(template, (), words))
    stall.heal()
    _two_looks(client, stall, app)
    stall.sanction("suspend")
    after, anew = _two_looks(client, stall, app)
    assert after != anew


def _regraded(work):
    """By two persons, one after the other: the second settles what the first disputes."""
    for person in REGRADERS:
        make.joins(work.session, person)
        best = work.session.exec(select(Carcass.carcass_no).where(Carcass.grade == Grade.SPECIAL)).all()
        batch = work.session.exec(select(Batch)).one()
        said = {"version": batch.version, "method": "eye", "grade": "prime", "reason": "脂肪偏厚"}
        grading.grade(
            replace(work, actor=make.actor(work.session, person)), batch.id, grading.Said(carcasses=best, **said)
        )


def _stated(work):
    axes.state(
        make.by_abattoir(work), make.the_batch(work.session).id, axis="rearing", value="放牧", method="eye", reason=""
    )


def _withdrawn(work):
    batch = make.the_batch(work.session)
    first = work.session.exec(select(Event).where(Event.batch_id == batch.id, Event.kind == "chilling")).first()
    events.withdraw(make.by_abattoir(work), first.id, version=batch.version, reason="示范：录错")


def _moved(work):
    one = work.session.get_one(Enterprise, "cooperative")
    one.township_code, one.version = "", one.version + 1


def _maker_renamed(work):
    one = work.session.get_one(Enterprise, "abattoir")
    one.name, one.version = "示范屠宰场二", one.version + 1


#: What all packs of a batch tell, changed.
_LIVED = {one.__name__: one for one in (_regraded, _stated, _withdrawn, _moved, _maker_renamed)}


def _goods(page: str) -> str:
    return page[page.index('<ol class="bt-chain">') : page.index("谁获准使用")]


@pytest.mark.parametrize("what", _LIVED)
def test_the_part_that_tells_of_a_batch_is_never_that_of_before(client, stall, app, database, what):
    stall.heal()
    before, _ = _two_looks(client, stall, app)
    with database.writing() as session:
        _LIVED[what](make.work(session))
    after, anew = _two_looks(client, stall, app)
    assert _goods(after) == _goods(anew)
    assert _goods(after) != _goods(before)


def test_a_batch_told_under_less_than_its_edition_is_seen(client, stall, app, database, monkeypatch):
    """The planted fault of the test above."""
    monkeypatch.setattr(pack_goods, "_TOLD", [])
    stall.heal()
    _two_looks(client, stall, app)
    with database.writing() as session:
        _stated(make.work(session))
    after, anew = _two_looks(client, stall, app)
    assert _goods(after) != _goods(anew)


def test_the_part_of_a_batch_is_told_again_where_only_its_labels_moved(client, stall, app, database, monkeypatch):
    """More labels of its licence make every page of the batch fall; its own sections need not be read again."""
    stall.heal()
    client.get(stall.addresses[0])
    _more_labels(stall, database)
    monkeypatch.setattr(packs, "_past", lambda *_: pytest.fail("the past of the batch was read"))
    assert "已发标签 32 枚" in client.get(stall.addresses[0]).text


def test_grades_that_persons_gave_are_on_the_page_and_not_those_of_the_table(client, stall, database):
    stall.heal()
    assert "48 只（" in client.get(stall.addresses[0]).text
    with database.writing() as session:
        _regraded(make.work(session))
    page = client.get(stall.addresses[0]).text
    assert "51 只（" in page
    assert "48 只（" not in page


def test_a_table_of_other_words_is_another_part_and_every_language_has_its_own(app):
    sheet = Sheet(1, "NY/T 630", "2002", {})
    said = Carcasses((), Decimal(1), Decimal(1), ("fat_lamb",), (), ())
    table = nyt630_2002()
    first = table.classes[CarcassClass.FAT_LAMB]
    other = replace(table, classes={**table.classes, CarcassClass.FAT_LAMB: first[:1]})
    with app.app_context():
        asked = {}
        for tongue in ("zh", "en"):
            with telling(tongue):
                for words, its in (("one", table), ("two", other), ("one", table)):
                    asked[tongue, words] = asks(Origin(sheet, said, words, its))
    assert len(set(asked.values())) == 4


def test_so_many_statements_for_the_first_look_at_a_batch_at_a_line_of_it_and_for_the_next(
    client, stall, app, monkeypatch
):
    """Whoever adds a statement makes the shelf wait."""
    stall.heal()
    client.get(stall.addresses[0])
    done: list[object] = []
    asked = rows.asked
    monkeypatch.setattr(rows, "asked", lambda *args, **values: done.append(args[1]) or asked(*args, **values))
    counted = []
    pages = app.extensions[PAGES]
    for forgotten in ((pages, pages.parts), (pages,), ()):
        for one in forgotten:
            one.forget()
        done.clear()
        assert banner(client.get(stall.addresses[1])) == "green"
        counted.append(len(done))
    assert counted == [12, 4, 1]


def test_what_a_kept_page_cannot_answer_goes_the_common_way(client, stall):
    stall.heal()
    for _ in range(2):
        assert banner(client.get(stall.addresses[0])) == "green"
        assert banner(client.get(stall.addresses[0] + "&lang=en")) == "green"
        assert client.get(stall.addresses[0] + "&linkType=linkset").mimetype == "application/linkset+json"
        assert banner(client.get(stall.addresses[19])) == "red"
        assert banner(client.get(stall.addresses[0].partition("?")[0])) == "amber"
        assert client.head(stall.addresses[0]).data == b""


def test_each_order_has_its_own_entry_and_those_who_checked_it(client, stall, app, database):
    """A kept page of a pack line is no longer kept once its entry, or who has checked it, is another."""

    def record(address: str) -> str:
        found = re.search(
            r"Entry ([\d,]+) of the registry&#39;s public log([^<]*)", client.get(f"{address}&lang=en").text
        )
        return found.group(0) if found else ""

    stall.heal()
    log = app.extensions["brandtrace.parts"].log
    assert record(stall.addresses[0]) == ""
    log.run_once()
    first = record(stall.addresses[0])
    assert first
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        more = labels.order(work, stall.signer, pack_line_id=stall.order.pack_line_id, packs=2)
        make.a_release(work, more)
        labels.activate(work, more.id, first=1, last=2)
        one = session.exec(select(Label).where(Label.order_id == more.id)).first()
    log.run_once()
    other = record(f"/u/{stall.batch.code}/{one.serial}?s={more.kid}.{one.signature}")
    assert other
    assert other != first == record(stall.addresses[0])
    key = derive_test_key("honest 15")
    watching = Verifier("union.test.invalid", COSIGNATURE, key.public)
    policy = log_policies.parse(f"witness union {watching.text} https://union.test.invalid/w\nquorum union")
    witness = Witness(Database(f"sqlite:///{log.folder.parent / 'w.db'}"), "union.test.invalid", key, clock.now)
    witness.trust(client.get("/log/vkeys").text.strip())

    def ask(_url: str, body: bytes) -> Reply:
        answer = witness.add_checkpoint(body)
        return Reply(answer.status, answer.kind, answer.body)

    log.cosigners = Cosigners(database, policy, clock.now, ask=ask)
    assert log.ask_witnesses()
    assert record(stall.addresses[0]) == f"{first}; history checked by union"
