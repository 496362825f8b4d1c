"""Findings from markets: received once, in order, from the device that signed them, and made into inspections."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from brand.kernel import uploads
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.models.complaints import Complaint, ComplaintPicture
from brand.models.inspections import Inspection, LicenceFile
from tests import make
from tests.people import ABATTOIR, CLERK, INSPECTOR, PRODUCER
from tests.phone import Phone
from tests.services.test_field_devices import by, code_of, enrolled
from trace.models.batches import Batch
from trace.models.field_devices import FieldDevice
from trace.models.field_findings import FieldFinding, FieldPhoto, FieldStatement
from trace.models.labels import Label
from trace.queries import desk
from trace.queries import field_findings as reads
from trace.rules.containers import ContainerKind
from trace.schemas.field_findings import FieldFindingIn
from trace.services import batch_tags, containers, field_devices, field_findings
from trace.services.containers import Filling
from trace.services.field_findings import Photo, Signed

pytestmark = pytest.mark.packed
HOSTS = ("localhost",)


@pytest.fixture
def session(database: Database):
    with database.writing() as opened:
        yield opened


@pytest.fixture
def pack(session, tmp_path) -> str:
    """The address of a pack in a shop."""
    order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=2)
    label = session.exec(select(Label).where(Label.order_id == order.id)).first()
    code = session.exec(select(Batch.code)).one()
    return f"/u/{code}/{label.serial}?s={order.kid}.{label.signature}"


def picture(colour: str = "red") -> bytes:
    written = BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "JPEG")
    return written.getvalue()


def entries(phone: Phone, code: str, photos: tuple[bytes, ...] = (), **changed: Any) -> dict[str, Any]:
    """What a telephone signs: something minor found on a pack it called green."""
    prints = [{"original": "a" * 64, "sent": hashlib.sha256(one).hexdigest()} for one in photos]
    usual = {
        "sequence": len(phone.findings) + 1,
        "previous": phone.findings[-1] if phone.findings else "",
        "code": code,
        "verdict": {"colour": "green", "reasons": ["verdicts.issued"]},
        "list_version": 1,
        "checked_at": make.MONDAY.isoformat(),
        "found_at": make.MONDAY.isoformat(),
        "clock_back": False,
        "severity": "minor",
        "reason_code": "sanction.standard",
        "compared": {"weight": "differs"},
        "market": "示范市场3号摊",
        "words": "净重不足（示范）",
        "photos": prints,
    }
    return usual | changed


def signed(phone: Phone, given: dict[str, Any]) -> Signed:
    payload = json.dumps(given, ensure_ascii=False)
    return Signed(phone.device, payload, phone.sign("finding", phone.device, payload), FieldFindingIn().take(given))


def hand_in(session: Session, one: Signed, photos: tuple[bytes, ...] = (), **later: float) -> FieldFinding:
    kept = [Photo(hashlib.sha256(data).hexdigest(), uploads.take("", data, most=10**7)) for data in photos]
    work = make.work(session, now=make.MONDAY + timedelta(**later))
    return field_findings.hand_in(work, make.ORIGIN, HOSTS, one, kept)


def test_a_finding_about_a_tag_names_the_licence_of_its_batch(session, tmp_path):
    """Not a forged one, and not the label of a case, where goods of several licences may lie."""
    signer, phone, batch = make.a_signer(tmp_path), enrolled(session), session.exec(select(Batch)).one()
    line, mine = make.a_pack_line(make.work(session)), by(session, ABATTOIR)
    case = containers.pack(mine, "abattoir", ContainerKind.CASE, Filling({line.id: 10})).code
    tag = batch_tags.issue(mine, signer, batch.id)
    good = f"/b/{batch.code}?s={tag.kid}.{tag.signature}"
    wanted = [(good, "green", batch.licence_id), (f"http://localhost{good}", "green", batch.licence_id)]
    wanted += [(good[:-20] + "A" * 20, "red", None), (f"/c/{case}", "green", None), ("/c/7K3M9Q2X", "", None)]
    for code, colour, licence in wanted:
        made = hand_in(session, signed(phone, entries(phone, code)))
        phone.findings.append(session.get_one(FieldStatement, made.statement_id).digest)
        assert (made.registry_colour, made.licence_id) == (colour, licence), code


def test_a_finding_is_kept_as_it_was_signed_with_its_photos(session, pack):
    phone, data = enrolled(session), (picture("red"), picture("blue"))
    one = signed(phone, entries(phone, pack, data))
    made = hand_in(session, one, data, minutes=30)
    assert (made.number, made.state, made.found_by_name) == ("F2026-0001", "received", INSPECTOR.name)
    assert (made.colour, made.registry_colour, made.list_version) == ("green", "green", 1)
    assert made.licence_id == session.exec(select(Batch.licence_id)).one()
    statement = session.get_one(FieldStatement, made.statement_id)
    assert (statement.payload, statement.digest) == (one.payload, one.digest)
    photos = session.exec(select(FieldPhoto).order_by(FieldPhoto.position)).all()
    assert [one.sent_digest for one in photos] == [hashlib.sha256(one).hexdigest() for one in data]
    assert {one.original_digest for one in photos} == {"a" * 64}
    told = session.exec(select(AuditEntry).where(AuditEntry.action == "field_findings.hand_in")).one()
    assert (told.person_id, told.via) == (INSPECTOR.username, "device")
    assert "净重" not in told.detail


def test_sent_again_it_is_the_same_finding(session, pack):
    phone = enrolled(session)
    one = signed(phone, entries(phone, pack))
    first = hand_in(session, one)
    resigned = Signed(one.device_id, one.payload, phone.sign("finding", phone.device, one.payload), one.entries)
    assert {hand_in(session, again, hours=1).number for again in (one, one, resigned)} == {first.number}
    assert len(session.exec(select(FieldFinding)).all()) == 1
    assert session.exec(select(FieldDevice.findings)).one() == 1


def test_findings_come_in_their_order_and_chain(session, pack):
    phone = enrolled(session)
    first = signed(phone, entries(phone, pack))
    phone.findings.append(first.digest)
    second = signed(phone, entries(phone, pack, words="示范二"))
    assert code_of(lambda: hand_in(session, second)) == "field_findings.out_of_order"
    hand_in(session, first)
    hand_in(session, second)
    other = signed(phone, entries(phone, pack, sequence=1, previous="", words="示范三"))
    assert code_of(lambda: hand_in(session, other)) == "field_findings.other_sent"
    gap = signed(phone, entries(phone, pack, sequence=3, previous="0" * 64))
    assert code_of(lambda: hand_in(session, gap)) == "field_findings.out_of_order"
    device = session.exec(select(FieldDevice)).one()
    session.refresh(device)
    assert (device.findings, device.head) == (2, second.digest)


def test_nobody_hands_in_for_another_telephone_or_after_the_end(session, pack):
    phone, other = enrolled(session), enrolled(session, name="示范2号机")
    one = signed(phone, entries(phone, pack))
    borrowed = Signed(other.device, one.payload, one.signature, one.entries)
    forged = Signed(phone.device, one.payload, other.sign("finding", phone.device, one.payload), one.entries)
    changed = signed(phone, entries(phone, pack, severity="grave"))
    altered = Signed(phone.device, changed.payload, one.signature, changed.entries)
    elsewhere = Signed(
        phone.device, one.payload, phone.sign("finding", phone.device, one.payload, origin="x.invalid"), one.entries
    )
    for wrong in (borrowed, forged, altered, elsewhere):
        assert code_of(lambda wrong=wrong: hand_in(session, wrong)) == "field_devices.not_enrolled"
    device = session.get_one(FieldDevice, phone.device)
    field_devices.step(by(session, CLERK), device.id, "revoke", version=device.version)
    assert code_of(lambda: hand_in(session, one)) == "field_devices.not_enrolled"
    assert session.exec(select(FieldFinding)).all() == []


def test_photos_are_those_that_were_signed_for(session, pack):
    phone, data = enrolled(session), (picture("red"), picture("blue"))
    one = signed(phone, entries(phone, pack, data))
    for wrong in ((), data[:1], data[::-1], (*data, picture("green"))):
        assert code_of(lambda wrong=wrong: hand_in(session, one, wrong)) == "field_findings.photos"
    paper = make.a_paper().data
    drawn = signed(phone, entries(phone, pack, (paper,)))
    assert code_of(lambda: hand_in(session, drawn, (paper,))) == "uploads.pictures_only"


@pytest.mark.parametrize(
    ("severity", "reason", "code"),
    [("none", "sanction.standard", "field_findings.reason_unasked"), ("minor", "", "field_findings.reason")],
)
def test_a_reason_stands_where_something_was_found(session, pack, severity, reason, code):
    phone = enrolled(session)
    one = signed(phone, entries(phone, pack, severity=severity, reason_code=reason))
    assert code_of(lambda: hand_in(session, one)) == code


def test_what_is_no_code_or_forged_concerns_no_licence(session, pack):
    phone = enrolled(session)
    forged = pack[:-20] + ("A" if pack[-20] != "A" else "B") + pack[-19:]
    for text_read, colour in (("https://elsewhere.example/u/x", ""), (forged, "red"), ("示范乱码", "")):
        one = signed(phone, entries(phone, text_read))
        made = hand_in(session, one)
        phone.findings.append(one.digest)
        assert (made.licence_id, made.registry_colour) == (None, colour)
        said = {"version": 1, "words": "示范"}
        refused = code_of(
            lambda made=made, said=said: field_findings.step(by(session, CLERK), made.number, "take_up", **said)
        )
        assert refused == "field_findings.no_licence"
        assert field_findings.step(by(session, CLERK), made.number, "set_aside", **said).state == "set_aside"


def test_a_forgery_becomes_a_case_with_its_photos_and_the_term_of_a_report(session, pack):
    phone, data = enrolled(session), tuple(picture(one) for one in ("red", "green", "blue", "white"))
    made = hand_in(session, signed(phone, entries(phone, "https://elsewhere.example/u/x", data)), data)
    refused = code_of(
        lambda: field_findings.step(by(session, PRODUCER), made.number, "report", version=1, words="示范")
    )
    assert refused == "access.unknown"
    done = field_findings.step(by(session, CLERK), made.number, "report", version=1, words="仿冒标签（示范）")
    case = session.get_one(Complaint, done.complaint_id)
    assert (case.kind, case.state, case.what, case.code) == ("report", "received", "仿冒标签（示范）", made.code)
    assert (case.origin, case.place, case.handler_role) == (made.number, made.market, "inspector")
    assert case.due_on == date(2026, 10, 10)
    kept = session.exec(select(ComplaintPicture).order_by(ComplaintPicture.position)).all()
    photos = session.exec(select(FieldPhoto).order_by(FieldPhoto.position)).all()
    assert [one.digest for one in kept] == [one.digest for one in photos[:3]], "a case holds three; four stay here"
    assert reads.find(session, make.actor(session, INSPECTOR), made.number).case.number == case.number
    assert code_of(lambda: field_findings.step(by(session, CLERK), made.number, "report", version=2, words="示范")) == (
        "field_findings.wrong_state"
    )


@pytest.mark.parametrize(
    ("found", "back", "doubtful"), [(0, False, False), (4, False, False), (6, False, True), (-900, True, True)]
)
def test_a_time_that_rests_on_the_telephone_alone_is_marked(session, pack, found, back, doubtful):
    phone = enrolled(session)
    at = (make.MONDAY + timedelta(minutes=found)).isoformat()
    made = hand_in(session, signed(phone, entries(phone, pack, found_at=at, clock_back=back)))
    assert made.clock_doubtful is doubtful


def test_the_office_makes_an_inspection_of_it_once(session, pack):
    phone, data = enrolled(session), (picture(),)
    made = hand_in(session, signed(phone, entries(phone, pack, data)), data)
    waiting = desk.waiting(session, make.actor(session, CLERK), make.MONDAY.date())
    line = next(one for one in waiting if one.endpoint == "field_findings.show")
    # Fifteen working days, as a report from the public: past the October holiday with its two make-up days.
    assert line.due == date(2026, 10, 10)
    work = by(session, CLERK)
    assert (
        code_of(lambda: field_findings.step(work, made.number, "take_up", version=1)) == "field_findings.words_missing"
    )
    assert code_of(lambda: field_findings.step(work, made.number, "take_up", version=7, words="示范")) == (
        "field_findings.stale"
    )
    done = field_findings.step(work, made.number, "take_up", version=1, words="净重不足（示范）")
    inspection = session.get_one(Inspection, done.inspection_id)
    assert (inspection.licence_id, inspection.kind, inspection.severity) == (made.licence_id, "visit", "minor")
    assert (inspection.reason_code, inspection.measure) == ("sanction.standard", "advice")
    assert (inspection.words, inspection.origin) == ("净重不足（示范）", made.number)
    files = session.exec(select(LicenceFile).where(LicenceFile.inspection_id == inspection.id)).all()
    assert [one.digest for one in files] == [one.digest for one in session.exec(select(FieldPhoto)).all()]
    assert code_of(lambda: field_findings.step(work, made.number, "set_aside", version=2, words="示范")) == (
        "field_findings.wrong_state"
    )
    assert reads.waiting(session, make.actor(session, CLERK), 9) == []


def test_a_measure_that_needs_a_day_asks_for_it_and_changes_nothing(session, pack):
    phone = enrolled(session)
    made = hand_in(session, signed(phone, entries(phone, pack, severity="serious")))
    said = {"version": 1, "words": "示范"}
    assert code_of(lambda: field_findings.step(by(session, CLERK), made.number, "take_up", **said)) == (
        "inspections.rectify_by"
    )
    day = make.MONDAY.date() + timedelta(days=20)
    assert field_findings.step(by(session, CLERK), made.number, "take_up", rectify_by=day, **said).state == "taken_up"


def test_strangers_read_and_decide_nothing(session, pack):
    phone = enrolled(session)
    made = hand_in(session, signed(phone, entries(phone, pack)))
    producer = make.actor(session, PRODUCER)
    assert code_of(lambda: reads.find(session, producer, made.number)) == "access.unknown"
    assert code_of(lambda: reads.listing(session, producer)) == "access.unknown"
    assert reads.waiting(session, producer, 9) == []
    assert code_of(
        lambda: field_findings.step(by(session, PRODUCER), made.number, "set_aside", version=1, words="x")
    ) == ("access.unknown")
    assert code_of(lambda: reads.photo(session, make.actor(session, CLERK), made.number, 1)) == "access.unknown"


@pytest.mark.parametrize("table", ["field_statements", "field_photos"])
def test_what_was_handed_in_only_grows(database, tmp_path, table):
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(tmp_path), packs=1)
        phone, data = enrolled(session), (picture(),)
        hand_in(session, signed(phone, entries(phone, "示范", data)), data)
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text(f"DELETE FROM {table}"))
