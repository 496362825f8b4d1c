"""The facts behind a verdict come out the same from both databases, whichever way they are asked."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from brand.kernel import rows
from brand.kernel.clock import local_day
from brand.models.licences import Licence
from brand.services import licences
from tests import make
from tests.people import APPROVER
from trace.crypto import base64url
from trace.crypto.code_profiles import UnitCode
from trace.crypto.keys import PublicKey
from trace.crypto.label_codes import fresh_batch_code, path
from trace.crypto.readings import read_address
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.queries import packs
from trace.queries.verification import verify, verify_by
from trace.rules.verdicts import LicenceStatus, Signature
from trace.services import labels
from trace.services.scan_rollups import record
from trace.services.scans import look

pytestmark = pytest.mark.packed
TODAY = local_day(make.MONDAY)
#: Statements that tell the story of a pack which is cut from carcasses.
STORY = 11
#: Of these, what is told of one pack line alone.
LINE = 3


@pytest.fixture
def readings(database, tmp_path):
    """Readings of three signed labels: on a pack, never used, void."""
    with database.writing() as session:
        work = make.work(session)
        order = make.an_order(work, make.a_signer(tmp_path), packs=3, activated=False)
        labels.activate(work, order.id, first=1, last=1)
        labels.void(work, order.id, first=3, last=3, reason=labels.VoidReason.LOST, version=order.version)
        rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
        batch = session.get_one(Batch, order.batch_id)
        make.a_breach(work, batch)
        code = batch.code
    return [read_address(f"{path(UnitCode(code, one.serial))}?s={order.kid}.{one.signature}") for one in rows]


def ask(database, reading, today: date = TODAY, token: str = ""):
    """The answer by both ways; they must agree."""
    with database.looking() as connection:
        lean = verify_by(connection, make.ORIGIN, reading, today, token)
    with database.reading() as session:
        assert verify(session, make.ORIGIN, reading, today, token) == lean
    return lean


def test_a_look_sees_one_state_of_the_database_however_much_is_written_meanwhile(database, readings):
    """What goes straight to the driver begins nothing by itself."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL reads committed rows statement by statement")
    with database.looking() as connection:
        before = verify_by(connection, make.ORIGIN, readings[0], TODAY)
        with database.writing() as session:
            session.exec(select(Batch)).one().version += 1
        assert verify_by(connection, make.ORIGIN, readings[0], TODAY) == before
        with rows.Glance(connection) as session:
            assert session.exec(select(Batch.version)).one() == before.pack.edition.version
    assert ask(database, readings[0]).pack.edition.version == before.pack.edition.version + 1


def codes(answer):
    return [one.code.removeprefix("verdicts.") for one in answer.verdict.reasons]


def test_moments_days_and_states(database, readings):
    used, idle, void = (ask(database, one) for one in readings)
    assert (used.signature, used.pack.activated_at, used.pack.licence_today) == (
        Signature.OK,
        make.MONDAY,
        LicenceStatus.VALID,
    )
    assert codes(used) == ["breach_open", "issued", "first_scan", "can_be_copied"]
    assert (idle.pack.activated_at, codes(idle)[0]) == (None, "not_activated")
    assert (void.pack.voided_at, void.pack.void_reason, codes(void)[0]) == (make.MONDAY, "lost", "void")


def test_devices_are_told_up_to_a_bound_and_the_first_look_is_kept(database, readings):
    answer = ask(database, readings[0])
    with database.writing() as session:
        looks = [look(answer, make.MONDAY + timedelta(minutes=one), f"{one:016x}", "150824") for one in range(60)]
        record(session, looks)
    again = ask(database, readings[0])
    assert (again.pack.scans, again.pack.first_scan, again.pack.first_place) == (50, make.MONDAY, "150824")


def test_ones_own_looks_of_the_day_are_nobody_elses(database, readings):
    answer = ask(database, readings[0])
    with database.writing() as session:
        record(session, [look(answer, make.MONDAY + timedelta(minutes=one), "a" * 16) for one in range(5)])
    assert ask(database, readings[0], token="a" * 16).pack.scans == 0
    assert ask(database, readings[0], token="b" * 16).pack.scans == 1
    assert ask(database, readings[0], TODAY + timedelta(days=1), token="a" * 16).pack.scans == 1


