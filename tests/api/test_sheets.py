"""Sheets over the API: a dry run changes nothing, taken in once, taken back by the rules of the page."""

from __future__ import annotations

import io
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import func, select

from brand.kernel.db import Database
from brand.services import accounts
from tests import make, make_herds
from tests.make_flows import by_producer
from tests.people import PRODUCER, RIVAL, PersonOfTheCast
from trace.models.herds import Animal, Herd
from trace.models.jobs import Job

URL = "/api/v1/enterprises/cooperative/sheets"
HERDS = "群号,群名,畜种,品种,苏木镇,建群日期\nE1,示范东群,羊,,海流图镇,2026-03-01\n"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def bearer(database: Database, app: Flask) -> Any:
    def issue(person: PersonOfTheCast) -> dict[str, str]:
        with database.writing() as session:
            actor = make.actor(session, person)
            scopes = [one for one in ("enterprises.read", "herds.write") if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="test", scopes=scopes, days=365)
        return {"Authorization": f"Bearer {text}"}

    return issue


def send(client: FlaskClient, headers: dict[str, str], text: str = HERDS, kind: str = "herds", run: str = "") -> Any:
    file = {"file": (io.BytesIO(text.encode()), "herds.csv")}
    address = f"{URL}/{kind}{run}"
    return client.post(address, data=file, headers=headers, content_type="multipart/form-data")


def herds(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Herd)).one()


def test_dry_run_take_list_and_undo(client: FlaskClient, bearer: Any, database: Database) -> None:
    own = bearer(PRODUCER)
    looked = send(client, own, run="?dry_run=true")
    assert (looked.status_code, looked.json) == (200, {"kind": "herds", "rows": 1, "unchanged": 0})
    assert herds(database) == 0
    taken = send(client, own)
    assert (taken.status_code, taken.json["state"], herds(database)) == (201, "done", 1)
    assert send(client, own).json["code"] == "imports.file_already_taken"
    assert [one["id"] for one in client.get(URL, headers=own).json["rows"]] == [taken.json["id"]]
    undo, said = f"/api/v1/sheets/{taken.json['id']}/undo", {"version": taken.json["version"]}
    assert client.post(undo, json=said, headers=bearer(RIVAL)).status_code == 404
    assert client.post(undo, json=said, headers=own).json["state"] == "undone"
    assert herds(database) == 0


def test_refusals_name_the_cell_and_others_meet_nothing(client: FlaskClient, bearer: Any, database: Database) -> None:
    own = bearer(PRODUCER)
    wrong = send(client, own, HERDS.replace("海流图镇", "没有的镇"))
    assert (wrong.status_code, wrong.json["code"]) == (422, "imports.faulty")
    assert wrong.json["errors"][0]["code"] == "herds.township"
    assert send(client, bearer(RIVAL)).status_code == 404
    for kind in ("packing", "carcasses", "nothing"):
        assert send(client, own, kind=kind).status_code == 404
    # A token cut down to other rights takes nothing in.
    assert send(client, own, kind="capacities").status_code == 404
    assert herds(database) == 0


LONG = 1001
ANIMALS = "群号,自编号,性别,品种,出生日期,来源,入群日期,备注\n"


def long_list(herd: str = "A") -> str:
    """A list of animals that is a job's; the last row names that herd."""
    row = "{},N{},母,示范羊,2026-03-01,在群,2026-09-01,{}\n"
    return ANIMALS + "".join(row.format("A", at, "示" * 40) for at in range(LONG - 1)) + row.format(herd, LONG, "")


@pytest.fixture
def a_herd(database: Database) -> None:
    with database.writing() as session:
        make_herds.a_herd(by_producer(make.work(session)), code="A")


def head(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Animal)).one()


def run(app: Flask) -> None:
    assert app.extensions["brandtrace.parts"].jobs.run_all() == 1


@pytest.fixture
def asleep(app: Flask, a_herd: None, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The runner works when the test says so."""
    monkeypatch.setattr(app.extensions["brandtrace.parts"].jobs, "wake", lambda: None)
    return app


def test_a_long_sheet_is_a_job_begun_once_and_taken_back_by_one(
    client: FlaskClient, bearer: Any, database: Database, asleep: Flask
) -> None:
    own = bearer(PRODUCER) | {"Idempotency-Key": "one"}
    begun = send(client, own, long_list(), "animals")
    at = begun.headers["Location"]
    assert (begun.status_code, begun.json["state"], begun.json["sheet"]["state"]) == (202, "waiting", "taking")
    again = send(client, own, long_list(), "animals")
    assert (again.status_code, again.headers["Location"], again.json) == (202, at, begun.json)
    assert client.get(at, headers=own).headers["Retry-After"]
    assert client.get(at, headers=bearer(RIVAL)).status_code == 404
    assert send(client, bearer(PRODUCER), long_list(), "animals").json["code"] == "imports.stale"
    run(asleep)
    done = client.get(at, headers=own)
    assert (done.json["state"], done.json["done_rows"], done.json["sheet"]["state"]) == ("done", LONG, "done")
    assert "Retry-After" not in done.headers
    assert head(database) == LONG
    assert send(client, bearer(PRODUCER), long_list(), "animals").json["code"] == "imports.file_already_taken"
    sheet = done.json["sheet"]
    undo = client.post(
        f"/api/v1/sheets/{sheet['id']}/undo", json={"version": sheet["version"]}, headers=bearer(PRODUCER)
    )
    assert (undo.status_code, undo.json["kind"]) == (202, "undo")
    run(asleep)
    assert client.get(undo.headers["Location"], headers=own).json["sheet"]["state"] == "undone"
    assert head(database) == 0


def test_a_refused_long_sheet_takes_nothing_in_and_comes_back_with_its_reasons(
    client: FlaskClient, bearer: Any, database: Database, asleep: Flask
) -> None:
    own = bearer(PRODUCER)
    at = send(client, own, long_list("没有"), "animals").headers["Location"]
    run(asleep)
    refused = client.get(at, headers=own).json
    assert (refused["state"], refused["code"], refused["sheet"]["state"]) == ("refused", "imports.faulty", "checking")
    assert [(one["code"], one["row"], one["column"]) for one in refused["errors"]] == [
        ("herds.code_unknown", LONG + 1, "群号")
    ]
    assert client.get(refused["reasons"], headers=own).data[:2] == b"PK"
    assert client.get(refused["reasons"], headers=bearer(RIVAL)).status_code == 404
    assert head(database) == 0
    # Looked at only: nothing is taken in, and the same file may then be sent to be taken in.
    looked = send(client, own, long_list(), "animals", "?dry_run=true")
    assert (looked.status_code, looked.json["kind"]) == (202, "look")
    run(asleep)
    told = client.get(looked.headers["Location"], headers=own).json
    assert (told["state"], told["result"], told["reasons"], head(database)) == (
        "done",
        {"acts": {"recorded": LONG}},
        "",
        0,
    )
    send(client, own, long_list(), "animals")
    run(asleep)
    assert head(database) == LONG


def test_a_job_has_no_more_rights_than_the_token_that_began_it(
    client: FlaskClient, bearer: Any, database: Database, asleep: Flask
) -> None:
    at = send(client, bearer(PRODUCER), long_list(), "animals").headers["Location"]
    with database.writing() as session:
        job = session.get_one(Job, at.rpartition("/")[2])
        assert job.wanted["scopes"] == ["enterprises.read", "herds.write"]
        job.wanted = {**job.wanted, "scopes": ["enterprises.read"]}
    run(asleep)
    assert client.get(at, headers=bearer(PRODUCER)).json["code"] == "access.unknown"
    assert head(database) == 0
