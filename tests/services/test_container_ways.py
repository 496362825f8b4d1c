"""What became of cases and pallets: whose hands they went through, cases off a pallet, losses, families."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL
from tests.services.test_containers import TODAY, a_case, a_line, a_pallet, by, received, refused, sent, stock
from trace.models.batches import Batch
from trace.models.flows import Operation
from trace.models.labels import Label
from trace.queries import container_genealogy, custody, genealogy, recall_sets, undoing
from trace.queries import containers as reads
from trace.queries import flows as flow_reads
from trace.rules.custody import Hold
from trace.rules.genealogy import NodeKind, Sight
from trace.services import containers, leaving, shipments
from trace.services.container_labels import Range

pytestmark = pytest.mark.packed


def hands(session, one, person=CLERK) -> list[tuple[str, Hold, bool]]:
    found = custody.of_container(session, make.actor(session, person), one)
    return [(each.who.id, each.link.how, each.link.until is None) for each in found]


def test_further_cases_go_onto_a_pallet_until_it_is_sent(database: Database) -> None:
    with database.writing() as session:
        one, two, three = a_case(session), a_case(session, 5), a_case(session, 3)
        pallet, loose = a_pallet(session, one), a_case(session, 2)

        def on(*cases: str, at=pallet, version=None):
            return containers.put_on(by(session), "abattoir", at.code, cases, version=version or at.version)

        refused(session, "containers.stale", lambda: on(two.code, version=99))
        refused(session, "containers.pallet_holds", on)
        refused(session, "containers.twice", lambda: on(two.code, two.code))
        refused(session, "containers.no_pallet", lambda: on(two.code, at=loose))
        error = refused(session, "containers.on_a_pallet", lambda: on(two.code, one.code))
        assert error.faults[0].pointer == "/cases/1"
        error = refused(session, "containers.not_yours", lambda: on(two.code, "ZZZZZZZZ"))
        assert error.faults[0].pointer == "/cases/1"
        error = refused(session, "containers.ended", lambda: on(a_case_opened(session).code))
        assert error.faults[0].pointer == "/cases/0"
        on(two.code, three.code)
        assert [each.code for each in reads.contents(session, [pallet]).cases] == sorted(
            [one.code, two.code, three.code]
        )
        told = sorted((each.kind, sorted(each.data["cases"])) for each in reads.events(session, pallet.id))
        assert told == sorted(("aggregating", codes) for codes in ([one.code], sorted([two.code, three.code])))
        assert pallet.code in [each.data.get("pallet") for each in reads.events(session, two.id)]
        way = sent(session, pallet)
        error = refused(session, "containers.on_the_way", lambda: on(loose.code))
        assert error.params["number"] == "W2026-0001"
        received(session, way, **{pallet.code: True})
        refused(session, "containers.not_yours", lambda: on(loose.code))


def a_case_opened(session):
    case = a_case(session, 1)
    containers.unpack(by(session), "abattoir", case.code, version=case.version)
    return case


def test_single_cases_come_off_a_pallet_and_the_last_one_ends_it(database: Database) -> None:
    with database.writing() as session:
        one, two, three = a_case(session), a_case(session, 5), a_case(session, 3)
        pallet, beside = a_pallet(session, one, two, three), a_case(session, 2)

        def off(*cases: str, at=pallet, version=None):
            return containers.take_off(by(session), "abattoir", at.code, cases, version=version or at.version)

        refused(session, "containers.stale", lambda: off(one.code, version=99))
        refused(session, "containers.take_off", off)
        refused(session, "containers.take_off", lambda: off(one.code, one.code))
        error = refused(session, "containers.not_on_it", lambda: off(one.code, beside.code))
        assert error.params == {"code": beside.code, "pallet": pallet.code}
        assert error.faults[0].pointer == "/cases/1"
        refused(session, "containers.no_pallet", lambda: off(one.code, at=beside))
        off(one.code)
        assert (one.parent_id, two.parent_id, pallet.state) == (None, pallet.id, "packed")
        assert [each.code for each in reads.contents(session, [pallet]).cases] == sorted([two.code, three.code])
        containers.unpack(by(session), "abattoir", one.code, version=one.version)
        off(two.code, three.code)
        assert pallet.state == "emptied"
        refused(session, "containers.ended", lambda: off(two.code))
        assert {each.code for each in reads.packed_with(session, pallet).cases} == {one.code, two.code, three.code}
        kinds = [(each.kind, each.data.get("pallet", "")) for each in reads.events(session, two.id)]
        assert sorted(kinds) == [
            ("aggregating", ""),
            ("aggregating", pallet.code),
            ("disaggregating", pallet.code),
        ]
        assert not flow_reads.differences(session)


def test_a_case_says_whose_hands_it_went_through_on_its_pallet_too(database: Database) -> None:
    with database.writing() as session:
        case, lost = a_case(session), a_case(session, 4)
        pallet = a_pallet(session, case)
        assert hands(session, case) == [("abattoir", Hold.HOLDER, True)]
        shipment = sent(session, pallet, lost, carrier_id="rival_abattoir", seal="S1")
        way = [("abattoir", Hold.HOLDER, False), ("rival_abattoir", Hold.CARRIER_NAMED, True)]
        assert hands(session, case) == hands(session, pallet) == way
        said = {"version": shipment.version, "found": {}, "boxes": {pallet.code: True, lost.code: False}}
        shipments.receive(by(session, RIVAL), shipment.number, **said, seal_found="S1")
        for one in (case, pallet, lost):
            session.refresh(one)
        there = [("abattoir", Hold.HOLDER, False), ("rival_abattoir", Hold.CARRIER_NAMED, False)]
        assert hands(session, case) == hands(session, pallet) == [*there, ("rival", Hold.HOLDER, True)]
        # It never reached the one it was sent to.
        assert hands(session, lost) == there
        seals = [each.link.seal for each in custody.of_container(session, make.actor(session, RIVAL), case)]
        assert seals == ["", "S1", "S1"]
        later = make.work(session, make.actor(session, RIVAL), now=make.MONDAY + timedelta(hours=1))
        containers.unpack(later, "rival", pallet.code, version=pallet.version)
        session.refresh(case)
        assert hands(session, pallet)[-1] == ("rival", Hold.HOLDER, False)
        assert hands(session, case)[-1] == ("rival", Hold.HOLDER, True)


@pytest.mark.parametrize(("kind", "void"), [("lose", "lost"), ("destroy", "withdrawn"), ("sell", "")])
def test_labels_of_packs_that_are_gone_are_void(database: Database, tmp_path, kind: str, void: str) -> None:
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=6)
        case = a_case(session, ranges=[Range(order.number, 2, 4)])
        pallet = a_pallet(session, case)
        said = {"version": pallet.version, "words": "示范", "buyer": "示范超市"}
        leaving.container_out(by(session), "abattoir", pallet.code, kind, TODAY, **said)
        session.expire_all()
        labels = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
        gone = {1, 2, 3} if void else set()
        for place, one in enumerate(labels):
            assert (one.state == "void", one.void_reason) == ((True, void) if place in gone else (False, "")), place
        # What is void is in no case any more, whoever finds the packs.
        if void:
            refused(session, "containers.label_void", lambda: a_case(session, ranges=[Range(order.number, 2, 2)]))


def test_what_left_as_a_whole_is_not_taken_back(database: Database) -> None:
    """With loose goods only the sums would come out; the case would stay sold around them."""
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        case = a_case(session, loose={batch.id: Decimal(5)})
        leaving.container_out(by(session), "abattoir", case.code, "lose", TODAY, version=case.version, words="示范")
        act = session.exec(select(Operation).where(Operation.kind == "lose")).one()
        assert "undoing.container" in {one.code for one in undoing.in_the_way(session, undoing.of(session, act))}


def family(session, code: str, person=CLERK, at=make.MONDAY + timedelta(days=9)):
    return container_genealogy.find(session, make.actor(session, person), code, at)


def test_the_family_of_a_case_back_to_tags_and_forward_to_its_buyer(database: Database) -> None:
    with database.writing() as session:
        line, batch = a_line(session), session.exec(select(Batch)).one()
        case = a_case(session, packs={line.id: 10}, loose={batch.id: Decimal(5)})
        pallet = a_pallet(session, case)
        shipment = sent(session, pallet)
        received(session, shipment, **{pallet.code: True})
        session.refresh(pallet)
        said = {"version": pallet.version, "buyer": "示范超市"}
        leaving.container_out(by(session, RIVAL), "rival", pallet.code, "sell", TODAY, **said)
        for code, kinds in (
            (case.code, {NodeKind.CASE, NodeKind.PALLET, NodeKind.SHIPMENT, NodeKind.SALE}),
            (pallet.code, {NodeKind.CASE, NodeKind.PALLET, NodeKind.SHIPMENT, NodeKind.SALE}),
        ):
            found = family(session, code)
            assert {one.kind for one in found.nodes} >= {NodeKind.BATCH, NodeKind.ANIMALS} | kinds, code
            assert {one.name for one in found.nodes if one.kind is NodeKind.BATCH} == {batch.lot, f"{batch.lot}-1"}
            assert [one.name for one in found.nodes if one.kind is NodeKind.SALE] == ["示范超市"]
            assert found.lines, "every carcass with its tag"
            assert {"slaughtering", "packing", "shipping", "selling"} <= {one.kind for one in found.steps}
        ways = {(one.source, one.target): one for one in family(session, case.code).edges}
        assert ways[batch.id, f"box:{case.id}"].count == 10
        assert (f"box:{case.id}", f"box:{pallet.id}") in ways
        before = family(session, case.code, at=make.MONDAY - timedelta(days=1))
        assert not before.there
        # Whoever bought the case knows what it holds by name, and nothing of the farm; others do not see it at all.
        theirs = family(session, case.code, RIVAL)
        sight = {one.name: one.sight for one in theirs.nodes if one.kind is NodeKind.BATCH}
        assert sight[batch.lot] is Sight.NAMED
        assert not theirs.lines
        with pytest.raises(AppError):
            family(session, case.code, PRODUCER)
        assert f"box:{case.id}" in {
            one.id
            for one in genealogy.find(
                session, make.actor(session, ABATTOIR), _part(session, batch).id, make.MONDAY + timedelta(days=9)
            ).nodes
        }, "loose goods lead to their case"


def _part(session, batch: Batch) -> Batch:
    return session.exec(select(Batch).where(Batch.lot == f"{batch.lot}-1")).one()


def test_a_recall_begins_at_a_case_and_names_the_cases_to_look_for(database: Database) -> None:
    with database.writing() as session:
        line, batch = a_line(session), session.exec(select(Batch)).one()
        case = a_case(session, packs={line.id: 10}, loose={batch.id: Decimal(5)})
        pallet = a_pallet(session, case)
        part = _part(session, batch)
        starts = [recall_sets.read_start(one.code, ()) for one in (case, pallet)]
        assert recall_sets.named(session, starts) == [{batch.id, part.id}] * 2
        sent(session, pallet)
        (box,) = reads.in_cases(session, [batch.id])
        assert (box.code, box.pallet, box.holder_id, box.journey, box.packs) == (
            case.code,
            pallet.code,
            "rival",
            "W2026-0001",
            10,
        )
        # Loose goods in a case on the way are their receiver's, as its packs are.
        assert recall_sets.sets(session, [batch.id], "onward").holders["rival"] == 10 * line.net_kg + 5
        assert stock(session, line) > 0
