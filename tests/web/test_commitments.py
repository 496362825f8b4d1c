"""Pages of commitment certificates: issued, replaced, withdrawn, as PDF and as everybody reads one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import time_machine
import zxingcpp
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from tests import make
from tests.make_crops import a_crop
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.formats.papers import CommitmentPaper, commitment_pdf
from trace.queries import commitments as reads
from trace.rules import commitments as rules

As = Callable[[PersonOfTheCast], FlaskClient]
GIVEN = {"style": "producer", "bases": "controlled", "quantity_kg": "100", "contact": "13812345678"}
HOSTILE = "<script>1</script>"
PAPER = CommitmentPaper(
    title="承诺达标合格证",
    style="（生产主体）",
    ended="",
    promise="不使用禁用农药兽药",
    bases_heading="承诺依据",
    bases=[("质量安全控制符合要求", True), ("自行检测合格", False), ("委托检测合格", False)],
    pairs=[("产品名称", "鲜茶叶"), ("承诺主体", "示范合作社")],
    signature="签字：",
    check="扫码",
    rule="依据",
    digest="SHA-256 " + "0" * 64,
    address="http://localhost/q/0123456789AB",
)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def crop(database: Database) -> str:
    with database.writing() as session:
        return a_crop(session).id


def certificate(database: Database, number: str = "Q2026-0001"):
    with database.reading() as session:
        return reads.find(session, make.actor(session, CLERK), number).commitment


def read(data: bytes) -> tuple[str, str]:
    """The words of the only page, and what its symbol says."""
    with closing(pypdfium2.PdfDocument(data)) as book:
        assert len(book) == 1
        page = book[0]
        symbols = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        return page.get_textpage().get_text_range(), symbols[0].text


def issued(as_: As, crop: str, **changes: str) -> FlaskClient:
    client = as_(PRODUCER)
    assert client.post(f"/batches/{crop}/commitments/new", data=GIVEN | changes).status_code == 303
    return client


def test_from_the_desk_to_the_paper(as_: As, client: FlaskClient, database: Database, crop: str) -> None:
    own = as_(PRODUCER)
    at = f"/batches/{crop}/commitments/new"
    assert at in own.get("/desk").text
    assert at in own.get(f"/batches/{crop}").text
    form = own.get(at).text
    assert "乌拉特中旗海流图镇" in form
    assert 'value="100"' in form
    assert "销售前应当开具" in form
    refused = own.post(f"{at}?lang=en", data=GIVEN | {"quantity_kg": "101"})
    assert refused.status_code == 409
    assert "batch 100 kg, asked 101 kg" in refused.text
    assert 'value="101"' in refused.text
    assert own.post(at, data=GIVEN).headers["Location"].endswith("/commitments/Q2026-0001")
    assert at not in own.get("/desk").text
    assert "Q2026-0001" in own.get(f"/batches/{crop}").text
    one = certificate(database)
    page = own.get("/commitments/Q2026-0001").text
    assert f"http://localhost/q/{one.code}" in page
    assert "2027-03-14" in page, "kept at least until"
    pdf = own.get("/commitments/Q2026-0001/certificate.pdf")
    words, symbol = read(pdf.data)
    assert symbol == f"http://localhost/q/{one.code}"
    for said in ("承诺达标合格证", "不使用禁用农药兽药", "100 kg", "13812345678", "2026-09-14", one.digest):
        assert said in words.replace("\r\n", "")
    assert own.get("/commitments/Q2026-0001/certificate.pdf").data == pdf.data, "reproducible"


def test_everybody_reads_it_without_the_contact(as_: As, client: FlaskClient, database: Database, crop: str) -> None:
    issued(as_, crop)
    one = certificate(database)
    page = client.get(f"/q/{one.code}")
    assert page.status_code == 200
    for said in ("承诺达标合格证", "乌拉特中旗示范养羊专业合作社", "有效", one.digest):
        assert said in page.text
    data = client.get(f"/q/{one.code}.json")
    for text in (page.text, data.text, client.get(f"/q/{one.code}?lang=en").text):
        assert "13812345678" not in text
        assert "示范合作社文员" not in text
    found = json.loads(data.text)
    assert rules.digest(found["words"]) == found["sha256"] == one.digest
    assert client.get("/q/000000000000").status_code == 404
    assert client.get("/q/000000000000.json").status_code == 404


def test_a_household_is_not_named(as_: As, client: FlaskClient, database: Database, crop: str) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").kind = "household"
    assert "鼓励开具" in as_(PRODUCER).get(f"/batches/{crop}/commitments/new").text
    issued(as_, crop)
    one = certificate(database)
    for address in (f"/q/{one.code}", f"/q/{one.code}.json"):
        assert "示范养羊" not in client.get(address).text


def test_replaced_and_withdrawn_is_told_at_once(as_: As, client: FlaskClient, database: Database, crop: str) -> None:
    own = issued(as_, crop)
    old = certificate(database)
    at = "/commitments/Q2026-0001/replace"
    assert 'value="13812345678"' in own.get(at).text
    same = own.post(f"{at}?lang=en", data=GIVEN | {"version": "1"})
    assert same.status_code == 409
    assert "It would say the same" in same.text
    assert own.post(at, data=GIVEN | {"version": "1", "quantity_kg": "90"}).status_code == 303
    assert "已替换" in client.get(f"/q/{old.code}").text
    new = certificate(database, "Q2026-0002")
    assert f"/q/{new.code}" in client.get(f"/q/{old.code}").text
    words, _ = read(own.get("/commitments/Q2026-0001/certificate.pdf").data)
    assert "（已替换，不再有效）" in words, "an old one printed again does not pass for one that counts"
    withdraw = "/commitments/Q2026-0002/withdraw"
    assert own.post(withdraw, data={"version": "1", "comment": " "}).status_code == 422
    assert own.post(withdraw, data={"version": "1", "comment": HOSTILE}).status_code == 303
    assert HOSTILE not in own.get("/commitments/Q2026-0002").text
    page = client.get(f"/q/{new.code}").text
    assert "已撤回" in page
    assert "&lt;script" not in page, "why is between the party and the office"


def test_papers_of_sellers(as_: As, database: Database) -> None:
    with database.writing() as session:
        bought = a_crop(session, "C1", kind="collected").id
    own = as_(PRODUCER)
    at = f"/batches/{bought}/commitments/taken"
    assert at in own.get("/desk").text
    given = {"product": HOSTILE, "quantity_kg": "100", "issued_on": "2026-09-01"}
    refused = own.post(at, data=given)
    assert refused.status_code == 422
    files = {"file": (BytesIO(make.a_picture()), "../纸.png")}
    assert own.post(at, data=given | files).status_code == 303
    page = own.get(at).text
    assert HOSTILE not in page
    where = page.split('href="/commitments/taken/')[1].split('"')[0]
    paper = own.get(f"/commitments/taken/{where}")
    assert paper.data.startswith(b"\x89PNG")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert as_(CLERK).get(f"/commitments/taken/{where}").status_code == 200
    assert as_(RIVAL).get(f"/commitments/taken/{where}").status_code == 404
    assert at not in own.get("/desk").text
    assert "100.0 kg" in own.get(f"/batches/{bought}/commitments/new").text.split("收取的上家合格证")[1][:60]
    own.post(f"/batches/{bought}/commitments/new", data=GIVEN | {"style": "collector"})
    words, _ = read(own.get("/commitments/Q2026-0001/certificate.pdf").data)
    assert "已收取、留存" in words


def test_who_meets_nothing(as_: As, client: FlaskClient, crop: str) -> None:
    issued(as_, crop)
    for person in (RIVAL, ABATTOIR):
        for address in ("/commitments/Q2026-0001", "/commitments/Q2026-0001/certificate.pdf"):
            assert as_(person).get(address).status_code == 404
        assert as_(person).get(f"/batches/{crop}/commitments/new").status_code == 404
        assert "Q2026-0001" not in as_(person).get("/commitments").text
    assert client.get("/commitments/Q2026-0001").status_code == 302
    assert "Q2026-0001" in as_(CLERK).get("/commitments?q=T2026&state=valid").text
    assert as_(CLERK).get("/commitments?state=nonsense").status_code == 422


def test_meat_is_told_what_takes_its_place(as_: As, database: Database) -> None:
    with database.writing() as session:
        meat = a_crop(session, "M1", form="carcass").id
    page = as_(PRODUCER).get(f"/batches/{meat}/commitments/new").text
    assert "动物产品检疫合格证明" in page
    assert "<button" not in page.split("动物产品检疫合格证明")[1]


@pytest.mark.parametrize("name", ['#panic("x")', "*粗* _斜_ $x$ \\ <a> // [", '"}, {"a": "', "示范" * 95])
def test_words_are_text_and_never_markup(name: str) -> None:
    words, _ = read(commitment_pdf(replace(PAPER, pairs=[("产地", name), ("承诺主体", name)])))
    assert name in words.replace("\r\n", "")


def test_equal_words_give_equal_bytes() -> None:
    assert commitment_pdf(PAPER) == commitment_pdf(PAPER)
    assert commitment_pdf(PAPER) != commitment_pdf(replace(PAPER, digest="SHA-256 1"))
