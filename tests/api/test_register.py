"""The register and the notices as open data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.services import licences
from tests import make
from tests.people import APPROVER, CAST


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


def test_totals_can_be_added_up_and_name_no_person(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        licence = make.a_licence(work)
        make.a_licence(work, enterprise_id="rival")
        for _ in range(3):
            licences.spend(work, licence.id, 2026, kg=Decimal("0.5"), labels=10)
        approver = make.work(session, make.actor(session, APPROVER))
        licences.step(approver, licence.id, "suspend", version=1, reason_code="sanction.accident", comment="内部")
    found = client.get("/api/v1/register").json
    assert found["total"] == 2
    one = client.get(f"/api/v1/register/{licence.number}").json
    assert (one["status"], one["labels"], one["used_kg"]) == ("suspended", 30, "1.500")
    assert one["years"][0] == {"year": 2026, "cap_kg": "30000.000", "used_kg": "1.500", "labels": 30}
    assert [(each["action"], each["reason_code"]) for each in one["history"]] == [("suspend", "sanction.accident")]
    (row,) = [each for each in found["rows"] if each["number"] == licence.number]
    assert {k: (v, one[k]) for k, v in row.items() if v != one[k]} == {}
    text = json.dumps([found, one], ensure_ascii=False)
    assert [each for each in {person.name for person in CAST} | {"13800000000", "内部"} if each in text] == []


def test_filters_and_pages(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_licence(work)
        make.a_licence(work, enterprise_id="rival")
    page = client.get("/api/v1/register?size=1&page=2").json
    assert (page["total"], len(page["rows"]), page["page"]) == (2, 1, 2)
    assert client.get("/api/v1/register?q=邻社").json["total"] == 1
    assert client.get("/api/v1/register?status=revoked").json["total"] == 0
    assert client.get("/api/v1/register?status=x").status_code == 422
    missing = client.get("/api/v1/register/L2026-9999")
    assert (missing.status_code, missing.json["code"]) == (404, "access.unknown")


def test_notices(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.on_notice(make.work(session))
    (one,) = client.get("/api/v1/notices").json["rows"]
    assert (one["number"], one["starts_on"], one["ends_on"]) == ("N2026-0001", "2026-09-14", "2026-09-20")
    assert (one["running"], one["provisional"]) == (True, False)
