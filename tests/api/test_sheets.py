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
from tests import make
from tests.people import PRODUCER, RIVAL, PersonOfTheCast
from trace.models.herds import Herd

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
