"""A test report from declared to its end: who confirms, what a failing one does, retest and release."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from brand.kernel.errors import AppError, Kind
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, LABORATORY, PRODUCER, RIVAL_ABATTOIR
from trace.models.quality import LabItem, LabReport
from trace.queries import desk, quality
from trace.services import holds, imports, lab_reports, limits, report_steps, retests

pytestmark = pytest.mark.licensed

ITEM = {"name": "恩诺沙星", "method": "示范方法", "result": "12", "unit": "μg/kg", "limit": "100"}
BAD = ITEM | {"result": "120"}
REPORT = {
    "kind": "laboratory",
    "number": "R-1",
    "laboratory": "示范检测中心",
    "tested_on": date(2026, 9, 13),
    "items": [ITEM],
}
LATER = make.MONDAY + timedelta(days=1)


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def batch(session):
    make.a_licence(make.work(session))
    plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
    return imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(3)), plan)


@pytest.fixture
def by(session):
    return lambda person, now=make.MONDAY: make.work(session, make.actor(session, person, now), now)


def declared(by, batch, person=ABATTOIR, **changes):
    return lab_reports.record_one(by(person), batch.id, REPORT | changes)


def confirm(by, session, report, person=LABORATORY, **changes):
    words = {"version": report.version, "digest_seen": quality.digest(session, report)} | changes
    return report_steps.step(by(person), report.id, "confirm", **words)


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def test_the_laboratory_named_confirms_and_the_person_is_kept(session, by, batch):
    report = confirm(by, session, declared(by, batch))
    assert (report.status, report.decided_by, report.decided_as) == ("confirmed", LABORATORY.username, "laboratory")
    assert refusal(confirm, by, session, report).code == "lab_reports.wrong_state"


@pytest.mark.parametrize("person", [ABATTOIR, RIVAL_ABATTOIR, PRODUCER, CLERK, APPROVER])
def test_nobody_else_confirms(session, by, batch, person):
    assert refusal(confirm, by, session, declared(by, batch), person).kind is Kind.UNKNOWN


def test_a_laboratory_speaks_only_for_reports_that_name_it(session, by, batch):
    other = declared(by, batch, laboratory="示范第二检测中心")
    assert refusal(confirm, by, session, other).kind is Kind.UNKNOWN
    assert quality.to_confirm(session, by(LABORATORY).actor, 9) == []
    with pytest.raises(AppError):
        quality.page(session, by(LABORATORY).actor, other.id, make.MONDAY)
    assert confirm(by, session, other, INSPECTOR).decided_as == "inspector"


def test_an_inspector_does_not_confirm_what_he_wrote_down(session, by, batch):
    own = declared(by, batch, INSPECTOR)
    assert own.official
    assert refusal(confirm, by, session, own, INSPECTOR).code == "lab_reports.own"
    assert confirm(by, session, own).status == "confirmed"


def test_a_paper_added_meanwhile_makes_the_yes_stale_and_none_follows_it(session, by, batch):
    report = declared(by, batch)
    seen = quality.digest(session, report)
    report_steps.attach(by(ABATTOIR), report.id, make.a_paper("示范报告"))
    assert refusal(confirm, by, session, report, digest_seen=seen).code == "lab_reports.stale"
    assert refusal(confirm, by, session, report, version=1).code == "lab_reports.stale"
    twice = refusal(report_steps.attach, by(ABATTOIR), report.id, make.a_paper("示范报告"))
    assert [(one.code, one.pointer) for one in twice.faults] == [("materials.twice", "/file")]
    assert refusal(report_steps.attach, by(RIVAL_ABATTOIR), report.id, make.a_paper()).kind is Kind.UNKNOWN
    confirm(by, session, report)
    assert (
        refusal(report_steps.attach, by(ABATTOIR), report.id, make.a_paper("示范又一份")).code == "lab_reports.closed"
    )


def test_contested_by_the_laboratory_looked_into_by_an_inspector(session, by, batch):
    report = declared(by, batch)
    silent = refusal(report_steps.step, by(LABORATORY), report.id, "contest", version=1)
    assert [(one.code, one.pointer) for one in silent.faults] == [("lab_reports.reason_needed", "/comment")]
    report_steps.step(by(LABORATORY), report.id, "contest", version=1, comment="没有这份报告")
    fact = quality.tests_of(session, [batch.id])[batch.id][0]
    assert not fact.counts_for
    assert refusal(report_steps.step, by(LABORATORY), report.id, "reject", version=2, comment="x").kind is Kind.UNKNOWN
    report_steps.step(by(INSPECTOR), report.id, "reject", version=2, comment="伪造")
    assert report.status == "rejected"


def test_a_failing_report_that_proves_forged_lets_the_goods_go(session, by, batch):
    report = declared(by, batch, items=[BAD])
    report_steps.step(by(LABORATORY), report.id, "contest", version=1, comment="没有这份报告")
    assert refusal(holds.check_free, by(ABATTOIR), [batch.id]).code == "holds.held"
    report_steps.step(by(INSPECTOR), report.id, "reject", version=2, comment="伪造")
    holds.check_free(by(ABATTOIR), [batch.id])


def test_the_same_number_in_another_dress_is_refused(session, by, batch):
    declared(by, batch)
    for twin in ("r-1", "R‑1", "Ｒ-１", "R-l", "R-I"):
        error = refusal(declared, by, batch, number=twin)
        assert [(one.code, one.pointer) for one in error.faults] == [("lab_reports.number_taken", "/number")], twin
    assert refusal(declared, by, batch, laboratory="示范 检测中心").faults[0].code == "lab_reports.number_taken"
    declared(by, batch, laboratory="示范第二检测中心")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"tested_on": date(2026, 9, 15)}, "lab_reports.tested_in_future", "/tested_on"),
        ({"tested_on": date(2026, 9, 11)}, "lab_reports.tested_too_early", "/tested_on"),
        ({"sample": "OTHER"}, "lab_reports.other_lot", "/sample"),
        ({"items": [ITEM | {"limit": ""}]}, "lab_reports.limit_missing", "/items/0/limit"),
        ({"items": [ITEM, ITEM]}, "lab_reports.item_twice", "/items/1/name"),
        ({"items": [ITEM | {"result": "合格"}]}, "lab_reports.not_comparable", "/items/0/result"),
        ({"items": [ITEM | {"name": "克伦特罗", "result": "痕量"}]}, "lab_reports.not_comparable", "/items/0/result"),
        ({"kind": "rapid"}, "input.required", "/tested_at"),
        ({"kind": "rapid", "tested_at": LATER}, "lab_reports.tested_in_future", "/tested_at"),
    ],
)
def test_what_a_typed_report_is_refused_for(session, by, batch, changes, code, pointer):
    error = refusal(declared, by, batch, **changes)
    assert (code, pointer) in [(one.code, one.pointer) for one in error.faults]
    assert session.exec(select(LabReport)).all() == []


def test_the_registers_limit_fails_what_a_report_calls_passed(session, by, batch):
    report = declared(by, batch, items=[ITEM | {"name": "克伦特罗", "result": "0.3", "limit": "1"}])
    item = session.exec(select(LabItem)).one()
    assert (report.passed, item.judged_by, item.register_limit) == (False, "register", "不得检出")
    assert quality.failing(session, [batch.id, "nothing"]) == {batch.id: ("R-1",)}


def test_a_limit_by_two_persons_counts_from_its_day(session, by, batch):
    entry = {
        "kind": "lamb", "item": "恩诺沙星", "limit": "10", "unit": "μg/kg", "source": "示范出处", "confidence": "S",
        "valid_from": date(2026, 9, 14),
    }  # fmt: skip
    assert refusal(limits.propose, by(CLERK), **entry | {"valid_from": date(2026, 9, 13)}).code == "limits.past"
    made = limits.propose(by(CLERK), **entry)
    again = refusal(limits.propose, by(CLERK), **entry)
    assert [(one.code, one.pointer) for one in again.faults] == [("limits.already_open", "/item")]
    assert refusal(limits.step, by(CLERK), made.id, "approve", version=1).kind is Kind.UNKNOWN
    assert declared(by, batch, number="R-2", tested_on=date(2026, 9, 14)).passed
    limits.step(by(APPROVER), made.id, "approve", version=1)
    assert refusal(limits.step, by(APPROVER), made.id, "approve", version=1).code == "limits.stale"
    assert declared(by, batch, number="R-3", tested_on=date(2026, 9, 13)).passed
    assert not declared(by, batch, number="R-4", tested_on=date(2026, 9, 14)).passed


def test_a_retest_in_time_at_another_laboratory_overturns_once_it_is_confirmed(session, by, batch):
    first = declared(by, batch, items=[BAD])
    in_time = by(ABATTOIR, make.MONDAY + timedelta(days=4))
    made = retests.ask(in_time, first.id, version=1)
    assert refusal(retests.ask, in_time, first.id, version=2).code == "lab_reports.retest_asked"
    retests.hand_over(in_time, first.id, version=1, received_on=date(2026, 9, 18))
    assert made.report_due > date(2026, 9, 25)
    again = {"number": "S-1", "laboratory": "示范第二检测中心", "tested_on": date(2026, 9, 18)}
    same = lab_reports.record_one(in_time, batch.id, REPORT | {"number": "S-0", "tested_on": date(2026, 9, 18)})
    wrong = refusal(retests.answer, in_time, first.id, version=2, result_id=same.id)
    assert [(one.code, one.pointer) for one in wrong.faults] == [("lab_reports.retest_same_laboratory", "/result_id")]
    result = lab_reports.record_one(in_time, batch.id, REPORT | again)
    retests.answer(in_time, first.id, version=2, result_id=result.id)
    session.refresh(first)
    assert (first.relief, bool(quality.failing(session, [batch.id]))) == ("none", True)
    words = {"version": result.version, "digest_seen": quality.digest(session, result)}
    report_steps.step(by(INSPECTOR, make.MONDAY + timedelta(days=5)), result.id, "confirm", **words)
    assert first.relief == "overturned"
    holds.check_free(by(ABATTOIR), [batch.id])
    assert quality.failing(session, [batch.id]) == {}


@pytest.mark.parametrize(
    ("changes", "late"),
    [
        ({"items": [BAD]}, timedelta(days=8)),
        (
            {"kind": "rapid", "tested_at": make.MONDAY, "items": [ITEM | {"result": "阳性"}]},
            timedelta(hours=4, seconds=1),
        ),
    ],
)
def test_after_its_term_no_retest_is_asked_for(session, by, batch, changes, late):
    first = declared(by, batch, **changes)
    error = refusal(retests.ask, by(ABATTOIR, make.MONDAY + late), first.id, version=1)
    assert (error.kind, error.code) == (Kind.REFUSED, "lab_reports.retest_too_late")
    assert retests.ask(by(ABATTOIR, make.MONDAY + timedelta(hours=4)), first.id, version=1).asked_by == "abattoir"


def test_somebody_elses_report_is_nothing(session, by, batch):
    first = declared(by, batch, items=[BAD])
    assert refusal(retests.ask, by(RIVAL_ABATTOIR), first.id, version=1).kind is Kind.UNKNOWN
    assert refusal(lab_reports.record_one, by(RIVAL_ABATTOIR), batch.id, REPORT).kind is Kind.UNKNOWN
    with pytest.raises(AppError):
        quality.page(session, by(RIVAL_ABATTOIR).actor, first.id, make.MONDAY)


def test_failing_goods_are_released_by_two_persons_only(session, by, batch):
    first = declared(by, batch, items=[BAD])
    assert refusal(report_steps.relieve, by(ABATTOIR), first.id, "ask_release", version=1).kind is Kind.UNKNOWN
    silent = refusal(report_steps.relieve, by(INSPECTOR), first.id, "ask_release", version=1)
    assert silent.code == "lab_reports.reason_needed"
    report_steps.relieve(by(INSPECTOR), first.id, "ask_release", version=1, comment="已全部销毁（示范）")
    assert quality.failing(session, [batch.id])
    lines = desk.waiting(session, by(APPROVER).actor, make.MONDAY.date())
    # Five working days of the scheme; the Sunday before the October holiday is a make-up working day.
    assert [one.due for one in lines if one.topic == "desk.release_to_decide"] == [date(2026, 9, 20)]
    assert refusal(holds.check_free, by(ABATTOIR), [batch.id]).code == "holds.held"
    own = refusal(report_steps.relieve, by(INSPECTOR), first.id, "release", version=2)
    assert own.code == "lab_reports.same_person"
    report_steps.relieve(by(APPROVER), first.id, "release", version=2)
    assert (first.relief, first.relief_by) == ("released", APPROVER.username)
    holds.check_free(by(ABATTOIR), [batch.id])
    assert quality.failing(session, [batch.id]) == {}
