"""The licence certificate: one A4 page, readable symbol, text that stays text, equal bytes, and who gets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pypdfium2
import pytest
import time_machine
import zxingcpp
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.services import licences
from tests import make
from tests.people import APPROVER, AUDITOR, PRODUCER, RIVAL, PersonOfTheCast
from trace.formats.certificates import Certificate, Line, certificate_pdf

pytestmark = pytest.mark.licensed

As = Callable[[PersonOfTheCast], FlaskClient]
PAPER = Certificate(
    heading="证书",
    heading_en="Licence",
    number="L1",
    owner="办公室",
    sentence="兹授权",
    sentence_en="may use",
    rows=[Line("产品", "Goods", "羊肉")] * 8,
    check="扫码",
    check_en="Scan",
    address="http://localhost/register/L1",
    granted_on="2026-09-14",
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def licence(database: Database) -> Licence:
    with database.writing() as session:
        return make.a_licence(make.work(session))


def _read(data: bytes) -> tuple[str, str]:
    """The words of the only page, and what its symbol says."""
    with closing(pypdfium2.PdfDocument(data)) as book:
        assert len(book) == 1
        page = book[0]
        symbols = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
        return page.get_textpage().get_text_range(), symbols[0].text


def test_the_holder_saves_it(as_: As, licence: Licence) -> None:
    where = f"/licences/{licence.number}/certificate.pdf"
    assert where in as_(PRODUCER).get(f"/licences/{licence.number}").text
    answer = as_(PRODUCER).get(where)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={licence.number}.pdf"
    words, symbol = _read(answer.data)
    assert symbol == f"http://localhost/register/{licence.number}"
    for said in ("示范养羊专业合作社", "羊肉", "2026-08-24 — 2029-08-23", "30000 kg", "第 1 版", licence.number):
        assert said in words
    assert as_(APPROVER).get(where).data == answer.data


def test_who_does_not(as_: As, client: FlaskClient, licence: Licence) -> None:
    where = f"/licences/{licence.number}/certificate.pdf"
    assert as_(RIVAL).get(where).status_code == 404
    assert client.get(where).status_code == 302
    assert as_(AUDITOR).get("/licences/L2026-9999/certificate.pdf").status_code == 404


def test_none_for_a_halted_licence(as_: As, licence: Licence, database: Database) -> None:
    with database.writing() as session:
        approver = make.work(session, make.actor(session, APPROVER))
        licences.step(approver, licence.id, "suspend", version=1, reason_code="sanction.accident", comment="示范")
    answer = as_(PRODUCER).get(f"/licences/{licence.number}/certificate.pdf?lang=en")
    assert answer.status_code == 403
    assert "Suspended" in answer.text


@pytest.mark.parametrize("name", ['#panic("x")', "*粗* _斜_ $x$ \\ <a> // [", '"}, {"a": "', '#read("/etc/passwd")'])
def test_names_are_text_and_never_markup(name: str) -> None:
    words, _ = _read(certificate_pdf(replace(PAPER, rows=[Line("单位", "Licensee", name)])))
    assert name in words


def test_equal_licences_give_equal_bytes() -> None:
    assert certificate_pdf(PAPER) == certificate_pdf(PAPER)
    assert certificate_pdf(PAPER) != certificate_pdf(replace(PAPER, number="L2"))


def test_a_long_name_stays_on_the_page(database: Database, as_: As, licence: Licence) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").name = "乌拉特中旗示范" * 10
    _read(as_(PRODUCER).get(f"/licences/{licence.number}/certificate.pdf").data)
