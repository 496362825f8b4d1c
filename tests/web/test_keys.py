"""The office's page of keys and backup, and the files of trust as the world fetches them."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlmodel import select

from tests import make
from tests.people import ADMIN, AUDITOR, CLERK
from trace.crypto import notes, trust
from trace.crypto.trust import BUNDLE, REVOCATIONS
from trace.models.labels import SigningKey
from trace.models.log import LogKey
from trace.parts import parts, trust_keeper
from trace.rules.standing import Standing
from trace.services.standing import Look


@pytest.fixture
def published(app, database, settings):
    """A log, its keys and the files of trust."""
    with database.writing() as session, app.app_context():
        make.an_order(make.work(session), parts().signer, packs=2)
    with app.app_context():
        parts().log.run_once()
        return trust_keeper(settings, parts().signer.keeper, database)


pytestmark = pytest.mark.packed


def test_the_files_of_trust_are_signed_and_for_everybody(client, published):
    for path in ("/trust/bundle", "/trust/revocations"):
        early = client.get(path)
        assert (early.status_code, early.text) == (503, "trust.not_published_yet\n")
        assert int(early.headers["Retry-After"]) > 0
        assert "no-store" in early.headers["Cache-Control"]
    assert client.get(f"/trust/withdrawn/{'0' * 64}").status_code == 404
    published.run_once()
    held = [notes.verifier(one) for one in client.get("/trust/vkeys").text.split()]
    answer = client.get("/trust/bundle")
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Cache-Control"][:6]) == ("*", "public")
    bundle = trust.read(answer.text, BUNDLE, held)
    assert {one["role"] for one in bundle.body["keys"]} == {"label", "log", "receipt", "trust"}
    revoked = trust.read(client.get("/trust/revocations").text, REVOCATIONS, held)
    digest = revoked.body["withdrawn"]["sha256"]
    data = client.get(f"/trust/withdrawn/{digest}")
    assert hashlib.sha256(data.data).hexdigest() == digest
    assert "immutable" in data.headers["Cache-Control"]
    assert not re.search(r"1[3-9]\d{9}|示范", answer.text), "no person and no name"


def test_keys_are_shown_turned_and_ended(as_, published, database):
    published.run_once()
    admin = as_(ADMIN)
    page = admin.get("/keys?lang=en").text
    assert "no backup yet" in page
    assert "as it was signed for" in page
    with database.reading() as session:
        label = session.exec(select(SigningKey.kid)).one()
        receipt = session.exec(select(LogKey.kid).where(LogKey.role == "receipt")).one()
    assert label in page
    assert admin.post("/keys/turn", data={"role": "receipt"}).status_code == 303
    assert admin.post("/keys/turn", data={"role": "label"}).status_code == 422
    assert admin.post("/keys/turn", data={"role": "root"}).status_code == 422
    assert "retired" in admin.get("/keys?lang=en").text
    assert admin.get(f"/keys/label/{label}").status_code == 200
    assert admin.get(f"/keys/log/{label}").status_code == 404
    assert admin.post(f"/keys/receipt/{receipt}", data={"reason": "other"}).status_code == 409, "retired already"
    wrong = admin.post(f"/keys/label/{label}/distrust", data={"reason": "stolen", "from_index": "999999"})
    assert wrong.status_code == 422
    assert admin.post(f"/keys/label/{label}/distrust", data={"reason": "whim"}).status_code == 422
    assert admin.post(f"/keys/label/{label}/distrust", data={"reason": "stolen"}).status_code == 303
    assert "distrusted · from entry" in admin.get("/keys?lang=en").text


def test_who_reads_and_who_acts(as_, published, database):
    with database.reading() as session:
        label = session.exec(select(SigningKey.kid)).one()
    auditor, clerk = as_(AUDITOR), as_(CLERK)
    assert auditor.get("/keys").status_code == 200
    assert clerk.get("/keys").status_code == 404
    for client in (auditor, clerk):
        assert client.post(f"/keys/label/{label}/distrust", data={"reason": "stolen"}).status_code == 404
    with database.reading() as session:
        assert session.get_one(SigningKey, label).state == "active"


def test_what_witnesses_said_at_the_start_is_shown(app, as_):
    said = {"union": "", "bureau": "wire.unreachable", "city": "witnesses.ahead"}
    app.extensions["brandtrace.parts"].guard.last = Look(Standing.LIVE, 3, None, said=said)
    page = as_(ADMIN).get("/keys?lang=en").text
    for name, words in (("union", "cosigns"), ("bureau", "does not cosign"), ("city", "alarm")):
        assert words in page.partition(f"Witness {name} at that start")[2].partition("</dd>")[0]
