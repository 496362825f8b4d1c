"""Commitment certificates: what they rest on, one per batch, replaced, withdrawn, and the papers of sellers."""

from __future__ import annotations

from dataclasses import replace as altered
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import select, text

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.models.enterprises import Enterprise
from brand.rules.product_rules import Item
from tests import make
from tests.make_crops import a_crop, by, mixed, reported
from tests.people import ABATTOIR, AUDITOR, CLERK, PRODUCER, RIVAL, STATION
from trace.models.commitments import Commitment
from trace.queries import commitments as reads
from trace.queries import completeness
from trace.queries.desk import commitments_waiting
from trace.services import commitments, holds
from trace.services.commitments import Said

SAID = Said("producer", ["controlled"], Decimal(100), "13800000000")
MIXED = Said("collector", ["controlled"], Decimal(100))


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def crop(session):
    return a_crop(session)


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def issue(session, batch, said=SAID, person=PRODUCER):
    return commitments.issue(by(session, person), batch.id, said)


def take(session, batch, kg="100", person=PRODUCER, words="示范上家合格证", **changes):
    usual = {"product": "鲜茶叶", "quantity_kg": Decimal(kg), "issued_on": date(2026, 9, 1)}
    return commitments.take(by(session, person), batch.id, upload=make.a_paper(words), **usual | changes)


def topics(session, person=PRODUCER):
    actor = make.actor(session, person)
    return sorted((one.topic, one.title) for one in commitments_waiting(session, actor))


def test_issued_for_goods_of_ones_own(session, crop):
    one = issue(session, crop)
    assert (one.number, one.state, one.style, one.bases) == ("Q2026-0001", "valid", "producer", ["controlled"])
    assert (one.party, one.origin) == ("乌拉特中旗示范养羊专业合作社", "乌拉特中旗海流图镇")
    assert (one.issued_on, one.keep_until) == (date(2026, 9, 14), date(2027, 3, 14))
    assert len(one.code) == 12
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "commitments.issue")).one()
    assert (entry.object_id, entry.enterprise_id) == (one.id, "cooperative")
    assert "13800000000" not in entry.detail
    session.refresh(one)
    assert reads.rules.digest(reads.words(one)) == one.digest, "what is read back gives what was written"


def test_a_station_s_agent_issues_under_its_consent(session, crop):
    issue(session, crop, person=STATION)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "commitments.issue")).one()
    assert entry.on_behalf_of == "cooperative"


@pytest.mark.parametrize("person", [RIVAL, ABATTOIR, CLERK, AUDITOR])
def test_nobody_else_issues(session, crop, person):
    assert refusal(issue, session, crop, person=person).kind is Kind.UNKNOWN


def test_one_per_batch_and_the_database_says_so_too(session, crop):
    one = issue(session, crop)
    error = refusal(issue, session, crop)
    assert (error.code, error.params["number"]) == ("commitments.issued_already", one.number)
    twin = Commitment(**one.model_dump() | {"id": "twin", "number": "Q2026-0009", "code": "TWIN"})
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(twin)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity_kg": Decimal("100.001")}, "commitments.quantity"),
        ({"bases": []}, "commitments.basis_needed"),
        ({"bases": ["own_test"]}, "commitments.basis_without_test"),
        ({"bases": ["commissioned_test"]}, "commitments.basis_without_test"),
        ({"style": "collector"}, "commitments.style"),
    ],
)
def test_what_is_not_so_is_not_promised(session, crop, changes, code):
    assert refusal(issue, session, crop, altered(SAID, **changes)).code == code
    assert session.exec(select(Commitment)).all() == []


def test_meat_and_goods_taken_back_get_none(session):
    meat = a_crop(session, "M1", form="carcass")
    assert refusal(issue, session, meat).code == "commitments.not_for_these_goods"
    gone = a_crop(session, "G1", withdrawn=True, used_kg=Decimal(100))
    assert refusal(issue, session, gone).code == "commitments.batch_withdrawn"


def test_the_boxes_follow_the_tests_that_exist(session, crop):
    reported(session, crop)
    own = Said("producer", ["own_test"], Decimal(100))
    assert refusal(issue, session, crop, own).code == "commitments.basis_without_test", (
        "a laboratory's is not one's own"
    )
    reported(session, crop, "K-1", kind="rapid", laboratory="自检", tested_at=make.MONDAY)
    both = Said("producer", ["commissioned_test", "own_test"], Decimal(100))
    assert issue(session, crop, both).bases == ["own_test", "commissioned_test"]


def test_a_contested_report_speaks_for_nothing(session, crop):
    reported(session, crop, status="contested", decided_by="laboratory")
    asked = Said("producer", ["commissioned_test"], Decimal(100))
    assert refusal(issue, session, crop, asked).code == "commitments.basis_without_test"


