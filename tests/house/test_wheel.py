"""The wheel: built, installed into a fresh environment, run from ``/``; it has pages and static files, and no keys."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_ASK = """
import sys
from brand.start import create_app
client = create_app().test_client()
for address in ("/about", "/static/css/parts.css", "/healthz"):
    answer = client.get(address)
    print(address, answer.status_code, len(answer.data) > 10)
import trace
print(trace.__path__ != [], "templates" in str(client.application.template_folder))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_what_runs_and_no_secret(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("trace/templates/base.html", "trace/static/css/parts.css", "trace/translations/zh/edge.po"):
        assert wanted in names
    assert [one for one in names if "private" in one or one.endswith((".key", ".db", ".env")) or "secrets" in one] == []


def test_the_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    purelib = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "env")}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(purelib)
    # Dependencies come from the environment of this test run; its editable install does not come along.
    (purelib / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    environment = {**os.environ, "BRANDTRACE_DATA_DIR": str(tmp_path / "var"), "PYTHONPATH": ""}
    asked = subprocess.run(
        [str(python), "-W", "error", "-c", _ASK], cwd="/", env=environment, capture_output=True, text=True, timeout=60
    )
    assert asked.returncode == 0, asked.stderr[-2000:]
    assert asked.stdout.splitlines() == [
        "/about 200 True",
        "/static/css/parts.css 200 True",
        "/healthz 200 True",
        "True True",
    ]
