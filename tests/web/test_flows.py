"""Pages of acts on goods: begun, split, processed with a second person, sold; what is refused is named in place."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.make_flows import a_garden, leaf
from tests.people import INSPECTOR, PRODUCER, RIVAL
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.flows import FlowProposal, Operation
from trace.queries import flows as reads


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch(database):
    with database.writing() as session:
        return leaf(make.work(session))


def lot(database, name):
    with database.reading() as session:
        return session.exec(select(Batch).where(Batch.lot == name)).first()


def test_a_harvest_is_begun_on_the_page(as_, database):
    with database.writing() as session:
        garden, product = a_garden(make.work(session)), make.a_product(session).id
    page = as_(PRODUCER)
    assert "示范茶园" in page.get("/batches/new").text
    given = {"enterprise_id": "cooperative", "kind": "harvest", "product_id": product, "form": "fresh_leaf"}
    given |= {"place_id": garden, "lot": "t7", "kg": "12.5", "unit": "kg", "day": "2026-09-12"}
    assert page.post("/batches/new", data=given | {"kg": "0"}).status_code == 422
    assert page.post("/batches/new", data=given).status_code == 303
    assert str(lot(database, "T7").total_kg) == "12.500"
    again = page.post("/batches/new?lang=en", data=given)
    assert (again.status_code, "T7" in again.text) == (409, True)


def test_split_refused_with_the_figures_then_done(as_, database, batch):
    at, page = f"/batches/{batch.id}/split", as_(PRODUCER)
    given = {"lot": "T1-1", "kg": "100.001", "unit": "kg", "day": "2026-09-12"}
    refused = page.post(f"{at}?lang=en", data=given)
    assert "in 100 kg, already used 0 kg, asked 100.001 kg" in refused.text
    assert page.post(at, data=given | {"kg": "40"}).status_code == 303
    assert "40.0 kg" in page.get(f"/batches/{batch.id}").text
    assert as_(RIVAL).get(at).status_code == 404


def test_an_unusual_yield_waits_on_the_inspector_s_desk(as_, database, batch):
    given = {"process": "tea_making", "taken_kg": "100", "kg": "23", "loss_kg": "77", "lot": "M1", "day": "2026-09-12"}
    wrong = as_(PRODUCER).post(f"/batches/{batch.id}/process?lang=en", data=given | {"loss_kg": "0"})
    assert "the loss would be 77 kg" in wrong.text
    assert as_(PRODUCER).post(f"/batches/{batch.id}/process", data=given).status_code == 303
    with database.reading() as session:
        waiting = session.exec(select(FlowProposal)).one()
    office = as_(INSPECTOR)
    assert f"/flows/{waiting.id}" in office.get("/desk").text
    assert "23.00 %" in office.get(f"/flows/{waiting.id}").text
    assert as_(RIVAL).get(f"/flows/{waiting.id}").status_code == 404
    at = f"/flows/{waiting.id}/agree"
    assert as_(PRODUCER).post(at, data={"version": "1", "words": "好"}).status_code == 404
    assert office.post(at, data={"version": "1"}).status_code == 422
    assert office.post(at, data={"version": "1", "words": "看过秤单"}).status_code == 303
    assert office.post(at, data={"version": "1", "words": "看过秤单"}).status_code == 409
    assert str(lot(database, "M1").total_kg) == "23.000"


def test_sold_mixed_and_the_books_still_agree(as_, database, batch):
    page = as_(PRODUCER)
    sold = {"kind": "sell", "kg": "10", "day": "2026-09-13"}
    assert page.post(f"/batches/{batch.id}/leave", data=sold).status_code == 422
    assert page.post(f"/batches/{batch.id}/leave", data=sold | {"buyer": "示范市场"}).status_code == 303
    given = {"lot": "T1-1", "kg": "40", "unit": "kg", "day": "2026-09-13"}
    assert page.post(f"/batches/{batch.id}/split", data=given).status_code == 303
    part = lot(database, "T1-1")
    mixed = {f"kg-{batch.id}": "50", f"kg-{part.id}": "40", "lot": "X1", "day": "2026-09-13"}
    assert page.post("/batches/merge", data=mixed).status_code == 303
    assert str(lot(database, "X1").total_kg) == "90.000"
    with database.reading() as session:
        assert reads.differences(session) == []
    with database.writing() as session:
        session.get_one(Batch, part.id).used_kg = 3
    with database.reading() as session:
        assert reads.differences(session) == [f"batch {part.id}"]


def test_an_act_is_taken_back_on_its_page(as_, database, batch):
    page = as_(PRODUCER)
    part = {"lot": "T1-1", "kg": "40", "unit": "kg", "day": "2026-09-12"}
    assert page.post(f"/batches/{batch.id}/split", data=part).status_code == 303
    with database.reading() as session:
        act = session.exec(select(Operation.id).where(Operation.kind == "split")).one()
    at = f"/batches/{batch.id}/acts/{act}/undo"
    assert f'href="{at}"' in page.get(f"/batches/{batch.id}").text
    begun = page.get(f"/batches/{batch.id}/acts/{batch.operation_id}/undo?lang=en").text
    assert "40 kg of batch T1 were used since (went into: T1-1)" in begun
    assert "<textarea" not in begun
    assert as_(RIVAL).get(at).status_code == 404
    assert page.get(f"/batches/{batch.id}/acts/nothing/undo").status_code == 404
    assert page.post(at, data={"words": ""}).status_code == 422
    assert page.post(at, data={"words": "录错了"}).status_code == 303
    assert page.post(at, data={"words": "录错了"}).status_code == 409
    assert lot(database, "T1-1").withdrawn
    assert "本批次已撤回" in page.get(f"/batches/{lot(database, 'T1-1').id}?lang=zh").text
    assert page.get(at).status_code == 200


def test_a_sheet_of_harvests_is_brought_looked_at_taken_in_and_taken_back(as_, database):
    with database.writing() as session:
        a_garden(make.work(session))
        product = make.a_product(session).name
    page, at = as_(PRODUCER), "/enterprises/cooperative/sheets/harvests"
    assert f'href="{at}"' in page.get("/batches").text
    assert page.get("/imports/templates/harvests.xlsx").status_code == 200
    heading = "批号,地块,产品,货物形态,重量(kg),收获日期"
    wrong = page.post(at, data={"file": (BytesIO(f"{heading}\nH1,没有,{product},水果,1,2026-09-12".encode()), "h.csv")})
    assert (wrong.status_code, "地块" in wrong.text) == (422, True)
    good = f"{heading}\nH1,示范茶园,{product},鲜茶叶,12.5,2026-09-12".encode()
    kept = page.post(at, data={"file": (BytesIO(good), "h.csv")})
    assert kept.status_code == 303
    assert "12.5 kg" in page.get(kept.location).text
    assert lot(database, "H1") is None
    assert page.post(f"{kept.location}/confirm", data={"version": "1"}).status_code == 303
    assert str(lot(database, "H1").total_kg) == "12.500"
    assert page.post(f"{kept.location}/undo", data={"version": "2"}).status_code == 303
    assert lot(database, "H1").withdrawn
    assert as_(RIVAL).get(at).status_code == 404


def test_the_page_offers_the_places_and_chooses_only_where_there_is_one(as_, database, batch):
    page, at = as_(PRODUCER), f"/batches/{batch.id}/leave"
    assert b'name="place_id"' not in page.get(at).data
    anew = "/enterprises/cooperative/places/new"
    assert anew in page.get(f"/batches/{batch.id}/store").text, "where there is no store the way to one"
    with database.writing() as session:
        first = make.a_place(make.work(session), kind="warehouse", name="示范东库").id
    assert f'<option value="{first}" selected>' in page.get(at).text
    with database.writing() as session:
        second = make.a_place(make.work(session), kind="market", name="示范门市").id
    offered = page.get(at).text
    assert f'<option value="{first}">' in offered
    assert f'<option value="{second}">' in offered
    assert anew not in page.get(f"/batches/{batch.id}/store").text
    storing = {"place_id": first}
    assert page.post(f"/batches/{batch.id}/store", data=storing).status_code == 303
    assert f'<option value="{first}" selected>' in page.get(at).text
    sold = {"kind": "sell", "kg": "1", "day": "2026-09-14", "buyer": "示范市场", "place_id": second}
    assert page.post(at, data=sold).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Event.place_id).where(Event.kind == "selling")).one() == second
