"""A sheet of supply contracts refuses as the page does, knows what stands already, and goes until one is confirmed."""

from __future__ import annotations

import pytest
from sqlmodel import select

from brand.models.enterprises import Enterprise
from tests import make
from tests.make_supply import by, step
from tests.people import CLERK, PRODUCER, RIVAL
from tests.services.test_supply import refusal
from trace.models.imports import SheetKind
from trace.models.supply import SupplyContract
from trace.services import imports, supply
from trace.services.supply import Paper

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened


def contracts(session, *rows):
    seller = session.get_one(Enterprise, "rival").name
    licence = make.a_licence(make.work(session)).number
    heads = "合同编号,供货方,授权编号,采收首日,合同截止日,约定重量(kg),地块代码,合同文件SHA-256"
    lines = [row.format(seller=seller, licence=licence) for row in rows]
    return imports.read(SheetKind.SUPPLY, "contracts.csv", "\n".join([heads, *lines]).encode())


def test_a_sheet_of_contracts_is_refused_at_its_cells_like_the_page(session):
    own = by(session, PRODUCER)
    season = "{licence},2026-08-25,2026-10-31"
    wrong = contracts(
        session,
        f"一,{{seller}},{season},800,,",
        f"二,没有这家,{season},800,,",
        "三,{seller},没有这号,2026-11-01,2026-11-02,800,,",
        "四,{seller},{licence},2026-11-01,2099-11-02,800,,",
        "五,{seller},{licence},2026-11-01,2099-01-02,800,NOSUCH00,",
        "六,{seller},{licence},2026-12-01,2026-12-02,800,NOSUCH00,",
        f"七,{{seller}},{season},1,,",
        f"一,{{seller}},{season},1,,xyz",
    )
    error = refusal(imports.take_in, own, wrong, "cooperative")
    assert {(each.code, each.row, each.column) for each in error.faults} == {
        ("supply.supplier", 3, "供货方"),
        ("supply.licence", 4, "授权编号"),
        ("supply.season", 5, "合同截止日"),
        ("supply.season", 6, "合同截止日"),
        ("supply.plot", 7, "地块代码"),
        ("supply.overlaps", 8, "采收首日"),
        ("supply.number_twice", 9, "合同编号"),
        ("supply.digest", 9, "合同文件SHA-256"),
    }
    assert session.exec(select(SupplyContract)).all() == []


def test_a_sheet_of_contracts_goes_until_one_is_confirmed(session):
    own = by(session, PRODUCER)
    season = "{seller},{licence},2026-08-25,2026-10-31,800,,"
    row = imports.take_in(own, contracts(session, f"一,{season}"), "cooperative")
    one = session.exec(select(SupplyContract)).one()
    supply.attach(own, one.id, version=one.version, paper=Paper(make.a_paper("供货合同")))
    again = contracts(session, f"一,{season}", "二,{seller},{licence},2026-11-01,2026-11-30,1,,")
    assert imports.look(own, again, "cooperative").unchanged == 1, "its paper has come meanwhile"
    step(session, one, "consent", RIVAL)
    step(session, one, "confirm", CLERK)
    error = refusal(imports.undo, own, row.id, version=row.version)
    assert (error.code, error.params) == ("supply.confirmed_since", {"number": "一"})
    assert one.state == "running"
