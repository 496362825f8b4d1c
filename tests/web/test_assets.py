"""Pages of marks, certificates and sites, and the public page of an enterprise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.assets import Asset, Site
from brand.models.enterprises import Enterprise
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
ORGANIC = {
    "kind": "organic",
    "number": "12345678901234567",
    "title": "有机产品认证证书（示范）",
    "issuer": "示范认证机构",
    "valid_until": "2099-06-30",
}
AT = "/enterprises/cooperative/assets"


def declared(database: Database) -> Asset:
    with database.reading() as session:
        return session.exec(select(Asset)).one()


def test_declared_compared_and_shown(as_: As, client: FlaskClient, database: Database) -> None:
    own, office = as_(PRODUCER), as_(CLERK)
    assert own.get(f"{AT}/new?lang=zh").status_code == 200
    paper = make.a_paper("示范扫描件").data
    file = {"file": (BytesIO(paper), "scan.pdf")}
    sent = own.post(f"{AT}/new", data=ORGANIC | file, content_type="multipart/form-data")
    assert sent.status_code == 303
    made = declared(database)
    assert made.file_sha256 == hashlib.sha256(paper).hexdigest()
    page = office.get(f"/assets/{made.id}").text
    assert f"/assets/{made.id}/scan" in page
    assert "13800000000" not in page, "the frame tells of whoever is signed in, not of the enterprise on the page"
    kept = office.get(f"/assets/{made.id}/scan")
    assert (kept.data, kept.headers["Content-Disposition"]) == (paper, "attachment; filename=scan.pdf")
    assert own.get(f"/assets/{made.id}/scan").data == paper
    assert as_(RIVAL).get(f"/assets/{made.id}/scan").status_code == 404
    assert client.get(f"/assets/{made.id}/scan").status_code in (302, 303, 401)
    assert "尚未核对" in client.get("/register/enterprises/cooperative?lang=zh").text
    assert "等您核对" in office.get("/desk?lang=zh").text
    assert office.post(f"/assets/{made.id}/confirm", data={"version": "1"}).status_code == 303
    assert "已核对确认" in client.get("/register/enterprises/cooperative?lang=zh").text
    assert office.post(f"/assets/{made.id}/confirm", data={"version": "1"}).status_code == 409
    wrong = office.post(f"/assets/{made.id}/refuse", data={"version": "2"})
    assert wrong.status_code == 422
    assert 'id="f-reason_code-fault"' in wrong.text
    done = office.post(f"/assets/{made.id}/refuse", data={"version": "2", "reason_code": "forged", "comment": "示范"})
    assert done.status_code == 303
    assert "涉嫌伪造" in own.get(f"/assets/{made.id}?lang=zh").text
    assert ORGANIC["number"] not in client.get("/register/enterprises/cooperative").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "123"}, "number"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"nice_class": "29"}, "nice_class"),
        ({"kind": "trademark", "nice_class": "46"}, "nice_class"),
        ({"kind": "medal"}, "kind"),
        ({"issuer": ""}, "issuer"),
        ({"valid_from": "soon"}, "valid_from"),
    ],
)
def test_bad_input_names_the_field(as_: As, database: Database, change: dict[str, str], field: str) -> None:
    answer = as_(PRODUCER).post(f"{AT}/new", data=ORGANIC | change)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text
    with database.reading() as session:
        assert session.exec(select(Asset)).all() == []


def test_a_number_twice_is_named_and_strangers_meet_nothing(as_: As, database: Database) -> None:
    own, rival = as_(PRODUCER), as_(RIVAL)
    assert own.post(f"{AT}/new", data=ORGANIC).status_code == 303
    twice = rival.post("/enterprises/rival/assets/new", data=ORGANIC)
    assert twice.status_code == 422
    assert 'id="f-number-fault"' in twice.text
    made = declared(database)
    for path in (AT, f"{AT}/new", f"/assets/{made.id}"):
        assert rival.get(path).status_code == 404
    assert rival.post(f"/assets/{made.id}/withdraw", data={"version": "1"}).status_code == 404
    assert as_(ABATTOIR).post(f"/assets/{made.id}/confirm", data={"version": "1"}).status_code == 404
    assert own.post(f"/assets/{made.id}/confirm", data={"version": "1"}).status_code == 404
    assert own.post(f"/assets/{made.id}/withdraw", data={"version": "1"}).status_code == 303


def test_sites(as_: As, client: FlaskClient, database: Database) -> None:
    own = as_(PRODUCER)
    wanted = {"kind": "pasture", "name": "示范草场", "township_code": "150824201"}
    faulty = own.post("/enterprises/cooperative/sites", data=wanted | {"township_code": "elsewhere"})
    assert faulty.status_code == 422
    assert own.post("/enterprises/cooperative/sites", data=wanted).status_code == 303
    assert "示范草场" in own.get(AT).text
    public = client.get("/register/enterprises/cooperative?lang=zh").text
    assert "川井苏木" in public
    assert "示范草场" not in public
    with database.reading() as session:
        site = session.exec(select(Site)).one()
    assert as_(RIVAL).post(f"/sites/{site.id}/close").status_code == 404
    assert own.post(f"/sites/{site.id}/close").status_code == 303


def test_the_public_page_has_no_contact_and_only_confirmed_enterprises(client: FlaskClient, database: Database) -> None:
    page = client.get("/register/enterprises/cooperative?lang=en").text
    for private in ("13800000000", "示范联系人", "示范路1号"):
        assert private not in page
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").state = "pending"
    assert client.get("/register/enterprises/cooperative").status_code == 404
    assert client.get("/register/enterprises/nobody").status_code == 404


def test_a_scan_that_is_no_paper_is_refused_and_nothing_is_declared(as_: As, database: Database) -> None:
    """A bomb of another kind is named at its field, before any transaction."""
    file = {"file": (BytesIO("扫描件".encode()), "scan.jpg")}
    answer = as_(PRODUCER).post(f"{AT}/new", data=ORGANIC | file, content_type="multipart/form-data")
    assert answer.status_code == 422
    with database.reading() as session:
        assert session.exec(select(Asset)).all() == []


def test_a_declaration_without_a_scan_has_none_to_save(as_: As, database: Database) -> None:
    own = as_(PRODUCER)
    assert own.post(f"{AT}/new", data=ORGANIC).status_code == 303
    made = declared(database)
    assert own.get(f"/assets/{made.id}/scan").status_code == 404
    assert f"/assets/{made.id}/scan" not in own.get(f"/assets/{made.id}").text
