"""The front door once installed: makes our ``trace`` package win over the standard library's module of that name."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def claim_trace() -> None:
    """Load the ``trace`` package that lies beside ``brand`` unless a package of that name is there already."""
    if hasattr(sys.modules.get("trace"), "__path__"):
        return
    folder = Path(__file__).resolve().parents[1] / "trace"
    spec = importlib.util.spec_from_file_location(
        "trace", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["trace"] = module
    spec.loader.exec_module(module)


def create_app() -> Flask:
    """The WSGI factory: ``brand.start:create_app()``."""
    claim_trace()
    from trace.app import create_app as build

    return build()


def create_service() -> Flask:
    """The same for a server that calls it in the process that serves: log and left work go on without a request."""
    claim_trace()
    from trace.app import create_service as build

    return build()


def main() -> None:
    """The console script ``brandtrace``."""
    claim_trace()
    from trace.cli.main import main as run

    run()
