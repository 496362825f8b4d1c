"""What the log tells of a batch, and receipts that anybody can check with files of trust and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.leaves import Leaf
from tests.people import LABORATORY, PRODUCER, RIVAL
from trace.cli.main import main
from trace.models.batches import Batch
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
