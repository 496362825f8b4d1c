"""Two enterprises at every door of one lot at the same moment: what is taken is what was there, the rest is told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import time_machine
from flask import Flask

from brand.kernel.db import Database
from brand.services import accounts
from tests import make
from tests.make_flows import DAY, leaf
from tests.people import PRODUCER, RIVAL, PersonOfTheCast
from tests.races.harness import race
from trace.models.batches import Batch

#: Threads at once; a quarter of them at each door.
_MANY = 32
_OWN, _OTHER = "/api/v1/enterprises/cooperative", "/api/v1/enterprises/rival"


def _token(database: Database, person: PersonOfTheCast) -> dict[str, str]:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        _, text = accounts.issue_token(work, label="t", scopes=["flows.record"], days=9)
    return {"Authorization": f"Bearer {text}"}


def _doors(batch: str, at: int) -> tuple[PersonOfTheCast, str, dict[str, Any]]:
    """Who asks for ten kilograms of the lot, where, and how."""
    part = {"outputs": [{"lot": f"A{at}", "kg": "10"}], "day": f"{DAY}"}
    made = {"inputs": [{"batch_id": batch, "kg": "10"}], "outputs": [{"lot": f"M{at}", "kg": "9"}], "day": f"{DAY}"}
    return (
        (PRODUCER, f"{_OWN}/batches/{batch}/split", part),
        (PRODUCER, f"{_OWN}/transformations", {"process": "sorting", "loss_kg": "1", **made}),
        (PRODUCER, f"{_OWN}/batches/{batch}/leave", {"kind": "sell", "kg": "10", "day": f"{DAY}", "buyer": "示范"}),
        (RIVAL, f"{_OTHER}/batches/{batch}/split", part),
    )[at % 4]


def test_two_enterprises_at_every_door_take_what_is_there_and_no_more(app: Flask, database: Database) -> None:
    with time_machine.travel(make.MONDAY, tick=True):
        with database.writing() as session:
            batch = leaf(make.work(session), kg="25").id
        tokens = {one.username: _token(database, one) for one in (PRODUCER, RIVAL)}

        def act(at: int) -> tuple[str, int, Any]:
            person, path, body = _doors(batch, at)
            answer = app.test_client().post(path, json=body, headers=tokens[person.username])
            return person.username, answer.status_code, answer.json

        told = race(_MANY, act).done
    with database.reading() as session:
        assert session.get_one(Batch, batch).used_kg == 20
    found = Counter((who, status, body.get("code", "")) for who, status, body in told)
    left = {"lot": "T1", "in": "25", "used": "20", "asked": "10", "left": "5"}
    assert found.pop((RIVAL.username, 422, "flows.not_yours")) == _MANY // 4
    assert found == {(PRODUCER.username, 201, ""): 2, (PRODUCER.username, 409, "flows.more_than_left"): 22}
    assert all(body["params"] == left for _, status, body in told if status == 409)
