"""Grading by persons on real records: two hands, disputes that shut the gate, decisions nobody can change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import Role
from brand.models.accounts import RoleGrant
from brand.rules.grade_tables import Grade
from brand.rules.product_rules import Stage
from tests import make
from tests.people import ABATTOIR, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast
from trace.models.grading import GradeDecision
from trace.queries import gate as gate_reads
from trace.queries import grading as reads
from trace.rules import gate
from trace.services import grading, imports

SECOND = PersonOfTheCast("second-grader", "示范复评员", Role.ABATTOIR_CLERK, "abattoir")
THIRD = PersonOfTheCast("third-grader", "示范仲裁员", Role.ABATTOIR_CLERK, "abattoir")


@pytest.fixture
def work(database):
    with database.writing() as session:
        for one in (SECOND, THIRD):
            make.joins(session, one)
        yield make.work(session)


@pytest.fixture
def batch(work):
    """Twelve carcasses of the demo day, most of them good."""
    make.a_licence(work)
    plan = imports.Plan("abattoir", "cooperative", make.a_product(work.session).id, "20260912A")
    return imports.take(make.by_abattoir(work), make.a_small_sheet(make.carcass_lines(12)), plan)


def by(work, person):
    return make.Work(work.session, make.actor(work.session, person), work.now, "test")


def give(work, batch, person, numbers, grade="", reason="", **more):
    work.session.refresh(batch)
    said = {"version": batch.version, "method": "eye"} | more
    return grading.grade(
        by(work, person), batch.id, grading.Said(carcasses=numbers, grade=grade, reason=reason, **said)
    )


def named(work, batch):
    return {one.carcass.carcass_no: one for one in reads.every_carcass(work.session, batch.id)}


def numbers(work, batch, grade=None):
    found = named(work, batch)
    return [no for no, one in found.items() if grade is None or one.grade == grade]


def codes(work, batch):
    facts = gate_reads.facts(work.session, batch, work.today)
    return [one.code for one in gate.reasons(facts, Stage.PACK)]


def test_a_second_grader_agrees_with_all_of_them(work, batch):
    every = numbers(work, batch)
    event = give(work, batch, SECOND, every)
    assert event.data["head"] == 12
    assert event.data["open"] == 0
    assert not any(one.by_persons or one.disputed for one in named(work, batch).values())
    told = work.session.exec(select(AuditEntry).where(AuditEntry.action == "grading.grade")).one()
    assert told.object_id == batch.id
    with pytest.raises(AppError) as raised:
        give(work, batch, ABATTOIR, every[:1])
    assert raised.value.code == "grade_decisions.same_hand", "who took the sheet in is the first hand already"


def test_a_dispute_shuts_the_gate_until_a_third_settles_it(work, batch):
    one = numbers(work, batch, "good")[0]
    assert "gate.grades_disputed" not in codes(work, batch)
    give(work, batch, SECOND, [one], "usable", "背膘偏软")
    assert named(work, batch)[one].disputed
    assert reads.disputed(work.session, [batch.id]) == 1
    assert "gate.grades_disputed" in codes(work, batch)
    half = make.a_batch_from(work.session, {batch.id: "5"}, lot="HALF", holder_id="abattoir", kg="5")
    assert "gate.grades_disputed" in codes(work, half), "what is made of it inherits the dispute"
    give(work, batch, THIRD, [one], "usable", "同意复评")
    found = named(work, batch)[one]
    assert (found.grade, found.by_persons, found.disputed) == ("usable", True, False)
    assert "gate.grades_disputed" not in codes(work, batch)
    heads = {each.grade: each.head for each in reads.shares(work.session, batch.id)}
    assert heads[Grade.USABLE] == sum(each.grade == "usable" for each in named(work, batch).values())
    assert one in numbers(work, batch, "usable")
    page = reads.carcasses(work.session, batch.id, grade="usable")
    assert one in {each.carcass.carcass_no for each in page.rows}


def settle(work, batch, number, grade="usable", person=INSPECTOR, reason="到场看过胴体（示范）"):
    work.session.refresh(batch)
    said = {"version": batch.version, "method": "eye", "grade": grade, "reason": reason}
    return grading.settle(by(work, person), batch.id, grading.Said(carcasses=[number], **said))


def test_the_office_is_the_third_hand_where_an_abattoir_has_none(work, batch):
    one, other = numbers(work, batch, "good")[:2]
    give(work, batch, SECOND, [one], "usable", "背膘偏软")
    for person, number, said, code in (
        (INSPECTOR, other, {}, "grade_decisions.not_disputed"),
        (INSPECTOR, one, {"grade": "special"}, "grade_decisions.not_given"),
        (INSPECTOR, one, {"reason": ""}, "grade_decisions.reason_needed"),
        (INSPECTOR, "no-such", {}, "grade_decisions.no_such_carcass"),
        (ABATTOIR, one, {}, "access.unknown"),
        (PRODUCER, one, {}, "access.unknown"),
        (CLERK, one, {}, "access.unknown"),
    ):
        with pytest.raises(AppError) as raised:
            settle(work, batch, number, person=person, **said)
        assert raised.value.code == code
    assert named(work, batch)[one].disputed, "nothing of that changed anything"
    event = settle(work, batch, one)
    found = named(work, batch)[one]
    assert (found.grade, found.disputed, event.data["settled"]) == ("usable", False, 1)
    assert "gate.grades_disputed" not in codes(work, batch)
    assert work.session.exec(select(AuditEntry.object_id).where(AuditEntry.action == "grading.settle")).all() == [
        batch.id
    ]
    with pytest.raises(AppError) as raised:
        settle(work, batch, one)
    assert raised.value.code == "grade_decisions.not_disputed"
    give(work, batch, THIRD, [one], "good", "复称复看（示范）")
    assert "gate.grades_disputed" in codes(work, batch), "a re-grade with its reason opens it again"


def test_whoever_graded_settles_nothing_in_another_hat(work, batch):
    one = numbers(work, batch, "good")[0]
    give(work, batch, SECOND, [one], "usable", "背膘偏软")
    work.session.add(RoleGrant(account_id=SECOND.username, role=Role.INSPECTOR.value))
    work.session.flush()
    with pytest.raises(AppError) as raised:
        settle(work, batch, one, person=SECOND)
    assert raised.value.code == "grade_decisions.same_hand"


def test_the_uncovered_region_is_graded_by_two_persons_and_never_special(work):
    whole = make.a_batch(work)
    one = numbers(work, whole, "manual")[0]
    with pytest.raises(AppError) as raised:
        give(work, whole, ABATTOIR, [one], "special", "肥度过高")
    assert raised.value.code == "grade_decisions.never_special"
    give(work, whole, ABATTOIR, [one], "good", "背膘超出等级表，肉色正常")
    found = named(work, whole)[one]
    assert (found.grade, found.waiting, found.disputed) == ("manual", True, False)
    assert reads.waiting(work.session, [whole.id]) == 1
    give(work, whole, SECOND, [one], "good", "同意")
    assert named(work, whole)[one].grade == "good"
    assert [row.position for _, made in reads.history(work.session, whole.id) for row in made] == [1, 2]


def test_one_refused_carcass_keeps_all_of_them_as_they_were(work, batch):
    first, second = numbers(work, batch)[:2]
    give(work, batch, SECOND, [first])
    for chosen, code in (
        ([second, first], "grade_decisions.same_hand"),
        ([second, "no-such"], "grade_decisions.no_such_carcass"),
    ):
        with pytest.raises(AppError) as raised:
            give(work, batch, SECOND, chosen)
        assert raised.value.code == code
    assert len(work.session.exec(select(GradeDecision)).all()) == 1


def test_a_stale_page_and_strangers_are_refused(work, batch):
    one = numbers(work, batch)[0]
    with pytest.raises(AppError) as raised:
        give(work, batch, SECOND, [one], version=batch.version + 1)
    assert raised.value.code == "batches.stale"
    with pytest.raises(AppError) as raised:
        give(work, batch, PRODUCER, [one])
    assert raised.value.kind is Kind.UNKNOWN


def test_the_database_keeps_decisions_as_they_were_made(work, batch):
    give(work, batch, SECOND, numbers(work, batch)[:1])
    for change in ("UPDATE grade_decisions SET grade = 'special'", "DELETE FROM grade_decisions"):
        with pytest.raises(DatabaseError, match="only grows"), work.session.begin_nested():
            work.session.connection().execute(text(change))


def test_a_brand_tied_to_a_grade_follows_the_flows(work, batch):
    good = sum((one.carcass.cold_kg for one in named(work, batch).values() if one.grade != "manual"), Decimal(0))
    assert reads.room_kg(work.session, batch, Grade.USABLE) == good
    made = make.a_batch_from(work.session, {batch.id: "50"}, lot="CUT", holder_id="abattoir", kg="40")
    share = reads.room_kg(work.session, made, Grade.USABLE)
    assert Decimal(0) < share <= Decimal(40)
    assert abs(share - 40 * good / batch.total_kg) < Decimal("0.001")
    left = reads.room_kg(work.session, batch, Grade.USABLE)
    assert abs(left - (batch.total_kg - 50) * good / batch.total_kg) < Decimal("0.001")
