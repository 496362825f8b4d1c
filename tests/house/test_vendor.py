"""Vendored assets are exactly what the manifest says, and no page or sheet of ours asks another host for anything."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
OURS = sorted(
    [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("css/*.css"), *(ROOT / "static").glob("js/*.js")]
)
ELSEWHERE = re.compile(
    r"""(?:\b(?:src|srcset|action|poster|data|formaction)\s*=\s*["']?\s*|<link[^>]*\bhref\s*=\s*["']?\s*"""
    r"""|url\(\s*["']?\s*|@import\s+["']?|\b(?:fetch|import)\(\s*["'])(?:https?:)?//""",
    re.IGNORECASE,
)


def foreign_references(text: str) -> list[str]:
    return [found.group(0) for found in ELSEWHERE.finditer(text)]


def manifest() -> dict[str, dict[str, object]]:
    return json.loads((VENDOR / "manifest.json").read_text("utf-8"))


def test_every_vendored_file_is_listed_with_its_digest() -> None:
    listed = {
        f"{folder}/{name}": digest for folder, entry in manifest().items() for name, digest in entry["files"].items()
    }
    present = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert present == listed


def test_every_package_travels_with_its_licence_and_version() -> None:
    for folder, entry in manifest().items():
        assert folder.endswith(f"@{entry['version']}")
        assert any("LICENSE" in name for name in entry["files"])
        assert entry["licence"]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_asset_comes_from_another_host(path: Path) -> None:
    assert foreign_references(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<link rel=stylesheet href=//cdn.example/x.css>",
        "body{background:url('http://cdn.example/x.png')}",
        '@import "https://cdn.example/x.css";',
        "fetch('https://api.example/')",
    ],
)
def test_a_planted_foreign_asset_is_found(planted: str) -> None:
    assert foreign_references(planted)
