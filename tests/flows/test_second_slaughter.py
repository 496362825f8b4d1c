"""A second slaughter of a tag is refused and heard by the inspector, through whatever door the sheet comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from sqlmodel import select

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR
from trace.cli.imports import import_
from trace.models.alarms import Alarm
from trace.models.imports import SheetKind
from trace.services import imports, jobs

Door = Callable[[bytes, dict[str, str]], None]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def slaughtered(database: Database) -> imports.Plan:
    """One lamb is slaughtered; the plan is that of a second batch."""
    with database.writing() as session:
        make.a_licence(make.work(session))
        first = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "A1")
        imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(1)), first)
        return imports.Plan("abattoir", "cooperative", first.product_id, "A2")


@pytest.fixture
def door(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Door:
    """Sends a sheet as the abattoir's clerk by the door named."""

    def page(data: bytes, said: dict[str, str]) -> None:
        form = said | {"file": (BytesIO(data), "day.csv")}
        answer = request.getfixturevalue("as_")(ABATTOIR).post("/batches/import", data=form)
        assert answer.status_code == 422

    def api(data: bytes, said: dict[str, str], query: str = "") -> None:
        with database.writing() as session:
            work = make.work(session, make.actor(session, ABATTOIR))
            token = accounts.issue_token(work, label="t", scopes=["batches.register"], days=9)[1]
        form = said | {"file": (BytesIO(data), "day.csv")}
        head = {"Authorization": f"Bearer {token}"}
        answer = request.getfixturevalue("client").post(f"/api/v1/batches{query}", data=form, headers=head)
        assert answer.json["code"] == "imports.faulty"

    def command(data: bytes, said: dict[str, str], *more: str) -> None:
        request.getfixturevalue("monkeypatch").setattr("trace.cli.imports.open_database", lambda: database)
        (tmp_path / "day.csv").write_bytes(data)
        words = [f"--{name.removesuffix('_id')}={value}" for name, value in said.items()]
        path = str(tmp_path / "day.csv")
        done = CliRunner().invoke(import_, ["carcasses", path, *words, "--abattoir=abattoir", "--by=abattoir", *more])
        assert done.exit_code == 1, done.output

    def job(data: bytes, said: dict[str, str]) -> None:
        with database.writing() as session:
            clerk = make.by_abattoir(make.work(session))
            jobs.begin_look(clerk, SheetKind.CARCASSES, "day.csv", data, imports.Plan("abattoir", **said))
        assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 1

    def announced(data: bytes, said: dict[str, str]) -> dict[str, str]:
        return said | {"expected_on": "2026-09-14", "head": "1", "tags": make.carcass_lines(1)[0].ear_tag}

    def announced_page(data: bytes, said: dict[str, str]) -> None:
        client = request.getfixturevalue("as_")(ABATTOIR)
        answer = client.post("/enterprises/abattoir/lairage/new", data=announced(data, said))
        assert answer.status_code == 409, answer.text

    def announced_api(data: bytes, said: dict[str, str]) -> None:
        with database.writing() as session:
            work = make.work(session, make.actor(session, ABATTOIR))
            token = accounts.issue_token(work, label="t", scopes=["batches.register"], days=9)[1]
        body = announced(data, said)
        head = {"Authorization": f"Bearer {token}"}
        at = "/api/v1/enterprises/abattoir/lairage"
        answer = request.getfixturevalue("client").post(at, json=body | {"tags": [body["tags"]]}, headers=head)
        told = [(one["code"], one["pointer"]) for one in answer.json["errors"]]
        assert told == [("batches.tag_slaughtered", "/tags")]

    doors: dict[str, Any] = {
        "announced, page": announced_page,
        "announced, api": announced_api,
        "page": page,
        "api": api,
        "command": lambda *given: command(*given, "--commit"),
        "job": job,
    }
    doors |= {"api, dry": lambda *given: api(*given, "?dry_run=true"), "command, dry": command}
    return doors[request.param]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("door", "heard"),
    [
        ("page", 1),
        ("api", 1),
        ("command", 1),
        ("job", 1),
        ("announced, page", 1),
        ("announced, api", 1),
        ("api, dry", 0),
        ("command, dry", 0),
    ],
    indirect=["door"],
)
def test_a_second_slaughter_is_heard_once(
    database: Database, slaughtered: imports.Plan, door: Door, heard: int
) -> None:
    again = make.carcass_lines(1, remark="示范再次")
    sheet = make.a_small_sheet(again).data
    said = {"producer_id": slaughtered.producer_id, "product_id": slaughtered.product_id, "lot": slaughtered.lot}
    door(sheet, said)
    with database.reading() as session:
        found = [(one.kind, one.subject_id, one.enterprise_id) for one in session.exec(select(Alarm))]
    assert found == [("second_slaughter", again[0].ear_tag, "abattoir")] * heard
