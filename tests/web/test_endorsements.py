"""Pages of endorsements and designation marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.endorsements import Designation, Endorsement
from brand.services import endorsements
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.models.batches import Batch
from trace.models.labels import Label

As = Callable[[PersonOfTheCast], FlaskClient]
DRAFT = {
    "kind": "batch",
    "batch_code": "7K3M9Q2X",
    "authority": "乌拉特中旗人民政府（示范）",
    "scope": "现场查看与检测报告（示范）",
    "statement": "本批次经现场查看，检测报告合格。（示范）",
    "valid_from": "2026-09-01",
    "valid_until": "2099-12-31",
}
MARK = {"mark_code": "demo-county-recognition", "document": "示范文号 1", "granted_on": "2026-09-01"}


@pytest.fixture
def draft(database: Database) -> dict[str, str]:
    """The same of a batch there is."""
    with database.writing() as session:
        return DRAFT | {"batch_code": make.a_batch(make.work(session)).code}


def the_one(database: Database) -> Endorsement:
    with database.reading() as session:
        return session.exec(select(Endorsement)).one()


@pytest.mark.slaughtered
def test_written_issued_read_and_revoked(
    as_: As, client: FlaskClient, database: Database, draft: dict[str, str]
) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    assert clerk.get("/endorsements/new?lang=zh").status_code == 200
    assert clerk.post("/endorsements/new", data=draft).status_code == 303
    one = the_one(database)
    at = f"/endorsements/{one.number}"
    assert client.get(at).status_code == 404
    assert "等您签发" in approver.get("/desk?lang=zh").text
    assert one.digest in approver.get(at).text
    assert clerk.post(f"{at}/issue", data={"version": "1", "digest_seen": one.digest}).status_code == 404
    assert approver.post(f"{at}/issue", data={"version": "1", "digest_seen": "0" * 64}).status_code == 409
    assert approver.post(f"{at}/issue", data={"version": "1", "digest_seen": one.digest}).status_code == 303
    public = client.get(f"{at}?lang=zh").text
    assert DRAFT["statement"] in public
    assert one.digest in public
    missing = approver.post(f"{at}/revoke", data={"version": "2"})
    assert missing.status_code == 422
    assert 'id="f-reason_code-fault"' in missing.text
    assert approver.post(f"{at}/revoke", data={"version": "2", "reason_code": "failed_test"}).status_code == 303
    assert "检测不合格" in client.get(f"{at}?lang=zh").text
    assert "已撤销" in clerk.get("/endorsements?lang=zh").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"batch_code": "1"}, "batch_code"),
        ({"batch_code": "ZZZZZZZZ"}, "batch_code"),
        ({"kind": "product"}, "product_id"),
        ({"kind": "farm"}, "kind"),
        ({"valid_until": "2026-08-01"}, "valid_until"),
        ({"statement": ""}, "statement"),
    ],
)
def test_bad_input_names_the_field(as_: As, database: Database, change: dict[str, str], field: str) -> None:
    answer = as_(CLERK).post("/endorsements/new", data=DRAFT | change)
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text or f'href="#f-{field}"' in answer.text
    with database.reading() as session:
        assert session.exec(select(Endorsement)).all() == []


@pytest.mark.parametrize("person", [PRODUCER, INSPECTOR])
def test_others_neither_list_nor_write(as_: As, person: PersonOfTheCast) -> None:
    client = as_(person)
    assert client.get("/endorsements").status_code == 404
    assert client.post("/endorsements/new", data=DRAFT).status_code == 404


def test_marks_are_recorded_shown_and_taken_back(as_: As, client: FlaskClient, database: Database) -> None:
    clerk, own = as_(CLERK), as_(PRODUCER)
    at = "/enterprises/cooperative/designations"
    assert own.post(at, data=MARK).status_code == 404
    wrong = clerk.post(at, data=MARK | {"mark_code": "chuxiong-poverty-relief"})
    assert wrong.status_code == 422
    assert clerk.post(at, data=MARK).status_code == 303
    assert clerk.post(at, data=MARK).status_code == 422
    assert "旗县扶持产品标识" in own.get(f"{at}?lang=zh").text
    assert "旗县扶持产品标识" in client.get("/register/enterprises/cooperative?lang=zh").text
    with database.reading() as session:
        made = session.exec(select(Designation)).one()
    assert own.post(f"{at}/{made.id}/end", data={"version": "1", "comment": "示范"}).status_code == 404
    assert clerk.post(f"{at}/{made.id}/end", data={"version": "1"}).status_code == 422
    assert clerk.post(f"{at}/{made.id}/end", data={"version": "1", "comment": "示范"}).status_code == 303
    assert clerk.post(f"{at}/{made.id}/end", data={"version": "1", "comment": "示范"}).status_code == 409


@pytest.mark.packed
def test_the_pack_page_tells_it_while_it_holds(client: FlaskClient, database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        made = make.an_order(make.work(session), make.a_signer(tmp_path))
        batch = session.get_one(Batch, made.batch_id)
        label = session.exec(select(Label).where(Label.order_id == made.id, Label.state == "activated")).first()
        assert label is not None
        at = f"{path(UnitCode(batch.code, label.serial))}?s={made.kid}.{label.signature}"
    words = str(make.AN_ENDORSEMENT["statement"])
    assert words not in client.get(at).text
    with database.writing() as session:
        clerk, approver = (make.work(session, make.actor(session, one)) for one in (CLERK, APPROVER))
        lasting = make.AN_ENDORSEMENT | {"batch_code": batch.code, "valid_until": date(2099, 12, 31)}
        one = endorsements.write(clerk, **lasting)
        endorsements.step(
            approver, one.number, "issue", version=1, digest_seen=one.digest, signer=make.an_office_signer()
        )
    page = client.get(f"{at}&lang=zh").text
    assert words in page
    assert f"/endorsements/{one.number}" in page
    with database.writing() as session:
        approver = make.work(session, make.actor(session, APPROVER))
        endorsements.step(approver, one.number, "revoke", version=2, reason_code="accident")
    assert words not in client.get(at).text
