"""Nothing that was acknowledged is lost when processes are killed or the power fails, and the log stays one log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Templates, tier

ROOT = Path(__file__).resolve().parents[2]


def played(kind: str, template: Path, folder: Path, rounds: int, way: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.stage", kind, str(template), str(folder), str(rounds), way]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=tier(240, 7200), check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def template(sqlite: Templates) -> Path:
    """A ready database to start each play from."""
    return Path(sqlite.ready)


@pytest.fixture
def folder(scratch: Path, request: pytest.FixtureRequest) -> Path:
    made = scratch / request.node.name.replace("[", "-").replace("]", "")
    made.mkdir()
    return made


def test_kills_lose_nothing(template: Path, folder: Path) -> None:
    found = played("kill", template, folder, tier(40, 500), "sound")
    assert (found["lost"], found["wrong"]) == (0, [])
    assert found["acknowledged"] >= found["rounds"]


def test_acknowledged_before_the_commit_kills_lose(template: Path, folder: Path) -> None:
    """The planted bug: a harness that cannot go red counts for nothing."""
    assert played("kill", template, folder, tier(12, 40), "early")["lost"] > 0


def test_power_cuts_lose_nothing(template: Path, folder: Path) -> None:
    found = played("power", template, folder, tier(16, 200), "sound")
    assert (found["lost"], found["wrong"]) == (0, [])
    assert found["syncs"] > found["rounds"]


def test_with_normal_syncing_power_cuts_lose(template: Path, folder: Path) -> None:
    """The control: SQLite's default for WAL loses what it acknowledged."""
    found = played("power", template, folder, tier(4, 16), "normal")
    assert found["lost"] > 0
