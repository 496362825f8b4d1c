"""Pages of suspending an enterprise and of merging duplicates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise, EnterpriseMerge
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
SUSPENSION = {"version": "1", "reason_code": "law", "comment": "主管部门通知（示范）"}
PROPOSAL = {"kept_id": "cooperative", "why": "同一家（示范）"}


def test_the_office_suspends_the_enterprise_reads_why_and_it_goes_on(as_: As, database: Database) -> None:
    office, own = as_(APPROVER), as_(PRODUCER)
    assert office.post("/enterprises/cooperative/suspend", data=SUSPENSION).status_code == 303
    page = own.get("/enterprises/cooperative?lang=zh").text
    assert "已暂停" in page
    assert "主管部门通知（示范）" in page
    assert "被暂停的企业" in own.get("/desk?lang=zh").text
    again = office.post("/enterprises/cooperative/suspend", data=SUSPENSION)
    assert again.status_code == 409
    assert office.post("/enterprises/cooperative/resume", data={"version": "2", "comment": "已处理"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Enterprise, "cooperative").state == "confirmed"


@pytest.mark.parametrize(("change", "field"), [({"reason_code": ""}, "reason_code"), ({"comment": ""}, "comment")])
def test_a_suspension_names_what_is_missing(as_: As, change: dict[str, str], field: str) -> None:
    answer = as_(APPROVER).post("/enterprises/cooperative/suspend", data=SUSPENSION | change)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text


@pytest.mark.parametrize("person", [CLERK, INSPECTOR, PRODUCER, ABATTOIR])
def test_others_meet_nothing(as_: As, person: PersonOfTheCast) -> None:
    client = as_(person)
    assert client.post("/enterprises/cooperative/suspend", data=SUSPENSION).status_code == 404
    assert client.post("/merges/anything/approve", data={"version": "1"}).status_code == 404


def test_a_duplicate_is_merged_and_its_page_leads_on(as_: As, database: Database) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    assert "乌拉特中旗" in clerk.get("/enterprises/rival/merge?lang=zh").text
    assert clerk.post("/enterprises/rival/merge", data=PROPOSAL | {"why": ""}).status_code == 422
    sent = clerk.post("/enterprises/rival/merge", data=PROPOSAL)
    assert sent.status_code == 303
    assert clerk.post("/enterprises/rival/merge", data=PROPOSAL).status_code == 409
    with database.reading() as session:
        merge = session.exec(select(EnterpriseMerge)).one()
    assert "由第二人决定" in clerk.get(f"/merges/{merge.id}?lang=zh").text
    assert "合并重复登记，等您决定" in approver.get("/desk?lang=zh").text
    assert as_(INSPECTOR).get(f"/merges/{merge.id}").status_code == 404
    assert approver.post(f"/merges/{merge.id}/drop", data={"version": "1"}).status_code == 422
    assert approver.post(f"/merges/{merge.id}/approve", data={"version": "9"}).status_code == 409
    assert approver.post(f"/merges/{merge.id}/approve", data={"version": "1"}).status_code == 303
    moved = clerk.get("/enterprises/rival")
    assert (moved.status_code, moved.location) == (301, "/enterprises/cooperative")
    kept = clerk.get("/enterprises/cooperative?lang=zh").text
    assert "并入本单位的登记" in kept
    assert "合并重复登记" in kept
