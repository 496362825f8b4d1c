"""Appeals as pages and over the API: sent with papers, answered by somebody else, carried out, told to the public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.appeals import Appeal, AppealFile
from brand.models.licences import Licence, LicenceStep
from brand.services import accounts, licences
from tests import make
from tests.people import APPROVER, AUDITOR, CLERK, DEPUTY, PRODUCER, RIVAL, PersonOfTheCast

pytestmark = pytest.mark.licensed

As = Callable[[PersonOfTheCast], FlaskClient]
MARKER = "<script>alert('申')</script>"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def suspended(database: Database) -> tuple[str, str]:
    """(number of a suspended licence, id of the step that suspended it)."""
    with database.writing() as session:
        make.joins(session, DEPUTY)
        licence = make.a_licence(make.work(session))
        work = make.work(session, make.actor(session, APPROVER))
        said = {"reason_code": "sanction.accident", "comment": "示范"}
        licences.step(work, licence.id, "suspend", version=licence.version, **said)
        step = session.exec(select(LicenceStep)).one()
        return licence.number, step.id


def _only(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Appeal.id)).one()


def test_from_the_licence_to_the_new_decision(as_: As, suspended: tuple[str, str], database: Database) -> None:
    number, decision = suspended
    producer, deputy = as_(PRODUCER), as_(DEPUTY)
    assert f"/appeals/new/{decision}" in producer.get(f"/licences/{number}").text
    assert f"/appeals/new/{decision}" in producer.get("/appeals").text
    assert f"/appeals/new/{decision}" not in as_(APPROVER).get(f"/licences/{number}").text
    asked = producer.get(f"/appeals/new/{decision}?lang=zh").text
    assert "2026-09-28" in asked
    assert "未查到法定期限" in asked
    empty = producer.post(f"/appeals/new/{decision}", data={"words": " "})
    assert (empty.status_code, 'id="f-words-fault"' in empty.text) == (422, True)
    many = {"words": "x", "files": [(BytesIO(make.a_paper(str(one)).data), "a.pdf") for one in range(9)]}
    assert producer.post(f"/appeals/new/{decision}", data=many).status_code == 422
    sent = {"words": MARKER, "files": (BytesIO(make.a_paper("记录").data), "记录.pdf")}
    done = producer.post(f"/appeals/new/{decision}", data=sent)
    where = f"/appeals/{_only(database)}"
    assert (done.status_code, done.headers["Location"]) == (303, where)
    assert producer.post(f"/appeals/new/{decision}", data={"words": "x"}).status_code == 409
    assert producer.get(f"/appeals/new/{decision}").status_code == 404
    page = producer.get(f"{where}?lang=zh").text
    assert "2026-09-28" in page
    assert MARKER not in page
    assert "f-answer" not in page
    assert where in deputy.get("/desk").text
    assert where not in as_(APPROVER).get("/desk").text
    assert "须由另一人答复" in as_(APPROVER).get(f"{where}?lang=zh").text
    assert as_(APPROVER).post(f"{where}/uphold", data={"version": "1", "answer": "x"}).status_code == 403
    assert deputy.post(f"{where}/change", data={"version": "1"}).status_code == 422
    assert deputy.post(f"{where}/change", data={"version": "1", "answer": "确有误"}).status_code == 303
    assert deputy.post(f"{where}/uphold", data={"version": "1", "answer": "x"}).status_code == 409
    assert "须重新作出决定" in as_(APPROVER).get(f"{where}?lang=zh").text
    assert "恢复授权" in as_(APPROVER).get(f"{where}?lang=zh").text
    for person in (APPROVER, PRODUCER):
        owed = as_(person).get(f"{where}?lang=zh").text
        assert "2026-09-20" in owed
        assert "恢复审核或解除处理的天数由办公室决定" in owed
    assert "2026-09-20" in as_(APPROVER).get("/desk?topic=desk.appeal_to_carry_out").text
    back = {"version": "2", "comment": "申诉成立"}
    assert as_(APPROVER).post(f"/licences/{number}/reinstate", data=back).status_code == 303
    assert "已重新作出决定" in producer.get(f"{where}?lang=zh").text
    assert "变更原决定" in producer.get(f"/licences/{number}?lang=zh").text


def test_the_public_learns_that_and_not_what(
    as_: As, client: FlaskClient, suspended: tuple[str, str], database: Database
) -> None:
    number, decision = suspended
    as_(PRODUCER).post(f"/appeals/new/{decision}", data={"words": "绝密陈述"})
    page = client.get(f"/register/{number}?lang=zh").text
    assert "当事人已申诉，尚未答复" in page
    as_(DEPUTY).post(f"/appeals/{_only(database)}/uphold", data={"version": "1", "answer": "绝密答复"})
    for address in (f"/register/{number}?lang=zh", f"/api/v1/register/{number}", "/open-data/sanctions.csv"):
        answer = client.get(address).text
        assert "answered" in answer or "已答复" in answer
        assert "绝密" not in answer
        assert "S2026" not in answer


def test_who_finds_nothing(as_: As, suspended: tuple[str, str], database: Database) -> None:
    _, decision = suspended
    assert as_(RIVAL).get(f"/appeals/new/{decision}").status_code == 404
    assert as_(RIVAL).post(f"/appeals/new/{decision}", data={"words": "x"}).status_code == 404
    assert as_(CLERK).post(f"/appeals/new/{decision}", data={"words": "x"}).status_code == 404
    sent = {"words": "x", "files": (BytesIO(make.a_paper("记录").data), "记录.pdf")}
    as_(PRODUCER).post(f"/appeals/new/{decision}", data=sent)
    with database.reading() as session:
        paper = session.exec(select(AppealFile.id)).one()
    where = f"/appeals/{_only(database)}"
    for address in (where, f"{where}/files/{paper}"):
        assert as_(RIVAL).get(address).status_code == 404
        assert as_(AUDITOR).get(address).status_code == 200
    assert as_(PRODUCER).get(f"{where}/files/{paper}").data == make.a_paper("记录").data
    assert "S2026-0001" not in as_(RIVAL).get("/appeals").text
    assert "S2026-0001" in as_(AUDITOR).get("/appeals?state=filed").text
    assert as_(AUDITOR).get("/appeals?state=gone").status_code == 422


def test_too_late_and_overdue(
    as_: As, suspended: tuple[str, str], database: Database, clock: time_machine.Coordinates
) -> None:
    number, decision = suspended
    clock.move_to(make.MONDAY + timedelta(days=15))
    late = as_(PRODUCER).post(f"/appeals/new/{decision}?lang=zh", data={"words": "x"})
    assert late.status_code == 403
    assert "2026-09-28" in late.text
    assert f"/appeals/new/{decision}" not in as_(PRODUCER).get(f"/licences/{number}").text
    clock.move_to(make.MONDAY)
    as_(PRODUCER).post(f"/appeals/new/{decision}", data={"words": "x"})
    clock.move_to(make.MONDAY + timedelta(days=15))
    assert "已超过答复期限" in as_(DEPUTY).get(f"/appeals/{_only(database)}?lang=zh").text
    assert _only(database) in as_(DEPUTY).get("/desk?urgency=overdue").text


def test_over_the_api(client: FlaskClient, suspended: tuple[str, str], database: Database) -> None:
    number, decision = suspended
    with database.writing() as session:
        keys = {}
        for person, scopes in ((PRODUCER, ["appeals.write", "applications.read"]), (DEPUTY, ["appeals.answer"])):
            work = make.work(session, make.actor(session, person))
            token = accounts.issue_token(work, label="示范", scopes=[*scopes, "applications.read"], days=1)[1]
            keys[person.username] = {"Authorization": f"Bearer {token}"}
    where = "/api/v1/appeals"
    (one,) = client.get(f"{where}/decisions", headers=keys["producer"]).json["rows"]
    assert (one["decision_id"], one["against"], one["kind"], one["file_by"]) == (
        decision, number, "suspend", "2026-09-28",
    )  # fmt: skip
    assert client.post(where, data={"decision_id": decision, "words": "x"}).status_code == 401
    sent = {"decision_id": decision, "words": "示范", "files": (BytesIO(make.a_paper("a").data), "a.pdf")}
    made = client.post(where, data=sent, headers=keys["producer"])
    assert (made.status_code, made.json["state"], len(made.json["files"])) == (201, "filed", 1)
    again = client.post(where, data={"decision_id": decision, "words": "x"}, headers=keys["producer"])
    assert (again.status_code, again.json["code"]) == (409, "appeals.twice")
    address = f"{where}/{made.json['id']}"
    assert client.get(f"{address}/files/{made.json['files'][0]['id']}", headers=keys["producer"]).status_code == 200
    own = client.post(f"{address}/change", json={"version": 1, "answer": "x"}, headers=keys["producer"])
    assert own.status_code == 404
    bare = client.post(f"{address}/change", json={"version": 1}, headers=keys["deputy"])
    assert (bare.status_code, bare.json["errors"][0]["pointer"]) == (422, "/answer")
    done = client.post(f"{address}/change", json={"version": 1, "answer": "示范"}, headers=keys["deputy"])
    assert (done.status_code, done.json["state"], done.json["to_carry_out"]) == (200, "changed", True)
    assert (made.json["carry_out_by"], done.json["carry_out_by"]) == (None, "2026-09-20")
    assert client.get(where, headers=keys["deputy"]).json["total"] == 1
    assert client.get(f"{where}/decisions", headers=keys["producer"]).json["rows"] == []


def test_a_licence_of_nobody_appealing_says_nothing(as_: As, database: Database) -> None:
    with database.writing() as session:
        number = make.a_licence(make.work(session)).number
        assert session.exec(select(Licence)).one()
    assert 'id="appeals"' not in as_(PRODUCER).get(f"/licences/{number}").text
