"""Pages of tests: typed in, paper, confirmed by the laboratory, failing ones held, retested in time, let go by two."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.uploads import Upload
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, LABORATORY, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.models.quality import LabReport, Retest
from trace.queries import quality

pytestmark = pytest.mark.packed
HOSTILE = "<script>alert(1)</script>"
TYPED = {
    "kind": "laboratory",
    "number": "R-7",
    "laboratory": "示范检测中心",
    "tested_on": "2026-09-14",
    "items/0/name": "恩诺沙星",
    "items/0/result": "12",
    "items/0/unit": "μg/kg",
    "items/0/limit": "100",
    "items/3/name": "克伦特罗",
    "items/3/result": "未检出",
    "items/3/limit": "不得检出",
}
BAD = TYPED | {"items/0/result": "120"}
PAPER: Upload = make.a_paper("示范报告")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def batch_id(database):
    with database.reading() as session:
        return make.the_batch(session).id


@pytest.fixture
def typed(as_, batch_id, database):
    def keep(given=TYPED, person=ABATTOIR):
        answer = as_(person).post(f"/batches/{batch_id}/tests/new/{given['kind']}", data=given)
        assert answer.status_code == 303, answer.text
        with database.reading() as session:
            return session.exec(select(LabReport).where(LabReport.number == given["number"])).one().id

    return keep


def seen(database, report_id):
    """What a confirmation must name: version and digest as they stand."""
    with database.reading() as session:
        report = session.get_one(LabReport, report_id)
        return {"version": report.version, "digest_seen": quality.digest(session, report)}


def the(database, report_id):
    with database.reading() as session:
        return session.get_one(LabReport, report_id)


def test_typed_in_from_the_batch_page_and_confirmed_by_its_laboratory(as_, batch_id, typed, database):
    abattoir = as_(ABATTOIR)
    assert f"/batches/{batch_id}/tests" in abattoir.get(f"/batches/{batch_id}").text
    assert f"/batches/{batch_id}/tests/new/laboratory" in abattoir.get(f"/batches/{batch_id}/tests").text
    report_id = typed()
    address = f"/tests/{report_id}"
    page = abattoir.get(f"{address}?lang=en").text
    assert "declared, not confirmed" in page
    assert "克伦特罗" in page
    attached = abattoir.post(f"{address}/files", data={"file": (BytesIO(PAPER.data), "示范.pdf")})
    assert attached.status_code == 303
    assert PAPER.digest in abattoir.get(address).text
    laboratory = as_(LABORATORY)
    assert "R-7" in laboratory.get("/desk?lang=en").text
    assert "R-7" in laboratory.get("/tests").text
    form = laboratory.get(f"{address}/steps/confirm").text
    words = seen(database, report_id)
    assert words["digest_seen"] in form
    stale = laboratory.post(f"{address}/steps/confirm", data=words | {"digest_seen": "0" * 64})
    assert (stale.status_code, the(database, report_id).status) == (409, "declared")
    assert laboratory.post(f"{address}/steps/confirm", data=words).status_code == 303
    assert the(database, report_id).status == "confirmed"
    assert laboratory.get(f"{address}/steps/confirm").status_code == 404


def test_the_paper_is_only_saved_and_only_by_those_concerned(as_, typed, database):
    report_id = typed()
    as_(ABATTOIR).post(f"/tests/{report_id}/files", data={"file": (BytesIO(PAPER.data), "x.pdf")})
    with database.reading() as session:
        file_id = quality.files(session, report_id)[0].id
    saved = as_(PRODUCER).get(f"/tests/{report_id}/files/{file_id}")
    assert (saved.data, saved.headers["Content-Disposition"].startswith("attachment")) == (PAPER.data, True)
    assert as_(RIVAL).get(f"/tests/{report_id}/files/{file_id}").status_code == 404
    other = typed(TYPED | {"number": "R-8"})
    assert as_(PRODUCER).get(f"/tests/{other}/files/{file_id}").status_code == 404


def test_a_mistake_stands_at_its_row_and_what_was_typed_stays(as_, batch_id, database):
    given = TYPED | {"items/3/result": "痕量", "laboratory": HOSTILE}
    answer = as_(ABATTOIR).post(f"/batches/{batch_id}/tests/new/laboratory?lang=en", data=given)
    assert answer.status_code == 422
    assert 'id="f-items-3-result-fault"' in answer.text
    assert 'href="#f-items-3-result"' in answer.text
    assert "痕量" in answer.text
    assert HOSTILE not in answer.text
    empty = as_(ABATTOIR).post(f"/batches/{batch_id}/tests/new/laboratory", data={"kind": "laboratory"})
    assert empty.status_code == 422
    with database.reading() as session:
        assert session.exec(select(LabReport).where(LabReport.laboratory == HOSTILE)).all() == []


def test_a_failing_test_holds_and_two_persons_let_go(as_, batch_id, database):
    client = as_(ABATTOIR)
    address = client.post(f"/batches/{batch_id}/tests/new/laboratory", data=BAD).headers["Location"]
    assert "结果不合格，本批次已自动暂停" in client.get(address).text
    report_id = address.rpartition("/")[2]
    assert "H2026-0001" in as_(ABATTOIR).get(f"/batches/{batch_id}").text
    assert "R-7" in as_(ABATTOIR).get("/desk").text
    assert as_(ABATTOIR).get(f"{address}/relief/ask_release").status_code == 404
    inspector = as_(INSPECTOR)
    assert inspector.get(f"{address}/relief/ask_release").status_code == 200
    silent = inspector.post(f"{address}/relief/ask_release", data={"version": 1})
    assert silent.status_code == 422
    asked = inspector.post(f"{address}/relief/ask_release", data={"version": 1, "comment": "改作饲料（示范）"})
    assert asked.status_code == 303
    own = inspector.post(f"{address}/relief/release", data={"version": 2})
    assert (own.status_code, the(database, report_id).relief) == (403, "asked")
    approver = as_(APPROVER)
    assert "R-7" in approver.get("/desk").text
    assert approver.post(f"{address}/relief/release", data={"version": 2}).status_code == 303
    assert the(database, report_id).relief == "released"
    assert "released by two persons" in as_(ABATTOIR).get(f"{address}?lang=en").text


def test_a_contested_report_is_rejected_as_forged_by_an_inspector(as_, typed, database):
    address = f"/tests/{(report_id := typed(BAD))}"
    laboratory, inspector = as_(LABORATORY), as_(INSPECTOR)
    assert laboratory.post(f"{address}/steps/contest", data={"version": 1, "comment": "没有"}).status_code == 303
    assert laboratory.get(f"{address}/steps/reject").status_code == 404
    assert laboratory.post(f"{address}/steps/reject", data={"version": 2, "comment": "没有"}).status_code == 404
    assert "R-7" in inspector.get("/desk").text
    assert inspector.post(f"{address}/steps/reject", data={"version": 2, "comment": "伪造"}).status_code == 303
    assert the(database, report_id).status == "rejected"
    assert "R-7" in inspector.get("/tests").text
    assert "R-7" not in inspector.get("/tests?state=failing").text


def test_a_retest_within_five_working_days(as_, batch_id, typed, database):
    """Sunday the 20th is a working day made up for the festival: the calendar counts, not the week."""
    report_id = typed(BAD)
    address = f"/tests/{report_id}"
    assert "2026-09-20 23:59" in as_(ABATTOIR).get(address).text
    with time_machine.travel(make.MONDAY + timedelta(days=8)):
        late = as_(ABATTOIR).post(f"{address}/retest?lang=en", data={"version": 1})
        assert (late.status_code, "2026-09-20 23:59" in late.text) == (403, True)
        assert 'action="/tests/' not in late.text.split("Retest")[-1].split("Release of failing")[0]
    abattoir = as_(ABATTOIR)
    assert abattoir.post(f"{address}/retest", data={"version": 1}).status_code == 303
    sample = {"version": 1, "received_on": "2026-09-14"}
    assert abattoir.post(f"{address}/retest/sample", data=sample).status_code == 303
    result = typed(TYPED | {"number": "S-1", "laboratory": "示范第二检测中心"})
    assert "S-1" in abattoir.get(address).text
    assert abattoir.post(f"{address}/retest/result", data={"version": 2, "result_id": result}).status_code == 303
    assert the(database, report_id).relief == "none"
    assert as_(INSPECTOR).post(f"/tests/{result}/steps/confirm", data=seen(database, result)).status_code == 303
    assert the(database, report_id).relief == "overturned"


def test_the_report_of_a_retest_is_asked_for_where_it_is_missing(as_, batch_id, typed):
    """Its form knows what failed, and leads back to where it is named as the retest."""
    first, abattoir = typed(BAD), as_(ABATTOIR)
    assert abattoir.post(f"/tests/{first}/retest", data={"version": 1}).status_code == 303
    address = f"/batches/{batch_id}/tests/new/laboratory?retest={first}"
    assert address in abattoir.get(f"/tests/{first}").text
    page = abattoir.get(address).text
    assert [known in page for known in ("R-7", 'value="恩诺沙星"', 'value="μg/kg"', 'value="100"', "克伦特罗")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    again = {**TYPED, "number": "S-1", "laboratory": "示范第二检测中心"}
    same = abattoir.post(f"{address}&lang=en", data=again | {"laboratory": BAD["laboratory"]}, follow_redirects=True)
    assert "it cannot be the retest" in same.text
    kept = abattoir.post(address, data=again)
    assert (kept.status_code, kept.location.partition("?result=")[0]) == (303, f"/tests/{first}")
    assert f'value="{kept.location.partition("=")[2]}" selected' in abattoir.get(kept.location).text
    for other in ("x", kept.location.partition("=")[2]):
        assert abattoir.get(address.replace(first, other)).status_code == 404, "neither unknown nor passing"


def test_a_rapid_test_leaves_four_hours(as_, typed, database):
    given = {
        "kind": "rapid", "number": "K-1", "laboratory": "示范快检室", "tested_at": "2026-09-14T08:30",
        "items/0/name": "沙丁胺醇", "items/0/result": "阳性",
    }  # fmt: skip
    report_id = typed(given)
    report = the(database, report_id)
    assert (report.passed, report.tested_at.isoformat()) == (False, "2026-09-14T00:30:00+00:00")
    page = as_(ABATTOIR).get(f"/tests/{report_id}").text
    assert "2026-09-14 13:00" in page
    with time_machine.travel(make.MONDAY + timedelta(hours=4, minutes=1)):
        assert as_(ABATTOIR).post(f"/tests/{report_id}/retest", data={"version": 1}).status_code == 403
    with database.reading() as session:
        assert session.exec(select(Retest)).all() == []


def test_strangers_meet_nothing(as_, batch_id, typed):
    address = f"/tests/{typed(BAD)}"
    rival = as_(RIVAL_ABATTOIR)
    assert rival.get(address).status_code == 404
    assert rival.get(f"/batches/{batch_id}/tests").status_code == 404
    assert rival.get(f"/batches/{batch_id}/tests/new/rapid").status_code == 404
    assert rival.post(f"{address}/retest", data={"version": 1}).status_code == 404
    assert "R-7" not in rival.get("/tests").text
    assert as_(CLERK).post(f"/batches/{batch_id}/tests/new/laboratory", data=TYPED).status_code == 404
    assert as_(PRODUCER).post(f"{address}/files", data={"file": (BytesIO(PAPER.data), "x.pdf")}).status_code == 404
