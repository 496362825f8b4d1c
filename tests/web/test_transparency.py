"""The history in plain words, and the office's page about it: true figures, honest words, nobody named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from tests import make
from tests.crypto.key_ring import derive_test_key
from tests.people import ADMIN, PRODUCER
from trace.crypto import log_policies, notes
from trace.crypto.notes import COSIGNATURE, Verifier
from trace.queries.log_status import MONITORED
from trace.services import backups
from trace.services.sequencer import Sequencer
from trace.services.wire import Reply
from trace.services.witness import Witness
from trace.services.witnesses import Cosigners

KEYS = {"union": derive_test_key("honest 15"), "bureau": derive_test_key("honest 16")}
WATCHING = {name: Verifier(f"{name}.test.invalid", COSIGNATURE, key.public) for name, key in KEYS.items()}


@pytest.fixture
def log(app: Flask, database: Database) -> Sequencer:
    with database.writing() as session:
        make.public_act(session, "licences.grant", "L1", number="L2026-0001")
    found: Sequencer = app.extensions["brandtrace.parts"].log
    found.run_once()
    return found


@pytest.fixture
def watched(log: Sequencer, client: FlaskClient, database: Database, tmp_path: Path) -> Sequencer:
    """One witness of two answers, two are needed."""
    store = Database(f"sqlite:///{tmp_path / 'w.db'}")
    one = Witness(store, "union.test.invalid", KEYS["union"], lambda: make.MONDAY)
    one.trust(client.get("/log/vkeys").text.strip())

    def ask(url: str, body: bytes) -> Reply:
        if "bureau" in url:
            raise AppError(Kind.UNAVAILABLE, "wire.unreachable", reason="ConnectionRefusedError")
        answer = one.add_checkpoint(body)
        return Reply(answer.status, answer.kind, answer.body)

    lines = [f"witness {name} {one.text} https://{name}.test.invalid/w" for name, one in WATCHING.items()]
    policy = log_policies.parse("\n".join([*lines, "group g all union bureau", "quorum g"]))
    log.cosigners = Cosigners(database, policy, lambda: make.MONDAY, ask=ask, patience=timedelta(0))
    assert log.cosigners.vouching(0) == ()
    assert log.ask_witnesses()
    assert log.cosigners.vouching(0) == ("union",)
    assert log.cosigners.vouching(99) == ()
    store.close()
    return log


def test_everybody_reads_the_signed_checkpoint_and_how_to_check_it(client: FlaskClient, log: Sequencer) -> None:
    page = client.get("/transparency?lang=en").text
    note = client.get("/log/checkpoint").text
    for line in note.rstrip("\n").split("\n"):
        assert line in page
    root = notes.decode64(note.split("\n")[2])
    assert root is not None
    assert root.hex() in page
    vkey = client.get("/log/vkeys").text.strip()
    assert f"brandtrace monitor copy --vkey &#39;{vkey}&#39;" in page or vkey in page
    assert "No body outside the office checks this list yet" in page
    assert "not a copy" in page
    assert "改动藏不住的历史" in client.get("/transparency?lang=zh").text
    assert 'href="/transparency"' in client.get("/about").text


def test_an_empty_log_says_so(client: FlaskClient) -> None:
    assert "Nothing is signed yet." in client.get("/transparency?lang=en").text


def test_fewer_witnesses_than_agreed_are_told_to_everybody(client: FlaskClient, watched: Sequencer) -> None:
    page = client.get("/transparency?lang=en").text
    assert "1 of 2" in page
    assert "Fewer bodies than the 2" in page
    assert "union.test.invalid" in page, "its line stands under the checkpoint"


def test_how_old_the_last_backup_is_everybody_sees_and_nothing_else_of_it(
    as_: Callable[..., FlaskClient], client: FlaskClient, log: Sequencer, database: Database
) -> None:
    assert "no backup yet" in client.get("/transparency?lang=en").text
    with time_machine.travel(make.MONDAY + timedelta(days=3)):
        with database.writing() as session:
            backups.noted(make.work(session), "usb-17.backup", {"log_size": 9}, sealed=True)
        page = client.get("/transparency?lang=en").text
        assert "3 days" in page
        assert "usb-17" not in page
        assert "3 days" in as_(ADMIN).get("/transparency/desk?lang=en").text


def test_the_office_sees_who_does_not_answer(
    as_: Callable[..., FlaskClient], client: FlaskClient, watched: Sequencer, database: Database
) -> None:
    page = as_(ADMIN).get("/transparency/desk?lang=en").text
    assert "1 of 2, 2 needed" in page
    assert "There was no answer (ConnectionRefusedError)" in page
    assert "No monitor has left a result here" in page
    told = '{"at": "2026-09-14T01:00:00+00:00", "size": 9, "wrong": 2, "first": 5, "source": "x"}'
    (watched.folder.parent / MONITORED).write_text(told)
    assert "2 findings, the first at entry 5" in as_(ADMIN).get("/transparency/desk?lang=en").text
    (watched.folder.parent / MONITORED).write_text("[")
    assert "No monitor has left a result here" in as_(ADMIN).get("/transparency/desk?lang=en").text
    with database.writing() as session:
        make.public_act(session, "licences.grant", "L2", number="L2026-0002")
    assert "The log stands still" in as_(ADMIN).get("/transparency/desk?lang=en").text
    assert as_(PRODUCER).get("/transparency/desk").status_code in (403, 404)
    assert client.get("/transparency/desk").status_code in (302, 303)
