"""What the log tells of a batch, and receipts that anybody can check with files of trust and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlmodel import select

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
