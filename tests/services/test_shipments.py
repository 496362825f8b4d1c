"""Shipments: whole batches leave, stand still on the way, and belong to the receiver once it has confirmed them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR, PersonOfTheCast
from trace.models.batches import Batch, PackLine
from trace.models.containers import PackStock
from trace.models.events import Event
from trace.models.shipments import Shipment
from trace.queries import flows as flow_reads
from trace.queries import parcels as counts
from trace.queries import recall_sets
from trace.queries import shipments as reads
from trace.services import holds, shipments
from trace.services.shipment_loads import Load
from trace.services.shipments import Found

pytestmark = pytest.mark.packed
TODAY = make.MONDAY.date()


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def batch_of(session: Session) -> Batch:
    return session.exec(select(Batch).where(Batch.lot == "20260912A")).one()


def sent(session: Session, person: PersonOfTheCast = ABATTOIR, **changes) -> Shipment:
    usual = {
        "to_id": "rival",
        "loads": [Load(batch_of(session).id, parcels=12)],
        "planned_on": TODAY + timedelta(days=1),
        "seal": "示范001",
        "vehicle": "示范车",
    }
    return shipments.send(by(session, person), str(person.enterprise), **usual | changes)


def received(session: Session, shipment: Shipment, person: PersonOfTheCast = RIVAL, **changes) -> Shipment:
    line = reads.lines_of(session, shipment.id)[0]
    found = {line.id: Found(**{"received_kg": line.kg} | changes.pop("found", {}))}
    usual = {"version": shipment.version, "found": found, "seal_found": "示范001"}
    return shipments.receive(by(session, person), shipment.number, **usual | changes)


def test_from_holder_to_holder_and_nobody_uses_it_on_the_way(database: Database) -> None:
    with database.writing() as session:
        batch = batch_of(session)
        shipment = sent(session)
        assert (shipment.number, shipment.state) == ("W2026-0001", "on_the_way")
        assert reads.lines_of(session, shipment.id)[0].kg == batch.total_kg  # loose and in packs together
        for person in (ABATTOIR, RIVAL):
            with pytest.raises(AppError) as caught:
                holds.check_free(by(session, person), [batch.id])
            assert (caught.value.code, caught.value.params) == (
                "holds.on_the_way",
                {"lot": "20260912A", "number": "W2026-0001"},
            )
        with pytest.raises(AppError, match="on_the_way"), session.begin_nested():
            sent(session)
        received(session, shipment)
        session.refresh(batch)
        assert (batch.holder_id, shipment.state) == ("rival", "received")
        holds.check_free(by(session, RIVAL), [batch.id])
        with pytest.raises(AppError, match="not_yours"), session.begin_nested():
            sent(session)
        kinds = [one.kind for one in session.exec(select(Event).where(Event.batch_id == batch.id))]
        assert kinds[-2:] == ["shipping", "receiving"]
        assert sent(session, RIVAL, to_id="abattoir").number == "W2026-0002"


def test_what_is_short_is_named_and_leaves_the_books(database: Database) -> None:
    with database.writing() as session:
        batch, shipment = batch_of(session), sent(session)
        loose = batch.total_kg - batch.used_kg
        kg = batch.total_kg
        for found, code in (
            ({"received_kg": kg + Decimal("0.001")}, "more_than_sent"),
            ({"received_kg": kg - 1}, "short_unnamed"),
            ({"received_kg": kg - 1, "shortage": "stolen?"}, "short_unnamed"),
        ):
            with pytest.raises(AppError, match=code), session.begin_nested():
                received(session, shipment, found=found)
        session.refresh(shipment)
        received(session, shipment, found={"received_kg": kg - 1, "shortage": "drying", "words": "示范"})
        session.refresh(batch)
        assert batch.total_kg - batch.used_kg == loose - 1
        event = session.exec(select(Event).where(Event.kind == "receiving")).one()
        assert (event.data["short_kg"], event.data["shortage"], event.enterprise_id) == ("1.000", "drying", "rival")


def test_a_seal_that_reads_otherwise_is_explained(database: Database) -> None:
    with database.writing() as session:
        shipment = sent(session)
        with pytest.raises(AppError, match=r"shipments\.seal"), session.begin_nested():
            received(session, shipment, seal_found="示范002")
        session.refresh(shipment)
        assert received(session, shipment, seal_found="", seal_words="途中断裂（示范）").seal_words


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to_id": "abattoir"}, "shipments.party"),
        ({"to_id": "nobody"}, "shipments.party"),
        ({"carrier_id": "nobody"}, "shipments.party"),
        ({"loads": []}, "shipments.loads"),
        ({"loads": [Load("x"), Load("x")]}, "shipments.loads"),
        ({"loads": [Load("x")]}, "shipments.not_yours"),
        ({"planned_on": TODAY - timedelta(days=1)}, "shipments.planned"),
        ({"planned_on": TODAY + timedelta(days=61)}, "shipments.planned"),
    ],
)
def test_what_cannot_be_sent(database: Database, changes, code) -> None:
    with database.writing() as session, pytest.raises(AppError, match=code):
        sent(session, **changes)


def test_who_may_not(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(AppError, match="not_yours"), session.begin_nested():
            sent(session, PRODUCER)  # whose goods they are, but the abattoir has them
        with pytest.raises(AppError) as caught, session.begin_nested():
            shipments.send(by(session, CLERK), "abattoir", to_id="rival", loads=[], planned_on=TODAY)
        assert caught.value.kind is Kind.UNKNOWN
        shipment = sent(session)
        for person in (ABATTOIR, PRODUCER, RIVAL_ABATTOIR, APPROVER):
            with pytest.raises(AppError) as caught, session.begin_nested():
                received(session, shipment, person)
            assert caught.value.kind is Kind.UNKNOWN
        with pytest.raises(AppError) as caught, session.begin_nested():
            shipments.call_off(by(session, RIVAL), shipment.number, version=shipment.version)
        assert caught.value.kind is Kind.UNKNOWN


def test_what_is_held_does_not_leave_but_arrives(database: Database) -> None:
    with database.writing() as session:
        words = {"scope": "batch", "key": batch_of(session).id, "reason_code": "papers", "words": ""}
        held = holds.place(by(session, CLERK), **words)
        with pytest.raises(AppError, match=r"holds\.held"), session.begin_nested():
            sent(session)
        holds.lift(by(session, APPROVER), held.number, words="示范")
        shipment = sent(session)
        holds.place(by(session, CLERK), **words)
        assert received(session, shipment).state == "received"


def test_called_off_goods_are_where_they_were(database: Database) -> None:
    with database.writing() as session:
        shipment = sent(session)
        shipments.call_off(by(session, ABATTOIR), shipment.number, version=1)
        holds.check_free(by(session, ABATTOIR), [batch_of(session).id])
        with pytest.raises(AppError, match="wrong_state"), session.begin_nested():
            received(session, shipment)
        with pytest.raises(AppError, match="stale"), session.begin_nested():
            shipments.call_off(by(session, ABATTOIR), shipment.number, version=1)
        assert sent(session).state == "on_the_way"


def test_goods_on_the_way_are_recalled_from_whom_they_reach(database: Database) -> None:
    with database.writing() as session:
        sent(session)
        found = recall_sets.sets(session, frozenset({batch_of(session).id}), "onward")
        assert set(found.holders) == {"rival"}


def test_parcels_count_per_producer_and_month_without_what_was_called_off(database: Database) -> None:
    with database.writing() as session:
        first = sent(session)
        shipments.call_off(by(session, ABATTOIR), first.number, version=1)
        sent(session)
        for person, rows in ((PRODUCER, 1), (ABATTOIR, 1), (RIVAL, 0), (CLERK, 1)):
            found = counts.counted(session, make.actor(session, person), 2026)
            assert [(one.month, one.producer.id, one.shipments, one.parcels) for one in found] == [
                ("2026-09", "cooperative", 1, 12)
            ] * rows
        assert counts.counted(session, make.actor(session, CLERK), 2025) == []


def test_packs_that_are_missing_leave_the_books_as_packs(database: Database) -> None:
    """Short beyond what was loose: packs must be named, and no more of them than were on board."""
    with database.writing() as session:
        shipment, batch = sent(session), batch_of(session)
        loose = batch.total_kg - batch.used_kg
        line = session.exec(select(PackLine).where(PackLine.cut == "羊肩肉")).one()
        kg = reads.lines_of(session, shipment.id)[0].kg
        told = {"received_kg": kg - loose - 5, "shortage": "missing"}
        for missing, code in (({}, "short_packs"), ({line.id: 700}, "not_there"), ({"nothing": 5}, "not_there")):
            with pytest.raises(AppError, match=code), session.begin_nested():
                received(session, shipment, found=told | {"missing": missing})
            session.refresh(shipment)
        received(session, shipment, found=told | {"missing": {line.id: 5}})
        session.refresh(batch)
        session.refresh(line)
        assert (batch.used_kg, batch.holder_id, line.gone) == (batch.total_kg, "rival", 5)
        stock = session.exec(select(PackStock).where(PackStock.pack_line_id == line.id)).all()
        assert {one.holder_id: one.packs for one in stock} == {"abattoir": 0, "rival": line.packs - 5}
        assert flow_reads.differences(session) == []


def test_a_part_of_a_batch_is_split_off_and_only_that_part_leaves(database: Database) -> None:
    with database.writing() as session:
        whole = batch_of(session)
        used = whole.used_kg
        shipment = sent(session, loads=[Load(whole.id, kg=Decimal(100))])
        line = reads.lines_of(session, shipment.id)[0]
        part = session.get_one(Batch, line.batch_id)
        assert (part.lot, part.kind, line.kg, part.total_kg) == ("20260912A-1", "split", Decimal(100), Decimal(100))
        session.refresh(whole)
        assert (whole.used_kg, whole.holder_id) == (used + 100, "abattoir")
        again = sent(session, loads=[Load(whole.id, kg=Decimal(100))])
        assert session.get_one(Batch, reads.lines_of(session, again.id)[0].batch_id).lot == "20260912A-2"
        received(session, shipment)
        session.refresh(part)
        assert part.holder_id == "rival"
        with pytest.raises(AppError, match="more_than_left"):
            sent(session, loads=[Load(whole.id, kg=Decimal(9999))])
