"""The public register and the notice board: open to everybody, no person in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.licences import Licence
from brand.services import licences
from tests import make
from tests.people import APPROVER, CAST


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def licence(database: Database) -> Licence:
    with database.writing() as session:
        work = make.work(session)
        licence = make.a_licence(work)
        licences.spend(work, licence.id, 2026, kg=Decimal("1234.5"), labels=2469)
        return licence


def test_an_empty_register_says_so(client: FlaskClient) -> None:
    assert "还没有授权" in client.get("/register").text
    assert client.get("/notices").status_code == 200


def test_the_register_lists_and_finds(client: FlaskClient, licence: Licence) -> None:
    page = client.get("/register?lang=en").text
    assert "Demo Sheep Cooperative" in page
    assert "2,469" in page
    assert "1,234.5 kg" in page
    assert licence.number in client.get("/register?q=养羊").text
    assert licence.number in client.get("/register?status=valid").text
    assert licence.number not in client.get("/register?status=revoked").text
    assert licence.number not in client.get("/register?q=%25").text
    assert client.get("/register?status=nonsense").status_code == 422
    assert client.get("/register?page=99").status_code == 200


def test_one_licence_with_its_sanctions(client: FlaskClient, licence: Licence, database: Database) -> None:
    assert "有效" in client.get(f"/register/{licence.number}").text
    with database.writing() as session:
        approver = make.work(session, make.actor(session, APPROVER))
        words = {"reason_code": "sanction.accident", "comment": "内部说明不公开"}
        licences.step(approver, licence.id, "suspend", version=1, **words)
    page = client.get(f"/register/{licence.number}?lang=en").text
    assert "Suspended" in page
    assert "Quality or safety accident" in page
    assert "内部说明不公开" not in page


def test_a_licence_past_its_term_is_expired_by_itself(
    client: FlaskClient, licence: Licence, clock: time_machine.Traveller
) -> None:
    clock.move_to(make.MONDAY + timedelta(days=1100))
    assert "The licence ended on 2029-08-23" in client.get(f"/register/{licence.number}?lang=en").text


def test_the_notice_board(client: FlaskClient, database: Database, clock: time_machine.Traveller) -> None:
    with database.writing() as session:
        make.on_notice(make.work(session))
    board = client.get("/notices?lang=en").text
    assert "Open to objection" in board
    assert "6 days left to object" in board
    page = client.get("/notices/N2026-0001?lang=en").text
    assert "示范品牌办公室" in page
    assert "not a statutory term" in page
    clock.move_to(make.MONDAY + timedelta(days=6))
    assert "today is the last day to object" in client.get("/notices?lang=en").text
    clock.move_to(make.MONDAY + timedelta(days=7))
    assert "Open to objection" not in client.get("/notices?lang=en").text
    assert "How to object" not in client.get("/notices/N2026-0001?lang=en").text


def test_a_notice_into_an_ungazetted_year_says_its_end_may_move(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.on_notice(make.work(session, now=make.MONDAY + timedelta(days=107)))
    assert "last day still to be confirmed" in client.get("/notices?lang=en").text
    assert "The last day may still move" in client.get("/notices/N2026-0001?lang=en").text


@pytest.mark.parametrize("where", ["/register/L2026-9999", "/notices/N2026-9999", "/register/..%2f"])
def test_what_is_not_there(client: FlaskClient, where: str) -> None:
    assert client.get(where).status_code == 404


def test_no_person_in_public(client: FlaskClient, licence: Licence) -> None:
    private = {one.name for one in CAST} | {"13800000000", "示范联系人", "示范路1号", "存栏示范羊"}
    for where in ("/register", f"/register/{licence.number}", "/notices", "/notices/N2026-0001"):
        page = client.get(where).text
        assert [one for one in private if one in page] == []
