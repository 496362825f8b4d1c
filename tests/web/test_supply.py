"""Pages of supply contracts: declared, agreed to, confirmed, ended; and the purchase form that names them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.db import Database
from tests import make, make_supply
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.batches import Batch
from trace.models.supply import SupplyContract

As = Callable[[PersonOfTheCast], FlaskClient]
NEW = "/enterprises/cooperative/supply/new"

#: Doors ask the wall clock.
TODAY = clock.local_day(clock.now())

pytestmark = pytest.mark.licensed


@pytest.fixture
def entries(database: Database) -> dict[str, Any]:
    with database.writing() as session:
        licence = make.a_licence(make.work(session)).id
    return {
        "licence_id": licence,
        "supplier": "乌拉特中旗示范邻社",
        "number": "示范合同 2026-7",
        "valid_from": TODAY.isoformat(),
        "valid_until": (TODAY + timedelta(days=60)).isoformat(),
        "kg": "800",
        "plots": "",
    }


def with_paper(entries: dict[str, Any], name: str = "paper") -> dict[str, Any]:
    return entries | {name: (io.BytesIO(make.a_paper("供货合同").data), "示范合同.png")}


def test_from_the_form_to_the_end(as_: As, database: Database, entries: dict[str, Any]) -> None:
    own, supplier, office = as_(PRODUCER), as_(RIVAL), as_(CLERK)
    assert own.get(f"{NEW}?lang=zh").status_code == 200
    assert own.post(NEW, data=with_paper(entries | {"supplier": "没有这家"})).status_code == 422
    assert own.post(NEW, data=with_paper(entries)).status_code == 303
    with database.reading() as session:
        one = session.exec(select(SupplyContract)).one()
    at = f"/supply/{one.id}"
    assert "供货合同等您同意" in supplier.get("/desk?lang=zh").text
    assert "是否同意" in supplier.get(f"{at}?lang=zh").text
    assert own.post(f"{at}/consent", data={"version": "1"}).status_code == 404
    assert supplier.post(f"{at}/consent", data={"version": "1"}).status_code == 303
    assert "供货合同等待核实" in office.get("/desk?lang=zh").text
    refused = office.post(f"{at}/refuse", data={"version": "2", "comment": "示范"})
    assert refused.status_code == 422
    assert office.post(f"{at}/confirm", data={"version": "2"}).status_code == 303
    assert "乌拉特中旗品牌办公室" in own.get(f"{at}?lang=zh").text
    assert own.get(f"{at}/paper").data == one.content
    assert one.number in own.get("/enterprises/cooperative/supply?lang=zh").text
    assert one.number in supplier.get("/enterprises/rival/supply?lang=en").text
    for path in (at, f"{at}/paper", "/enterprises/cooperative/supply", NEW):
        assert as_(ABATTOIR).get(path).status_code == 404
    assert supplier.post(f"{at}/end", data={"version": "3", "comment": ""}).status_code == 422
    assert supplier.post(f"{at}/end", data={"version": "3", "comment": "示范：歉收"}).status_code == 303
    assert "歉收" in office.get(f"{at}?lang=zh").text


def test_a_paper_that_follows(as_: As, database: Database, entries: dict[str, Any]) -> None:
    own, supplier = as_(PRODUCER), as_(RIVAL)
    assert own.post(NEW, data=entries).status_code == 303
    with database.reading() as session:
        one = session.exec(select(SupplyContract)).one()
    at = f"/supply/{one.id}"
    assert "原件待补" in own.get("/enterprises/cooperative/supply?lang=zh").text
    assert "收购方补传之后" in supplier.get(f"{at}?lang=zh").text
    assert "补传合同原件" not in supplier.get(f"{at}?lang=zh").text
    assert supplier.post(f"{at}/consent", data={"version": "1"}).status_code == 403
    bare = own.post(f"{at}/attach?lang=zh", data={"version": "1"})
    assert (bare.status_code, "请上传合同原件" in bare.text) == (422, True)
    assert supplier.post(f"{at}/attach", data=with_paper({"version": "1"})).status_code == 404
    assert own.post(f"{at}/attach", data=with_paper({"version": "1"})).status_code == 303
    assert own.post(f"{at}/attach", data=with_paper({"version": "2"})).status_code == 403
    assert "补传合同原件" in own.get(f"{at}?lang=zh").text, "in its history"
    assert supplier.post(f"{at}/consent", data={"version": "2"}).status_code == 303


def test_the_purchase_form_asks_under_which_contract(as_: As, database: Database) -> None:
    with database.writing() as session:
        one = make_supply.running(session)
        product = one.product_id
    own, at = as_(PRODUCER), "/enterprises/cooperative/purchases/new"
    assert one.number in own.get(at).text
    said = {
        "seller": "乌拉特中旗示范邻社",
        "consent": "示范：单上签字",
        "paper_number": "示范单 9",
        "day": "2026-09-12",
        "product_id": product,
        "form": "fresh_leaf",
        "lot": "C9",
        "kg": "1000.5",
        "unit": "kg",
        "certificate_kg": "2000",
        "certificate_on": "2026-09-12",
        "harvested_on": "2026-09-12",
    }

    def buy(**changes: str) -> Any:
        return own.post(f"{at}?lang=zh", data=with_paper(said | changes, "certificate"))

    silent = buy()
    assert (silent.status_code, "不按合同收购" in silent.text) == (422, True)
    over = buy(contract=one.id)
    assert (over.status_code, "1000.5" in over.text) == (409, True)
    assert buy(contract=one.id, kg="1000").status_code == 303
    assert buy(contract="none", lot="C10").status_code == 303
    with database.reading() as session:
        held = {each.lot: each for each in session.exec(select(Batch))}
    assert (held["C9"].licensee_id, held["C10"].licence_id) == ("cooperative", None)
    page = own.get(f"/batches/{held['C9'].id}?lang=zh").text
    assert "所用授权属于" in page
