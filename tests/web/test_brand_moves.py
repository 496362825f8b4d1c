"""The life of a brand as a page and over the API: proposed, agreed by another person, told to the public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.brand_moves import BrandMove
from brand.models.licences import Licence
from brand.models.schemes import Brand
from brand.services import brand_moves
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, PersonOfTheCast
from trace.models.batches import Batch

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture
def brand_id(database: Database) -> str:
    with database.writing() as session:
        licence = make.a_licence(make.work(session))
        parent = session.get_one(Brand, licence.brand_id).parent_id
    assert parent is not None
    return parent


def propose(client: FlaskClient, brand_id: str, **changes: str):
    words = {"version": "1", "action": "suspend", "reason_code": "law", "comment": "示范：停用"}
    return client.post(f"/brands/{brand_id}/moves", data=words | changes)


def only(database: Database) -> BrandMove:
    with database.reading() as session:
        return session.exec(select(BrandMove)).one()


def number(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Licence.number)).one()


def test_two_persons_suspend_and_the_register_names_the_brand(
    as_: As, client: FlaskClient, database: Database, brand_id: str
) -> None:
    assert propose(as_(CLERK), brand_id).status_code == 303
    move = only(database)
    address = f"/brands/{brand_id}/moves/{move.id}/approve"
    assert as_(CLERK).post(address, data={"version": "1"}).status_code == 404
    assert "暂停该品牌" in as_(APPROVER).get(f"/brands/{brand_id}").text
    assert "待决定的品牌变动" in as_(APPROVER).get("/desk?urgency=later&lang=zh").text, "with the second person's term"
    assert as_(APPROVER).post(address, data={"version": "1"}).status_code == 303
    assert as_(APPROVER).post(address, data={"version": "1"}).status_code == 409
    public = client.get(f"/register/{number(database)}").text
    assert "现已暂停，其项下授权一并暂停" in public
    assert "现已暂停，其项下授权一并暂停" in as_(PRODUCER).get(f"/licences/{number(database)}").text
    entry = client.get(f"/api/v1/register/{number(database)}").json
    assert (entry["status"], entry["halted_by_state"]) == ("suspended", "suspended")
    life = client.get(f"/api/v1/brands/{brand_id}/life").json
    assert (life["state"], [one["action"] for one in life["steps"]]) == ("suspended", ["suspend"])


def test_who_may_not_and_what_is_wrong(as_: As, database: Database, brand_id: str) -> None:
    assert propose(as_(PRODUCER), brand_id).status_code == 404
    assert propose(as_(APPROVER), brand_id).status_code == 404
    assert propose(as_(CLERK), "nothing").status_code == 404
    bad = propose(as_(CLERK), brand_id, comment="")
    assert (bad.status_code, "f-comment" in bad.text) == (422, True)
    assert propose(as_(CLERK), brand_id, reason_code="whim").status_code == 422
    assert propose(as_(CLERK), brand_id, action="whim").status_code == 422
    assert propose(as_(CLERK), brand_id, version="7").status_code == 409
    assert propose(as_(CLERK), brand_id).status_code == 303
    assert propose(as_(CLERK), brand_id).status_code == 409


def test_the_producer_reads_no_proposal(as_: As, brand_id: str) -> None:
    propose(as_(CLERK), brand_id)
    page = as_(PRODUCER).get(f"/brands/{brand_id}")
    assert page.status_code == 200
    assert "示范：停用" not in page.text


@pytest.mark.packed
def test_the_order_page_names_a_halted_brand_before_anything_is_typed(as_: As, database: Database) -> None:
    with database.writing() as session:
        licence = session.exec(select(Licence)).one()
        brand = session.get_one(Brand, licence.brand_id)
        batch = session.exec(select(Batch)).one()
        said = {"reason_code": "law", "comment": "示范"}
        clerk, approver = (make.work(session, make.actor(session, one)) for one in (CLERK, APPROVER))
        move = brand_moves.propose(clerk, brand.id, "suspend", version=brand.version, **said)
        brand_moves.decide(approver, move.id, "approve", version=1)
    with time_machine.travel(make.MONDAY + timedelta(days=1), tick=False):
        page = as_(PRODUCER).get(f"/labels/new?batch={batch.id}&lang=zh").text
    assert brand.name in page
    assert "暂停" in page
    assert "f-packs" not in page
