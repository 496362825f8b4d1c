"""Signed tags of batches and carcasses: by page, API and command, judged by the verdict every code is judged by."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import time_machine
from click.testing import CliRunner
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from tests.tagged import colour, read
from trace.cli.main import main
from trace.crypto.code_profiles import BatchCode
from trace.crypto.keys import generate
from trace.crypto.label_codes import parse, sign
from trace.models.batch_tags import BatchTag
from trace.models.batches import Batch, Carcass
from trace.services import key_steps, label_stops

pytestmark = pytest.mark.packed


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch(database):
    with database.reading() as session:
        return session.exec(select(Batch)).one()


def test_carcass_tags_open_the_batch_whose_page_is_green(as_, client, database, batch):
    assert "胴体签" in as_(ABATTOIR).get(f"/batches/{batch.id}/carcasses").text
    assert f"/batches/{batch.id}/tags" in as_(PRODUCER).get(f"/batches/{batch.id}").text
    asked = {"what": "carcass", "layout": "roll-60x40"}
    made = as_(ABATTOIR).post(f"/batches/{batch.id}/tags", data=asked)
    assert (made.status_code, made.mimetype) == (200, "application/pdf")
    found = read(made.data)
    with database.reading() as session:
        count = len(session.exec(select(Carcass)).all())
        tag = session.exec(select(BatchTag)).one()
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "batch_tags.print")).one()
    address = f"http://localhost/b/{batch.code}?s={tag.kid}.{tag.signature}"
    assert found == [address] * count
    assert json.loads(told.detail)["what"] == "carcass"
    assert colour(client, address) == "green"
    text = pypdfium2.PdfDocument(BytesIO(made.data))[0].get_textpage().get_text_range()
    assert "胴体" in text


def test_the_code_is_signed_once_and_other_signatures_are_red(as_, client, database, batch, app):
    for copies in ("1", "3"):
        made = as_(PRODUCER).post(f"/batches/{batch.id}/tags", data={"copies": copies})
        assert len(read(made.data)) == int(copies)
    with database.reading() as session:
        tag = session.exec(select(BatchTag)).one()
        assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "batch_tags.issue")).all()) == 1
    good = f"/b/{batch.code}?s={tag.kid}.{tag.signature}"
    for typed, meant in ((f"{batch.code[:4]} {batch.code[4:]}", f"/b/{batch.code}"), (f"http://localhost{good}", good)):
        assert client.get("/check", query_string={"code": typed}).headers["Location"] == meant
    assert client.get("/check", query_string={"code": f"https://elsewhere.example{good}"}).status_code == 422
    assert parse(good).code == BatchCode(batch.code)
    forged = sign(generate(), "registry.test.invalid/log", tag.kid, BatchCode(batch.code))
    assert (colour(client, good), colour(client, forged)) == ("green", "red")


def test_what_was_signed_outside_the_house_is_red_though_the_signature_is_good(as_, client, app, database, batch):
    """Its twin that was issued has the very same text, and is green."""
    as_(PRODUCER).post(f"/batches/{batch.id}/tags", data={})
    signer = app.extensions["brandtrace.parts"].signer
    with database.writing() as session:
        kid = key_steps.turn(make.work(session), signer.keeper, signer.origin, "label", enterprise_id="cooperative")
    outside = signer.sign(kid, make.MONDAY, [BatchCode(batch.code)])[0]
    assert colour(client, outside) == "red"
    as_(PRODUCER).post(f"/batches/{batch.id}/tags", data={})
    assert colour(client, outside) == "green"


def test_a_stop_on_its_licence_or_key_makes_it_amber_like_a_pack(as_, client, database, batch):
    as_(PRODUCER).post(f"/batches/{batch.id}/tags", data={})
    with database.writing() as session:
        tag = session.exec(select(BatchTag)).one()
        label_stops.place(make.work(session, make.actor(session, CLERK)), scope="key", name=tag.kid, reason_code="key")
    plain = f"/b/{batch.code}"
    assert (colour(client, f"{plain}?s={tag.kid}.{tag.signature}"), colour(client, plain)) == ("amber", "green")


def test_who_may_and_what_is_refused(as_, batch):
    for person in (RIVAL, RIVAL_ABATTOIR, CLERK):
        assert as_(person).get(f"/batches/{batch.id}/tags").status_code == 404
        assert as_(person).post(f"/batches/{batch.id}/tags", data={}).status_code == 404
    client = as_(PRODUCER)
    assert client.get(f"/batches/{batch.id}/tags").status_code == 200
    for wrong in (
        {"what": "pallet"},
        {"copies": "0"},
        {"copies": "501"},
        {"layout": "a5"},
        {"kind": "zpl", "layout": "a4-24"},
    ):
        assert client.post(f"/batches/{batch.id}/tags", data=wrong).status_code == 422


def test_over_the_api_and_at_the_keyboard(client, database, batch, monkeypatch, tmp_path: Path):
    with database.writing() as session:
        work = Work(session, make.actor(session, ABATTOIR), make.MONDAY, "test")
        token = accounts.issue_token(work, label="t", scopes=["labels.activate"], days=9)[1]
    mine = {"Authorization": f"Bearer {token}"}
    body = {"what": "batch", "copies": 2, "kind": "tspl", "layout": "roll-40x30", "dpi": 203}
    made = client.post(f"/api/v1/batches/{batch.id}/tags", json=body, headers=mine)
    assert (made.status_code, made.data.count(b"PRINT 1,1")) == (200, 2)
    assert client.post("/api/v1/batches/NOSUCH/tags", json=body, headers=mine).status_code == 404
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    out = tmp_path / "tag.pdf"
    command = ["label", "tags", batch.code, "--by", "abattoir", "--out", str(out)]
    done = CliRunner().invoke(main, command)
    # The key of the quarter lies with the service of this test, not in the command's own folder.
    assert done.exit_code == 0, done.output
    assert read(out.read_bytes())[0].startswith(f"http://127.0.0.1:8000/b/{batch.code}?s=")
    assert CliRunner().invoke(main, ["label", "tags", "XXXX", "--by", "abattoir", "--out", str(out)]).exit_code == 1


def test_a_tag_by_gtin_is_a_digital_link_whose_page_judges_the_text_in_the_symbol(as_, client, database, batch):
    """The resolver hands the signed text on; the batch's own address with that signature is another text, and red."""
    gtin = "09521234000013"
    with database.writing() as session:
        make.a_gtin(make.work(session), gtin)
    page = as_(PRODUCER).get(f"/batches/{batch.id}/tags").text
    assert f'value="{gtin}"' in page
    made = as_(PRODUCER).post(f"/batches/{batch.id}/tags", data={"copies": "2", "gtin": gtin})
    with database.reading() as session:
        tag = session.exec(select(BatchTag)).one()
        told = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "batch_tags.issue")).one()
    address = f"http://localhost/01/{gtin}/10/{batch.lot}?s={tag.kid}.{tag.signature}"
    assert read(made.data) == [address] * 2
    assert json.loads(told)["gtin"] == gtin
    sent_on = client.get(address.removeprefix("http://localhost")).headers["Location"]
    assert sent_on == address.replace("/01/", "/pack/01/")
    assert colour(client, sent_on) == "green"
    assert colour(client, f"/b/{batch.code}?s={tag.kid}.{tag.signature}") == "red"
    assert colour(client, sent_on.replace(f".{tag.signature}", f".{'A' * 86}")) == "red"
    assert colour(client, sent_on.replace(batch.lot, "20260912Z")) == "red"
    assert colour(client, sent_on.partition("?")[0]) == "green"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"gtin": "09521234000013"}, "batch_tags.gtin_unknown"),
        ({"gtin": "09521234000013", "what": "carcass"}, "batch_tags.gtin_of_packs"),
    ],
)
def test_a_gtin_that_no_packs_bear_or_for_a_carcass_is_refused_by_name(client, database, batch, asked, code):
    with database.writing() as session:
        work = Work(session, make.actor(session, PRODUCER), make.MONDAY, "test")
        token = accounts.issue_token(work, label="t", scopes=["labels.activate"], days=9)[1]
    answer = client.post(f"/api/v1/batches/{batch.id}/tags", json=asked, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 422
    assert [(one["code"], one["pointer"]) for one in answer.json["errors"]] == [(code, "/gtin")]
    with database.reading() as session:
        assert session.exec(select(BatchTag)).all() == []