def test_of_a_mixture_every_part_must_have_been_tested(session, crop):
    other = a_crop(session, "T2")
    both = mixed(session, "MIX", {crop.id: "50", other.id: "50"})
    asked = Said("producer", ["commissioned_test"], Decimal(100))
    reported(session, crop)
    assert refusal(issue, session, both, asked).code == "commitments.basis_without_test"
    reported(session, other, "R-2")
    assert issue(session, both, asked).bases == ["commissioned_test"]


def test_goods_of_goods_that_failed_are_promised_by_nobody(session, crop):
    reported(session, crop, "R-9", passed=False)
    both = mixed(session, "MIX", {crop.id: "100"})
    error = refusal(issue, session, both)
    assert (error.code, error.params["numbers"]) == ("commitments.test_failed", "R-9")
    assert [(one.pointer, one.params) for one in error.faults] == [("/bases", {"numbers": "R-9"})]


def test_held_goods_wait(session, crop):
    holds.place(by(session, PRODUCER), scope="batch", key=crop.id, reason_code="check", words="示范")
    assert refusal(issue, session, crop).code == "holds.held"


def test_replaced_when_the_words_change(session, crop):
    one = issue(session, crop)
    again = {"version": one.version}
    assert (
        refusal(commitments.replace, by(session, PRODUCER), one.number, SAID, **again).code == "commitments.nothing_new"
    )
    less = altered(SAID, quantity_kg=Decimal(90))
    stale = refusal(commitments.replace, by(session, PRODUCER), one.number, less, version=9)
    assert stale.code == "commitments.stale"
    assert refusal(commitments.replace, by(session, RIVAL), one.number, less, **again).kind is Kind.UNKNOWN
    new = commitments.replace(by(session, PRODUCER), one.number, less, **again)
    session.refresh(one)
    assert (one.state, new.state, new.replaces_id, new.quantity_kg) == ("replaced", "valid", one.id, 90)
    gone = refusal(commitments.replace, by(session, PRODUCER), one.number, SAID, version=one.version)
    assert gone.code == "commitments.wrong_state"
    assert [each.number for each in reads.of_batch(session, crop.id)] == [new.number, one.number]


def test_a_new_contact_is_reason_enough(session, crop):
    one = issue(session, crop)
    new = commitments.replace(by(session, PRODUCER), one.number, altered(SAID, contact=""), version=1)
    assert (new.contact, new.state) == ("", "valid")


def test_withdrawn_with_a_reason_and_then_one_anew(session, crop):
    one = issue(session, crop)
    doing = by(session, PRODUCER)
    assert refusal(commitments.withdraw, doing, one.number, version=1, comment=" ").code == "commitments.reason_needed"
    assert refusal(commitments.withdraw, doing, one.number, version=2, comment="示范").code == "commitments.stale"
    commitments.withdraw(doing, one.number, version=1, comment="示范：称重有误")
    assert (one.state, one.reason) == ("withdrawn", "示范：称重有误")
    assert refusal(commitments.withdraw, doing, one.number, version=2, comment="示范").code == "commitments.wrong_state"
    assert issue(session, crop).number == "Q2026-0002"


def test_after_mixing_the_collector_issues_anew_on_what_it_took(session, crop):
    bought = a_crop(session, "R1", owner="rival", holder_id="cooperative")
    both = mixed(session, "MIX", {crop.id: "40", bought.id: "60"})
    error = refusal(issue, session, both, MIXED)
    assert (error.code, error.params["lots"]) == ("commitments.inputs_missing", "R1 (0 / 100 kg)")
    assert refusal(issue, session, both, SAID).code == "commitments.style"
    session.get_one(type(bought), bought.id).holder_id = "rival"
    first = issue(session, bought, person=RIVAL)
    made = issue(session, both, MIXED)
    assert made.style == "collector"
    entry = reads.find(session, make.actor(session, PRODUCER), made.number)
    assert [one.number for one in entry.inputs] == [first.number]
    commitments.withdraw(by(session, RIVAL), first.number, version=1, comment="示范")
    one_more = mixed(session, "MIX2", {bought.id: "10"})
    asked = altered(MIXED, quantity_kg=Decimal(10))
    assert refusal(issue, session, one_more, asked).code == "commitments.inputs_missing", "a withdrawn one is none"


def test_what_came_along_with_the_goods_is_the_seller_s(session):
    bought = a_crop(session, "R1", owner="rival")
    one = issue(session, bought, person=RIVAL)
    bought.holder_id = "cooperative"
    session.flush()
    assert refusal(issue, session, bought, MIXED).code == "commitments.issued_already"
    error = refusal(commitments.replace, by(session, RIVAL), one.number, SAID, version=1)
    assert error.code == "commitments.anothers"
    assert reads.find(session, make.actor(session, PRODUCER), one.number).party.id == "rival"


