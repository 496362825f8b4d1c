"""Registering a batch: who may, for whom, from which sheet; and what stands in the records afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.models.enterprises import Enterprise
from brand.rules.grade_tables import Grade
from brand.services import licences
from tests import make
from tests.people import ABATTOIR, APPROVER, PRODUCER, RIVAL_ABATTOIR
from trace.models.batches import Batch, Carcass, Slaughter
from trace.models.events import Event
from trace.models.imports import SheetImport, SheetKind
from trace.queries.grading import shares
from trace.rules.alike import Graded, alike
from trace.services import batches, imports
from trace.services.batches import Plan

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def plan(session, **said):
    usual = {"abattoir_id": "abattoir", "producer_id": "cooperative", "lot": "20260912A"}
    return Plan(**usual | {"product_id": make.a_product(session).id} | said)


def register(session, lines, *, person=ABATTOIR, now=make.MONDAY, **said):
    work = make.work(session, make.actor(session, person), now)
    return batches.register(work, plan(session, **said), make.a_small_sheet(lines).sheet)


def refusal(act, *given, **options):
    with pytest.raises(AppError) as caught:
        act(*given, **options)
    return caught.value


def test_the_demo_day_becomes_one_graded_batch(session):
    batch = make.a_batch(make.work(session))
    found = session.get_one(Slaughter, batch.id)
    weights = (Decimal("6390.5"), Decimal("2938.60"), Decimal("2917.29"))
    assert (found.head, found.live_kg, found.hot_kg, found.cold_kg) == (160, *weights)
    assert (batch.kind, batch.form, batch.holder_id, batch.total_kg) == ("slaughter", "carcass", "abattoir", weights[2])
    assert str(batch.made_on) == "2026-09-12"
    carcasses = session.exec(select(Carcass).where(Carcass.batch_id == batch.id)).all()
    grades = Counter(one.grade for one in carcasses)
    assert grades == {"special": 3, "prime": 48, "good": 63, "usable": 30, "manual": 16}
    assert {(one.grade_table, one.grade_edition, one.graded_on) for one in carcasses} == {
        ("NY/T 630-2002", "2002-12-30", "cold_kg")
    }
    assert sum(one.to_be_checked for one in carcasses) == 38
    assert all(one.hot_kg >= one.cold_kg and one.decided_by for one in carcasses)
    assert found.alike["grades"] == {
        one.grade.value: [one.head, f"{one.cold_kg.normalize():f}", one.to_be_checked]
        for one in shares(session, batch.id)
    }
    assert found.alike == alike(_counted(one) for one in carcasses), "said at the sheet, true of the rows"
    assert (found.alike["youngest"], found.alike["oldest"]) == ("5", "30")
    assert found.alike["classes"] == ["fat_lamb", "lamb", "mutton"]


def _counted(one: Carcass) -> Graded:
    return Graded(
        one.breed,
        one.animal_class,
        one.age_months,
        one.not_assessed,
        one.grade,
        one.cold_kg,
        one.to_be_checked,
    )


def test_registering_writes_the_first_two_events_with_who_answers(session):
    batch = make.a_batch(make.work(session))
    events = session.exec(select(Event).where(Event.batch_id == batch.id).order_by(Event.event_time)).all()
    assert [(one.kind, one.biz_step) for one in events] == [
        ("slaughtering", "commissioning"),
        ("grading", "inspecting"),
    ]
    slaughtering, grading = events
    assert slaughtering.event_time < slaughtering.record_time == make.MONDAY
    assert {(one.enterprise_id, one.person_id, one.county_code) for one in events} == {
        ("abattoir", "abattoir", "150824")
    }
    assert grading.data["grades"] == {"special": 3, "prime": 48, "good": 63, "usable": 30, "manual": 16}
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "batches.register")).one()
    assert (entry.object_id, entry.person_id, entry.enterprise_id) == (batch.id, "abattoir", "abattoir")


def test_the_licence_of_the_slaughter_day_counts(session):
    lines = make.carcass_lines(2)
    licence = make.a_licence(make.work(session))
    error = refusal(register, session, lines, producer_id="rival")
    assert (error.kind, error.code) == (Kind.REFUSED, "batches.no_licence")
    assert error.params["day"] == "2026-09-12"
    later = make.work(session, make.actor(session, APPROVER), make.MONDAY)
    licences.step(
        later, licence.id, "suspend", version=licence.version, reason_code="sanction.accident", comment="示范整改"
    )
    # Suspended today, but valid on the day of slaughter: the batch of that day is still one of the brand's.
    assert register(session, lines).licence_id == licence.id


def test_a_stranger_finds_no_abattoir_there(session):
    make.a_licence(make.work(session))
    lines = make.carcass_lines(2)
    for person in (PRODUCER, RIVAL_ABATTOIR):
        assert refusal(register, session, lines, person=person).kind is Kind.UNKNOWN
    assert session.exec(select(Batch)).all() == []


def test_a_tag_is_slaughtered_once_and_the_refusal_tells_nothing_else(session):
    make.a_licence(make.work(session))
    register(session, make.carcass_lines(3))
    error = refusal(
        register,
        session,
        make.carcass_lines(3, skip=2),
        person=RIVAL_ABATTOIR,
        abattoir_id="rival_abattoir",
        lot="B1",
    )
    assert error.code == "imports.faulty"
    (fault,) = error.faults
    assert (fault.code, fault.row, fault.column) == ("batches.tag_slaughtered", 2, "耳标号")
    assert set(fault.params) == {"tag", "column", "row"}


def test_a_lot_number_is_used_once_by_an_abattoir(session):
    make.a_licence(make.work(session))
    register(session, make.carcass_lines(2))
    error = refusal(register, session, make.carcass_lines(2, skip=2), lot="20260912a")
    assert (error.kind, error.code, error.faults[0].pointer) == (Kind.CONFLICT, "batches.lot_taken", "/lot")


def test_parties_must_be_confirmed_and_the_product_known(session):
    make.a_licence(make.work(session))
    lines = make.carcass_lines(2)
    assert refusal(register, session, lines, product_id="nothing").code == "batches.product_unknown"
    assert refusal(register, session, lines, producer_id="nobody").code == "batches.producer_not_confirmed"
    session.get_one(Enterprise, "cooperative").state = "pending"
    assert refusal(register, session, lines).code == "batches.producer_not_confirmed"
    session.get_one(Enterprise, "abattoir").state = "pending"
    assert refusal(register, session, lines).code == "batches.abattoir_not_confirmed"


def test_slaughter_lies_in_the_past_and_within_one_day(session):
    make.a_licence(make.work(session))
    lines = make.carcass_lines(2)
    early = refusal(register, session, lines, now=lines[1].slaughtered_at - timedelta(seconds=30))
    assert {one.code for one in early.faults} == {"batches.slaughter_in_future"}
    apart = [lines[0], *make.carcass_lines(1, skip=1, slaughtered_at=lines[0].slaughtered_at + timedelta(days=1))]
    error = refusal(register, session, apart)
    assert [(one.code, one.row) for one in error.faults] == [("batches.another_day", 3)]


def test_faults_of_the_sheet_are_all_named_and_nothing_is_stored(session):
    make.a_licence(make.work(session))
    data = make.sample("carcasses-with-faults.xlsx")
    upload = imports.read(SheetKind.CARCASSES, "carcasses-with-faults.xlsx", data)
    error = refusal(imports.preview, make.by_abattoir(make.work(session)), upload, plan(session))
    assert error.code == "imports.faulty"
    assert len(error.faults) == 12  # the eleven planted ones and the question about a full-width figure
    assert session.exec(select(SheetImport)).all() == []
    assert session.exec(select(Carcass)).all() == []


def test_what_the_table_does_not_cover_is_for_a_person_to_grade(session):
    make.a_licence(make.work(session))
    heavy = make.carcass_lines(
        1, age_months=30, incisor_pairs=4, live_kg=Decimal(70), hot_kg=Decimal(34), cold_kg=Decimal(33)
    )
    batch = register(session, heavy)
    one = session.exec(select(Carcass).where(Carcass.batch_id == batch.id)).one()
    assert (one.animal_class, one.grade, one.decided_by) == ("mutton", Grade.MANUAL, "carcass_kg")
