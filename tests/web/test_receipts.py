"""What the log tells of a batch, and receipts that anybody can check with files of trust and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlmodel import select

from brand.edge.requests import CAPTURES, MOST_CAPTURES
from brand.kernel.db import Database
from brand.kernel.leaves import Leaf
from brand.services import accounts
from tests import make, make_herds
from tests.people import ABATTOIR, LABORATORY, PRODUCER, RIVAL, RIVAL_ABATTOIR, PersonOfTheCast
from trace.cli.main import main
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.models.log import LogEntry
from trace.parts import parts, trust_keeper
from trace.queries import trust as reads

pytestmark = pytest.mark.packed


@pytest.fixture
def batch(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Batch.id)).one()


def advance(app: Flask, database: Database, settings) -> None:
    with app.app_context():
        parts().log.run_once()
        trust_keeper(settings, parts().signer.keeper, database).run_once()


def test_an_act_waits_then_has_a_place_and_a_receipt(app, as_, database, settings, batch, tmp_path: Path) -> None:
    producer = as_(PRODUCER)
    page = producer.get(f"/batches/{batch}/acts?lang=en")
    assert page.status_code == 200
    assert "waits for its place" in page.text
    (act, *_) = _acts(database, batch)
    waiting = producer.get(f"/batches/{batch}/acts/{act}/receipt")
    assert waiting.status_code == 409
    advance(app, database, settings)
    page = producer.get(f"/batches/{batch}/acts?lang=en")
    assert "waits for its place" not in page.text
    first, again = (producer.get(f"/batches/{batch}/acts/{act}/receipt") for _ in range(2))
    assert first.status_code == 200
    assert first.data == again.data, "the same words each time"
    with database.reading() as session:
        entry = session.exec(select(LogEntry).where(LogEntry.leaf_id == act)).one()
        bundle = reads.newest(session, "trust-bundle").note
    assert f'"index":{entry.place}' in first.text
    check(tmp_path, producer.get("/trust/vkeys").text.strip(), bundle, first.text)


def check(folder: Path, vkey: str, bundle: str, receipt: str) -> None:
    """At the keyboard of somebody who has three files; a changed figure convinces nobody."""
    (folder / "bundle").write_text(bundle)

    def verify(text: str):
        (folder / "receipt").write_text(text)
        asked = [str(folder / "receipt"), "--bundle", str(folder / "bundle"), "--trust", vkey, "--lang", "en"]
        return CliRunner().invoke(main, ["verify", *asked])

    good = verify(receipt)
    assert good.exit_code == 0, good.output
    assert "Receipt of the registry" in good.output
    for changed in (receipt.replace('"index":', '"index":1'), receipt.replace('"v":1', '"v":2')):
        assert verify(changed).exit_code == 1


def _acts(database: Database, batch: str) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Leaf.id).where(Leaf.subject == f"batch:{batch}")))


def test_strangers_learn_nothing_and_what_is_not_the_batchs_is_unknown(app, as_, database, settings, batch) -> None:
    advance(app, database, settings)
    (act, *_) = _acts(database, batch)
    for person in (RIVAL, LABORATORY):
        client = as_(person)
        missing = client.get(f"/batches/{'0' * 20}/acts/{act}/receipt").status_code
        assert client.get(f"/batches/{batch}/acts/{act}/receipt").status_code == missing == 404
    assert as_(PRODUCER).get(f"/batches/{batch}/acts/{'0' * 20}/receipt").status_code == 404


def token(database: Database, person: PersonOfTheCast) -> dict[str, str]:
    """The header of a call over the API in that person's name."""
    with database.writing() as session:
        held = make.work(session, make.actor(session, person))
        scopes = ["batches.read", "herds.read"] if person is PRODUCER else ["batches.read"]
        _, text = accounts.issue_token(held, label="test", scopes=scopes, days=1)
    return {"Authorization": f"Bearer {text}"}


def test_every_capture_has_its_receipt(app, as_, database, settings) -> None:
    """A herd opened, a case packed, a shipment sent: each by its page and by the API, and strangers get nothing."""
    with time_machine.travel(make.MONDAY, tick=True):
        with database.writing() as session:
            herd = make_herds.a_herd(make.work(session, make.actor(session, PRODUCER))).id
            line = make.a_pack_line(make.work(session)).id
        keeper, abattoir, stranger = (as_(one) for one in (PRODUCER, ABATTOIR, RIVAL_ABATTOIR))
        tokens = {
            keeper: token(database, PRODUCER),
            abattoir: token(database, ABATTOIR),
            stranger: token(database, RIVAL_ABATTOIR),
        }
        assert abattoir.post("/containers/new-case", data={f"packs-{line}": "10"}).status_code == 303
        with database.reading() as session:
            code = session.exec(select(Container.code)).one()
        sent = {"from_id": "abattoir", "boxes": code, "to_id": "rival", "planned_on": "2026-09-15"}
        assert abattoir.post("/shipments/new", data=sent).status_code == 303
        advance(app, database, settings)
        for client, room, key in (
            (keeper, "herds", herd),
            (abattoir, "containers", code),
            (abattoir, "shipments", "W2026-0001"),
        ):
            assert f'href="/{room}/{key}/acts"' in client.get(f"/{room}/{key}").text
            assert client.get(f"/{room}/{key}/acts").status_code == 200
            (act, *_) = client.get(f"/api/v1/{room}/{key}/acts", headers=tokens[client]).json["rows"]
            assert act["statement"] == "event"
            mine = client.get(f"/{room}/{key}/acts/{act['act']}/receipt")
            assert f'"index":{act["place"]}' in mine.text
            again = client.get(f"/api/v1/{room}/{key}/acts/{act['act']}/receipt", headers=tokens[client])
            assert again.text == mine.text
            for path in (f"/{room}/{key}/acts", f"/{room}/{key}/acts/{act['act']}/receipt"):
                assert stranger.get(path).status_code in (403, 404), path
                assert client.get(f"/api/v1{path}", headers=tokens[stranger]).status_code in (403, 404), path
            assert client.get(f"/{room}/{key}/acts/{'0' * 20}/receipt").status_code == 404


