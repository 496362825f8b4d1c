"""What bad input gets at the doors: a refusal with a name, one line in the audit trail, and nothing changed."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from brand.edge import refusals as edge
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.records import metadata
from brand.models.accounts import RoleGrant, SignIn
from brand.models.licences import Application
from brand.models.schemes import Brand, Product, Tier
from brand.queries.audit import REFUSED
from brand.services import accounts
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, PRODUCER, RIVAL, STATION, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@dataclass
class Attempt:
    """A form somebody sends, and with what its refusal begins."""

    person: PersonOfTheCast
    address: str
    code: str
    data: dict[str, Any] | bytes
    record_id: str = ""
    pointers: list[str] = field(default_factory=list)


def _notice(session: Session, days: int) -> Application:
    return make.on_notice(make.work(session, now=make.MONDAY - timedelta(days=days)))


def _stale_form(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    return Attempt(PRODUCER, f"/applications/{one.id}/submit", "applications.stale", {"version": "7"}, record_id=one.id)


def _self_approval(session: Session) -> Attempt:
    one = _notice(session, 20)
    session.add(RoleGrant(account_id="clerk", role="brand_approver"))
    seen = {"version": str(one.version)}
    return Attempt(CLERK, f"/applications/{one.id}/grant", "applications.four_eyes", seen, record_id=one.id)


def _wrong_state(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    seen = {"version": str(one.version)}
    return Attempt(APPROVER, f"/applications/{one.id}/grant", "applications.wrong_state", seen, record_id=one.id)


def _notice_one_day_short(session: Session) -> Attempt:
    # Put up on Monday the 7th, five working days end with Monday the 14th: the day of this test is its last.
    one = _notice(session, 7)
    seen = {"version": str(one.version)}
    return Attempt(APPROVER, f"/applications/{one.id}/grant", "applications.notice_running", seen, record_id=one.id)


def _product_outside_its_brand(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    lamb = session.get_one(Product, one.product_id)
    other = session.exec(select(Brand).where(Brand.id != lamb.brand_id, Brand.scheme_id != "")).first()
    assert other is not None
    lamb.brand_id = other.id
    seen = {"version": str(one.version)}
    where = f"/applications/{one.id}/submit"
    return Attempt(PRODUCER, where, "applications.product_of_other_brand", seen, one.id, ["/product_id"])


def _expired_certificate(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    sent = {"kind": "certificate", "valid_until": "2026-09-13", "file": (BytesIO(make.a_paper("旧").data), "旧.pdf")}
    where = f"/applications/{one.id}/materials"
    return Attempt(PRODUCER, where, "materials.expired", sent, record_id=one.id, pointers=["/valid_until"])


def _full_tier(session: Session) -> Attempt:
    full = make.a_full_tier_of_heroes(make.work(session))
    said = {"hero": "1", "source": "示范文件", "confidence": "D", "reason": "示范"}
    where = f"/schemes/products/{full.plain_id}/hero"
    return Attempt(CLERK, where, "schemes.heroes_full", said, record_id=full.plain_id)


def _eleventh_slot(session: Session) -> Attempt:
    scheme = make.a_scheme(make.work(session))
    tier = session.exec(select(Tier).where(Tier.scheme_id == scheme.id, Tier.level == 3)).one()
    for number in range(tier.slots_used, 10):
        make.a_brand(make.work(session), tier.id, f"own-{number}")
    said = {"code": "eleventh", "name": "示范", "source": "示范文件", "confidence": "D", "reason": "示范理由"}
    where = f"/schemes/{scheme.id}/tiers/3/brands/new"
    return Attempt(CLERK, where, "schemes.tier_full", said, record_id=scheme.id)


def _pixel_bomb() -> bytes:
    """A PNG of a few hundred bytes that unpacks to a hundred million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def _upload_bomb(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    sent = {"kind": "origin", "file": (BytesIO(_pixel_bomb()), "图.png")}
    where = f"/applications/{one.id}/materials"
    return Attempt(PRODUCER, where, "uploads.picture_", sent, record_id=one.id, pointers=["/file"])


def _too_many_bytes(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    return Attempt(PRODUCER, f"/applications/{one.id}/materials", "http.too_large", b"x" * 8_100_000, record_id=one.id)


def _another_ones(session: Session) -> Attempt:
    one = make.an_application(make.work(session))
    return Attempt(RIVAL, f"/applications/{one.id}/withdraw", "access.unknown", {"version": "1"}, record_id=one.id)


BAD_INPUT = [
    _full_tier,
    _stale_form,
    _self_approval,
    _wrong_state,
    _notice_one_day_short,
    _product_outside_its_brand,
    _expired_certificate,
    _eleventh_slot,
    _upload_bomb,
    _too_many_bytes,
    _another_ones,
]


def _everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table but the trail of refusals and the sign-ins of this test."""
    told = {}
    with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = select(*table.columns).order_by(*table.primary_key.columns)
            if table.name == "audit_entries":
                rows = rows.where(table.c.action != REFUSED)
            if table.name != SignIn.__tablename__:
                told[table.name] = [tuple(one) for one in connection.execute(rows)]
    return told


def _refusals(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        statement = select(AuditEntry).where(AuditEntry.action == REFUSED).order_by(col(AuditEntry.at))
        return list(session.exec(statement))


@pytest.mark.parametrize("prepare", BAD_INPUT, ids=lambda one: one.__name__.strip("_"))
def test_a_named_refusal_is_audited_and_nothing_changed(
    as_: As, database: Database, prepare: Callable[[Session], Attempt]
) -> None:
    with database.writing() as session:
        attempt = prepare(session)
    client, before = as_(attempt.person), _everything(database)
    raw = {"content_type": "multipart/form-data; boundary=x"} if isinstance(attempt.data, bytes) else {}
    answer = client.post(attempt.address, data=attempt.data, **raw)
    assert 400 <= answer.status_code < 500
    assert _everything(database) == before
    line = _refusals(database)
    assert len(line) == 1
    told = json.loads(line[0].detail)
    assert told["code"].startswith(attempt.code)
    assert (line[0].person_id, line[0].via) == (attempt.person.username, "web")
    assert (line[0].object_id, told["pointers"]) == (attempt.record_id, attempt.pointers)


def _token(database: Database, person: PersonOfTheCast, *scopes: str) -> dict[str, str]:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        _, secret = accounts.issue_token(work, label="示范", scopes=list(scopes), days=30)
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_and_a_body_that_cannot_be_read(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        one = make.an_application(make.work(session))
    headers = _token(database, PRODUCER, "applications.write", "applications.read")
    where = f"/api/v1/applications/{one.id}"
    typed = {"version": 1, "cap_kg": "秘密", "capacity": "13712345678", "promise": True}
    assert client.put(where, json=typed, headers=headers).status_code == 422
    assert client.post(f"{where}/withdraw", json={"version": 9}, headers=headers).status_code == 409
    found = {json.loads(line.detail)["code"]: line for line in _refusals(database)}
    assert found.keys() == {"input.invalid", "applications.stale"}
    assert {line.via for line in found.values()} == {"api"}
    assert json.loads(found["input.invalid"].detail)["pointers"] == ["/cap_kg"]
    assert not any(secret in line.detail for line in found.values() for secret in ("秘密", "13712345678"))


def test_each_refused_row_of_several(as_: As, database: Database) -> None:
    with database.writing() as session:
        sent = make.an_application(make.work(session))
        make.step(make.work(session), sent, "submit", PRODUCER)
        draft = make.an_application(make.work(session), enterprise_id="rival")
    chosen = [f"{sent.id}:{sent.version}", f"{draft.id}:{draft.version}"]
    assert as_(CLERK).post("/applications/start-review", data={"chosen": chosen}).status_code == 200
    lines = _refusals(database)
    assert [(one.object_id, json.loads(one.detail)["code"]) for one in lines] == [
        (draft.id, "applications.wrong_state")
    ]


def test_what_leaves_no_line(as_: As, client: FlaskClient, database: Database) -> None:
    """Nobody in particular, somebody who only looked, and addresses that are no doors of ours."""
    assert client.post("/applications/x/submit", data={"version": "1"}).status_code == 302
    assert client.post("/complaints/new", data={}).status_code == 422
    rival = as_(RIVAL)
    assert rival.get("/applications/x").status_code == 404
    assert rival.post("/nothing/at/all").status_code == 404
    assert _refusals(database) == []


def test_no_address_puts_its_words_into_the_trail(as_: As, database: Database) -> None:
    """A secret link opens for whoever reads it, and anything may stand in an address."""
    rival = as_(RIVAL)
    for address in (
        "/applications/<script>/submit",
        f"/applications/{'x' * 90}/%E5%8D%B0",
        f"/complaints/mine/{'S' * 32}",
    ):
        rival.post(address, data={"version": "1"})
    lines = _refusals(database)
    assert lines
    for one in lines:
        assert "script" not in one.detail + one.object_id
        assert "印" not in one.detail
        assert "S" * 32 not in one.detail + one.object_id
        assert len(one.object_id) <= 40


def test_the_auditor_reads_them_and_the_record_shows_what_happened_to_it(as_: As, database: Database) -> None:
    as_(RIVAL).post("/enterprises/cooperative/edit", data={"version": "1"})
    (line,) = _refusals(database)
    assert line.object_id == "cooperative"
    assert REFUSED in as_(ADMIN).get("/audit?object_id=cooperative").text
    assert REFUSED not in as_(CLERK).get("/enterprises/cooperative").text


def test_one_who_tries_everything_fills_no_disk(as_: As, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brand.services.refusals.MOST", 3)
    station = as_(STATION)
    for _ in range(5):
        assert station.post("/applications/x/submit", data={"version": "1"}).status_code == 404
    assert len(_refusals(database)) == 3


def test_a_harness_without_the_note_would_fail(as_: As, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: when the edge forgets the refusal, the test above finds no line."""
    monkeypatch.setattr(edge, "note", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_named_refusal_is_audited_and_nothing_changed(as_, database, _stale_form)
