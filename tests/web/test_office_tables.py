"""Pages and API of measures and score sheets: read with their source, proposed cell by cell, agreed to by another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.schemes import Scheme
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
