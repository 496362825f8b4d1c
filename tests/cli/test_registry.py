"""``brandtrace scheme`` and ``brandtrace enterprise``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brand.kernel.db import Database
from brand.schemas import presets
from tests import make


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The command on the test's own database."""
    from trace.cli.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("BRANDTRACE_LANGUAGE", "en")

    def call(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return call


@pytest.mark.bare
def test_a_scheme_is_loaded_by_name_once(run) -> None:  # type: ignore[no-untyped-def]
    assert run("scheme", "list").output == "".join(f"-\t{one}\n" for one in presets.shipped())
    loaded = run("scheme", "load", "urad-1-3-10")
    assert loaded.exit_code == 0
    assert "urad-1-3-10\t1\t乌拉特中旗" in loaded.output
    again = run("scheme", "load", "urad-1-3-10")
    assert again.exit_code == 1
    assert "is loaded already" in again.output
    assert run("scheme", "list").output.startswith(loaded.output)
    assert "-\turad-1-3-10" not in run("scheme", "list").output


def test_a_scheme_is_loaded_from_a_file_and_faults_are_listed(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = (presets.FOLDER / "urad-1-3-10.json").read_text("utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text(text.replace('"packaging"', '"tattoo"', 1), "utf-8")
    answer = run("scheme", "load", str(broken))
    assert answer.exit_code == 1
    assert "/tiers/1/allowed_uses/0" in answer.output
    good = tmp_path / "good.json"
    good.write_text(text.replace('"urad-1-3-10"', '"urad-copy"', 1), "utf-8")
    assert "urad-copy" in run("scheme", "load", str(good)).output
    assert "no preset called" in run("scheme", "load", "nothing").output


def test_enterprises_are_listed_and_confirmed(run, database: Database) -> None:  # type: ignore[no-untyped-def]
    with database.writing() as session:
        one = make.a_joined_enterprise(make.work(session))
    line = f"{one.id}\tpending\tcooperative\t{one.credit_code}\t{one.name}\n"
    assert run("enterprise", "list", "--state", "pending").output == line
    assert run("enterprise", "list", "--search", "肉业").output.startswith("abattoir\tconfirmed\t")
    assert "13900000001" not in run("enterprise", "list").output
    assert run("enterprise", "confirm", one.id).output == f"{one.id}\tconfirmed\t{one.name}\n"
    again = run("enterprise", "confirm", one.id)
    assert again.exit_code == 1
    assert "Traceback" not in again.output
    assert run("enterprise", "confirm", "NOTHING").exit_code == 1