def test_a_sanction_counts_from_its_day(database, readings):
    with database.writing() as session:
        licence = session.exec(select(Licence)).one()
        doing = make.work(session, make.actor(session, APPROVER), make.MONDAY + timedelta(days=1))
        licences.step(doing, licence.id, "suspend", version=1, reason_code="sanction.accident", comment="示范")
    assert ask(database, readings[0]).pack.licence_today is LicenceStatus.VALID
    later = ask(database, readings[0], TODAY + timedelta(days=1))
    assert later.pack.licence_today is LicenceStatus.SUSPENDED
    assert "licence_at_packing.suspended" not in codes(later)


def test_an_edition_moves_with_what_is_told(database, readings):
    before = ask(database, readings[0]).pack.edition
    with database.writing() as session:
        session.exec(select(Batch)).one().version += 1
    assert ask(database, readings[0]).pack.edition != before


@contextmanager
def statements(connection, monkeypatch, done):
    """Notes every statement, those that go straight to the driver too."""
    asked = rows.asked
    with monkeypatch.context() as patch:
        patch.setattr(rows, "asked", lambda *args, **values: done.append("statement") or asked(*args, **values))
        event.listen(connection, "before_cursor_execute", lambda *_: done.append("statement"))
        yield


@pytest.fixture
def work_done(database, monkeypatch):
    """Counts statements and checks of signatures of one asking."""
    done: list[str] = []
    checked = PublicKey.verify

    def check(self, message, signature):
        done.append("signature")
        return checked(self, message, signature)

    monkeypatch.setattr(PublicKey, "verify", check)

    def count(reading) -> list[str]:
        done.clear()
        with database.looking() as connection, statements(connection, monkeypatch, done):
            assert verify_by(connection, make.ORIGIN, reading, TODAY).pack is None
        return list(done)

    return count


def test_unknown_and_foreign_codes_cost_the_same_work(readings, work_done):
    """Issue 5: identical timing. Counted, because a clock in a test would only measure the machine."""
    own = readings[0]
    kid, signature, batch = own.scanned.kid, own.scanned.signature, own.code.batch
    signed = f"?s={kid}.{base64url.encode(signature)}"
    foreign_key = f"?s=zz9.{base64url.encode(signature)}"
    elsewhere = fresh_batch_code()
    never = "0123456789ABCDEF"
    counted = [
        work_done(read_address(f"{path(UnitCode(*code))}{tail}"))
        for code in ((batch, never), (elsewhere, never), (elsewhere, own.serial))
        for tail in (signed, foreign_key)
    ]
    assert counted == [counted[0]] * 6
    assert sorted(counted[0]) == ["signature", "statement", "statement"]
    unsigned = [work_done(read_address(path(UnitCode(*code)))) for code in ((batch, never), (elsewhere, own.serial))]
    assert unsigned == [["statement"]] * 2, "nothing to check where nothing is signed"


def test_the_story_of_a_pack_is_told_in_few_statements(database, readings, monkeypatch):
    """Every one is a round trip for whoever is the first to scan a line; grade tables are read once for all."""
    done = []
    with database.looking() as connection:
        answer = verify_by(connection, make.ORIGIN, readings[0], TODAY)
        packs.story_by(connection, answer.pack, TODAY).past()
        with statements(connection, monkeypatch, done):
            story = packs.story_by(connection, answer.pack, TODAY)
            assert len(done) == LINE
            story.past()
    assert len(done) == STORY
    assert (story.line.id, story.batch.id) == (answer.pack.pack_line_id, answer.pack.batch_id)
    assert story.licence.id == answer.pack.licence_id == story.batch.licence_id
    assert (story.brand.name, story.tier.name) == ("草原畜牧产业品牌（示范）", "产业品牌")
    assert story.producer.name == "乌拉特中旗示范养羊专业合作社"
    origin = story.origin
    assert (origin.sheet.head, sum(one.head for one in origin.carcasses.grades)) == (160, 160)
    assert origin.table.name == origin.sheet.grade_table
    assert story.past().chain[0].kind == "slaughtering"
