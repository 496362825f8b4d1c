"""The running log names what went wrong and never what somebody typed; the database file is its owner's alone."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from brand.edge.problems import _integrity_error, _unexpected
from brand.kernel.db import Database

CANARY = "13877776666"


def _refused(database: Database, statement: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught, database.writing() as session:
        session.connection().execute(text(statement), {"phone": CANARY})
    return caught.value


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("UPDATE accounts SET phone = :phone WHERE id = 'rival'", _integrity_error),
        ("UPDATE no_such_table SET phone = :phone", _unexpected),
    ],
    ids=["a constraint", "anything else"],
)
def test_a_telephone_stays_out_of_the_log(
    app: Flask, database: Database, statement: str, answer: Callable[[Any], object]
) -> None:
    with database.writing() as session:
        held = text("UPDATE accounts SET phone = :phone WHERE id = 'producer'")
        session.connection().execute(held, {"phone": CANARY})
    error = _refused(database, statement)
    with app.test_request_context("/"), capture_logs() as lines:
        answer(error)
    assert lines
    assert all(CANARY not in str(format_exc_info(None, "error", dict(line))) for line in lines)


def test_the_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "brandtrace.db"
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        session.connection().execute(text("CREATE TABLE one (a)"))
    database.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
