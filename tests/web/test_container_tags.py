"""Signed labels of cases and pallets: by page, API and command, and what the public page says of the label scanned."""

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
from brand.models.licences import Licence
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from tests.tagged import colour, read
from trace.cli.main import main
from trace.crypto.code_profiles import ContainerCode
from trace.crypto.keys import generate
from trace.crypto.label_codes import sign
from trace.models.batches import Batch
from trace.models.container_tags import ContainerTag
from trace.models.labels import SigningKey
from trace.rules.containers import ContainerKind
from trace.services import containers, key_steps, label_stops
from trace.services.containers import Filling

pytestmark = pytest.mark.packed


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def case(database):
    """Ten packs of one line in a case of the abattoir, which packed them."""
    with database.writing() as session:
        line = make.a_pack_line(make.work(session))
        mine = make.work(session, make.actor(session, ABATTOIR))
        return containers.pack(mine, "abattoir", ContainerKind.CASE, Filling({line.id: 10})).code


def printed(as_, database, case: str, **asked: str) -> tuple[bytes, ContainerTag]:
    made = as_(ABATTOIR).post(f"/containers/{case}/tags", data=asked)
    assert made.status_code == 200, made.text
    with database.reading() as session:
        return made.data, session.exec(select(ContainerTag)).one()


def test_a_printed_label_opens_the_signed_page_of_that_very_case(as_, client, database, case):
    assert f"/containers/{case}/tags" in as_(ABATTOIR).get(f"/containers/{case}").text
    data, tag = printed(as_, database, case, copies="3")
    address = f"http://localhost/c/{case}?s={tag.kid}.{tag.signature}"
    assert read(data) == [address] * 3
    assert read(as_(ABATTOIR).get(f"/containers/{case}/label.pdf").data) == [address], "the large one bears it too"
    page = client.get(address.removeprefix("http://localhost") + "&lang=en")
    assert 'bt-verdict is-green"' in page.text
    assert "was issued here" in page.text
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    assert "is not signed" not in page.text
    assert "is not signed" in client.get(f"/c/{case}?lang=en").text
    words = pypdfium2.PdfDocument(BytesIO(data))[0].get_textpage().get_text_range()
    for told in ("整箱标签", "羊肉", "20260912A", f"{case[:4]}-{case[4:]}", "5 kg"):
        assert told in words, words
    with database.reading() as session:
        told = json.loads(
            session.exec(select(AuditEntry.detail).where(AuditEntry.action == "container_tags.issue")).one()
        )
        assert session.get(SigningKey, tag.kid).enterprise_id == "abattoir", "of whoever packed it"
    assert (told["code"], told["kid"], told["signature"]) == (case, tag.kid, tag.signature)
    printed(as_, database, case, kind="zpl")
    assert printed(as_, database, case, kind="tspl", dpi="203")[0].count(b"PRINT 1,1") == 2


def test_no_other_text_passes(as_, client, app, database, case):
    """Forged, of another key, moved to another code, signed outside the house, spoilt."""
    _, tag = printed(as_, database, case)
    good = f"/c/{case}?s={tag.kid}.{tag.signature}"
    assert colour(client, good) == "green"
    signer = app.extensions["brandtrace.parts"].signer
    with database.writing() as session:
        keeper, origin = signer.keeper, signer.origin
        kid = key_steps.turn(make.work(session), keeper, origin, "label", enterprise_id="abattoir")
        others = key_steps.turn(make.work(session), keeper, origin, "label", enterprise_id="cooperative")
        batch = session.exec(select(Batch.code)).one()
    outside = signer.sign(kid, make.MONDAY, [ContainerCode(case)])[0]
    foreign = signer.sign(others, make.MONDAY, [ContainerCode(case)])[0]
    forged = sign(generate(), "registry.test.invalid/log", tag.kid, ContainerCode(case))
    for wrong in (outside, foreign, forged, good[:-1] + ("A" if good[-1] != "A" else "Q")):
        assert colour(client, wrong) in ("red", "grey"), wrong
    assert (colour(client, outside), colour(client, foreign), colour(client, forged)) == ("red", "red", "red")
    for text in (f"{good}&x=1", f"/c/{case}?x=1", f"/c/{case}?s=", f"{good}&s=a", f"/c/{case}?s={tag.kid}.x"):
        assert colour(client, text) == "grey", text
    for unknown in (f"/c/{batch}", f"/c/{case[:-1]}", f"/c/{case.lower()}", f"/b/{case}?{good.partition('?')[2]}"):
        assert colour(client, unknown) in ("red", "grey"), unknown
    told = client.get(f"/api/v1/codes/containers/{case}?{outside.partition('?')[2]}").json
    assert (told["colour"], told["signature"], told["against"]) == ("red", "ok", ["verdicts.code_unknown"])
    told = client.get(f"/api/v1/codes/containers/{case}?{good.partition('?')[2]}").json
    assert (told["colour"], told["signature"], told["against"]) == ("green", "ok", [])
    assert client.get(f"/api/v1/codes/containers/{case}?s=abc").status_code == 422
    assert client.get(f"/api/v1/codes/containers/{batch}").status_code == 404