def test_what_one_did_oneself_is_kept_as_a_file_or_by_the_telephone(app, as_, database, settings, tmp_path) -> None:
    """The page, one receipt, all since a day as JSON lines, the call a telephone asks about; others get nothing."""
    with time_machine.travel(make.MONDAY, tick=True):
        with database.writing() as session:
            line = make.a_pack_line(make.work(session)).id
        abattoir, stranger = as_(ABATTOIR), as_(RIVAL_ABATTOIR)
        assert abattoir.post("/containers/new-case", data={f"packs-{line}": "10"}).status_code == 303
        (call,) = re.search(r'data-captures="([^"]*)"', abattoir.get("/desk").text)[1].split(" ")
        named, at = call.split(".")
        asked = f"/receipts/captures/{named}/{at}"
        assert abattoir.get(asked).json == {"waiting": 1, "rows": []}
        assert "act(s) still wait" in abattoir.get("/receipts?lang=en").text
        advance(app, database, settings)
        (row,) = abattoir.get(asked).json["rows"]
        assert (abattoir.get(asked).json["waiting"], row["type"]) == (0, "event")
        for one in (asked, f"/receipts/captures/{named}/{int(at) + 3600}"):
            client = stranger if one == asked else abattoir
            assert client.get(one).json == {"waiting": 0, "rows": []}
        page = abattoir.get("/receipts?lang=en").text
        assert f'href="/receipts/{row["act"]}"' in page
        assert re.search(r">\s*[0-9A-Z]{8} · [0-9.]+ kg\s*<", page), "the case and its weight"
        assert abattoir.get(f"/receipts/{row['act']}").text == row["receipt"]
        assert stranger.get(f"/receipts/{row['act']}").status_code == 404
        since = f"{make.MONDAY:%Y-%m-%d}"
        file = abattoir.get(f"/receipts/mine.jsonl?since={since}")
        assert json.loads(file.text.splitlines()[-1]) == row
        assert "filename=receipts-2026-" in file.headers["Content-Disposition"]
        assert stranger.get(f"/receipts/mine.jsonl?since={since}").text == ""
        assert abattoir.get("/receipts/mine.jsonl?since=2099-01-01").text == ""
        mine = abattoir.get(f"/api/v1/receipts?since={since}", headers=token(database, ABATTOIR)).json
        assert mine["rows"][-1] == row
        assert abattoir.get("/receipts/mine.jsonl?since=gestern").status_code == 422
        assert abattoir.get("/receipts/captures/x/99999999999999").status_code == 404


def test_signing_in_forgets_what_was_captured_by_whoever_sat_there_before(as_, database) -> None:
    with database.writing() as session:
        line = make.a_pack_line(make.work(session)).id
    client = as_(ABATTOIR)
    for _ in range(MOST_CAPTURES + 1):
        assert client.post("/containers/new-case", data={f"packs-{line}": "1"}).status_code == 303
    with client.session_transaction() as cookie:
        assert len(cookie[CAPTURES]) == MOST_CAPTURES
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        assert not cookie.get(CAPTURES)


@pytest.mark.bare
def test_the_page_that_keeps_them_is_whole_and_holds_nothing_of_the_registry(client) -> None:
    for lang, word in (("zh", "本机留存的回执"), ("en", "Receipts on this phone")):
        page = client.get(f"/receipts/kept/?lang={lang}")
        assert word in page.text
        assert "wasm" not in page.headers["Content-Security-Policy"]
    worker = client.get("/receipts/kept/worker.js").text
    kept = json.loads(re.search(r"const KEPT = (\[.*\]);", worker)[1])
    assert not any("wasm" in one or "camera" in one for one in kept)
    for one in kept:
        with client.get(one) as answer:
            assert answer.status_code == 200, one
    root = Path(__file__).parents[2] / "static" / "js" / "receipts"
    texts = "".join(one.read_text("utf-8") for one in root.glob("*.js"))
    said = set(re.findall(r"(?:say|refusal)\([^\"`]{0,40}\"([a-z_]+[.][a-z_.]+)\"", texts))
    assert len(said) > 20
    for code in ("zh", "en"):
        assert said - set(client.get(f"/receipts/kept/words/{code}.json").json) == set()
