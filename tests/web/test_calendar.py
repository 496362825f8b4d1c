"""The work calendar's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from brand.kernel.db import Database
from tests import make
from tests.people import ADMIN, CLERK, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def _scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


def test_everybody_signed_in_reads_a_year(as_: As, client: FlaskClient) -> None:
    page = as_(CLERK).get("/calendar?year=2026&lang=zh").text
    assert "国庆节" in page
    assert "放假通知已录入" in page
    assert "录入一天" not in page
    assert "暂定" in as_(CLERK).get("/calendar?year=2027&lang=zh").text
    assert client.get("/calendar").status_code == 302


@pytest.mark.parametrize("year", ["0", "-5", "99999", "abc", ""])
def test_an_odd_year_shows_a_year_we_have_room_for(as_: As, year: str) -> None:
    assert as_(CLERK).get(f"/calendar?year={year}").status_code == 200


def test_the_administrator_enters_a_day_and_takes_it_out(as_: As) -> None:
    admin = as_(ADMIN)
    day = {"day": "2026-11-11", "kind": "off", "name": "示范节"}
    assert admin.post("/calendar/days", data=day).headers["Location"].endswith("year=2026")
    assert "示范节" in admin.get("/calendar?year=2026").text
    assert admin.post("/calendar/days/remove", data={"day": "2026-11-11"}).status_code == 303
    assert "示范节" not in admin.get("/calendar?year=2026").text
    assert admin.post("/calendar/days/remove", data={"day": "2026-11-11"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": "2026-02-30"}, "day"),
        ({"day": "2026-11-11", "kind": "work"}, "day"),
        ({"kind": "half"}, "kind"),
        ({"name": ""}, "name"),
    ],
)
def test_a_bad_day_names_the_field(as_: As, change: dict[str, str], field: str) -> None:
    day = {"day": "2026-11-11", "kind": "off", "name": "示范节"}
    answer = as_(ADMIN).post("/calendar/days?year=2026", data=day | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text


def test_a_year_is_marked_with_its_notice(as_: As) -> None:
    admin = as_(ADMIN)
    bare = admin.post("/calendar/years?year=2027", data={"year": "2027", "gazetted": "yes"})
    assert bare.status_code == 422
    assert 'href="#f-source"' in bare.text
    assert (
        admin.post("/calendar/years", data={"year": "2027", "gazetted": "yes", "source": "示范通知"}).status_code == 303
    )
    assert "示范通知" in admin.get("/calendar?year=2027").text
    assert admin.post("/calendar/years", data={"year": "2027"}).status_code == 303
    assert "暂定" in admin.get("/calendar?year=2027&lang=zh").text


def test_others_may_not_change_it(as_: As) -> None:
    clerk = as_(CLERK)
    for path in ("/calendar/days", "/calendar/days/remove", "/calendar/years"):
        assert clerk.post(path, data={"day": "2026-10-01", "year": "2027"}).status_code == 404
