"""Pages and API of measures and score sheets: read with their source, proposed cell by cell, agreed to by another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.schemes import Scheme
from brand.rules.product_rules import RuleKind
from brand.services import scheme_changes
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
SAID = {"source": "示范：办公室会议决定", "source_en": "", "confidence": "D", "reason": "示范"}
CELLS = {
    **{f"minor_{at}": one for at, one in enumerate(("rectify", "suspend", "suspend"), 1)},
    **{f"serious_{at}": one for at, one in enumerate(("rectify", "suspend", "revoke"), 1)},
    **{f"grave_{at}": one for at, one in enumerate(("suspend", "revoke", "revoke"), 1)},
    "immediate": ["sanction.forgery"],
}


@pytest.fixture
def where(database: Database) -> str:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        return f"/schemes/{session.exec(select(Scheme)).one().id}/tables"


def test_the_tables_are_read_with_their_sources(as_: As, where: str) -> None:
    page = as_(CLERK).get(f"{where}?lang=en").text
    assert "By analogy from the Jinghong plan" in page
    assert "Suspend" in page or "suspend" in page
    assert as_(PRODUCER).get(where).status_code == 200
    assert as_(PRODUCER).get(f"{where}/sanctions").status_code == 404
    assert as_(CLERK).get(f"{where}/nothing").status_code == 404
    assert as_(CLERK).get(f"/api/v1{where}").json[0]["edition"] == 1


def test_proposed_cell_by_cell_and_agreed_to_by_another(as_: As, where: str) -> None:
    clerk = as_(CLERK)
    assert clerk.post(f"{where}/sanctions", data=CELLS | SAID | {"grave_1": "advice"}).status_code == 422
    answer = clerk.post(f"{where}/sanctions", data=CELLS | SAID)
    assert answer.status_code == 303
    change = answer.location
    shown = as_(APPROVER).get(change).text
    assert "示范" in shown
    assert clerk.get(f"/api/v1{where}").json[0]["edition"] == 1
    assert as_(APPROVER).post(f"{change}/approve", data={"version": 1}).status_code == 303
    now = clerk.get(f"/api/v1{where}").json[0]
    assert (now["edition"], now["content"]["minor"][0], now["content"]["immediate"]) == (
        2, "rectify", ["sanction.forgery"],
    )  # fmt: skip


def test_points_of_a_sheet_by_page(as_: As, where: str) -> None:
    clerk = as_(CLERK)
    assert "points_origin" in clerk.get(f"{where}/desk").text
    points = {f"points_{one}": "20" for one in ("complete", "consistent", "standard", "record")}
    assert clerk.post(f"{where}/desk", data=points | SAID | {"points_origin": "101"}).status_code == 422
    assert clerk.post(f"{where}/desk", data=points | SAID | {"points_origin": "40"}).status_code == 303


def test_each_edition_of_the_scheme_shows_the_tables_it_carries(as_: As, where: str) -> None:
    """An old edition keeps the figures it had, on the page and as data."""
    clerk, editions = as_(CLERK), where.replace("/tables", "/editions")
    change = clerk.post(f"{where}/sanctions", data=CELLS | SAID).location
    as_(APPROVER).post(f"{change}/approve", data={"version": 1})
    old, new = (as_(PRODUCER).get(f"{editions}/{one}?lang=en").text for one in (1, 2))
    for page in (old, new):
        assert all(name in page for name in ("Score sheet of the desk review", "Score sheet of the site inspection"))
    assert ["示范：办公室会议决定" in page for page in (old, new)] == [False, True]
    tables = [clerk.get(f"/api/v1{editions}/{one}").json["tables"] for one in (1, 2)]
    assert [[(one["table"], one["edition"]) for one in each] for each in tables] == [
        [("sanctions", 1), ("desk", 1), ("site", 1)],
        [("sanctions", 2), ("desk", 1), ("site", 1)],
    ]
    assert [each[0]["content"]["minor"][0] for each in tables] == ["advice", "rectify"]
    assert clerk.get(f"/api/v1{editions}/2").json["rules"] == []


def test_an_edition_lists_the_rules_of_products_settled_up_to_it(as_: As, where: str, database: Database) -> None:
    with database.reading() as session:
        product = make.a_product(session)
    editions = where.replace("/tables", "/editions")
    hours = {"content": {"hours": {"harvest": "48"}}, "source": "示范：会议", "source_en": "", "confidence": "D"}
    with database.writing() as session:
        proposer = make.work(session, make.actor(session, CLERK))
        change = scheme_changes.propose_rule(proposer, product.id, RuleKind.LAGS, **hours, reason="示范")
        scheme_changes.step(make.work(session, make.actor(session, APPROVER)), change.id, "approve", version=1)
    assert "示范：会议" in as_(PRODUCER).get(f"{editions}/2").text
    assert "示范：会议" not in as_(PRODUCER).get(f"{editions}/1").text
    (told,) = as_(CLERK).get(f"/api/v1{editions}/2").json["rules"]
    assert (told["product"], told["kind"], told["edition"]) == (product.code, RuleKind.LAGS, 1)
