"""Acts on goods: nothing grows, nothing is another's, and what is unusual waits for a second person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make, make_crops
from tests.make_flows import DAY, a_garden, beginning, by_inspector, by_producer, leaf, split, tea
from tests.people import RIVAL
from trace.models.batches import Batch, Flow
from trace.models.events import Event
from trace.models.flows import Draw, FlowProposal, Operation
from trace.models.holds import Hold
from trace.models.imports import SheetKind
from trace.queries import events as event_reads
from trace.queries import lineage
from trace.rules.goods import BatchKind
from trace.services import agreements, flow_beginnings, flows, holds, imports, storing
from trace.services.flow_parts import Output, Part


def refused(act: Any, *args: Any, **options: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*args, **options)
    return caught.value


def test_a_harvest_begins_a_batch_with_its_plot_and_takes_from_its_season(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        season = make.a_capacity(work, place_id=garden, declared=Decimal(120))
        batch = leaf(work, place_id=garden)
        session.refresh(season)
        assert (batch.kind, batch.form, batch.place_id, batch.total_kg) == (
            "harvest",
            "fresh_leaf",
            garden,
            Decimal(100),
        )
        assert season.used == Decimal(100)
        made = session.get_one(Operation, batch.operation_id)
        assert (made.kind, made.in_kg, made.out_kg) == ("commission", Decimal(0), Decimal(100))
        error = refused(leaf, work, lot="T2", kg="30", place_id=garden)
        assert error.code == "capacities.exceeded"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": BatchKind.MADE}, "flows.begun_kind"),
        ({"form": "carcass"}, "flows.form"),
        ({"producer_id": "rival"}, "flows.producer"),
        ({"producer_id": "nobody", "kind": BatchKind.COLLECTED}, "flows.producer"),
        ({"place_id": "nowhere"}, "flows.place"),
        ({"day": date(2026, 9, 15)}, "flows.day_ahead"),
        ({"day": date(2019, 1, 1)}, "events.place_not_open"),
        ({"product_id": "nothing"}, "batches.product_unknown"),
        ({"output": Output("坏", Decimal(1))}, "lots.shape"),
        ({"output": Output("T1", Decimal("0.0001"))}, "flows.too_fine"),
        ({"output": Output("T1", None, Decimal(3), "box")}, "flows.unit_unknown"),
        ({"output": Output("T1", Decimal(900), Decimal(3), "head")}, "flows.unit_mismatch"),
    ],
)
def test_a_beginning_is_checked(database: Database, changes: dict[str, Any], code: str) -> None:
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        one = beginning(work, **{"place_id": garden} | changes)
        assert refused(flow_beginnings.commission, by_producer(work), "cooperative", one).code == code
        assert session.exec(select(Batch)).all() == []


def test_a_batch_is_not_split_three_times(database: Database) -> None:
    """The case of the issue: 25 kg, 20 used, 10 asked."""
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work, kg="25")
        split(work, batch, "10", "10")
        error = refused(flows.split, by_producer(work), "cooperative", batch.id, [Output("T9", Decimal(10))], DAY)
        assert error.code == "flows.more_than_left"
        assert error.params == {"lot": "T1", "in": "25", "used": "20", "asked": "10", "left": "5"}


def test_a_split_keeps_origin_and_writes_the_way_down(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        first, second = split(work, batch, "60", "30")
        session.refresh(batch)
        assert batch.used_kg == Decimal(90)
        assert (first.kind, first.form, first.place_id, first.made_on) == ("split", "fresh_leaf", batch.place_id, DAY)
        assert {one.kg for one in session.exec(select(Flow)).all()} == {Decimal(60), Decimal(30)}
        assert lineage.onward(session, [batch.id]) == {batch.id, first.id, second.id}
        done = session.exec(select(Event).where(Event.kind == "splitting")).all()
        assert len({one.operation for one in done}) == 1
        assert len(done) == 3
        assert sum(one.kg for one in session.exec(select(Draw)).all()) == batch.used_kg


def test_mixing_and_making_license_nothing_that_was_not(database: Database) -> None:
    """The cooperative is licensed, its neighbour is not: what is mixed of both carries no brand, whatever follows."""
    with database.writing() as session:
        make.a_licence(make.work(session))
        own = make_crops.a_crop(session, "O1")
        other = make_crops.a_crop(session, "O2")
        bought = make_crops.a_crop(session, "N1", producer_id="rival")
        work = by_producer(make.work(session))
        parts = [Part(own.id, Decimal(40)), Part(bought.id, Decimal(1))]
        mixed = flows.merge(work, "cooperative", parts, "X1", DAY)
        assert mixed.licence_id is None
        (made,) = flows.transform(work, "cooperative", tea(mixed, "40", taken="40", process="sorting"))  # type: ignore[misc]
        assert made.licence_id is None
        parts = [Part(own.id, Decimal(10)), Part(other.id, Decimal(10))]
        assert flows.merge(work, "cooperative", parts, "X2", DAY).licence_id, "goods of its own it may mix"


def test_a_mixture_of_two_knows_both(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        one, other = leaf(work, place_id=garden), leaf(work, lot="T2", kg="50", place_id=garden)
        parts = [Part(one.id, Decimal(40)), Part(other.id, Decimal(50))]
        mixed = flows.merge(by_producer(work), "cooperative", parts, "X1", DAY)
        assert (mixed.kind, mixed.total_kg, mixed.place_id, mixed.producer_id) == (
            "merged",
            Decimal(90),
            garden,
            "cooperative",
        )
        assert lineage.back(session, [mixed.id]) == {mixed.id, one.id, other.id}
        twice = [Part(one.id, Decimal(1)), Part(one.id, Decimal(1))]
        assert refused(flows.merge, by_producer(work), "cooperative", twice, "X2", DAY).code == "flows.twice"
        alone = [Part(one.id, Decimal(1))]
        assert refused(flows.merge, by_producer(work), "cooperative", alone, "X2", DAY).code == "flows.count"


@pytest.mark.parametrize(
    ("form", "kind", "grows"),
    [
        ("fresh_leaf", "pasture", False),
        ("fresh_leaf", "plot", False),
        ("grain", "tea_garden", False),
        ("grain", "plot", True),
        ("fruit", "orchard", True),
        ("raw_honey", "orchard", False),
        ("raw_honey", "apiary", True),
        ("other", "pasture", True),
    ],
)
def test_goods_are_harvested_from_land_they_grow_on(database: Database, form: str, kind: str, grows: bool) -> None:
    with database.writing() as session:
        work = make.work(session)
        a_garden(work)
        land = make.a_place(work, kind=kind, name="示范产地", declared_mu=Decimal(100)).id
        if grows:
            assert leaf(work, form=form, place_id=land).place_id == land
            return
        error = refused(leaf, work, form=form, place_id=land)
        assert (error.code, error.faults[0].pointer) == ("flows.place_kind", "/place_id")


def test_only_like_goods_go_together(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        one, other = leaf(work, place_id=garden), leaf(work, lot="T2", form="other", place_id=garden)
        parts = [Part(one.id, Decimal(40)), Part(other.id, Decimal(50))]
        assert refused(flows.merge, by_producer(work), "cooperative", parts, "X1", DAY).code == "flows.mixed"


def test_leaf_becomes_tea_within_its_band(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        # Lamb has no band for tea, so a second person is asked: nothing is taken until the inspector agrees.
        waiting = flows.transform(by_producer(work), "cooperative", tea(batch, "23"))
        assert isinstance(waiting, FlowProposal)
        session.refresh(batch)
        assert batch.used_kg == 0
        agreed = agreements.agree(by_inspector(work), waiting.id, version=1, words="称重看过")
        made = session.exec(select(Batch).where(Batch.lot == "M1")).one()
        done = session.get_one(Operation, agreed.operation_id)
        assert (made.kind, made.form, made.total_kg) == ("made", "made_tea", Decimal(23))
        assert (done.in_kg, done.out_kg, done.loss_kg) == (Decimal(100), Decimal(23), Decimal(77))
        assert (done.person_id, done.agreed_by) == ("producer", "inspector")
        session.refresh(batch)
        assert batch.used_kg == Decimal(100)
        step = session.exec(select(Event).where(Event.batch_id == made.id)).one()
        assert step.person_id == "producer"


def test_an_ordinary_sorting_needs_nobody_else(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        made = flows.transform(by_producer(work), "cooperative", tea(batch, "90", process="sorting"))
        assert isinstance(made, list)
        assert made[0].form == "fresh_leaf"


@pytest.mark.parametrize(
    ("out", "loss", "code"),
    [
        ("9999", "0", "flows.more_than_went_in"),
        ("90", "0", "flows.loss_differs"),
        ("10", "90", "flows.yield_impossible"),
    ],
)
def test_weight_typed_up_or_vanished_is_refused_with_figures(
    database: Database, out: str, loss: str, code: str
) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        one = tea(batch, out, loss=loss, process="sorting")
        error = refused(flows.transform, by_producer(work), "cooperative", one)
        assert error.code == code
        assert session.exec(select(FlowProposal)).all() == []
        session.refresh(batch)
        assert batch.used_kg == 0


def test_whoever_stated_it_does_not_agree_and_a_refusal_takes_nothing(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        waiting = flows.transform(by_producer(work), "cooperative", tea(batch, "23"))
        assert isinstance(waiting, FlowProposal)
        again = refused(flows.transform, by_producer(work), "cooperative", tea(batch, "23"))
        assert again.code == "flows.waiting_already"
        mine = refused(agreements.agree, by_producer(work), waiting.id, version=1, words="好")
        assert mine.code == "access.unknown"
        silent = refused(agreements.refuse, by_inspector(work), waiting.id, version=1, words="")
        assert silent.code == "flows.words_needed"
        agreements.refuse(by_inspector(work), waiting.id, version=1, words="没有过秤单")
        late = refused(agreements.agree, by_inspector(work), waiting.id, version=2, words="好")
        assert late.code == "flows.wrong_state"
        session.refresh(batch)
        assert batch.used_kg == 0


def test_an_agreement_asks_everything_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        waiting = flows.transform(by_producer(work), "cooperative", tea(batch, "23"))
        assert isinstance(waiting, FlowProposal)
        split(work, batch, "50")
        error = refused(agreements.agree, by_inspector(work), waiting.id, version=1, words="好")
        assert error.code == "flows.more_than_left"


def test_another_s_batch_is_like_none(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        rival = Work(session, make.actor(session, RIVAL), work.now, "test")
        outputs = [Output("R1", Decimal(1))]
        assert refused(flows.split, rival, "rival", batch.id, outputs, DAY).code == "flows.not_yours"
        assert refused(flows.split, rival, "rival", "nothing", outputs, DAY).code == "flows.not_yours"
        assert refused(flows.split, rival, "cooperative", batch.id, outputs, DAY).code == "access.unknown"


def test_what_is_held_is_neither_used_nor_sold_but_may_be_destroyed(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        holds.place(by_inspector(work), scope="batch", key=batch.id, reason_code="other", words="示范")
        assert refused(split, work, batch, "1").code == "holds.held"
        part = Part(batch.id, Decimal(100))
        sold = refused(flows.take_out, by_producer(work), "cooperative", "sell", part, DAY, buyer="示范市场")
        assert sold.code == "holds.held"
        done = flows.take_out(by_producer(work), "cooperative", "destroy", part, DAY, words="霉变，无害化处理")
        assert (done.in_kg, done.gone_kg) == (Decimal(100), Decimal(100))
        session.refresh(batch)
        assert batch.used_kg == batch.total_kg


def test_back_dating_and_a_lot_used_twice(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        early = refused(split, work, batch, "1", day=DAY - timedelta(days=1))
        assert early.code == "flows.before_input"
        error = refused(flows.split, by_producer(work), "cooperative", batch.id, [Output("T1", Decimal(1))], DAY)
        assert (error.code, error.faults[0].pointer) == ("batches.lot_taken", "/outputs/0/lot")


def test_a_batch_lies_in_one_store_and_a_hold_on_the_store_holds_it(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        store = make.a_place(work, kind="cold_store", name="示范冷库").id
        other = make.a_place(work, kind="warehouse", name="示范仓库").id
        storing.store(by_producer(work), "cooperative", batch.id, store, work.now)
        again = refused(storing.store, by_producer(work), "cooperative", batch.id, store, work.now)
        assert again.code == "flows.stored_there"
        ahead = refused(storing.store, by_producer(work), "cooperative", batch.id, other, work.now + timedelta(hours=1))
        assert [(one.code, one.pointer) for one in ahead.faults] == [("events.in_future", "/at")]
        garden = batch.place_id or ""
        assert (
            refused(storing.store, by_producer(work), "cooperative", batch.id, garden, work.now).code == "flows.store"
        )
        lain = work.session.exec(select(Event).where(Event.kind == "storing")).one()
        picked = work.session.exec(select(Event).where(Event.kind == "harvest")).one()
        where = event_reads.places(work.session, batch)
        assert {key: one.id for key, one in where.items()} == {lain.id: store, picked.id: garden}
        storing.store(by_producer(work), "cooperative", batch.id, other, work.now)
        holds.place(by_inspector(work), scope="place", key=store, reason_code="cold_chain", words="示范停电")
        assert refused(split, work, batch, "1").code == "holds.held"


@pytest.mark.parametrize(
    "statement", ["UPDATE operations SET out_kg = 1", "DELETE FROM draws", "UPDATE draws SET kg = 1"]
)
def test_the_books_only_grow(database: Database, statement: str) -> None:
    with pytest.raises(DatabaseError), database.writing() as session:
        work = make.work(session)
        split(work, leaf(work), "10")
        session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("transform", {"in_kg": 1, "out_kg": 2}),
        ("transform", {"out_kg": 5}),
        ("split", {"in_kg": 2, "out_kg": 1, "loss_kg": 1}),
        ("sell", {"in_kg": -1, "gone_kg": -1}),
        ("undone", {"in_kg": -1, "out_kg": -1}),
    ],
)
def test_sums_that_do_not_come_out_are_refused_by_the_database(
    database: Database, kind: str, figures: dict[str, int]
) -> None:
    with database.writing() as session:
        at = make.work(session).now
        with pytest.raises(IntegrityError), session.begin_nested():
            row = {name: Decimal(kg) for name, kg in figures.items()}
            usual = {"enterprise_id": "cooperative", "at": at, "recorded_at": at, "person_id": "producer"}
            session.add(Operation(kind=kind, **usual, **row))


def test_an_unusual_dressing_stands_still_until_a_second_person_has_looked(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_licence(work)
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "A1")
        heavy = make.carcass_lines(2, live_kg=Decimal(50), hot_kg=Decimal(32), cold_kg=Decimal(31))
        batch = imports.take(make.by_abattoir(work), make.a_small_sheet(heavy), plan)
        held = session.exec(select(Hold).where(Hold.key == batch.id)).one()
        assert (held.origin, held.reason_code) == ("automatic", "yield")
        assert f"{heavy[0].carcass_no} 64.00 %" in held.words, "which carcass it is"
        outputs = [Output("A2", Decimal(1))]
        assert refused(flows.split, make.by_abattoir(work), "abattoir", batch.id, outputs, DAY).code == "holds.held"
        assert refused(holds.lift, make.by_abattoir(work), held.number, words="没问题").code == "holds.office_lifts"
        holds.lift(by_inspector(work), held.number, words="现场复秤属实")
        flows.split(make.by_abattoir(work), "abattoir", batch.id, outputs, DAY)


def test_a_dressing_beyond_the_possible_is_refused_at_its_row(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_licence(work)
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "A1")
        light = make.carcass_lines(1, live_kg=Decimal(50), hot_kg=Decimal(9), cold_kg=Decimal(9))
        error = refused(imports.look, make.by_abattoir(work), make.a_small_sheet(light), plan)
        assert error.code == "imports.faulty"
        assert error.faults[0].row is not None


@pytest.mark.packed
def test_more_of_a_cut_than_a_carcass_has_is_refused(database: Database) -> None:
    head = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"
    with database.writing() as session:
        batch = make.the_batch(session)
        sheet = imports.read(
            SheetKind.PACKING, "p.csv", f"{head}20260912A,羊颈肉,1,400,400,2026-09-14,365,冷藏".encode()
        )
        error = refused(imports.look, make.by_abattoir(make.work(session)), sheet, batch.id)
        assert [one.code for one in error.faults] == ["flows.yield_impossible"]
        fewer = imports.read(
            SheetKind.PACKING, "p.csv", f"{head}20260912A,羊颈肉,1,300,300,2026-09-14,365,冷藏".encode()
        )
        imports.take(make.by_abattoir(make.work(session)), fewer, batch.id)
        assert session.exec(select(Hold).where(Hold.key == batch.id)).one().reason_code == "yield"
