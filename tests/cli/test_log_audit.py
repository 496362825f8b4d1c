"""``brandtrace audit log`` at the keyboard: silence and status 0, or one line per finding and status 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from brand.kernel.db import Database
from tests import make
from trace.cli.audit import audit


def run(monkeypatch: pytest.MonkeyPatch, database: Database, folder: Path, status: int) -> list[dict[str, object]]:
    monkeypatch.setenv("DATABASE_URL", str(database.engine.url))
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(folder))
    monkeypatch.setenv("BRANDTRACE_LANGUAGE", "en")
    result = CliRunner().invoke(audit, ["log"])
    assert result.exit_code == status, result.output
    return [json.loads(one) for one in result.stdout.splitlines()]


def test_it_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path) -> None:
    assert run(monkeypatch, database, tmp_path, 0) == []
    with database.writing() as session:
        entry = make.public_act(session, "licences.grant", "L1", number="L2026-0001")
    with database.writing() as session:
        session.connection().exec_driver_sql(f"DELETE FROM log_pending WHERE leaf_id = '{entry}'")
    (found,) = run(monkeypatch, database, tmp_path, 1)
    assert found["code"] == "log_audit.leaf_hidden"
    assert found["entry"] is None
    assert found["subject"] == "licence:L1"
    assert "neither stands in the log nor waits" in str(found["text"])
