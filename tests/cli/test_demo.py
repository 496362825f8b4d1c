"""``brandtrace demo``: thrown away as a whole, so that the next can be written; a link for a telephone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from tests import make
from trace.cli.demo import SHEET, _throw_away, inspectors_offer
from trace.cli.main import main
from trace.crypto.sealed_keys import Role
from trace.models.field_devices import FieldDevice
from trace.services.field_devices import digest
from trace.services.key_files import KeyFiles


def test_a_demo_goes_with_its_keys_and_what_its_signer_remembers_and_leaves_those_of_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var", keys_dir=tmp_path / "keys")
    sheet, now = settings.data_dir / SHEET, clock.now().replace(microsecond=0)
    for role, kid, secret in (
        (Role.LOG, "l1", settings.secret("key-passphrase")),
        (Role.LABEL, "ab", settings.secret("key-passphrase")),
        (Role.LABEL, "cd", "of another service"),
    ):
        KeyFiles(settings.keys_dir, secret).create(role, kid, now, now + timedelta(days=1), now)
    (settings.keys_dir / "state").mkdir(exist_ok=True)
    (settings.keys_dir / "state" / "head.json").write_text("{}", encoding="utf-8")
    sheet.write_text("示范", encoding="utf-8")
    _throw_away(settings, sheet)
    assert not settings.data_dir.exists()
    assert [one.name for one in settings.keys_dir.iterdir()] == ["label-cd.key"]


def test_a_link_makes_a_browser_the_inspectors_telephone(database: Database) -> None:
    with database.writing() as session:
        token = inspectors_offer(session, make.MONDAY)
    with database.reading() as session:
        assert session.exec(select(FieldDevice.offer_digest)).one() == digest(token)


def test_there_is_no_link_where_there_is_no_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRANDTRACE_DATA_DIR", str(tmp_path))
    told = CliRunner().invoke(main, ["demo", "--telephone"])
    assert told.exit_code == 1
    assert "make demo" in told.output
