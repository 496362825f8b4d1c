"""A database that may only be read refuses every change by name, by page, API and command; the public reads on."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ADMIN, CLERK
from trace.cli.main import main
from trace.parts import parts
from trace.rules.standing import Standing
from trace.services import durable


def signed_for_more(folder: Path) -> None:
    """The signer in this folder of keys has signed for entries that no database has."""
    durable.write(folder / "state/head.json", b'{"size": 9000, "root": "00"}', mode=0o600)
    folder.chmod(0o700)


def look(app: Flask) -> None:
    with app.app_context():
        signed_for_more(parts().signer.keeper.folder)
        found = parts().guard.look()
    assert found is not None
    assert found.standing is Standing.BEHIND


def test_pages_refuse_changes_and_go_on_reading(app: Flask, as_, client: FlaskClient) -> None:
    admin = as_(ADMIN)
    look(app)
    for reader, path in ((client, "/"), (client, "/register"), (client, "/.well-known/jwks.json"), (admin, "/desk")):
        assert reader.get(path).status_code == 200, path
    answer = admin.post("/keys/turn", data={"role": "receipt"})
    assert answer.status_code == 503
    assert "签名程序已签的日志条目多于本数据库" in answer.text


def test_the_api_refuses_by_the_same_name(app: Flask, database: Database, client: FlaskClient) -> None:
    with time_machine.travel(make.MONDAY, tick=True):
        with database.writing() as session:
            work = Work(session, make.actor(session, CLERK), make.MONDAY, "test")
            token = accounts.issue_token(work, label="t", scopes=["batches.read", "holds.place"], days=9)[1]
        bearer = {"Authorization": f"Bearer {token}"}
        look(app)
        assert client.get("/api/v1/holds", headers=bearer).status_code == 200
        body = {"scope": "batch", "key": "x", "reason_code": "papers"}
        answer = client.post("/api/v1/holds", json=body, headers=bearer)
    assert (answer.status_code, answer.json["code"]) == (503, "service.behind")


def test_commands_refuse_by_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BRANDTRACE_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("BRANDTRACE_LANGUAGE", "en")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
    add = ["user", "add", "zhang", "--name", "Zhang", "--role", "auditor"]
    signed_for_more(tmp_path / "keys")
    refused = CliRunner().invoke(main, add)
    assert refused.exit_code == 1
    assert "restored from an older backup" in refused.output
    assert CliRunner().invoke(main, ["log", "status"]).exit_code == 0, "reading goes on"
    (tmp_path / "keys/state/head.json").unlink()
    assert CliRunner().invoke(main, add).exit_code == 0


def test_backup_and_restore_at_the_keyboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One installation writes a file, an empty one with the same keys takes it; a byte more or less is refused."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path / "a"))
    monkeypatch.setenv("BRANDTRACE_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("BRANDTRACE_LANGUAGE", "en")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    run = CliRunner().invoke
    for command in (["db", "upgrade"], ["log", "advance"], ["backup", "one.backup"]):
        answer = run(main, command)
        assert answer.exit_code == 0, answer.output
    assert run(main, ["backup", "one.backup"]).exit_code == 1
    assert run(main, ["restore", "one.backup"]).exit_code == 1, "there is something already"
    (tmp_path / "b/secrets").mkdir(parents=True)
    secret = (tmp_path / "a/secrets/key-passphrase").read_text()
    (tmp_path / "b/secrets/key-passphrase").write_text(secret)
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path / "b"))
    assert run(main, ["restore", "--check", "one.backup"]).output.startswith("whole")
    assert not (tmp_path / "b/brandtrace.db").exists()
    answer = run(main, ["restore", "one.backup"])
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "restored; the service is live"), answer.output
    data = (tmp_path / "one.backup").read_bytes()
    (tmp_path / "cut.backup").write_bytes(data[: len(data) // 2])
    cut = run(main, ["restore", "--check", "cut.backup"])
    assert cut.exit_code == 1
    assert "cut off" in cut.output
