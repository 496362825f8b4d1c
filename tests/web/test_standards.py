"""Standards as pages: the public library, drafts of the office, the grade table's forms, adoption and trainings."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.standards import Enrolment, Standard, StandardEdition, Training
from tests import make
from tests.people import ABATTOIR, APPROVER, AUDITOR, CLERK, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
PUBLIC = "/standards/ny-t-630-2002"


def _loaded(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


def _edition(database: Database, label: str) -> StandardEdition:
    with database.reading() as session:
        return session.exec(select(StandardEdition).where(StandardEdition.label == label)).one()


def _drafted(database: Database, client: FlaskClient, label: str = "2026-09") -> StandardEdition:
    shipped = _edition(database, "2002-12-30")
    answer = client.post("/standard-drafts/new", data={"code": "NY/T 630-2002", "label": label, "based_on": shipped.id})
    assert answer.status_code == 303
    return _edition(database, label)


def test_everybody_reads_the_table_in_force(database: Database, client: FlaskClient) -> None:
    _loaded(database)
    assert "羊肉质量分级" in client.get("/standards").text
    page = client.get(PUBLIC).text
    assert "≥ 25 且 ≤ 30" in page
    assert "&gt; 18" in page
    assert "待核" in page
    assert "第6肋骨" in page
    english = client.get(f"{PUBLIC}?lang=en").text
    assert "≥ 22 and &lt; 25" in english
    assert "to be checked" in english
    assert client.get(f"{PUBLIC}/2002-12-30").status_code == 200
    assert client.get(f"{PUBLIC}/2099").status_code == 404
    assert client.get("/standards/unheard").status_code == 404
    assert client.get(f"{PUBLIC}/2002-12-30/files/{'0' * 64}").status_code == 404


@pytest.mark.bare
def test_an_empty_library_says_so(client: FlaskClient) -> None:
    assert "还没有发布的标准" in client.get("/standards").text


def test_from_draft_to_published_by_two_people(database: Database, as_: As, client: FlaskClient) -> None:
    _loaded(database)
    clerk, approver = as_(CLERK), as_(APPROVER)
    draft = _drafted(database, clerk)
    home = f"/standard-drafts/{draft.id}"
    assert client.get(f"{PUBLIC}/2026-09").status_code == 404, "drafts are not public"
    assert "incomplete" not in clerk.get(home).text
    assert "2 处" in clerk.get(home).text or "1 处" in clerk.get(home).text, "what is missing is said"
    typed = {
        "title": "羊肉质量分级", "kind": "reference", "issuer": "示范", "source": "示范", "effective_on": "2099-01-01",
    }  # fmt: skip
    assert clerk.get(f"{home}/words").status_code == 200
    saved = clerk.post(f"{home}/words", data=typed | {"version": draft.version})
    assert saved.status_code == 303
    stale = clerk.post(f"{home}/words", data=typed | {"version": draft.version})
    assert stale.status_code == 409
    version = _edition(database, "2026-09").version
    assert clerk.get(f"{home}/steps/submit").status_code == 200
    assert approver.get(f"{home}/steps/submit").status_code == 404, "not the approver's step"
    assert clerk.post(f"{home}/steps/submit", data={"version": version}).status_code == 303
    assert clerk.post(f"{home}/steps/publish", data={"version": version + 1}).status_code == 404
    assert "起草、修改或提交" in clerk.get(home).text
    assert approver.get(f"{home}/steps/publish").status_code == 200
    refused = approver.post(f"{home}/steps/return", data={"version": version + 1})
    assert refused.status_code == 422
    assert "需要修改什么" in refused.text
    assert approver.post(f"{home}/steps/publish", data={"version": version + 1}).status_code == 303
    assert client.get(f"{PUBLIC}/2026-09").status_code == 200
    assert "2099-01-01" in client.get(PUBLIC).text
    assert clerk.get(f"{home}/words").status_code == 404, "what is published is never edited"
    assert clerk.post(f"{home}/words", data=typed | {"version": version + 2}).status_code == 409


def test_rows_of_a_class_are_judged_at_their_cells(database: Database, as_: As) -> None:
    _loaded(database)
    clerk = as_(CLERK)
    draft = _drafted(database, clerk)
    page = f"/standard-drafts/{draft.id}/table/lamb"
    assert 'value="18"' in clerk.get(page).text
    assert clerk.get(f"/standard-drafts/{draft.id}/table/goat").status_code == 404
    row = {"confidence": "D", "carcass_kg-from": "18", "carcass_kg-from_edge": "in", "carcass_kg-to_edge": "out"}
    typed = {f"special-{name}": value for name, value in row.items()} | {"version": draft.version}
    wrong = clerk.post(page, data=typed | {"special-carcass_kg-from": "18 kg"})
    assert wrong.status_code == 422
    assert "#f-special-carcass_kg-from" in wrong.text
    assert "18 kg" in wrong.text, "what was typed stays"
    lower = {"prime-confidence": "D", "prime-carcass_kg-from": "15", "prime-carcass_kg-to": "18"}
    twice = clerk.post(page, data=typed | lower | {"prime-carcass_kg-to_edge": "in"})
    assert twice.status_code == 422
    assert "同时属于两行" in twice.text
    assert clerk.post(page, data=typed | lower | {"prime-carcass_kg-to_edge": "out"}).status_code == 303
    assert "≥ 15 且 &lt; 18" in clerk.get(f"/standard-drafts/{draft.id}").text


def test_the_table_is_tried_before_anybody_is_graded_by_it(database: Database, as_: As) -> None:
    _loaded(database)
    clerk = as_(CLERK)
    draft = _drafted(database, clerk)
    page = f"/standard-drafts/{draft.id}/try"
    assert "略低于界值" in clerk.get(page).text
    made = clerk.get(f"{page}?carcass_class=mutton&carcass_kg=28&backfat_cm=0.4").text
    assert "起决定作用的指标：背膘厚（厘米）" in made
    outside = clerk.get(f"{page}?carcass_class=mutton&carcass_kg=31&backfat_cm=1.0").text
    assert "表外（人工定级）" in outside
    assert clerk.get(f"{page}?carcass_class=mutton&carcass_kg=28").status_code == 422
    assert clerk.get(f"{page}?carcass_class=mutton&carcass_kg=much").status_code == 422


def test_head_and_removal_of_the_table(database: Database, as_: As) -> None:
    _loaded(database)
    clerk = as_(CLERK)
    draft = _drafted(database, clerk)
    home = f"/standard-drafts/{draft.id}"
    assert "foodmate" in clerk.get(f"{home}/table").text
    missing = clerk.post(f"{home}/table", data={"version": draft.version, "attribution_confidence": "S"})
    assert missing.status_code == 422
    assert "f-table_source" in missing.text
    head = {"attribution_confidence": "S", "table_source": "Demo"}
    assert clerk.post(f"{home}/table", data=head | {"version": draft.version}).status_code == 303
    assert clerk.post(f"{home}/table/remove", data={"version": draft.version + 1}).status_code == 303
    assert clerk.get(f"{home}/try").status_code == 404
    assert clerk.get(f"{home}/table/lamb").status_code == 404


def test_documents_are_told_by_content_and_leave_as_attachments(database: Database, as_: As) -> None:
    _loaded(database)
    clerk = as_(CLERK)
    draft = _drafted(database, clerk)
    page = f"/standard-drafts/{draft.id}/documents"

    def send(data: bytes, version: int):  # type: ignore[no-untyped-def]
        form = {"version": version, "file": (BytesIO(data), "示范.pdf")}
        return clerk.post(page, data=form, content_type="multipart/form-data")

    assert send(b"MZ not a document", draft.version).status_code == 422
    assert send(b"", draft.version).status_code == 422
    assert send(b"%PDF-1.7 demo %%EOF", draft.version).status_code == 303
    assert send(b"%PDF-1.7 demo %%EOF", draft.version + 1).status_code == 422, "the same one twice"
    shown = clerk.get(f"/standard-drafts/{draft.id}").text
    address = next(part for part in shown.split('"') if "/files/" in part)
    file = clerk.get(address)
    assert file.data == b"%PDF-1.7 demo %%EOF"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    sha256 = address.rsplit("/", 1)[1]
    taken = clerk.post(f"{page}/{sha256}/remove", data={"version": draft.version + 1})
    assert taken.status_code == 303
    assert clerk.get(address).status_code == 404


def test_drafts_are_the_office_s(database: Database, as_: As) -> None:
    _loaded(database)
    draft = _drafted(database, as_(CLERK))
    for person in (PRODUCER, RIVAL, ABATTOIR):
        assert as_(person).get("/standard-drafts").status_code == 404
        assert as_(person).get(f"/standard-drafts/{draft.id}").status_code == 404
    auditor = as_(AUDITOR)
    assert auditor.get(f"/standard-drafts/{draft.id}").status_code == 200
    assert auditor.get(f"/standard-drafts/{draft.id}/words").status_code == 404
    assert auditor.get("/standard-drafts?state=draft").status_code == 200
    taken = as_(CLERK).post("/standard-drafts/new", data={"code": "NY/T 630-2002", "label": "2026-09"})
    assert taken.status_code == 422
    assert "已有版本" in taken.text


def _opened(database: Database, clerk: FlaskClient, closes_on: str = "2099-12-31") -> Enrolment:
    form = {"edition_id": _edition(database, "2002-12-30").id, "name": "示范第一批"}
    days = {"opens_on": "2026-01-01", "closes_on": closes_on}
    answer = clerk.post("/adoptions/new", data=form | days)
    assert answer.status_code == 303, answer.text
    with database.reading() as session:
        return session.exec(select(Enrolment)).one()


def test_an_enterprise_adopts_once_and_only_for_itself(database: Database, as_: As) -> None:
    _loaded(database)
    clerk, producer = as_(CLERK), as_(PRODUCER)
    assert clerk.get("/adoptions/new").status_code == 200
    batch = _opened(database, clerk)
    assert "示范第一批" in producer.get("/adoptions").text
    page = f"/adoptions/{batch.id}"
    assert producer.post(page, data={"enterprise_id": "rival"}).status_code == 404
    assert producer.post(page, data={}).status_code == 422
    assert producer.post(page, data={"enterprise_id": "cooperative"}).status_code == 303
    assert producer.post(page, data={"enterprise_id": "cooperative"}).status_code == 409
    assert "示范养羊专业合作社" in producer.get("/adoptions").text
    assert "示范养羊专业合作社" not in as_(RIVAL).get("/adoptions").text, "others are counted, not named"
    assert "示范养羊专业合作社" in as_(AUDITOR).get("/adoptions").text
    twice = clerk.post(
        "/adoptions/new",
        data={
            "edition_id": batch.edition_id, "name": batch.name, "opens_on": "2026-09-01", "closes_on": "2026-08-01",
        },
    )  # fmt: skip
    assert twice.status_code == 422
    assert "截止日期早于" in twice.text


def test_a_closed_batch_takes_nobody(database: Database, as_: As) -> None:
    _loaded(database)
    batch = _opened(database, as_(CLERK), closes_on="2026-01-31")
    refused = as_(PRODUCER).post(f"/adoptions/{batch.id}", data={"enterprise_id": "cooperative"})
    assert refused.status_code == 403
    assert "2026-01-31" in refused.text


def test_trainings_with_attendance(database: Database, as_: As) -> None:
    _loaded(database)
    clerk = as_(CLERK)
    with database.reading() as session:
        standard = session.exec(select(Standard)).one()
    typed = {"standard_id": standard.id, "title": "示范培训", "place": "示范会议室", "trainer": "示范讲师"}
    assert clerk.get("/trainings/new").status_code == 200
    early = clerk.post("/trainings/new", data=typed | {"held_on": "2099-01-01"})
    assert early.status_code == 422
    assert clerk.post("/trainings/new", data=typed | {"held_on": "2026-01-05"}).status_code == 303
    with database.reading() as session:
        training = session.exec(select(Training)).one()
    page = f"/trainings/{training.id}"
    assert clerk.post(page, data={"enterprise_id": "cooperative", "people": "-1"}).status_code == 422
    assert clerk.post(page, data={"enterprise_id": "nobody", "people": "3"}).status_code == 404
    for people in ("12", "11"):
        assert clerk.post(page, data={"enterprise_id": "cooperative", "people": people}).status_code == 303
    assert "1 家经营主体，共 11 人" in clerk.get(page).text
    assert "11 人" in as_(PRODUCER).get("/trainings").text
    assert as_(PRODUCER).get(page).status_code == 404
    assert clerk.post(page, data={"enterprise_id": "cooperative", "people": "0"}).status_code == 303
    assert "0 家经营主体" in clerk.get(page).text
