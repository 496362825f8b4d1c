"""Reading batches: each sees their own, the chain stands in the order of the day, the desk names what is owed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brand.kernel.actors import Actor, Grant
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import Role
from tests import make
from tests.people import ABATTOIR, AUDITOR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.models.imports import SheetKind
from trace.queries import batches as reads
from trace.queries import grading
from trace.queries.desk import batches_waiting
from trace.services import events, imports

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def batch(session):
    return make.a_packed_batch(make.work(session))


def test_each_sees_their_own(session, batch):
    for person, seen in ((ABATTOIR, 1), (PRODUCER, 1), (CLERK, 1), (AUDITOR, 1), (RIVAL, 0), (RIVAL_ABATTOIR, 0)):
        actor = make.actor(session, person)
        assert reads.listing(session, actor).total == seen, person.username
        if seen:
            assert reads.find(session, actor, batch.id).batch.id == batch.id
        else:
            with pytest.raises(AppError) as caught:
                reads.find(session, actor, batch.id)
            assert caught.value.kind is Kind.UNKNOWN


def test_a_token_without_the_scope_sees_none(session, batch):
    cut_down = Actor("a", "a", "", (Grant(Role.ABATTOIR_CLERK, "abattoir"),), scopes=frozenset({"labels.read"}))
    assert reads.listing(session, cut_down).total == 0


def test_search_by_lot_code_and_producer(session, batch):
    actor = make.actor(session, ABATTOIR)
    for text, found in (
        ("0912a", 1),
        (batch.code, 1),
        ("养羊", 1),
        ("Demo Sheep", 1),
        ("邻社", 0),
        ("%", 1),
        ("_邻", 0),
    ):
        assert reads.listing(session, actor, text=text).total == found, text
    assert reads.listing(session, actor, lacks="chilling").total == 0


def test_grades_add_up_to_the_batch(session, batch):
    shares = grading.shares(session, batch.id)
    assert [(one.grade, one.head) for one in shares] == [
        ("special", 3),
        ("prime", 48),
        ("good", 63),
        ("usable", 30),
        ("manual", 16),
    ]
    assert sum((one.cold_kg for one in shares), Decimal(0)) == batch.total_kg
    assert sum(one.to_be_checked for one in shares) == 38


def test_carcasses_come_in_pages_and_by_grade(session, batch):
    first = grading.carcasses(session, batch.id, size=100)
    second = grading.carcasses(session, batch.id, size=100, number=2)
    assert (first.total, len(first.rows), len(second.rows)) == (160, 100, 60)
    assert not {one.carcass.id for one in first.rows} & {one.carcass.id for one in second.rows}
    assert grading.carcasses(session, batch.id, grade="special").total == 3
    assert len(grading.every_carcass(session, batch.id)) == 160


def test_the_chain_is_in_the_order_of_the_day_and_names_no_person(session, batch):
    steps = reads.chain(session, batch.id)
    assert [one.kind for one in steps] == ["slaughtering", "testing", "chilling", "grading", "cutting", "packing"]
    assert {one.enterprise_id for one in steps} == {"abattoir"}
    assert [one.day_only for one in steps] == [False, True, False, False, True, True]
    assert not {field for field in steps[0]._fields if "person" in field or "account" in field}
    assert set(reads.persons_of_events(session, batch.id).values()) == {"示范屠宰厂文员"}


def test_corrections_stand_with_what_they_correct(session, batch):
    work = make.by_abattoir(make.work(session))
    first = next(one for one in reads.chain(session, batch.id) if one.kind == "grading")
    for table in ("NY/T 630", "630"):
        events.correct(work, first.id, version=batch.version, reason="示范更正", changes={"table": table})
    steps = reads.chain(session, batch.id)
    assert len(steps) == 6
    graded = next(one for one in steps if one.id == first.id)
    assert {one.data["changes"]["table"]["is"] for one in graded.corrections} == {"NY/T 630", "630"}


def test_reports_and_lines(session, batch):
    (report,) = reads.reports(session, batch.id)
    assert [item.position for item in report.items] == [1, 2, 3, 4, 5, 6]
    assert sum(line.net_kg * line.packs for line in reads.pack_lines(session, batch.id)) == batch.used_kg
    ((kind, log),) = reads.chillings(session, batch.id)
    assert (kind, len(log.readings)) == ("chilling", 288)


def test_the_desk_names_what_is_owed_and_to_whom(session):
    make.a_licence(make.work(session))
    work = make.by_abattoir(make.work(session))
    plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
    imports.preview(work, make.a_small_sheet(make.carcass_lines(2)), plan)
    batch = imports.take(work, make.a_small_sheet(make.carcass_lines(2, skip=2)), plan)

    def topics(person):
        return [one.topic.rpartition(".")[2] for one in batches_waiting(session, make.actor(session, person))]

    owed = ["sheet_previewed", "batch_lacks_chilling", "batch_lacks_report", "batch_lacks_packing"]
    assert topics(ABATTOIR) == owed
    assert topics(PRODUCER) == topics(RIVAL_ABATTOIR) == topics(CLERK) == []
    for kind, name in make.DAY_SHEETS.items():
        data = make.sample(name)
        if name == "packing.csv":
            data = data[: data.index(b"\n") + 1] + "20260912A,羊腿,1,2,2,2026-09-13,365,冷藏".encode()
        if kind is SheetKind.PACKING:
            assert "breach_unanswered" in topics(ABATTOIR), "which shuts the packing until it is answered"
            make.answer_breaches(make.work(session), batch)
        imports.take(work, imports.read(kind, name, data), batch.id)
    assert topics(ABATTOIR) == ["sheet_previewed"]
    assert topics(PRODUCER) == ["batch_without_labels"]
    assert topics(RIVAL) == []
