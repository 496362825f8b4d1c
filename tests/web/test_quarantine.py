"""Pages of quarantine certificates: declared, used up, seen by somebody else."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
from sqlmodel import select

from tests import make, make_herds
from tests.people import CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.models.quarantine import QuarantineCertificate, QuarantineUse

HOSTILE = "<script>1</script>"
AT = "/enterprises/cooperative/quarantine/new"
PAPER = {
    "form": "animal_b", "number": "示范 0001", "county_code": "150824", "issued_on": "2026-09-14", "valid_days": "1",
    "goods": HOSTILE, "quantity": "10", "from_place": "示范牧场", "to_place": "示范屠宰厂",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


def test_declared_used_and_seen(as_, database):
    with database.writing() as session:
        herd = make_herds.a_herd(make.work(session, make.actor(session, PRODUCER))).id
    own = as_(PRODUCER)
    wrong = ({"form": "x"}, {"valid_days": "2"}, {"quantity": "1.5"}, {"county_code": "999999"}, {"number": "——"})
    for changes in wrong:
        assert own.post(AT, data=PAPER | changes).status_code == 422, changes
    files = {"file": (BytesIO(make.a_picture()), "纸.png")}
    page = own.post(AT, data=PAPER | files).headers["Location"]
    assert own.post(AT, data=PAPER | {"number": "示范0001"}).status_code == 422, "the same number written otherwise"
    assert HOSTILE not in own.get(page).text
    assert own.get(f"{page}/file").data.startswith(b"\x89PNG")
    used = {"subject": "herd", "subject_id": herd, "quantity": "6", "day": "2026-09-14"}
    assert own.post(f"{page}/use", data=used | {"quantity": "11"}).status_code == 409
    assert own.post(f"{page}/use", data=used | {"day": "2026-09-13"}).status_code == 403
    assert own.post(f"{page}/use", data=used | {"subject_id": "0" * 20}).status_code == 404
    assert own.post(f"{page}/use", data=used).status_code == 303
    assert own.post(f"{page}/use", data=used).status_code == 409
    seen = {"version": "2", "verdict": "confirmed", "note": "示范"}
    assert own.post(f"{page}/see", data=seen).status_code == 404
    assert as_(INSPECTOR).post(f"{page}/see", data=seen | {"verdict": "?"}).status_code == 422
    assert as_(INSPECTOR).post(f"{page}/see", data=seen).status_code == 303
    assert as_(INSPECTOR).post(f"{page}/see", data=seen | {"version": "3"}).status_code == 409
    with database.reading() as session:
        paper = session.exec(select(QuarantineCertificate)).one()
        assert (paper.state, paper.used) == ("confirmed", 6)
        assert len(session.exec(select(QuarantineUse)).all()) == 1


def test_strangers_learn_nothing(as_):
    page = as_(PRODUCER).post(AT, data=PAPER).headers["Location"]
    for path in ("", "/file"):
        assert as_(RIVAL).get(f"{page}{path}").status_code == 404, path
    assert as_(RIVAL).post(f"{page}/use", data={"subject": "herd", "subject_id": "x"}).status_code in (404, 422)
    assert as_(RIVAL).get(AT).status_code == 404
    assert "示范 0001" not in as_(RIVAL).get("/quarantine").text
    assert "示范 0001" in as_(CLERK).get("/quarantine").text
