"""Samples under seal and looks at goods: by whom, once, never changed, and what an open finding shuts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.rules.product_rules import Stage
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL_ABATTOIR
from trace.models.checks import GoodsCheck, Sample
from trace.queries import checks as reading
from trace.queries import gate as gate_facts
from trace.rules import gate
from trace.rules.checklists import checklists
from trace.services import checks, lab_reports, samples

pytestmark = pytest.mark.packed
SEALED = {
    "seal": "FY-0001", "where": "示范冷库", "quantity": Decimal("0.5"), "unit": "kg", "spare": True,
    "taken_at": make.MONDAY - timedelta(hours=1),
}  # fmt: skip


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def batch(session):
    return make.the_batch(session)


@pytest.fixture
def by(session):
    return lambda person, now=make.MONDAY: make.work(session, make.actor(session, person, now), now)


def look(by, batch, person=ABATTOIR, now=make.MONDAY, *, checklist="goods", no=(), **changes):
    answers = {one.code: "no" if one.code in no else "yes" for one in checklists()[checklist].questions}
    given = {
        "where": "示范包装间",
        "checked_on": date(2026, 9, 14),
        "answers": answers,
        "words": "缺保质期" if no else "",
    }
    return checks.record(by(person, now), batch.id, checklist=checklist, **given | changes)


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def shut(session, batch):
    """Codes of what keeps the batch from its labels."""
    facts = gate_facts.facts(session, batch, date(2026, 9, 14))
    return [one.code for one in gate.reasons(facts, Stage.LABEL)]


def test_a_seal_is_used_once_however_it_is_written(session, by, batch):
    made = samples.take(by(ABATTOIR), batch.id, **SEALED)
    assert (made.official, made.spare) == (False, True)
    for twin in ("FY-0001", "fy‑OOO1", "ＦＹ-０００１"):
        error = refusal(samples.take, by(INSPECTOR), batch.id, **SEALED | {"seal": twin})
        assert [(one.code, one.pointer) for one in error.faults] == [("samples.seal_taken", "/seal")], twin
    assert samples.take(by(INSPECTOR), batch.id, **SEALED | {"seal": "FY-0002"}).official
    assert len(session.exec(select(Sample)).all()) == 2


@pytest.mark.parametrize("person", [RIVAL_ABATTOIR, PRODUCER, CLERK, APPROVER])
def test_nobody_else_takes_a_sample_or_looks(by, batch, person):
    assert refusal(samples.take, by(person), batch.id, **SEALED).kind is Kind.UNKNOWN
    assert refusal(look, by, batch, person).kind is Kind.UNKNOWN


def test_a_report_names_the_sample_by_its_seal(session, by, batch):
    made = samples.take(by(INSPECTOR), batch.id, **SEALED)
    report = {
        "kind": "laboratory", "number": "R-9", "laboratory": "示范检测中心", "tested_on": date(2026, 9, 14),
        "sample": "fy-0001", "items": [{"name": "恩诺沙星", "result": "12", "unit": "μg/kg", "limit": "100"}],
    }  # fmt: skip
    assert lab_reports.record_one(by(ABATTOIR), batch.id, report).sample_id == made.id
    other = refusal(lab_reports.record_one, by(ABATTOIR), batch.id, report | {"number": "R-10", "sample": "FY-9"})
    assert other.faults[0].code == "lab_reports.other_lot"


def test_an_open_finding_shuts_the_gate_until_a_look_finds_nothing(session, by, batch):
    assert shut(session, batch) == []
    found = look(by, batch, no=("label",))
    assert shut(session, batch) == ["gate.check_open"]
    assert [one.check_id for one in reading.open_findings(session, [batch.id, "nothing"])[batch.id]] == [found.id]
    look(by, batch, now=make.MONDAY + timedelta(hours=1), checklist="cold")
    assert shut(session, batch) == ["gate.check_open"], "another list"
    look(by, batch, now=make.MONDAY + timedelta(hours=2))
    assert shut(session, batch) == []
    assert reading.open_findings(session, [batch.id]) == {}


def test_the_authoritys_finding_is_not_closed_by_the_enterprise(session, by, batch):
    look(by, batch, INSPECTOR, no=("label", "batch"))
    look(by, batch, ABATTOIR, now=make.MONDAY + timedelta(hours=1))
    assert shut(session, batch) == ["gate.check_open"]
    look(by, batch, INSPECTOR, now=make.MONDAY + timedelta(hours=2))
    assert shut(session, batch) == []


def test_a_finding_at_what_went_in_shuts_what_was_made(session, by, batch):
    made = make.a_batch_from(session, {batch.id: "5"}, lot="MIX", holder_id="abattoir", kg="5")
    look(by, batch, no=("label",))
    assert "gate.check_open" in shut(session, made)


def test_signed_with_its_photos_and_written_once(session, by, batch):
    photo = make.a_paper("示范照片")
    one = look(by, batch, uploads=[photo])
    other = look(by, batch, uploads=[make.a_paper("示范另一张")])
    assert one.digest != other.digest
    entry = reading.find(session, by(INSPECTOR).actor, one.id)
    assert [each.digest for each in entry.files] == [photo.digest]
    assert refusal(reading.find, session, by(RIVAL_ABATTOIR).actor, one.id).kind is Kind.UNKNOWN
    assert refusal(reading.file, session, by(ABATTOIR).actor, other.id, entry.files[0].id).kind is Kind.UNKNOWN
    twice = refusal(look, by, batch, uploads=[photo, photo])
    assert [(one.code, one.pointer) for one in twice.faults] == [("materials.twice", "/files")]
    audited = session.exec(select(AuditEntry).where(AuditEntry.action == "checks.record")).all()
    assert len(audited) == 2


@pytest.mark.parametrize("words", ["UPDATE goods_checks SET findings = 0", "DELETE FROM goods_checks"])
def test_nothing_of_a_look_can_be_changed(session, by, batch, words):
    look(by, batch, no=("label",))
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(words))
    assert session.exec(select(GoodsCheck.findings)).one() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"checklist": "nothing", "answers": {}}, "checks.list_unknown"),
        ({"checked_on": date(2026, 9, 15)}, "checks.day_ahead"),
        ({"checked_on": date(2026, 9, 11)}, "checks.too_early"),
        ({"answers": {}}, "checks.answer_needed"),
        ({"no": ("label",), "words": " "}, "checks.words_needed"),
    ],
)
def test_what_a_look_is_refused_for(session, by, batch, changes, code):
    if changes.get("checklist"):
        error = refusal(checks.record, by(ABATTOIR), batch.id, where="x", checked_on=date(2026, 9, 14), **changes)
    else:
        error = refusal(look, by, batch, **changes)
    assert {one.code for one in error.faults} == {code}
    assert session.exec(select(GoodsCheck)).all() == []
