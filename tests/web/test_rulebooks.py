"""Pages and API of the rulebook: published editions for everybody, drafts for the office, publication by another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.rulebooks import Rulebook
from brand.rules.rulebooks import CODES, shipped, written
from brand.schemas.rulebooks import field_of
from tests import make
from tests.people import ADMIN, APPROVER, AUDITOR, CLERK, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def first(database: Database) -> Rulebook:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        return session.exec(select(Rulebook)).one()


def _words(version: int, **changes: str) -> dict[str, str]:
    usual = {
        "version": str(version),
        "title": "示范规则",
        "effective_on": "2026-10-01",
        "text": written(shipped().clauses),
    }
    return usual | {field_of(code): shipped().codes[code] for code in CODES} | changes


def test_everybody_reads_the_published_rules(client: FlaskClient, first: Rulebook) -> None:
    assert "区域公共品牌授权管理规则" in client.get("/rulebooks").text
    page = client.get(f"/rulebooks/{first.id}?lang=en").text
    assert "In force" in page
    assert 'href="#c-2.1"' in page
    assert "Submit for publication" not in page
    found = client.get(f"/api/v1/rulebooks/{first.id}").json
    assert (found["standing"], found["codes"]["refusal.origin"]) == ("in_force", "2.1")
    assert client.get("/api/v1/rulebooks").json["rows"][0]["edition"] == 1


def test_from_draft_to_publication(as_: As, client: FlaskClient, first: Rulebook) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    made = clerk.post("/rulebooks", data={"scheme_id": first.scheme_id})
    where = made.headers["Location"].removesuffix("/edit")
    assert client.get(where).status_code == 404
    assert as_(AUDITOR).get(where).status_code == 404
    assert client.get(f"/api/v1{where}").status_code == 404
    lacking = clerk.post(f"{where}/edit", data=_words(1, refusal_origin="9"))
    assert lacking.status_code == 303
    refused = clerk.post(f"{where}/submit?lang=en", data={"version": "2"})
    assert refused.status_code == 422
    assert "Not from the area" in refused.text
    assert clerk.post(f"{where}/edit", data=_words(2, text="没有条款")).status_code == 422
    assert clerk.post(f"{where}/edit", data=_words(1)).status_code == 409
    assert clerk.post(f"{where}/edit", data=_words(2)).status_code == 303
    assert clerk.post(f"{where}/submit", data={"version": "3"}).status_code == 303
    assert clerk.get(f"{where}/publish").status_code == 404
    assert clerk.get(f"{where}/edit").status_code == 404
    assert approver.get(f"{where}/publish").status_code == 200
    assert "待发布的管理规则" in approver.get("/desk").text
    assert approver.post(f"{where}/return", data={"version": "4"}).status_code == 422
    assert approver.post(f"{where}/publish", data={"version": "4"}).status_code == 303
    assert "2026-10-01" in client.get(where).text
    assert approver.post(f"{where}/publish", data={"version": "4"}).status_code == 409


def test_who_may_not(as_: As, first: Rulebook) -> None:
    for person in (PRODUCER, ADMIN, AUDITOR, APPROVER):
        assert as_(person).post("/rulebooks", data={"scheme_id": first.scheme_id}).status_code == 404
    assert as_(PRODUCER).get(f"/rulebooks/{first.id}").status_code == 200
    assert as_(PRODUCER).post(f"/rulebooks/{first.id}/publish", data={"version": "1"}).status_code == 404
    assert as_(CLERK).post(f"/rulebooks/{first.id}/edit", data=_words(1)).status_code == 409
