"""Pages of purchases and of care for plots, as a clerk meets them on a phone."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.make_flows import a_garden
from tests.people import CLERK, INSPECTOR, LABORATORY, PRODUCER, RIVAL
from trace.models.batches import Batch
from trace.models.plot_care import PlotTreatment

HOSTILE = "<script>1</script>"
TREATED = {
    "kind": "pesticide", "name": HOSTILE, "approval": "PD示范", "lot": "A1", "dose": "30", "unit": "g",
    "used_on": "2026-09-05", "safe_days": "7", "person": "示范操作人",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def garden(database):
    with database.writing() as session:
        return a_garden(make.work(session))


@pytest.fixture
def lamb(database, garden):
    with database.reading() as session:
        return make.a_product(session).id


def test_a_treatment_closes_the_harvest_and_the_office_strikes_it(as_, client, database, garden, lamb):
    own = as_(PRODUCER)
    at = f"/places/{garden}/care"
    assert at in own.get(f"/places/{garden}").text
    assert f"{at}/new" in own.get(at).text
    refused = own.post(f"{at}/new", data=TREATED | {"approval": "", "safe_days": "9" * 30})
    assert refused.status_code == 422
    assert HOSTILE not in refused.text
    assert own.post(f"{at}/new", data=TREATED).status_code == 303
    in_time = TREATED | {"kind": "fertiliser", "used_on": "2026-09-14", "safe_days": "0"}
    assert own.post(f"{at}/new", data=in_time).status_code == 303
    page = own.get(at).text
    assert page.count("记录时间") == 2
    assert page.count("补记") == 1, "nine days after it was used"
    assert HOSTILE not in page
    assert "示范操作人" in page
    harvest = "/batches/new"
    given = {
        "place_id": garden,
        "day": "2026-09-12",
        "product_id": lamb,
        "form": "fresh_leaf",
        "lot": "T1",
        "kg": "100",
    }
    given |= {"unit": "kg", "kind": "harvest", "enterprise_id": "cooperative"}
    refused = own.post(f"{harvest}?lang=en", data=given)
    assert refused.status_code == 403
    assert "up to and including 2026-09-12" in refused.text
    assert 'value="T1"' in refused.text, "what was typed stays"
    with database.reading() as session:
        one = session.exec(select(PlotTreatment.id).where(PlotTreatment.kind == "pesticide")).one()
    assert own.post(f"{at}/{one}/strike", data={"reason": "示范"}).status_code == 404
    assert as_(CLERK).post(f"{at}/{one}/strike", data={"reason": ""}).status_code == 422
    assert as_(CLERK).post(f"{at}/{one}/strike", data={"reason": "示范"}).status_code == 303
    assert own.post(harvest, data=given).status_code == 303
    with database.reading() as session:
        batch = session.exec(select(Batch)).one()
    assert (batch.place_id, batch.kind) == (garden, "harvest")
    place = own.get(f"/places/{garden}").text.split("/f/")[1].split('"')[0]
    assert "示范操作人" not in client.get(f"/f/{place}").text


def test_bought_with_papers(as_, database, garden, lamb):
    own = as_(PRODUCER)
    begun = {"kind": "collected", "enterprise_id": "cooperative", "producer_id": "rival", "product_id": lamb}
    begun |= {"form": "fresh_leaf", "lot": "C1", "kg": "100", "unit": "kg", "day": "2026-09-12"}
    assert own.post("/batches/new", data=begun).status_code == 403, "listed goods of another's come with papers"
    at = "/enterprises/cooperative/purchases/new"
    assert at in own.get("/purchases").text
    given = {
        "seller": "乌拉特中旗示范邻社", "paper_number": HOSTILE, "day": "2026-09-12", "product_id": lamb,
        "form": "fresh_leaf", "lot": "C1", "kg": "100", "unit": "kg", "certificate_kg": "100",
        "certificate_on": "2026-09-12",
    }  # fmt: skip

    def files():
        return {"sale": (BytesIO(make.a_picture()), "单.png"), "certificate": (BytesIO(make.a_picture()), "证.png")}

    assert own.post(at, data=given).status_code == 422, "a certificate without its picture"
    refused = own.post(f"{at}?lang=en", data=given | files() | {"certificate_kg": "99"})
    assert refused.status_code == 409
    assert "speaks of 99 kg, bought are 100 kg" in refused.text
    assert own.post(at, data=given | files() | {"seller": "谁"}).status_code == 422
    assert own.post(at, data=given | files()).status_code == 303
    page = own.get("/purchases").text
    assert HOSTILE not in page
    paper = "/purchases/" + page.split('href="/purchases/')[1].split('"')[0]
    assert own.get(paper).data.startswith(b"\x89PNG")
    assert as_(RIVAL).get(paper).status_code == 200, "the seller reads its own sale"
    assert as_(LABORATORY).get(paper).status_code == 404
    with database.reading() as session:
        batch = session.exec(select(Batch)).one()
    assert "证.png" in own.get(f"/batches/{batch.id}/commitments/taken").text
    assert "证.png" not in as_(RIVAL).get(f"/batches/{batch.id}/commitments/taken").text


def test_who_meets_nothing(as_, garden):
    for person in (RIVAL, CLERK, INSPECTOR):
        assert as_(person).get("/enterprises/cooperative/purchases/new").status_code == 404
        assert as_(person).get(f"/places/{garden}/care/new").status_code == 404
    assert as_(RIVAL).get(f"/places/{garden}/care").status_code == 404
    assert as_(CLERK).get(f"/places/{garden}/care").status_code == 200
