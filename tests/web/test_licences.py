"""Licence pages: the holder sees the allowance, the approver sanctions with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.licences import Licence
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast

pytestmark = pytest.mark.licensed

As = Callable[[PersonOfTheCast], FlaskClient]
SAID = {"version": "1", "reason_code": "sanction.forgery", "comment": "示范事实"}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def licence(database: Database) -> Licence:
    with database.writing() as session:
        return make.a_licence(make.work(session))


def test_the_holder_sees_the_allowance_and_cannot_sanction(as_: As, licence: Licence) -> None:
    producer = as_(PRODUCER)
    page = producer.get(f"/licences/{licence.number}?lang=en").text
    assert "30,000 kg" in page
    assert "Revoke" not in page
    assert licence.number in producer.get("/licences").text
    assert producer.get(f"/licences/{licence.number}/revoke").status_code == 404
    assert producer.post(f"/licences/{licence.number}/revoke", data=SAID).status_code == 404


def test_others_do_not_see_it(as_: As, client: FlaskClient, licence: Licence) -> None:
    assert as_(RIVAL).get(f"/licences/{licence.number}").status_code == 404
    assert as_(ABATTOIR).get(f"/licences/{licence.number}").status_code == 404
    assert licence.number not in as_(RIVAL).get("/licences").text
    assert client.get(f"/licences/{licence.number}").status_code == 302


def test_suspend_reinstate_revoke(as_: As, licence: Licence) -> None:
    approver, where = as_(APPROVER), f"/licences/{licence.number}"
    assert "Forging or selling on labels" in approver.get(f"{where}/suspend?lang=en").text
    silent = approver.post(f"{where}/suspend", data={"version": "1", "reason_code": "sanction.forgery"})
    assert silent.status_code == 422
    assert 'id="f-comment-fault"' in silent.text
    groundless = approver.post(f"{where}/suspend", data={"version": "1", "comment": "x"})
    assert 'id="f-reason_code-fault"' in groundless.text
    assert approver.post(f"{where}/suspend", data=SAID).status_code == 303
    assert approver.post(f"{where}/revoke", data=SAID).status_code == 409
    assert approver.post(f"{where}/reinstate", data={"version": "2", "comment": "已整改"}).status_code == 303
    assert approver.post(f"{where}/revoke", data=SAID | {"version": "3"}).status_code == 303
    page = approver.get(f"{where}?lang=en").text
    assert "Revoked" in page
    assert "示范事实" in page
    assert approver.get(f"{where}/reinstate").status_code == 404


def test_a_clerk_does_not_sanction(as_: As, licence: Licence) -> None:
    assert as_(CLERK).get(f"/licences/{licence.number}").status_code == 200
    assert as_(CLERK).post(f"/licences/{licence.number}/suspend", data=SAID).status_code == 404
    assert as_(APPROVER).post("/licences/L2026-9999/suspend", data=SAID).status_code == 404
