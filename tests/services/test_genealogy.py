"""The family of a batch: back to old tags and pastures, forward to packs, cases, journeys and buyers, at any moment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from tests import make
from tests.make_families import EARLY, GRAZED, LATE, a_family, boxed, sent
from tests.make_flows import DAY, by_producer, leaf, split
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.queries import genealogy as reads
from trace.queries import lineage
from trace.queries.genealogy import Genealogy
from trace.rules.genealogy import NodeKind, Sight
from trace.services import flows, labels, undoing
from trace.services.flow_parts import Part


@pytest.fixture
def work(database):
    with database.writing() as session:
        yield make.work(session)


def family(work: Work, batch, person=CLERK, at=LATE, **options) -> Genealogy:
    return reads.find(work.session, make.actor(work.session, person), batch.id, at, **options)


def of_kind(found: Genealogy, kind: NodeKind):
    return [one for one in found.nodes if one.kind is kind]


def test_back_to_tags_old_ones_too_herds_and_land(work):
    one = a_family(work)
    found = family(work, one.far)
    assert {each.name for each in of_kind(found, NodeKind.BATCH)} == {"20260912A", "CUT1", "MIX1", "FAR1"}
    assert [each.key for each in of_kind(found, NodeKind.PLACE)] == [one.place_id]
    assert of_kind(found, NodeKind.ANIMALS)[0].count == 2
    line = next(each for each in found.lines if each.tag == one.tag)
    assert line.numbers == (one.old_tag, one.tag)
    assert [(each.since, each.until) for each in line.grazed] == [(GRAZED, None)]
    assert not found.veiled
    assert not found.more
    assert {each.kind for each in found.steps} >= {"slaughtering", "grading", "receiving"}


def test_a_producer_sees_its_goods_chain_and_strangers_veiled(work):
    one = a_family(work)
    found = family(work, one.root, PRODUCER)
    sight = {each.id: each for each in of_kind(found, NodeKind.BATCH)}
    assert sight[one.root.id].sight is Sight.FULL
    assert (sight[one.cut.id].sight, sight[one.cut.id].name, sight[one.cut.id].kg) == (Sight.NAMED, "CUT1", None)
    for stranger in (one.mixed, one.far):
        veiled = sight[stranger.id]
        assert (veiled.sight, veiled.name, veiled.party, veiled.key, veiled.kg) == (Sight.VEILED, "", "", "", None)
    flows_ = {(each.source, each.target): each.kg for each in found.edges}
    assert flows_[one.root.id, one.cut.id] is not None
    assert flows_[one.mixed.id, one.far.id] is None
    assert found.veiled == 3
    assert {each.batch_id for each in found.steps} == {one.root.id}
    assert "MIX1" not in repr(found)
    assert "FAR1" not in repr(found)


def test_whoever_bought_reads_nothing_of_the_farm(work):
    one = a_family(work)
    found = family(work, one.far, RIVAL_ABATTOIR)
    assert not found.lines
    assert not of_kind(found, NodeKind.HERD)
    assert not of_kind(found, NodeKind.PLACE)
    assert one.tag not in repr(found)
    assert "CUT1" not in repr(found)
    abattoir = family(work, one.root, ABATTOIR)
    assert [each.tag for each in abattoir.lines if each.tag == one.tag]
    assert one.old_tag not in repr(abattoir), "its own carcasses' tags, not the life of the animal"


def test_what_belongs_to_others_answers_like_nothing(work):
    one = a_family(work)
    for person, batch in ((PRODUCER, one.far), (RIVAL, one.root), (RIVAL_ABATTOIR, one.mixed)):
        with pytest.raises(AppError) as caught:
            family(work, batch, person)
        assert caught.value.kind is Kind.UNKNOWN


def test_the_state_of_the_chain_at_a_moment(work):
    one = a_family(work)
    assert not family(work, one.root, at=EARLY).there
    before = family(work, one.root, at=make.MONDAY - timedelta(minutes=1))
    assert [each.name for each in of_kind(before, NodeKind.BATCH)] == ["20260912A"]
    assert {each.kind for each in before.steps} == {"slaughtering"}, "graded on the Monday"
    assert len(of_kind(family(work, one.root, at=make.MONDAY), NodeKind.BATCH)) == 4


def test_forward_to_packs_labels_cases_pallets_and_receivers(work, tmp_path):
    order = make.an_order(work, make.a_signer(tmp_path), packs=30, activated=False)
    batch = make.the_batch(work.session)
    labels.activate(by_producer(work), order.id, first=1, last=20)
    case, pallet = boxed(work)
    journey = sent(work, batch)
    found = family(work, batch, PRODUCER)
    packs = of_kind(found, NodeKind.PACKS)[0]
    assert packs.labels == (30, 20)
    assert packs.count > 1000
    assert [each.name for each in of_kind(found, NodeKind.CASE)] == [case.code]
    ways = {(each.source, each.target): each.count for each in found.edges}
    assert ways[packs.id, f"box:{case.id}"] == 10
    assert (f"box:{case.id}", f"box:{pallet.id}") in ways
    assert [each.name for each in of_kind(found, NodeKind.SHIPMENT)] == [journey.number]
    then = family(work, batch, PRODUCER, at=make.MONDAY - timedelta(seconds=1))
    assert not of_kind(then, NodeKind.CASE)
    assert not of_kind(then, NodeKind.SHIPMENT)
    assert of_kind(then, NodeKind.PACKS)[0].labels is None, "no label was issued yet"


def test_plots_splits_and_buyers(work):
    batch = leaf(work)
    first, _ = split(work, batch, "40", "30")
    flows.take_out(by_producer(work), "cooperative", "sell", Part(first.id, Decimal(10)), DAY, buyer="示范茶行")
    found = family(work, batch, PRODUCER)
    assert [each.detail for each in of_kind(found, NodeKind.PLACE)] == ["tea_garden"]
    assert [each.name for each in of_kind(found, NodeKind.SALE)] == ["示范茶行"]
    up = family(work, first, PRODUCER)
    assert {each.name for each in of_kind(up, NodeKind.BATCH)} == {"T1", "T1-1"}, "not its sister"


def test_the_fate_of_other_parts_is_not_told_as_ones_own(work):
    batch = leaf(work)
    first, other = split(work, batch, "40", "30")
    for one, buyer in ((batch, "示范茶行"), (other, "示范茶庄")):
        flows.take_out(by_producer(work), "cooperative", "sell", Part(one.id, Decimal(5)), DAY, buyer=buyer)
    told = {(each.lot, each.kind) for each in family(work, first, PRODUCER).steps}
    assert told == {("T1", "harvest"), ("T1", "splitting"), ("T1-1", "splitting")}
    whole = {(each.lot, each.kind) for each in family(work, batch, PRODUCER).steps}
    assert whole >= {("T1", "selling"), ("T1-2", "selling")}, "asked for the whole, all of it is told"


def test_large_families_are_cut_with_the_nearest_kept(work):
    batch = leaf(work)
    parts = split(work, batch, *["5"] * 12)
    found = family(work, batch, PRODUCER, most=5)
    assert found.more
    assert len(of_kind(found, NodeKind.BATCH)) == 5
    whole = lineage.walk(work.session, [batch.id], onward=True)
    assert set(whole.ids) == {batch.id, *(each.id for each in parts)}
    assert not whole.more
    assert lineage.walk(work.session, [parts[0].id], onward=False, most=1).more


def test_any_number_any_code_leads_to_the_batch(work, tmp_path):
    one = a_family(work)
    clerk = make.actor(work.session, CLERK)
    for text in (one.tag, one.old_tag, one.root.code, f"牲畜 {one.old_tag}"):
        assert [each.id for each in reads.starts(work.session, clerk, reads.start(text, []))] == [one.root.id], text
    assert not reads.starts(work.session, make.actor(work.session, RIVAL), reads.start(one.tag, []))
    with pytest.raises(AppError) as caught:
        reads.start("??", [])
    assert caught.value.code == "genealogy.unreadable"


def test_what_was_taken_back_counts_until_it_was(work):
    batch = leaf(work)
    gone, _ = split(work, batch, "40", "30")
    undoing.undo(by_producer(work), gone.operation_id, words="录错了")
    before = family(work, batch, PRODUCER, at=make.MONDAY - timedelta(seconds=1))
    assert {one.name for one in of_kind(before, NodeKind.BATCH)} == {"T1", "T1-1", "T1-2"}
    assert {one.name for one in of_kind(family(work, batch, PRODUCER), NodeKind.BATCH)} == {"T1"}
