"""Cases and pallets: filled from what is there, one container at a time, whole on their way, gone as a whole."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from brand.rules.product_rules import Stage
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.crypto.readings import read_all
from trace.models.batches import Batch, PackLine
from trace.models.containers import Container, ContainerBatch, ContainerLabel, PackStock
from trace.models.events import Event
from trace.models.labels import Label, LabelOrder
from trace.queries import containers as reads
from trace.queries import flows as flow_reads
from trace.queries import parcels, recall_sets
from trace.queries import shipments as shipment_reads
from trace.services import containers, flows, gate, holds, leaving, shipments
from trace.services.container_labels import Range
from trace.services.containers import Filling
from trace.services.flow_parts import Part
from trace.services.shipment_loads import Load

pytestmark = pytest.mark.packed
TODAY = make.MONDAY.date()


def by(session: Session, person: PersonOfTheCast = ABATTOIR) -> Work:
    return make.work(session, make.actor(session, person))


def a_line(session: Session) -> PackLine:
    return make.a_pack_line(make.work(session))


def stock(session: Session, line: PackLine, holder: str = "abattoir") -> int:
    its = (PackStock.pack_line_id == line.id, PackStock.holder_id == holder)
    return session.exec(select(PackStock.packs).where(*its)).first() or 0


def a_case(session: Session, count: int = 10, person: PersonOfTheCast = ABATTOIR, **filling) -> Container:
    """So many packs of the first line, or what ``filling`` says."""
    filling = filling or {"packs": {a_line(session).id: count}}
    return containers.pack(by(session, person), str(person.enterprise), "case", Filling(**filling))


def a_pallet(session: Session, *cases: Container) -> Container:
    return containers.pack(by(session), "abattoir", "pallet", Filling(cases=[one.code for one in cases]))


def refused(session: Session, code: str, act) -> AppError:
    with pytest.raises(AppError) as caught, session.begin_nested():
        act()
    assert caught.value.code == code
    session.expire_all()
    return caught.value


def sent(session: Session, *boxes: Container, **changes):
    usual = {
        "to_id": "rival",
        "loads": [],
        "planned_on": TODAY + timedelta(days=1),
        "boxes": [one.code for one in boxes],
    }
    return shipments.send(by(session), "abattoir", **usual | changes)


def received(session: Session, shipment, **boxes: bool):
    return shipments.receive(by(session, RIVAL), shipment.number, version=shipment.version, found={}, boxes=boxes)


def test_packs_go_into_cases_cases_onto_a_pallet_and_all_comes_out_again(database: Database) -> None:
    with database.writing() as session:
        line = a_line(session)
        had = stock(session, line)
        one, other = a_case(session), a_case(session, 5)
        assert stock(session, line) == had - 15
        pallet = a_pallet(session, one, other)
        inside = reads.contents(session, [pallet])
        assert (len(inside.cases), inside.kg) == (2, 15 * line.net_kg)
        # A case on a pallet is opened, sent and sold with its pallet only.
        refused(
            session,
            "containers.on_a_pallet",
            lambda: containers.unpack(by(session), "abattoir", one.code, version=one.version),
        )
        refused(session, "containers.on_a_pallet", lambda: a_pallet(session, one))
        refused(
            session, "containers.stale", lambda: containers.unpack(by(session), "abattoir", pallet.code, version=99)
        )
        containers.unpack(by(session), "abattoir", pallet.code, version=pallet.version)
        session.refresh(one)
        assert one.parent_id is None
        containers.unpack(by(session), "abattoir", one.code, version=one.version)
        assert stock(session, line) == had - 5
        refused(
            session,
            "containers.ended",
            lambda: containers.unpack(by(session), "abattoir", one.code, version=one.version),
        )
        kinds = sorted(event.kind for event in reads.events(session, one.id))
        assert kinds == ["aggregating"] * 2 + ["disaggregating"] * 2
        assert not flow_reads.differences(session)


def test_no_more_than_is_there_with_the_figures(database: Database) -> None:
    with database.writing() as session:
        line = a_line(session)
        had = stock(session, line)
        error = refused(session, "stocks.not_there", lambda: a_case(session, had + 1))
        assert error.params == {"asked": had + 1, "there": had}
        a_case(session, had)
        assert refused(session, "stocks.not_there", lambda: a_case(session, 1)).params == {"asked": 1, "there": 0}
        for wrong in ({"packs": {}}, {"packs": {line.id: 5001}}, {"packs": {line.id: 1}, "cases": ["A"]}):
            refused(session, "containers.case_holds", lambda wrong=wrong: a_case(session, **wrong, codes=()))
        refused(session, "containers.pallet_holds", lambda: a_pallet(session))
        refused(session, "containers.case_holds", lambda: a_case(session, packs={line.id: 0}))
        refused(session, "stocks.not_there", lambda: a_case(session, packs={line.id: -5, "x": 9}))


def test_labelled_packs_by_scan_and_by_range_are_in_one_case(database: Database, tmp_path) -> None:
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=6)
        batch = session.get_one(Batch, order.batch_id)
        serials = session.exec(select(Label.serial).where(Label.order_id == order.id).order_by(Label.position)).all()
        scanned = read_all([f"/u/{batch.code}/{serials[0]}"], ())
        had = stock(session, a_line(session))
        case = a_case(session, codes=scanned, ranges=[Range(order.number, 3, 4)])
        assert stock(session, a_line(session)) == had - 3
        assert [(one.position, one.inside) for one in reads.labels(session, case.id)] == [
            (1, True),
            (3, True),
            (4, True),
        ]
        error = refused(session, "containers.label_inside", lambda: a_case(session, ranges=[Range(order.number, 4, 5)]))
        assert error.params == {"serial": serials[3]}
        assert stock(session, a_line(session)) == had - 3
        twice = {"codes": scanned, "ranges": [Range(order.number, 1, 1)]}
        refused(session, "containers.label_twice", lambda: a_case(session, **twice))
        refused(session, "containers.order_unknown", lambda: a_case(session, ranges=[Range(order.number, 6, 7)]))
        refused(session, "containers.order_unknown", lambda: a_case(session, ranges=[Range("B0", 1, 1)]))
        refused(session, "containers.range", lambda: a_case(session, ranges=[Range(order.number, 3, 2)]))
        strange = read_all([f"/u/{batch.code}/{'0' * 16}"], ())
        refused(session, "containers.code_unknown", lambda: a_case(session, codes=strange))
        forged = read_all([f"/u/{batch.code}/{serials[0]}?s={order.kid}.{'A' * 86}"], ())
        refused(session, "containers.code_unknown", lambda: a_case(session, codes=forged))
        refused(session, "containers.code_unknown", lambda: a_case(session, codes=scanned, person=RIVAL))
        session.get_one(Label, serials[4]).state = "void"
        session.flush()
        refused(session, "containers.label_void", lambda: a_case(session, ranges=[Range(order.number, 5, 5)]))
        containers.unpack(by(session), "abattoir", case.code, version=case.version)
        assert a_case(session, codes=scanned).state == "packed"
        ended = session.exec(select(ContainerLabel).where(ContainerLabel.container_id == case.id)).all()
        assert all(one.ended_at for one in ended)
        assert session.exec(select(LabelOrder)).one().packs == 6


def test_loose_goods_lie_in_a_case_as_a_batch_that_stands_still(database: Database) -> None:
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        left = batch.total_kg - batch.used_kg
        error = refused(session, "flows.more_than_left", lambda: a_case(session, loose={batch.id: left + 1}))
        assert error.params["lot"] == "20260912A"
        case = a_case(session, loose={batch.id: Decimal(25)})
        part = session.exec(select(Batch).where(Batch.lot == "20260912A-1")).one()
        assert (part.total_kg, reads.inside(session, [part.id])) == (Decimal(25), {part.id: case.code})
        again = refused(session, "holds.inside", lambda: a_case(session, loose={part.id: Decimal(1)}))
        assert again.params == {"lot": "20260912A-1", "code": case.code}
        refused(session, "holds.inside", lambda: sent(session, loads=[Load(part.id)]))
        refused(session, "holds.inside", lambda: flows.split_off(by(session), "abattoir", [Part(part.id, Decimal(1))]))
        with pytest.raises(AppError) as stands:
            gate.check(by(session), part, Stage.PACK)
        assert "holds.inside" in [one.code for one in stands.value.faults]
        containers.unpack(by(session), "abattoir", case.code, version=case.version)
        holds.check_free(by(session), [part.id])
        assert session.exec(select(ContainerBatch)).one().ended_at


def test_what_is_held_is_not_packed_sent_or_sold_but_opened_and_destroyed(database: Database) -> None:
    with database.writing() as session:
        line, case = a_line(session), a_case(session)
        holds.place(by(session), scope="batch", key=line.batch_id, reason_code="complaint", words="示范")
        refused(session, "holds.held", lambda: a_case(session))
        refused(session, "holds.held", lambda: a_pallet(session, case))
        refused(session, "holds.held", lambda: sent(session, case))
        sale = {"version": case.version, "buyer": "示范超市"}
        refused(
            session,
            "holds.held",
            lambda: leaving.container_out(by(session), "abattoir", case.code, "sell", TODAY, **sale),
        )
        packs = {line.id: 1}
        refused(
            session,
            "holds.held",
            lambda: leaving.packs_out(by(session), "abattoir", line.batch_id, "sell", packs, TODAY, buyer="甲"),
        )
        leaving.packs_out(by(session), "abattoir", line.batch_id, "destroy", packs, TODAY, words="示范销毁")
        case = session.exec(select(Container)).one()
        leaving.container_out(
            by(session), "abattoir", case.code, "destroy", TODAY, version=case.version, words="示范销毁"
        )
        assert case.state == "destroyed"
        session.refresh(line)
        assert line.gone == 11
        assert not flow_reads.differences(session)


def test_on_the_way_whole_and_the_receiver_s_once_confirmed(database: Database) -> None:
    with database.writing() as session:
        line, batch = a_line(session), session.exec(select(Batch)).one()
        case = a_case(session, packs={line.id: 10}, loose={batch.id: Decimal(5)})
        pallet, other = a_pallet(session, case), a_case(session, 4)
        shipment = sent(session, pallet, other)
        assert {box.kg for box, _ in reads.boxes(session, shipment.id)} == {10 * line.net_kg + 5, 4 * line.net_kg}
        error = refused(
            session,
            "containers.on_the_way",
            lambda: containers.unpack(by(session), "abattoir", pallet.code, version=pallet.version),
        )
        assert error.params == {"code": pallet.code, "number": "W2026-0001"}
        refused(session, "containers.on_the_way", lambda: sent(session, pallet))
        # A recall counts what is on the way as its receiver's.
        goods = {one.id: one for one in recall_sets.goods(session, [batch.id])}[batch.id]
        assert dict(goods.elsewhere) == {"rival": 14 * line.net_kg}
        for told in ({}, {pallet.code: True}, {pallet.code: True, "X": True}):
            refused(session, "shipments.every_box", lambda told=told: received(session, shipment, **told))
        received(session, shipment, **{pallet.code: True, other.code: False})
        for one in (pallet, other, case):
            session.refresh(one)
        assert [(one.holder_id, one.state) for one in (pallet, case, other)] == [
            ("rival", "packed"),
            ("rival", "packed"),
            ("rival", "lost"),
        ]
        part = session.exec(select(Batch).where(Batch.lot == "20260912A-1")).one()
        assert part.holder_id == "rival"
        session.refresh(line)
        assert line.gone == 4
        assert not flow_reads.differences(session)
        # What is left of the batch stays with its holder; the receiver opens, and sells what it has.
        refused(
            session,
            "containers.not_yours",
            lambda: containers.unpack(by(session), "abattoir", pallet.code, version=pallet.version),
        )
        containers.unpack(by(session, RIVAL), "rival", pallet.code, version=pallet.version)
        session.refresh(case)
        containers.unpack(by(session, RIVAL), "rival", case.code, version=case.version)
        assert stock(session, line, "rival") == 10
        leaving.packs_out(by(session, RIVAL), "rival", batch.id, "sell", {line.id: 3}, TODAY, buyer="示范超市")
        error = refused(
            session,
            "stocks.not_there",
            lambda: leaving.packs_out(by(session, RIVAL), "rival", batch.id, "lose", {line.id: 8}, TODAY, words="示范"),
        )
        assert error.params == {"asked": 8, "there": 7}
        event = session.exec(select(Event).where(Event.kind == "selling")).one()
        assert (event.enterprise_id, event.data["packs"], event.batch_id) == ("rival", 3, batch.id)
        assert a_case(session, packs={line.id: 7}, person=RIVAL).holder_id == "rival"
        found = recall_sets.sets(session, [batch.id], "onward").holders
        assert found["rival"] == 7 * line.net_kg + 5
        assert not flow_reads.differences(session)


def test_called_off_leaves_it_where_it_was(database: Database) -> None:
    with database.writing() as session:
        case = a_case(session)
        shipment = sent(session, case)
        shipments.call_off(by(session), shipment.number, version=shipment.version)
        session.refresh(case)
        containers.unpack(by(session), "abattoir", case.code, version=case.version)
        assert shipment_reads.lines_of(session, shipment.id) == []


def test_a_case_is_sold_once_with_what_is_in_it(database: Database) -> None:
    with database.writing() as session:
        line, batch = a_line(session), session.exec(select(Batch)).one()
        case = a_case(session, packs={line.id: 10}, loose={batch.id: Decimal(5)})

        def sell(kind="sell", day=TODAY, buyer="示范超市", words="", code=case.code):
            said = {"version": case.version, "buyer": buyer, "words": words}
            return leaving.container_out(by(session), "abattoir", code, kind, day, **said)

        refused(session, "flows.buyer_needed", lambda: sell(buyer=""))
        refused(session, "flows.words_needed", lambda: sell("lose"))
        refused(session, "flows.leaving_kind", lambda: sell("split"))
        refused(session, "flows.day_ahead", lambda: sell(day=TODAY + timedelta(days=1)))
        refused(session, "containers.before_packing", lambda: sell(day=TODAY - timedelta(days=1)))
        refused(session, "containers.not_yours", lambda: sell(code="XXXXXXXX"))
        sell()
        assert case.state == "sold"
        refused(session, "containers.ended", sell)
        part = session.exec(select(Batch).where(Batch.lot == "20260912A-1")).one()
        assert part.used_kg == part.total_kg
        sold = [one.data["gone_kg"] for one in session.exec(select(Event).where(Event.kind == "selling"))]
        assert sorted(sold) == sorted([f"{10 * line.net_kg:.0f}", "5", f"{10 * line.net_kg + 5:.0f}"])
        assert not flow_reads.differences(session)


def test_another_s_answers_like_nothing(database: Database) -> None:
    with database.writing() as session:
        line, case = a_line(session), a_case(session)
        refused(session, "stocks.not_there", lambda: a_case(session, packs={line.id: 1}, person=RIVAL))
        refused(
            session,
            "containers.not_yours",
            lambda: containers.unpack(by(session, RIVAL), "rival", case.code, version=case.version),
        )
        for person in (CLERK, RIVAL):
            with pytest.raises(AppError) as caught, session.begin_nested():
                containers.pack(by(session, person), "abattoir", "case", Filling(packs={line.id: 1}))
            assert caught.value.kind is Kind.UNKNOWN
        assert reads.find(session, make.actor(session, CLERK), case.code).packs == 10
        with pytest.raises(AppError):
            reads.find(session, make.actor(session, RIVAL), case.code)
        with pytest.raises(AppError):
            reads.find(session, make.actor(session, PRODUCER), case.code)
        assert [one.container.code for one in reads.of_batch(session, line.batch_id)] == [case.code]


def test_every_case_is_a_parcel_of_the_producer_most_of_it_is_from(database: Database) -> None:
    with database.writing() as session:
        pallet = a_pallet(session, a_case(session), a_case(session, 4))
        said = {"to_id": "rival", "planned_on": make.MONDAY.date() + timedelta(days=1), "loads": ()}
        made = shipments.send(by(session), "abattoir", boxes=[pallet.code, a_case(session, 2).code], **said)
        line = a_line(session)
        (found,) = parcels.counted(session, make.actor(session, PRODUCER), 2026)
        told = (found.month, found.producer.id, found.shipments, found.parcels, found.kg)
        assert told == ("2026-09", "cooperative", 1, 3, 16 * line.net_kg)
        assert parcels.counted(session, make.actor(session, RIVAL), 2026) == []
        shipments.call_off(by(session), made.number, version=made.version)
        assert parcels.counted(session, make.actor(session, CLERK), 2026) == []
