"""``brandtrace doctor`` says what is wrong with an installation and leaves with a status a script can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from brand.kernel.db import Database
from trace import schema
from trace.cli.demo import SHEET
from trace.cli.main import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    CliRunner().invoke(main, ["db", "upgrade"])
    return tmp_path


def test_a_fresh_installation_is_well(folder: Path) -> None:
    answer = CliRunner().invoke(main, ["doctor"])
    assert answer.exit_code == 0, answer.output
    assert "database file: readable by the owner only" in answer.output


def test_a_database_that_others_can_read_is_a_finding(folder: Path) -> None:
    (folder / "brandtrace.db").chmod(0o644)
    answer = CliRunner().invoke(main, ["doctor"])
    assert answer.exit_code == 1
    assert "FAIL  database file: readable by others (chmod go-rwx): brandtrace.db" in answer.output


def test_nothing_is_served_on_the_tables_of_another_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    answer = CliRunner().invoke(main, ["serve", "--port", "1"])
    assert answer.exit_code == 1
    assert "brandtrace db upgrade" in answer.output


def test_a_demo_that_was_kept_is_brought_to_this_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'brandtrace.db'}")
    schema.upgrade(database, "0041")
    (tmp_path / SHEET).write_text("示范", encoding="utf-8")
    answer = CliRunner().invoke(main, ["demo", "--no-serve"])
    assert answer.exit_code == 0, answer.output
    current, head = schema.status(database)
    assert current == head
    database.close()
