"""Finds the folders that travel with the program: beside it in a checkout, inside ``trace/`` in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """The folder ``templates``, ``static`` or ``translations``; raises FileNotFoundError when the install is broken."""
    for candidate in (_ROOT / name, _ROOT / "trace" / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation lacks its folder {name!r}")
