"""Pages of cases and pallets: packed on a phone, sent, confirmed whole, opened, sold; what is refused stays typed."""

from __future__ import annotations

import re

import pytest
import time_machine
from sqlmodel import col, select

from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL
from trace.models.batches import Batch
from trace.models.containers import Container

pytestmark = pytest.mark.packed


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def line(database):
    with database.writing() as session:
        return make.a_pack_line(make.work(session))


def last(database) -> Container:
    with database.reading() as session:
        return session.exec(
            select(Container).order_by(col(Container.packed_at).desc(), col(Container.id).desc())
        ).first()


def packed(as_, database, line, **given) -> Container:
    before = set(codes(database))
    done = as_(ABATTOIR).post("/containers/new-case", data=given or {f"packs-{line.id}": "10"})
    assert done.status_code == 303, re.findall(r"bt-fault.*", done.text)
    (code,) = set(codes(database)) - before
    with database.reading() as session:
        return session.exec(select(Container).where(Container.code == code)).one()


def codes(database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Container.code)))


def test_a_case_is_packed_and_what_is_wrong_stays_typed(as_, database, line):
    page = as_(ABATTOIR)
    assert f"packs-{line.id}" in page.get("/containers/new-case").text
    refused = page.post("/containers/new-case?lang=en", data={f"packs-{line.id}": "4000"})
    assert refused.status_code == 422
    assert 'value="4000"' in refused.text
    for wrong in (
        {},
        {f"packs-{line.id}": "x"},
        {"codes": "示范"},
        {"order": "B1", "first": "1"},
        {"kg-x": "1"},
        {"kg-x": "-1"},
    ):
        assert page.post("/containers/new-case", data=wrong).status_code == 422, wrong
    assert codes(database) == []
    case = packed(as_, database, line, **{f"packs-{line.id}": "10", f"kg-{line.batch_id}": "5"})
    for at in ("/containers", f"/containers/{case.code}", f"/batches/{line.batch_id}"):
        assert case.code in as_(CLERK).get(at).text, at
    assert "20260912A-1" in page.get(f"/containers/{case.code}").text
    for person in (PRODUCER, RIVAL):
        assert as_(person).get(f"/containers/{case.code}").status_code == 404
        assert as_(person).post(f"/containers/{case.code}/unpack", data={"version": "1"}).status_code == 404


def test_a_pallet_travels_and_is_opened_by_its_receiver(as_, database, line):
    case, page = packed(as_, database, line), as_(ABATTOIR)
    assert page.post("/containers/new-pallet", data={}).status_code == 422
    assert page.post("/containers/new-pallet", data={"cases": case.code}).status_code == 303
    pallet = next(one for one in codes(database) if one != case.code)
    assert pallet in page.get("/shipments/new").text
    way = {"from_id": "abattoir", "to_id": "rival", "planned_on": "2026-09-15", "boxes": pallet}
    assert page.post("/shipments/new", data=way).status_code == 303
    assert page.post(f"/containers/{pallet}/unpack", data={"version": "1"}).status_code == 409
    receiver = as_(RIVAL)
    assert pallet in receiver.get("/shipments/W2026-0001").text
    at = "/shipments/W2026-0001/receive"
    for wrong in ({}, {f"box-{pallet}": "maybe"}):
        assert receiver.post(at, data={"version": "1"} | wrong).status_code == 422
    assert receiver.post(at, data={"version": "1", f"box-{pallet}": "true"}).status_code == 303
    with database.reading() as session:
        version = session.exec(select(Container.version).where(Container.code == pallet)).one()
    assert receiver.post(f"/containers/{pallet}/unpack", data={"version": str(version)}).status_code == 303
    assert case.code in receiver.get("/containers").text


