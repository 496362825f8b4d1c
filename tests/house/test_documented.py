"""What the README promises to list, it lists: every setting, every command, every make target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from brand.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def _commands(group: click.Command, path: str) -> Iterator[str]:
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from _commands(command, f"{path} {name}")
    else:
        yield path


def test_every_setting_is_documented() -> None:
    names = ["DATABASE_URL", *(f"BRANDTRACE_{one.upper()}" for one in Settings.model_fields if one != "database_url")]
    assert [one for one in names if f"`{one}`" not in README] == []
    assert all(one.description for one in Settings.model_fields.values())


def test_every_command_is_documented() -> None:
    from trace.cli.main import main

    assert [one for one in _commands(main, "brandtrace") if f"`{one}" not in README] == []


def test_every_target_is_documented() -> None:
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [one for one in targets if f"make {one}" not in README] == []


def test_nothing_names_a_workplace() -> None:
    """No absolute home path and no package index host in what is shipped."""
    pattern = re.compile(r"/(home|root)/\w|https?://[^\s\"']*(pypi|npmjs)")
    files = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "Makefile", ROOT / "requirements.lock", ROOT / ".ci/run"]
    assert [str(one) for one in [*files, *ROOT.glob("docs/**/*.md")] if pattern.search(one.read_text())] == []
