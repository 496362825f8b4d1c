"""Pages and API of samples and looks: sealed, answered, signed with photos, open until looked at again."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.permissions import PERMISSIONS
from brand.kernel.work import Work
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, INSPECTOR, PRODUCER, RIVAL_ABATTOIR
from trace.models.checks import GoodsCheck, GoodsCheckFile, Sample
from trace.rules.checklists import checklists

pytestmark = pytest.mark.packed
HOSTILE = "<script>alert(1)</script>"
SEALED = {
    "seal": "FY-0001", "where": "示范冷库", "quantity": "0.5", "unit": "kg", "spare": "yes",
    "taken_at": "2026-09-14T08:30",
}  # fmt: skip
SEEN = {"where": "示范包装间", "checked_on": "2026-09-14"}
FINE = SEEN | {f"answers/{one.code}": "yes" for one in checklists()["goods"].questions}
FOUND = FINE | {"answers/label": "no", "words": "缺保质期"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def address(database):
    with database.reading() as session:
        return f"/batches/{make.the_batch(session).id}"


@pytest.fixture
def token(database):
    def issue(person):
        with database.writing() as session:
            work = Work(session, make.actor(session, person), make.MONDAY, "test")
            scopes = sorted(PERMISSIONS[person.role])
            return {"Authorization": f"Bearer {accounts.issue_token(work, label='t', scopes=scopes, days=9)[1]}"}

    return issue


def test_a_sample_from_the_batch_page(as_, address, database):
    inspector = as_(INSPECTOR)
    assert f"{address}/samples/new" in inspector.get(f"{address}/tests").text
    assert inspector.post(f"{address}/samples/new", data=SEALED).status_code == 303
    with database.reading() as session:
        made = session.exec(select(Sample)).one()
    assert (made.official, made.spare, made.taken_at.isoformat()) == (True, True, "2026-09-14T00:30:00+00:00")
    assert "FY-0001" in as_(PRODUCER).get(f"{address}/tests").text
    again = as_(ABATTOIR).post(f"{address}/samples/new?lang=en", data=SEALED)
    assert (again.status_code, 'id="f-seal-fault"' in again.text) == (422, True)
    wrong = as_(ABATTOIR).post(f"{address}/samples/new", data=SEALED | {"seal": "X", "taken_at": "0001-01-01T00:00"})
    assert (wrong.status_code, 'id="f-taken_at-fault"' in wrong.text) == (422, True)
    assert as_(RIVAL_ABATTOIR).get(f"{address}/samples/new").status_code == 404


def test_looked_at_found_waiting_at_the_desk_and_put_right(as_, address, database):
    inspector, abattoir = as_(INSPECTOR), as_(ABATTOIR)
    form = inspector.get(f"{address}/checks/new/goods").text
    assert "第三十八条" in form, "every question shows its clause"
    photo = {"files": (BytesIO(make.a_paper().data), "示范.pdf")}
    made = inspector.post(f"{address}/checks/new/goods", data=FOUND | {"words": HOSTILE} | photo)
    assert made.status_code == 303
    page = abattoir.get(f"{made.location}?lang=en").text
    assert HOSTILE not in page
    assert "1 finding(s) open" in page
    assert make.a_paper().digest in page
    assert "finding of a check still open" in abattoir.get("/desk?lang=en").text
    assert "A finding of the check of 2026-09-14 is open" in abattoir.get(f"{address}?lang=en").text
    with database.reading() as session:
        file_id = session.exec(select(GoodsCheckFile.id)).one()
    assert abattoir.get(f"{made.location}/files/{file_id}").data == make.a_paper().data
    assert as_(RIVAL_ABATTOIR).get(f"{made.location}/files/{file_id}").status_code == 404
    assert as_(RIVAL_ABATTOIR).get(made.location).status_code == 404
    assert abattoir.post(f"{address}/checks/new/goods", data=FINE).status_code == 303
    assert "1 finding(s) open" in abattoir.get(f"{made.location}?lang=en").text, "the authority's ends with its own"
    assert inspector.post(f"{address}/checks/new/goods", data=FINE).status_code == 303
    assert "put right since" in abattoir.get(f"{made.location}?lang=en").text
    assert "is open" not in abattoir.get(f"{address}?lang=en").text
    assert inspector.get("/checks").text.count("/checks/") >= 3


def test_a_question_left_open_is_named(as_, address, database):
    given = {name: value for name, value in FINE.items() if name != "answers/batch"}
    answer = as_(ABATTOIR).post(f"{address}/checks/new/goods?lang=en", data=given)
    assert (answer.status_code, 'href="#f-answers-batch"' in answer.text) == (422, True)
    silent = as_(ABATTOIR).post(f"{address}/checks/new/goods", data=FOUND | {"words": ""})
    assert (silent.status_code, 'id="f-words-fault"' in silent.text) == (422, True)
    assert as_(ABATTOIR).get(f"{address}/checks/new/nothing").status_code == 404
    with database.reading() as session:
        assert session.exec(select(GoodsCheck)).all() == []


def test_over_the_api(client, token, address):
    own, office = token(ABATTOIR), token(INSPECTOR)
    body = SEALED | {"spare": True, "taken_at": "2026-09-14T08:30:00+08:00"}
    first, again = (
        client.post(f"/api/v1{address}/samples", json=body, headers=own | {"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert (first.status_code, again.json) == (201, first.json)
    taken = client.post(f"/api/v1{address}/samples", json=body, headers=office)
    assert [one["code"] for one in taken.json["errors"]] == ["samples.seal_taken"]
    assert len(client.get(f"/api/v1{address}/samples", headers=token(PRODUCER)).json["rows"]) == 1
    assert client.get(f"/api/v1{address}/samples", headers=token(RIVAL_ABATTOIR)).status_code == 404
    made = client.post(f"/api/v1{address}/checks/goods", data=FOUND, headers=office)
    assert (made.status_code, made.json["findings"], made.json["open"]) == (201, 1, True)
    missing = client.post(f"/api/v1{address}/checks/cold", data=SEEN, headers=office)
    assert {one["code"] for one in missing.json["errors"]} == {"checks.answer_needed"}
    stranger = client.post(f"/api/v1{address}/checks/goods", data=FINE, headers=token(RIVAL_ABATTOIR))
    assert stranger.status_code == 404
    assert client.get("/api/v1/checks", headers=own).json["total"] == 1
    assert {one["code"] for one in client.get("/api/v1/checklists", headers=own).json["rows"]} == set(checklists())
