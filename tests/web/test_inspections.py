"""Pages and API after the grant: a visit recorded, told, judged; the contract; who sees what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.inspections import Inspection
from brand.models.licences import Licence
from brand.services import accounts
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

pytestmark = pytest.mark.licensed

As = Callable[[PersonOfTheCast], FlaskClient]
SAID = {"kind": "visit", "visited_on": "2026-09-14", "severity": "serious", "reason_code": "sanction.standard",
        "rectify_by": "2026-10-14", "words": "冷库记录缺两天"}  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def licence(database: Database) -> Licence:
    with database.writing() as session:
        return make.a_licence(make.work(session))


def test_recorded_told_and_judged(as_: As, licence: Licence, database: Database) -> None:
    where, inspector = f"/licences/{licence.number}/inspections", as_(INSPECTOR)
    assert inspector.get(f"{where}/new").status_code == 200
    late = inspector.post(f"{where}/new", data=SAID | {"rectify_by": "2027-10-14"})
    assert late.status_code == 422
    assert 'id="f-rectify_by-fault"' in late.text
    photo = {"files": (BytesIO(make.a_paper("照片").data), "a.pdf")}
    assert inspector.post(f"{where}/new", data=SAID | photo).status_code == 303
    assert "冷库记录缺两天" not in as_(PRODUCER).get(where).text
    assert "冷库记录缺两天" in inspector.get(where).text
    with database.reading() as session:
        one = session.exec(select(Inspection)).one()
    assert inspector.post(f"{where}/{one.id}/tell", data={"version": "1"}).status_code == 422
    assert inspector.post(f"{where}/{one.id}/tell", data={"version": "1", "comment": "电话"}).status_code == 303
    assert inspector.post(f"{where}/{one.id}/tell", data={"version": "1", "comment": "电话"}).status_code == 409
    assert "冷库记录缺两天" in as_(PRODUCER).get(where).text
    assert f"/licences/{licence.number}/inspections" in as_(PRODUCER).get("/desk").text
    assert inspector.get(f"{where}/{one.id}/accept").status_code == 404
    assert as_(APPROVER).post(f"{where}/{one.id}/accept", data={"version": "2", "comment": "已补"}).status_code == 303
    assert "已结案" in as_(PRODUCER).get(f"{where}?lang=zh").text


def test_the_contract(as_: As, licence: Licence) -> None:
    where = f"/licences/{licence.number}"
    said = {"signed_on": "2026-09-01", "file": (BytesIO(make.a_paper("合同").data), "合同.pdf")}
    assert as_(CLERK).post(f"{where}/contract", data=said).status_code == 303
    assert "2026-09-01" in as_(PRODUCER).get(f"{where}/inspections").text
    nothing = as_(CLERK).post(f"{where}/contract", data={"signed_on": "2026-09-01"})
    assert nothing.status_code == 422


def test_who_may_not(as_: As, licence: Licence) -> None:
    where = f"/licences/{licence.number}/inspections"
    assert as_(RIVAL).get(where).status_code == 404
    for person in (PRODUCER, RIVAL, APPROVER):
        assert as_(person).get(f"{where}/new").status_code == 404
        assert as_(person).post(f"{where}/new", data=SAID).status_code == 404
        assert as_(person).post(f"{where}/NOTHING/tell", data={"version": "1", "comment": "x"}).status_code == 404


def test_over_the_api(client: FlaskClient, database: Database, licence: Licence) -> None:
    with database.writing() as session:
        work = make.work(session, make.actor(session, INSPECTOR))
        _, token = accounts.issue_token(work, label="t", scopes=["licences.inspect", "licences.read"], days=30)
    headers, where = {"Authorization": f"Bearer {token}"}, f"/api/v1/licences/{licence.number}/inspections"
    made = client.post(where, json=SAID, headers=headers).json
    assert (made["measure"], made["result_due"], made["open_actions"]) == ("rectify", "2026-09-28", ["tell"])
    told = client.post(f"{where}/{made['id']}/tell", json={"version": 1, "comment": "x"}, headers=headers).json
    assert told["state"] == "told"
    assert client.get(where, headers=headers).json["rows"][0]["id"] == made["id"]
    wrong = client.post(where, json=SAID | {"reason_code": "x"}, headers=headers)
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/reason_code")
