"""Pages of capacities: declared, verified with a figure, raised by two persons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.capacities import Capacity

As = Callable[[PersonOfTheCast], FlaskClient]
NEW = "/enterprises/cooperative/capacities/new"


@pytest.fixture
def entries(database: Database) -> dict[str, str]:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        place = make.a_place(make.work(session)).id
        lamb = make.a_product(session).id
    return {
        "product_id": lamb,
        "place_id": place,
        "season_from": "2026-01-01",
        "season_to": "2026-12-31",
        "unit": "head",
        "declared": "1200",
        "basis": "area",
        "mu": "24000",
        "per_mu": "0.05",
        "source": "示范载畜量核定表",
    }


def test_declared_verified_raised_and_agreed(as_: As, database: Database, entries: dict[str, str]) -> None:
    own, office, second = as_(PRODUCER), as_(CLERK), as_(APPROVER)
    assert own.get(f"{NEW}?lang=zh").status_code == 200
    assert own.post(NEW, data=entries).status_code == 303
    with database.reading() as session:
        one = session.exec(select(Capacity)).one()
    at = f"/capacities/{one.id}"
    assert "产能等待核定" in office.get("/desk?lang=zh").text
    assert "1,200" in own.get(f"{at}?lang=zh").text
    assert office.post(f"{at}/verify", data={"version": "1", "amount": "1000.5"}).status_code == 422
    assert office.post(f"{at}/verify", data={"version": "1", "amount": "1000"}).status_code == 303
    assert office.post(f"{at}/verify", data={"version": "2", "amount": "1100"}).status_code == 303
    assert office.post(f"{at}/agree", data={"version": "3"}).status_code == 404
    assert "调高等待第二人" in second.get("/desk?lang=zh").text
    assert "同意调高" in second.get(f"{at}?lang=zh").text
    assert second.post(f"{at}/agree", data={"version": "3"}).status_code == 303
    assert "1,100" in own.get(f"/places/{one.place_id}?lang=en").text
    assert "1,100" in own.get("/enterprises/cooperative/capacities").text
    for path in (at, "/enterprises/cooperative/capacities", NEW):
        assert as_(RIVAL).get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"declared": "1201"}, "declared"),
        ({"mu": "24000.01"}, "mu"),
        ({"season_to": "2025-01-01"}, "season_to"),
        ({"unit": "sack"}, "unit"),
        ({"declared": "1e99"}, "declared"),
        ({"source": ""}, "source"),
        ({"place_id": "x"}, "place_id"),
    ],
)
def test_bad_figures_stay_on_the_page(as_: As, entries: dict[str, str], change: dict[str, str], field: str) -> None:
    answer = as_(PRODUCER).post(NEW, data=entries | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