def test_a_case_comes_off_its_pallet_and_shows_hands_and_family(as_, database, line):
    case, page = packed(as_, database, line), as_(ABATTOIR)
    other = packed(as_, database, line)
    assert page.post("/containers/new-pallet", data={"cases": [case.code, other.code]}).status_code == 303
    pallet = next(one for one in codes(database) if one not in (case.code, other.code))
    at = f"/containers/{pallet}/take-off"
    assert page.post(at, data={"version": "1"}).status_code == 422
    assert page.post(at, data={"version": "9", "cases": case.code}).status_code == 409
    assert page.post(at, data={"version": "1", "cases": case.code}).status_code == 303
    on = at.replace("take-off", "put-on")
    assert "Cases that go onto it" in page.get(f"/containers/{pallet}?lang=en").text
    assert page.post(on, data={"version": "2", "cases": other.code}).status_code == 409
    assert page.post(on, data={"version": "2", "cases": case.code}).status_code == 303
    assert page.post(at, data={"version": "3", "cases": case.code}).status_code == 303
    assert as_(RIVAL).post(at, data={"version": "4", "cases": other.code}).status_code == 404
    shown = page.get(f"/containers/{pallet}?lang=en").text
    assert "Chain of custody" in shown
    assert f'value="{other.code}"' in shown
    comes_off, goes_on = shown.split("Put further cases on")
    assert (f'value="{case.code}"' in comes_off, f'value="{case.code}"' in goes_on) == (False, True)
    family = page.get(f"/containers/{case.code}/genealogy?lang=en").text
    assert "Genealogy of Case" in family
    assert "20260912A" in family
    assert page.get(f"/containers/{case.code}/genealogy/print").status_code == 200
    book = page.get(f"/containers/{pallet}/genealogy.xlsx")
    assert (book.status_code, book.data[:2]) == (200, b"PK")
    assert page.get(f"/genealogy?q={case.code}").headers["Location"].endswith(f"/containers/{case.code}/genealogy")
    for door in ("genealogy", "genealogy/print", "genealogy.xlsx"):
        assert as_(PRODUCER).get(f"/containers/{case.code}/{door}").status_code == 404


def test_a_part_of_a_batch_is_sent_on_the_page(as_, database, line):
    way = {"from_id": "abattoir", "to_id": "rival", "planned_on": "2026-09-15", "batches": line.batch_id}
    page = as_(ABATTOIR)
    over = page.post("/shipments/new?lang=en", data=way | {f"kg-{line.batch_id}": "9999"})
    assert (over.status_code, 'value="9999"' in over.text) == (409, True)
    assert page.post("/shipments/new", data=way | {f"kg-{line.batch_id}": "-1"}).status_code == 422
    assert page.post("/shipments/new", data=way | {f"kg-{line.batch_id}": "12.5"}).status_code == 303
    with database.reading() as session:
        assert str(session.exec(select(Batch).where(Batch.lot == "20260912A-1")).one().total_kg) == "12.500"


def test_packs_and_cases_are_sold_on_the_page(as_, database, line):
    case, page = packed(as_, database, line), as_(ABATTOIR)
    at = f"/batches/{line.batch_id}/packs/leave"
    assert f"packs-{line.id}" in page.get(at).text
    sale = {"kind": "sell", "day": "2026-09-14", f"packs-{line.id}": "3"}
    assert page.post(at, data=sale).status_code == 422
    assert page.post(at, data=sale | {"buyer": "示范超市", f"packs-{line.id}": ""}).status_code == 422
    assert page.post(at, data=sale | {"buyer": "示范超市"}).status_code == 303
    assert as_(RIVAL).get(at).status_code == 404
    at = f"/containers/{case.code}/leave"
    gone = {"kind": "lose", "day": "2026-09-14", "version": str(case.version)}
    assert page.post(at, data=gone).status_code == 422
    assert page.post(at, data=gone | {"words": "示范丢失"}).status_code == 303
    assert page.post(at, data=gone | {"words": "示范丢失"}).status_code == 409
    assert "已丢失" in page.get(f"/containers/{case.code}").text


def test_everybody_reads_what_became_of_a_case(as_, client, database, line):
    case = packed(as_, database, line)
    at = f"/c/{case.code}?lang=en"
    there = client.get(at)
    assert there.status_code == 200
    assert there.headers["Cache-Control"] == "no-store"
    assert "Case on record as closed" in there.text
    assert "20260912A" in there.text
    label = as_(ABATTOIR).get(f"/containers/{case.code}/label.pdf")
    assert (label.status_code, label.data[:5]) == (200, b"%PDF-")
    assert as_(PRODUCER).get(f"/containers/{case.code}/label.pdf").status_code == 404
    printed = f"{case.code[:4]}-{case.code[4:]}"
    for typed in (printed, printed.lower().replace("-", "+"), f"http://localhost/c/{case.code}", f"/c/{case.code}"):
        assert client.get(f"/check?code={typed}").headers["Location"] == f"/c/{case.code}"
    assert client.get("/check?code=7K3M9Q2X").status_code == 422
    assert "No case or pallet bears this code" in client.get("/c/7K3M9Q2X?lang=en").text
    gone = {"version": "1", "kind": "lose", "words": "示范", "day": "2026-09-14"}
    assert as_(ABATTOIR).post(f"/containers/{case.code}/leave", data=gone).status_code == 303
    lost = client.get(at).text
    assert "Case on record as lost" in lost
    assert "is-red" in lost