def test_papers_of_sellers_are_taken_until_they_speak_for_all(session):
    bought = a_crop(session, "C1", kind="collected")
    assert topics(session) == [("desk.commitment_to_issue", "C1"), ("desk.commitment_to_take", "C1")]
    paper = take(session, bought, "60")
    assert paper.keep_until == date(2027, 3, 14)
    assert refusal(issue, session, bought, MIXED).params["lots"] == "C1 (60 / 100 kg)"
    twice = refusal(take, session, bought, "40")
    assert [(one.code, one.pointer) for one in twice.faults] == [("materials.twice", "/file")]
    tomorrow = date(2026, 9, 15)
    assert refusal(take, session, bought, words="二", issued_on=tomorrow).code == "commitments.taken_day"
    take(session, bought, "40", words="第二张")
    assert topics(session) == [("desk.commitment_to_issue", "C1")]
    assert issue(session, bought, MIXED).style == "collector"
    assert topics(session) == []
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text("UPDATE commitments_taken SET quantity_kg = 1"))


def test_of_one_s_own_goods_no_paper_is_taken_and_others_take_none(session, crop):
    assert refusal(take, session, crop).code == "commitments.own_goods"
    bought = a_crop(session, "C1", kind="collected")
    assert refusal(take, session, bought, person=RIVAL).kind is Kind.UNKNOWN


def test_who_reads_the_papers(session):
    bought = a_crop(session, "C1", kind="collected", producer_id="rival")
    paper = take(session, bought)
    for person in (PRODUCER, CLERK):
        actor = make.actor(session, person)
        assert [one.id for one in reads.taken_of(session, actor, bought.id)] == [paper.id]
        assert reads.taken(session, actor, paper.id).content.startswith(b"%PDF")
    rival = make.actor(session, RIVAL)
    assert reads.taken_of(session, rival, bought.id) == [], "the batch it may see, the papers it may not"
    assert refusal(reads.taken, session, rival, paper.id).kind is Kind.UNKNOWN


def test_the_desk_names_what_must_have_one(session, crop):
    a_crop(session, "OLD", made_on=date(2026, 1, 31))
    a_crop(session, "GONE", used_kg=Decimal(100))
    a_crop(session, "MEAT", form="carcass")
    assert topics(session) == [("desk.commitment_to_issue", "T20260901")]
    assert topics(session, RIVAL) == topics(session, CLERK) == []
    one = issue(session, crop)
    assert topics(session) == []
    report = reported(session, crop, passed=False)
    assert topics(session) == [("desk.commitment_to_withdraw", one.number)]
    report.relief = "overturned"
    session.flush()
    assert topics(session) == []


def test_households_are_encouraged_only(session, crop):
    session.get_one(Enterprise, "cooperative").kind = "household"
    session.flush()
    assert topics(session) == []
    assert issue(session, crop).state == "valid"


def test_it_counts_in_what_the_chain_must_have(session, crop):
    assert Item.COMMITMENT_CERTIFICATE not in completeness.there(session, crop.id)
    one = issue(session, crop)
    assert Item.COMMITMENT_CERTIFICATE in completeness.there(session, crop.id)
    commitments.withdraw(by(session, PRODUCER), one.number, version=1, comment="示范")
    assert Item.COMMITMENT_CERTIFICATE not in completeness.there(session, crop.id)


def test_the_public_reads_what_became_of_it(session, crop):
    one = issue(session, crop)
    shown = reads.public(session, one.code)
    assert (shown.intact, shown.held, shown.recall, shown.failing) == (True, False, "", False)
    assert one.contact not in str(reads.data(shown))
    holds.place(by(session, PRODUCER), scope="batch", key=crop.id, reason_code="check", words="示范")
    assert reads.public(session, one.code).held
    one.quantity_kg = Decimal(900)
    session.flush()
    assert not reads.public(session, one.code).intact, "a figure changed behind our back is seen"
    session.get_one(Enterprise, "cooperative").kind = "household"
    session.flush()
    shown = reads.public(session, one.code)
    assert "party" not in shown.words
    assert shown.party == ""
    assert refusal(reads.public, session, "0" * 12).kind is Kind.UNKNOWN


def test_lists_are_within_reach(session, crop):
    one = issue(session, crop)

    def find(person, **asked):
        return [each.commitment.number for each in reads.listing(session, make.actor(session, person), **asked).rows]

    assert find(PRODUCER) == find(CLERK, q=crop.lot) == find(AUDITOR, state="valid") == [one.number]
    assert find(RIVAL) == find(CLERK, q="%") == find(CLERK, state="replaced") == []
    assert refusal(reads.find, session, make.actor(session, RIVAL), one.number).kind is Kind.UNKNOWN
