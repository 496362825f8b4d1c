"""Complaint pages: anybody sends and reads the answer, the office works the queue, no enterprise learns who it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.routing import BuildError

from brand.kernel.db import Database
from brand.models.complaints import Complaint, ComplaintPicture
from brand.models.licences import Application, Notice
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, ADMIN, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
SENT = {"kind": "complaint", "what": "包装写一千克，称重八百克", "place": "示范超市", "happened_on": "2026-09-13"}
SENT |= {"code": "7K3M 9Q2X / 0Y8T 4WFD", "name": "示范投诉人", "contact": make.SENDER_PHONE}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


@pytest.fixture
def complaint(database: Database) -> Complaint:
    with database.writing() as session:
        return make.a_complaint(make.work(session))


@pytest.fixture
def on_notice(database: Database) -> Application:
    with database.writing() as session:
        return make.on_notice(make.work(session))


def _send(client: FlaskClient, **changes: str) -> str:
    """The link of what was sent, through the form as the page gives it."""
    token = re.search(r'name="token" value="(\w+)"', client.get("/complaints/new").text)
    assert token is not None
    answer = client.post("/complaints/new", data=SENT | {"token": token[1]} | changes)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_anybody_sends_and_reads_the_answer(client: FlaskClient, as_: As, database: Database) -> None:
    link = _send(client)
    assert re.fullmatch(r"/complaints/mine/[0-9A-Z]{32}\?sent=yes", link)
    page = client.get(f"{link}&lang=en")
    assert "C2026-0001" in page.text
    assert "Keep this address" in page.text
    assert "2026-09-22" in page.text
    assert "within seven working days of receipt" in page.text, "where the term comes from"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    clerk = as_(CLERK)
    with database.reading() as session:
        where = f"/complaints/{session.exec(select(Complaint.id)).one()}"
    clerk.post(f"{where}/accept", data={"version": "1"})
    clerk.post(f"{where}/answer", data={"version": "2", "comment": "商家已经退款"})
    page = client.get(f"{link.partition('?')[0]}?lang=zh").text
    assert "商家已经退款" in page
    assert "示范经办" not in page, "who answered is the office's own affair"
    more = client.post(link.partition("?")[0], data={"words": "还没有收到退款"})
    assert more.status_code == 303
    assert "还没有收到退款" in clerk.get(where).text
    assert "有新补充" in clerk.get("/complaints").text


def test_the_form_knows_where_one_comes_from(client: FlaskClient, on_notice: Application) -> None:
    assert 'value="7K3M 9Q2X"' in client.get("/complaints/new?code=7K3M 9Q2X").text
    notice = client.get("/notices/N2026-0001?lang=en").text
    assert "/complaints/new?notice=N2026-0001" in notice
    assert "Object until 2026-09-20" in notice
    page = client.get("/complaints/new?notice=N2026-0001&lang=en").text
    assert "Object to a notice" in page
    assert "Demo Sheep Cooperative" in page
    assert client.get("/complaints/new?notice=N2026-9999").status_code == 404
    moved = client.get("/complain?code=X")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/complaints/new?code=X")
    assert "/complaints/new" in client.get("/register").text


def test_an_objection_through_the_pages(
    client: FlaskClient, as_: As, on_notice: Application, clock: time_machine.Traveller
) -> None:
    sent = {"kind": "objection", "notice": "N2026-0001", "happened_on": ""}
    link = _send(client, **sent)
    assert "N2026-0001" in client.get(link).text
    shown = as_(PRODUCER).get(f"/applications/{on_notice.id}?lang=en").text
    assert "wait for the office" in shown
    assert "称重" not in shown
    clock.move_to(make.MONDAY + timedelta(days=8))
    approver = as_(APPROVER)
    held = approver.post(f"/applications/{on_notice.id}/grant?lang=en", data={"version": str(on_notice.version)})
    assert held.status_code == 403
    assert "Objections wait for an answer (1)" in approver.get(f"/applications/{on_notice.id}?lang=en").text
    late = client.post("/complaints/new?lang=en", data=SENT | sent | {"token": "L" * 32})
    assert late.status_code == 403
    assert "The last day to object has passed" in late.text
    assert "The last day to object has passed" in client.get("/complaints/new?notice=N2026-0001&lang=en").text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"what": " "}, "what", "此项必填"),
        ({"what": "长" * 2001}, "what", ""),
        ({"kind": "threat"}, "kind", ""),
        ({"happened_on": "2026-09-15"}, "happened_on", "不能晚于今天"),
        ({"happened_on": "昨天"}, "happened_on", ""),
        ({"website": "http://spam.invalid"}, "website", "请留空"),
    ],
)
def test_bad_input_names_its_field(client: FlaskClient, changes: dict[str, str], field: str, words: str) -> None:
    answer = client.post("/complaints/new?lang=zh", data=SENT | {"token": "T" * 32} | changes)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text
    assert words in answer.text


def test_a_made_up_token_and_the_same_form_twice(client: FlaskClient, database: Database) -> None:
    assert client.post("/complaints/new", data=SENT | {"token": "short"}).status_code == 422
    first, again = (client.post("/complaints/new", data=SENT | {"token": "T" * 32}) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    other = client.post("/complaints/new", data=SENT | {"token": "T" * 32, "what": "别的事"})
    assert other.status_code == 409
    with database.reading() as session:
        assert len(session.exec(select(Complaint)).all()) == 1


def test_photographs_go_in_clean_and_come_out_as_attachments(client: FlaskClient, as_: As, database: Database) -> None:
    photo = (BytesIO(make.a_picture()), "身份证.png")
    answer = client.post("/complaints/new", data=SENT | {"token": "T" * 32, "photo": [photo]})
    assert answer.status_code == 303
    with database.reading() as session:
        picture = session.exec(select(ComplaintPicture)).one()
    where = f"/complaints/{picture.complaint_id}"
    assert f"{where}/pictures/{picture.id}" in as_(CLERK).get(where).text
    sent = as_(CLERK).get(f"{where}/pictures/{picture.id}")
    assert sent.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (sent.mimetype, sent.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert sent.data[:4] == b"\x89PNG"
    assert as_(PRODUCER).get(f"{where}/pictures/{picture.id}").status_code == 404
    assert as_(CLERK).get(f"{where}/pictures/NOTHING").status_code == 404
    no_picture = "这里只收照片（JPEG、PNG 或 WebP）"
    for content, words in (
        (b"<svg onload=alert(1)>", no_picture),
        (b"%PDF-1.7\n%%EOF", no_picture),
        (b"%PDF-1.7 cut off", no_picture),
        (b"\xff\xd8\xff", "这张图片打不开"),
    ):
        bad = {"token": "B" * 32, "photo": [(BytesIO(content), "x.jpg")]}
        refused = client.post("/complaints/new?lang=zh", data=SENT | bad)
        assert refused.status_code == 422
        assert 'id="f-photo-fault"' in refused.text
        assert words in refused.text
        assert "PDF" not in refused.text, "this form takes none"


def test_photographs_that_are_too_large_together_are_told_how_much_may_come_and_what_to_do(client: FlaskClient) -> None:
    raw = {"content_type": "multipart/form-data; boundary=x"}
    answer = client.post("/complaints/new?lang=zh", data=b"x" * 8_100_000, **raw)
    assert answer.status_code == 413
    assert "合计最多 8 MB" in answer.text
    assert "返回键" in answer.text


def test_guessed_links_open_nothing(client: FlaskClient, complaint: Complaint) -> None:
    for guess in ("X" * 32, complaint.id, complaint.number, complaint.secret_digest, "%00"):
        assert client.get(f"/complaints/mine/{guess}").status_code == 404
    assert client.post(f"/complaints/mine/{'X' * 32}", data={"words": "x"}).status_code == 404
    assert client.get(f"/complaints/mine/{'s' * 32}").status_code == 200, "typed in small letters it is the same"


def test_sending_has_a_limit(limited: Flask) -> None:
    client = limited.test_client()
    statuses = [client.post("/complaints/new", data={}).status_code for _ in range(21)]
    assert statuses[:20] == [422] * 20
    assert statuses[20] == 429
    assert client.get("/complaints/new").status_code == 200


def test_who_sees_the_queue_and_who_sent_it(as_: As, client: FlaskClient, complaint: Complaint) -> None:
    where = f"/complaints/{complaint.id}"
    for person, named in ((CLERK, True), (INSPECTOR, True), (APPROVER, False), (AUDITOR, False)):
        page = as_(person).get(where)
        assert page.status_code == 200
        assert (make.SENDER_PHONE in page.text, "示范投诉人" in page.text) == (named, named)
        assert complaint.number in as_(person).get("/complaints").text
        assert make.SENDER_PHONE not in as_(person).get("/complaints").text
    for person in (PRODUCER, ABATTOIR, ADMIN):
        assert as_(person).get("/complaints").status_code == 404
        assert as_(person).get(where).status_code == 404
        assert as_(person).post(f"{where}/accept", data={"version": "1"}).status_code == 404
    assert as_(AUDITOR).get(f"{where}/accept").status_code == 404
    assert client.get(where).status_code == 302


def test_the_queue_is_searched_and_filtered(as_: As, complaint: Complaint, clock: time_machine.Traveller) -> None:
    clerk = as_(CLERK)
    assert complaint.number in clerk.get("/complaints?q=称重&kind=complaint&state=received&handler=mine").text
    assert complaint.number not in clerk.get("/complaints?q=店招").text
    assert complaint.number not in clerk.get("/complaints?handler=inspector").text
    assert clerk.get("/complaints?kind=nonsense").status_code == 422
    assert "due 2026-09-22" in clerk.get("/complaints?lang=en").text
    clock.move_to(make.MONDAY + timedelta(days=7))
    assert "due soon: 2026-09-22" in as_(CLERK).get("/complaints?lang=en").text
    clock.move_to(make.MONDAY + timedelta(days=9))
    clerk = as_(CLERK)
    assert "overdue since 2026-09-22" in clerk.get("/complaints?lang=en").text
    assert complaint.number in clerk.get("/desk").text
    assert complaint.number not in as_(PRODUCER).get("/desk").text


def test_steps_with_their_refusals(as_: As, complaint: Complaint) -> None:
    clerk, where = as_(CLERK), f"/complaints/{complaint.id}"
    silent = clerk.post(f"{where}/refuse", data={"version": "1", "reason_code": "not_accepted.not_ours"})
    assert silent.status_code == 422
    assert 'id="f-comment-fault"' in silent.text
    assert 'id="f-handler-fault"' in clerk.post(f"{where}/route", data={"version": "1", "handler": "producer"}).text
    assert clerk.post(f"{where}/route", data={"version": "1", "handler": "inspector"}).status_code == 303
    assert clerk.post(f"{where}/accept", data={"version": "1"}).status_code == 409
    assert clerk.post(f"{where}/accept", data={"version": "2"}).status_code == 303
    assert clerk.post(f"{where}/accept", data={"version": "3"}).status_code == 409
    for action in ("uphold", "dismiss", "receive", "reply", "nonsense"):
        assert clerk.get(f"{where}/{action}").status_code == 404
        assert clerk.post(f"{where}/{action}", data={"version": "3"}).status_code == 404
    assert clerk.post("/complaints/NOTHING/accept", data={"version": "1"}).status_code == 404


def _walk(app: Flask, client: FlaskClient, values: list[str], headers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every address that answers a GET, each of its variables set to each of the values; (address, answer)."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.partition(".")[0] in ("static", "security"):
            continue
        for value in values if rule.arguments else values[:1]:
            chosen = {name: value if name != "action" else "accept" for name in rule.arguments}
            try:
                address = addresses.build(rule.endpoint, chosen)
            except (BuildError, ValueError):  # a converter that takes none of the values
                continue
            if "/complaints/mine/" not in address:
                answer = client.get(address, headers=headers)
                yield address, answer.data.decode(errors="replace")  # some are pictures


def test_no_page_of_an_enterprise_or_the_public_names_the_sender(
    app: Flask, as_: As, client: FlaskClient, on_notice: Application, database: Database
) -> None:
    """The canary: a telephone number goes in with a complaint and an objection; nobody outside the office reads it."""
    with database.writing() as session:
        work = make.work(session)
        notice = session.exec(select(Notice.number)).one()
        one = make.a_complaint(work)
        make.a_complaint(work, kind="objection", notice=notice, secret="T" * 32)
        make.complaint_step(work, one, "accept", CLERK)
        rights = sorted(right for right in accounts.ALL_PERMISSIONS if make.actor(session, PRODUCER).may(right))
        by = make.work(session, make.actor(session, PRODUCER))
        _, token = accounts.issue_token(by, label="canary", scopes=rights, days=30)
        values = [on_notice.id, "cooperative", notice, one.id, one.number]
    bearer = {"Authorization": f"Bearer {token}"}
    walks = [(as_(PRODUCER), {}), (as_(RIVAL), {}), (client, {}), (client, bearer)]
    for walker, headers in walks:
        for address, told in _walk(app, walker, values, headers):
            assert make.SENDER_PHONE not in told, address
            assert "示范投诉人" not in told, address
            assert "称重八百克" not in told, address
    seen = [address for address, told in _walk(app, as_(CLERK), values, {}) if make.SENDER_PHONE in told]
    assert seen == [f"/complaints/{values[3]}"], "the twin: the walk does find it where it may stand"


def test_the_complainant_passes_an_answer_on_once(client: FlaskClient, as_: As, database: Database) -> None:
    link = _send(client).partition("?")[0]
    assert "dissent" not in client.get(link).text
    assert client.post(f"{link}/dissent", data={"why": "太早"}).status_code == 403
    clerk = as_(CLERK)
    with database.reading() as session:
        where = f"/complaints/{session.exec(select(Complaint.id)).one()}"
    clerk.post(f"{where}/accept", data={"version": "1"})
    assert "终止调解" in clerk.get(where).text
    reason = {"reason_code": "mediation.no_agreement", "comment": "双方各执一词"}
    assert clerk.post(f"{where}/end_mediation", data={"version": "2"} | reason).status_code == 303
    page = client.get(f"{link}?lang=zh").text
    assert "双方各执一词" in page
    assert f"{link}/dissent" in page
    assert client.post(f"{link}/dissent", data={"why": " "}).status_code == 422
    passed = client.post(f"{link}/dissent", data={"why": "没有给我看检测报告"})
    assert passed.status_code == 303
    assert "已转负责人处理" in client.get(f"{passed.headers['Location']}&lang=zh").text
    assert "没有给我看检测报告" in as_(APPROVER).get(where).text
    assert "已上报" in as_(APPROVER).get("/complaints?lang=zh").text
    assert client.post(f"{link}/dissent", data={"why": "再来一次"}).status_code == 403
    assert client.post(f"/complaints/mine/{'0' * 32}/dissent", data={"why": "x"}).status_code == 404


def test_who_sent_it_is_forgotten_on_request(as_, client, database) -> None:
    """The button stands on a complaint that has ended, says what goes and what stays, and the link opens nothing."""
    with database.writing() as session:
        work = make.work(session)
        one, other = (make.a_complaint(work, kind="comment", secret=each * 32) for each in "ST")
        number, address = other.number, f"/complaints/{one.id}"
    clerk = as_(CLERK)
    assert f"{address}/erase" not in clerk.get(address).text
    assert clerk.post(f"{address}/erase", data={"paper": "示范-1"}).status_code == 409
    refusal = {"reason_code": "not_accepted.not_ours", "comment": "示范", "version": "1"}
    assert clerk.post(f"{address}/refuse", data=refusal).status_code == 303
    assert f"{address}/erase" in clerk.get(address).text
    page = clerk.get(f"{address}/erase?lang=en").text
    assert number in page, "the same telephone sent another"
    assert as_(AUDITOR).get(f"{address}/erase").status_code == 404
    assert 'id="f-paper-fault"' in clerk.post(f"{address}/erase", data={"paper": ""}).text
    assert clerk.post(f"{address}/erase", data={"paper": "示范-1"}).status_code == 303
    shown = clerk.get(f"{address}?lang=en").text
    assert "Forgotten on request" in shown
    assert make.SENDER_PHONE not in shown
    assert client.get(f"/complaints/mine/{'S' * 32}").status_code == 404
