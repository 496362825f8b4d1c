"""The log over the door: checkpoint, tiles and proofs for anybody, with the headers the specification asks for."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from tests import make
from trace.crypto import merkle, notes, tlog_proofs
from trace.crypto.notes import verifier
from trace.models.labels import Label
from trace.models.log import LogEntry


@pytest.fixture
def size(app: Flask, database: Database) -> int:
    """A log with a label order and enough acts for a whole tile, signed and published."""
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(app.extensions["brandtrace.parts"].log.folder), packs=4)
        for number in range(300):
            make.public_act(session, "licences.grant", f"L{number}")
    found: int = app.extensions["brandtrace.parts"].log.run_once()
    return found


def test_the_checkpoint_is_signed_by_the_published_key(client: FlaskClient, size: int) -> None:
    answer = client.get("/log/checkpoint")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=2"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    (vkey,) = client.get("/log/vkeys").text.splitlines()
    notes.verified(notes.parse(answer.text), [verifier(vkey)])
    assert answer.text.split("\n")[1] == str(size)
    assert "Set-Cookie" not in answer.headers


def test_tiles_and_bundles(client: FlaskClient, size: int) -> None:
    for path, length in (
        ("tile/0/000", 8192),
        (f"tile/0/001.p/{size - 256}", (size - 256) * 32),
        ("tile/1/000.p/1", 32),
        ("tile/entries/000", None),
    ):
        answer = client.get(f"/log/{path}")
        assert (answer.status_code, answer.content_type) == (200, "application/octet-stream"), path
        assert "immutable" in answer.headers["Cache-Control"]
        assert length is None or len(answer.data) == length


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/002", "tile/0/001", "tile/0/001.p/255", "tile/9/000", "tile/0/0", "tile/0/x000/000", "../keys",
        "tile/entries/999", "%2e%2e/brandtrace.db", "tile/0/000/", "checkpoint/", "tile/0/000.p/0", "nothing",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: FlaskClient, size: int, path: str) -> None:
    answer = client.get(f"/log/{path}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]


def test_before_anything_is_signed(client: FlaskClient) -> None:
    assert client.get("/log/vkeys").text == ""
    assert client.get("/api/v1/log/entries/0/proof").status_code == 404
    assert client.get("/api/v1/log/consistency?old=1&new=1").json["code"] == "log.not_yet"


def test_the_proof_of_a_pack(client: FlaskClient, database: Database, size: int) -> None:
    with database.reading() as session:
        label = session.exec(select(Label).where(Label.position == 4)).one()
    answer = client.get(f"/api/v1/codes/{label.serial}/proof")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.tlog-proof"')
    (vkey,) = client.get("/log/vkeys").text.splitlines()
    found = tlog_proofs.verify(tlog_proofs.parse(answer.text), verifier(vkey))
    assert (found.checkpoint.size, found.statement["facts"]["packs"]) == (size, 4)
    assert client.get("/api/v1/codes/0000000000000000/proof").status_code == 404


def test_the_proof_of_an_entry_and_between_sizes(client: FlaskClient, database: Database, size: int) -> None:
    (vkey,) = client.get("/log/vkeys").text.splitlines()
    for place in (0, 255, 256, size - 1):
        text = client.get(f"/api/v1/log/entries/{place}/proof").text
        assert tlog_proofs.verify(tlog_proofs.parse(text), verifier(vkey)).statement["seq"] == place
    assert client.get(f"/api/v1/log/entries/{size}/proof").status_code == 404
    with database.reading() as session:
        hashes = [bytes.fromhex(one) for one in session.exec(select(LogEntry.hash).order_by(LogEntry.place))]
    answer: dict[str, Any] = client.get(f"/api/v1/log/consistency?old=7&new={size}").json
    proof = [base64.b64decode(one) for one in answer["proof"]]
    merkle.check_consistency(7, size, merkle.root(hashes[:7]), base64.b64decode(answer["root2"]), proof)
    assert client.get(f"/api/v1/log/consistency?old=0&new={size}").status_code == 422
    assert client.get(f"/api/v1/log/consistency?old={size}&new=7").json["code"] == "merkle.old_size"
    assert client.get(f"/api/v1/log/consistency?old=1&new={size + 1}").json["code"] == "log.not_yet"
