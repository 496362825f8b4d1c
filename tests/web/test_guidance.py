"""The log of guidance, norms and services: who writes, who reads, what belongs to which tier; page and API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.schemes import Brand, Tier
from brand.rules import guidance as rules
from brand.rules.guidance import GuidanceKind
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
WHERE = "/enterprises/cooperative/guidance"
SAID = {"kind": "guidance", "held_on": "2026-09-14", "topic": "申请材料", "words": "逐项说明"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def brands(database: Database) -> dict[str, str]:
    """An enterprise brand (tier 3) and the pastoral brand (tier 2)."""
    with database.writing() as session:
        work = Work(session, SYSTEM, make.MONDAY, "test")
        scheme = make.a_scheme(work)
        tier = session.exec(select(Tier).where(Tier.scheme_id == scheme.id, Tier.level == 3)).one()
        own = make.a_brand(work, tier.id, name="示范自有品牌")
        pastoral = session.exec(select(Brand).where(Brand.code == "pastoral")).one()
        return {"own": own.id, "pastoral": pastoral.id}


def test_the_office_writes_and_the_enterprise_reads(as_: As, brands: dict[str, str]) -> None:
    clerk = as_(CLERK)
    assert clerk.post(WHERE, data=SAID).status_code == 303
    assert as_(INSPECTOR).post(WHERE, data=SAID | {"kind": "norms", "brand_id": brands["own"]}).status_code == 303
    page = as_(PRODUCER).get(f"{WHERE}?lang=zh").text
    assert "申请材料" in page
    assert "示范自有品牌" in page
    assert "<textarea" not in page
    assert WHERE in as_(PRODUCER).get("/enterprises/cooperative").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "norms"}, "brand_id"),
        ({"kind": "service", "brand_id": "pastoral"}, "brand_id"),
        ({"held_on": "2026-09-15"}, "held_on"),
        ({"topic": " "}, "topic"),
    ],
)
def test_bad_input_names_its_field(as_: As, brands: dict[str, str], changes: dict[str, str], field: str) -> None:
    said = SAID | changes
    said["brand_id"] = brands.get(said.get("brand_id", ""), "")
    answer = as_(CLERK).post(WHERE, data=said)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text


def test_who_may_not(as_: As) -> None:
    assert as_(RIVAL).get(WHERE).status_code == 404
    for person in (RIVAL, PRODUCER, APPROVER):
        assert as_(person).post(WHERE, data=SAID).status_code == 404
    assert as_(CLERK).post("/enterprises/NOTHING/guidance", data=SAID).status_code == 404


def test_over_the_api(client: FlaskClient, database: Database, brands: dict[str, str]) -> None:
    with database.writing() as session:
        work = make.work(session, make.actor(session, CLERK))
        _, token = accounts.issue_token(work, label="t", scopes=["guidance.write", "enterprises.read"], days=30)
    headers = {"Authorization": f"Bearer {token}"}
    said = SAID | {"kind": "service", "brand_id": brands["own"]}
    assert client.post(f"/api/v1{WHERE}", json=said, headers=headers).json["brand"] == "示范自有品牌"
    assert client.get(f"/api/v1{WHERE}", headers=headers).json["total"] == 1
    wrong = client.post(f"/api/v1{WHERE}", json=SAID | {"kind": "norms"}, headers=headers)
    assert wrong.json["code"] == "guidance.own_brand_needed"


def test_norms_and_services_are_for_own_brands() -> None:
    today = date(2026, 9, 14)
    for kind in GuidanceKind:
        for process in ("licence", "umbrella", None):
            if kind is GuidanceKind.GUIDANCE:
                rules.check(kind, process, today, today)
            else:
                with pytest.raises(AppError):
                    rules.check(kind, process, today, today)
        rules.check(kind, "advice", today, today)
