"""The desk over the API: the same queue as the page, and what its lines need to be taken several at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from tests import make
from tests.api.test_several import bearer
from tests.people import CLERK, PRODUCER


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


def test_a_line_of_the_queue_is_what_the_steps_door_takes(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_scheme(work)
        first = make.a_joined_enterprise(work)
        make.a_complaint(work)
    headers = bearer(database, CLERK, "enterprises.confirm")
    told = client.get("/api/v1/desk?sort=title", headers=headers).json
    assert [row["topic"] for row in told["rows"]] == ["desk.enterprise_to_confirm"], "no more than the token's rights"
    row = told["rows"][0]
    assert row["step"] == {"name": "enterprises.confirm", "id": first.id, "version": 1}
    assert (row["due"], row["urgency"], row["working_days"], told["total"]) == ("2026-09-20", "later", 5, 1)
    picked = {"chosen": [{"id": row["step"]["id"], "version": row["step"]["version"]}]}
    done = client.post("/api/v1/enterprises/confirm", json=picked, headers=headers).json
    assert [one["done"] for one in done["rows"]] == [True]
    assert client.get("/api/v1/desk", headers=headers).json["rows"] == []


def test_who_asks_and_what_for(client: FlaskClient, database: Database) -> None:
    assert client.get("/api/v1/desk").status_code == 401
    headers = bearer(database, PRODUCER, "enterprises.read")
    for asked in ("urgency=tomorrow", "sort=colour", "q=" + "x" * 61):
        assert client.get(f"/api/v1/desk?{asked}", headers=headers).status_code == 422, asked
    assert client.get("/api/v1/desk", headers=headers).json == {"rows": [], "total": 0}
