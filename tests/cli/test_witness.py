"""A witness of one's own at the keyboard: key, logs, state, and nothing others may read."""

from __future__ import annotations

import stat
from pathlib import Path

from click.testing import CliRunner

from tests.crypto.key_ring import derive_test_key
from tests.services.test_witness import HONEST, ORIGIN, VKEY
from trace.cli.witness import opened, witness
from trace.crypto import notes
from trace.crypto.notes import COSIGNATURE, Verifier


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(witness, arguments)
    assert result.exit_code == status, result.output
    return result.output


def test_from_nothing_to_a_cosignature(tmp_path: Path) -> None:
    folder = str(tmp_path / "w")
    assert "no witness here" in run("trust", folder, VKEY, status=1)
    vkey = notes.verifier(run("begin", folder, "--name", "witness.test.invalid/w1").strip())
    assert (vkey.name, vkey.kind) == ("witness.test.invalid/w1", COSIGNATURE)
    assert "a witness already" in run("begin", folder, "--name", "another", status=1)
    assert run("trust", folder, VKEY).strip() == ORIGIN
    run("trust", folder, Verifier("x", COSIGNATURE, derive_test_key("honest 8").public).text, status=1)
    assert opened(tmp_path / "w").add_checkpoint(HONEST.ask(0, 5)).status == 200
    assert run("status", folder).splitlines() == [vkey.text, f"{ORIGIN} 5"]
    for path in (tmp_path / "w").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
