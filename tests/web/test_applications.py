"""Pages of applications, as the people who meet them use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from brand.queries import schemes
from brand.rules.reviews import ReviewKind, sheets
from tests import make
from tests.people import (
    ABATTOIR,
    ADMIN,
    APPROVER,
    AUDITOR,
    CLERK,
    INSPECTOR,
    PRODUCER,
    RIVAL,
    STATION,
    PersonOfTheCast,
)

As = Callable[[PersonOfTheCast], FlaskClient]
NOTICE_OVER = make.MONDAY + timedelta(days=8)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def product_id(database: Database) -> str:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        return make.a_product(session).id


@pytest.fixture
def application(database: Database) -> Application:
    with database.writing() as session:
        return make.an_application(make.work(session))


@pytest.fixture
def on_notice(database: Database) -> Application:
    with database.writing() as session:
        return make.on_notice(make.work(session))


def _asked(product: str, **changes: str) -> dict[str, str]:
    asked = {
        "enterprise_id": "cooperative",
        "product_id": product,
        "cap_kg": "12000.5",
        "uses": make.USES,
        "promise": "yes",
    }
    return asked | {"capacity": "川井苏木，存栏 600 只"} | changes


def _papers(client: FlaskClient, where: str) -> None:
    for kind in ("credit_code", "origin", "standard", "certificate", "test_report", "trace"):
        said = {"kind": kind, "valid_until": "2030-01-01" if kind == "certificate" else ""}
        file = (BytesIO(make.a_paper(kind).data), "示范.pdf")
        assert client.post(where, data=said | {"file": file}).status_code == 303


def test_from_the_form_over_the_papers_to_the_office(as_: As, product_id: str) -> None:
    producer = as_(PRODUCER)
    assert "示范养羊" in producer.get("/applications/new").text
    answer = producer.post("/applications/new", data=_asked(product_id))
    assert answer.status_code == 303
    papers = answer.headers["Location"]
    where = papers.removesuffix("/materials")
    refused = producer.post(f"{where}/submit?lang=en", data={"version": "1"})
    assert refused.status_code == 422
    assert "Certificate in force: 1 more needed" in refused.text
    _papers(producer, papers)
    assert producer.post(f"{where}/submit", data={"version": "1"}).status_code == 303
    page = producer.get(f"{where}?lang=en").text
    assert "Submitted" in page
    assert "12,000.5 kg" in page
    assert "A2026-0001" in producer.get("/applications").text


def test_a_draft_waits_for_its_promise(as_: As, product_id: str) -> None:
    producer = as_(PRODUCER)
    asked = _asked(product_id)
    del asked["promise"]
    where = producer.post("/applications/new", data=asked).headers["Location"].removesuffix("/materials")
    assert producer.post(f"{where}/submit", data={"version": "1"}).status_code == 422
    shown = producer.get(f"{where}?lang=en").text
    assert "Draft" in shown
    assert "Please give the promise before sending the application." in shown


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"cap_kg": "３万"}, "cap_kg", "此项应为数字"),
        ({"cap_kg": "-5"}, "cap_kg", "数值超出允许范围"),
        ({"cap_kg": "1.0001"}, "cap_kg", "最多三位小数"),
        ({"capacity": " "}, "capacity", "此项必填"),
        ({"product_id": ""}, "product_id", "请选择产品"),
    ],
)
def test_bad_input_names_its_field(as_: As, product_id: str, changes: dict[str, str], field: str, words: str) -> None:
    answer = as_(PRODUCER).post("/applications/new?lang=zh", data=_asked(product_id, **changes))
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text
    assert words in answer.text


def test_full_width_digits_are_welcome(as_: As, product_id: str, database: Database) -> None:
    assert as_(PRODUCER).post("/applications/new", data=_asked(product_id, cap_kg="１２０００")).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Application.cap_kg)).one() == 12000


def test_a_second_application_for_the_same_product_is_refused(as_: As, product_id: str) -> None:
    producer = as_(PRODUCER)
    producer.post("/applications/new", data=_asked(product_id))
    twice = producer.post("/applications/new?lang=en", data=_asked(product_id))
    assert twice.status_code == 409
    assert "A2026-0001" in twice.text


def test_an_unconfirmed_enterprise_reads_what_is_missing(as_: As, product_id: str, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").state = "pending"
    producer = as_(PRODUCER)
    page = producer.get("/applications/new?lang=en").text
    assert "Your enterprise is not confirmed yet" in page
    assert "/enterprises/cooperative" in page
    assert producer.post("/applications/new", data=_asked(product_id)).status_code == 403


def test_nobody_writes_for_a_neighbour(as_: As, product_id: str) -> None:
    assert as_(RIVAL).post("/applications/new", data=_asked(product_id)).status_code == 404
    for person in (CLERK, ABATTOIR, ADMIN):
        assert as_(person).get("/applications/new").status_code == 404


def test_who_sees_an_application(as_: As, client: FlaskClient, application: Application) -> None:
    where = f"/applications/{application.id}"
    for person in (PRODUCER, STATION, CLERK, APPROVER, INSPECTOR, AUDITOR, ADMIN):
        assert as_(person).get(where).status_code == 200
        assert application.number in as_(person).get("/applications").text
    for person in (RIVAL, ABATTOIR):
        assert as_(person).get(where).status_code == 404
    assert application.number not in as_(RIVAL).get("/applications").text
    assert client.get(where).status_code == 302


def test_the_list_is_searched_and_filtered(as_: As, application: Application) -> None:
    clerk = as_(CLERK)
    assert application.number in clerk.get("/applications?q=养羊&state=draft").text
    assert application.number not in clerk.get("/applications?state=granted").text
    assert application.number not in clerk.get("/applications?q=邻社").text
    assert clerk.get("/applications?state=nonsense").status_code == 422


def test_editing_a_draft_and_a_stale_page(as_: As, application: Application) -> None:
    where, producer = f"/applications/{application.id}/edit", as_(PRODUCER)
    assert 'value="30000"' in producer.get(where).text
    changed = {"version": "1", "cap_kg": "500", "uses": make.USES, "capacity": "改", "promise": "yes"}
    assert producer.post(where, data=changed).status_code == 303
    stale = producer.post(f"{where}?lang=en", data=changed)
    assert stale.status_code == 409
    assert "has changed since you opened the page" in stale.text
    assert as_(RIVAL).get(where).status_code == 404
    assert as_(RIVAL).post(where, data=changed).status_code == 404
    assert as_(CLERK).get(where).status_code == 404


def test_the_office_reviews_sends_back_and_publishes(as_: As, application: Application) -> None:
    where = f"/applications/{application.id}"
    producer, clerk = as_(PRODUCER), as_(CLERK)
    assert producer.post(f"{where}/submit", data={"version": "1"}).status_code == 303
    assert clerk.get(f"{where}/start_review").status_code == 200
    assert clerk.post(f"{where}/start_review", data={"version": "2"}).status_code == 303
    silent = clerk.post(f"{where}/return", data={"version": "3"})
    assert silent.status_code == 422
    assert 'id="f-comment-fault"' in silent.text
    clerk.post(f"{where}/return", data={"version": "3", "comment": "请补充产地材料"})
    assert "请补充产地材料" in producer.get(where).text
    producer.post(f"{where}/submit", data={"version": "4"})
    clerk.post(f"{where}/start_review", data={"version": "5"})
    early = clerk.post(f"{where}/publish_notice?lang=en", data={"version": "6"})
    assert early.status_code == 422
    assert "Site inspection: no record that says «qualified» yet" in early.text
    _record(clerk, f"{where}/records/review_desk", "6", "desk")
    inspector = as_(INSPECTOR)
    assert clerk.get(f"{where}/records/inspect_site").status_code == 404
    assert where in inspector.get("/desk").text
    _record(inspector, f"{where}/records/inspect_site", "7", "site")
    assert where not in inspector.get("/desk").text
    assert clerk.post(f"{where}/publish_notice", data={"version": "8"}).status_code == 303
    assert "公示至 2026-09-20" in clerk.get(f"{where}?lang=zh").text


def _record(client: FlaskClient, where: str, version: str, kind: str) -> None:
    assert client.get(where).status_code == 200
    points = {f"score_{one.code}": str(one.most) for one in sheets()[ReviewKind(kind)].items}
    said = {"version": version, "held_on": "2026-09-14", "opinion": "pass", "comment": "示范"} | points
    assert client.post(where, data=said).status_code == 303


def _digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_a_decision_waits_for_the_notice(as_: As, on_notice: Application, clock: time_machine.Traveller) -> None:
    where = f"/applications/{on_notice.id}"
    early = as_(APPROVER)
    assert "2026-09-20" in early.get(f"{where}/grant?lang=en").text
    assert early.post(f"{where}/grant", data={"version": "6"}).status_code == 403
    clock.move_to(NOTICE_OVER)
    approver = as_(APPROVER)
    assert approver.post(f"{where}/grant", data={"version": "6"}).status_code == 422
    read = {"version": "6", "digest": _digest(approver.get(f"{where}/grant").text)}
    assert approver.post(f"{where}/grant", data=read).status_code == 303
    assert "L2026-0001" in approver.get(where).text
    assert approver.post(f"{where}/grant", data=read).status_code == 409
    assert "L2026-0001" in as_(PRODUCER).get(where).text


def test_a_refusal_needs_a_listed_reason(as_: As, on_notice: Application, clock: time_machine.Traveller) -> None:
    clock.move_to(NOTICE_OVER)
    where, approver = f"/applications/{on_notice.id}", as_(APPROVER)
    assert "Not from the area" in approver.get(f"{where}/refuse?lang=en").text
    nothing = approver.post(f"{where}/refuse", data={"version": "6", "comment": "示范"})
    assert nothing.status_code == 422
    said = {"version": "6", "comment": "示范", "reason_code": "refusal.origin"}
    assert approver.post(f"{where}/refuse", data=said).status_code == 303
    page = as_(PRODUCER).get(f"{where}?lang=en").text
    assert "Not from the area" in page
    assert "Goods must be produced in the brand" in page


@pytest.mark.parametrize("action", ["grant", "refuse", "publish_notice", "start_review", "nonsense", "draft"])
def test_steps_of_others_are_not_there(as_: As, on_notice: Application, action: str) -> None:
    where = f"/applications/{on_notice.id}/{action}"
    for person in (PRODUCER, RIVAL, AUDITOR, ADMIN):
        assert as_(person).get(where).status_code == 404
        assert as_(person).post(where, data={"version": "6", "comment": "x"}).status_code == 404
    assert as_(APPROVER).get(f"/applications/NOTHING/{action}").status_code == 404


def test_the_desk_names_what_waits(as_: As, on_notice: Application, clock: time_machine.Traveller) -> None:
    assert "Notices that ended" not in as_(APPROVER).get("/desk?lang=en").text
    clock.move_to(NOTICE_OVER)
    desk = as_(APPROVER).get("/desk?lang=en").text
    assert "Notices that ended" in desk
    assert f"/applications/{on_notice.id}" in desk
    assert "2026-10-10" in desk, "ten working days after the notice, over Mid-Autumn and National Day with its Saturday"
    assert "Notices that ended" not in as_(CLERK).get("/desk?lang=en").text


def test_a_brand_is_asked_for_without_goods(as_: As, database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        region = next(one for one in schemes.brands(session, scheme.id) if one.code == "region")
    producer = as_(PRODUCER)
    page = producer.get("/applications/new/brand?lang=en").text
    assert (f'value="{region.id}"' in page, "cap_kg" in page, 'value="packaging"' in page) == (True, False, False)
    asked = {"enterprise_id": "cooperative", "brand_id": region.id, "capacity": "示范门店", "promise": "yes"}
    for uses, words in (([], "at least one use"), (["live_stream"], "may not be used for"), (["x"], "")):
        bad = producer.post("/applications/new/brand?lang=en", data=asked | {"uses": uses})
        assert (bad.status_code, 'href="#f-uses"' in bad.text, words in bad.text) == (422, True, True)
    made = producer.post("/applications/new/brand", data=asked | {"uses": ["publicity", "investment"]})
    where = made.headers["Location"].removesuffix("/materials")
    page = producer.get(f"{where}?lang=en").text
    assert "none: the brand is used without goods" in page
    assert "attracting investment" in page
    edit = producer.get(f"{where}/edit").text
    assert ("cap_kg" in edit, edit.count(" checked")) == (False, 4)
    changed = {"version": "1", "uses": ["outreach"], "capacity": "改", "promise": "yes"}
    assert producer.post(f"{where}/edit", data=changed | {"cap_kg": "5"}).status_code == 422
    assert producer.post(f"{where}/edit", data=changed).status_code == 303
    with database.reading() as session:
        one = session.exec(select(Application)).one()
        assert (one.product_id, one.cap_kg, one.uses) == (None, None, ["outreach"])