def test_a_distrusted_key_counts_against_what_the_log_did_not_tell_of_before(as_, client, database, case):
    _, tag = printed(as_, database, case)
    good = f"/c/{case}?s={tag.kid}.{tag.signature}"
    with database.writing() as session:
        key_steps.distrust(make.work(session), "label", tag.kid, reason="stolen", from_index=0)
    assert colour(client, good) == "red"
    assert as_(ABATTOIR).post(f"/containers/{case}/tags", data={}).status_code in (403, 409, 422)


def test_who_may_and_what_is_refused(as_, database, case):
    for person in (RIVAL, RIVAL_ABATTOIR, PRODUCER):
        assert as_(person).get(f"/containers/{case}/tags").status_code == 404
        assert as_(person).post(f"/containers/{case}/tags", data={}).status_code == 404
    assert as_(CLERK).post(f"/containers/{case}/tags", data={}).status_code in (403, 404)
    client = as_(ABATTOIR)
    assert client.get(f"/containers/{case}/tags").status_code == 200
    for wrong in ({"copies": "0"}, {"copies": "11"}, {"layout": "a5"}, {"kind": "zpl", "layout": "a4-24"}):
        assert client.post(f"/containers/{case}/tags", data=wrong).status_code == 422
    with database.writing() as session:
        number = session.exec(select(Batch)).one().licence_id
        name = session.get_one(Licence, number).number
        label_stops.place(
            make.work(session, make.actor(session, CLERK)), scope="licence", name=name, reason_code="leaked"
        )
    stopped = client.post(f"/containers/{case}/tags?lang=en", data={})
    assert stopped.status_code in (403, 409, 422)
    assert name in stopped.text
    with database.reading() as session:
        assert session.exec(select(ContainerTag)).first() is None


def test_only_what_is_packed_and_branded_gets_a_signed_label(as_, database, case):
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        licence, batch.licence_id = batch.licence_id, None
    refused = as_(ABATTOIR).post(f"/containers/{case}/tags?lang=en", data={})
    assert refused.status_code in (403, 422)
    assert "20260912A carries no licence" in refused.text
    with database.writing() as session:
        session.exec(select(Batch)).one().licence_id = licence
        mine = make.work(session, make.actor(session, ABATTOIR))
        containers.unpack(mine, "abattoir", case, version=1)
    assert as_(ABATTOIR).post(f"/containers/{case}/tags", data={}).status_code == 409
    assert "nothing to label" in as_(ABATTOIR).get(f"/containers/{case}/tags?lang=en").text


def test_over_the_api_and_at_the_keyboard_a_pallet_too(client, database, case, monkeypatch, tmp_path: Path):
    with database.writing() as session:
        mine = Work(session, make.actor(session, ABATTOIR), make.MONDAY, "test")
        pallet = containers.pack(mine, "abattoir", ContainerKind.PALLET, Filling(cases=[case])).code
        token = accounts.issue_token(mine, label="t", scopes=["flows.record"], days=9)[1]
    headers = {"Authorization": f"Bearer {token}"}
    body = {"copies": 4, "kind": "tspl", "layout": "roll-40x30", "dpi": 203}
    made = client.post(f"/api/v1/containers/{pallet}/tags", json=body, headers=headers)
    assert (made.status_code, made.data.count(b"PRINT 1,1")) == (200, 4)
    assert client.post("/api/v1/containers/NOSUCH/tags", json=body, headers=headers).status_code == 404
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    out = tmp_path / "pallet.pdf"
    done = CliRunner().invoke(main, ["label", "case", pallet, "--by", "abattoir", "--out", str(out)])
    # The key of the quarter lies with the service of this test; the command finds the code signed already.
    assert done.exit_code == 0, done.output
    assert read(out.read_bytes())[0].startswith(f"http://127.0.0.1:8000/c/{pallet}?s=")
    assert CliRunner().invoke(main, ["label", "case", "XXXX", "--by", "abattoir", "--out", str(out)]).exit_code == 1
