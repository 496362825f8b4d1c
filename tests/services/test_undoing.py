"""Acts taken back: weight, season, animals and papers come back; what somebody went on with is refused by its name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make, make_herds
from tests.make_flows import DAY, a_garden, by_inspector, by_producer, leaf, split, tea
from tests.people import RIVAL, RIVAL_ABATTOIR
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.capacities import CapacityUse
from trace.models.containers import PackStock
from trace.models.events import Event
from trace.models.flows import Draw, FlowProposal, Operation
from trace.models.herds import Animal, Stay
from trace.queries import batches as batch_reads
from trace.queries import flows as reads
from trace.queries import lineage
from trace.services import agreements, batches, flows, holds, imports, leaving, undoing
from trace.services.batches import Plan
from trace.services.flow_parts import Part

pytestmark = pytest.mark.licensed

WHY = "录错了，重新登记"


def refused(act: Any, *args: Any, **options: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*args, **options)
    return caught.value


def the_act(work: Work, kind: str) -> str:
    """The id of the only act of that kind."""
    return work.session.exec(select(Operation.id).where(Operation.kind == kind)).one()


def undo(work: Work, kind: str) -> Operation:
    return undoing.undo(by_producer(work), the_act(work, kind), words=WHY)


def test_a_split_taken_back_gives_its_weight_back(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        first, second = split(work, batch, "60", "30")
        made = undo(work, "split")
        for one in (batch, first, second):
            session.refresh(one)
        assert (batch.used_kg, batch.withdrawn) == (Decimal(0), False)
        assert [(one.used_kg, one.withdrawn) for one in (first, second)] == [(Decimal(60), True), (Decimal(30), True)]
        assert (made.kind, made.in_kg, made.out_kg, made.words) == ("undone", Decimal(-90), Decimal(-90), WHY)
        assert reads.differences(session) == []
        assert lineage.flowed(session, [batch.id]) == {}
        told = batch_reads.chain(session, batch.id)
        assert [one.withdrawn for one in told if one.kind == "splitting"] == [True]
        again = split(work, batch, "60", "30")
        assert [one.lot for one in again] == ["T1-1", "T1-2"]
        assert reads.differences(session) == []


def test_once_is_enough_and_the_undoing_stays(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        split(work, leaf(work), "60")
        act = the_act(work, "split")
        made = undoing.undo(by_producer(work), act, words=WHY)
        assert refused(undoing.undo, by_producer(work), act, words=WHY).code == "undoing.done_already"
        assert refused(undoing.undo, by_producer(work), made.id, words=WHY).code == "undoing.kind"
        with pytest.raises(DatabaseError), session.begin_nested():
            made.words = "改写"
            session.add(made)
            session.flush()


def test_what_was_sold_since_says_how_it_left(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        flows.take_out(by_producer(work), "cooperative", "sell", Part(batch.id, Decimal(5)), DAY, buyer="示范市场")
        error = refused(undoing.undo, by_producer(work), batch.operation_id, words=WHY)
        assert error.params == {"lot": "T1", "used": "5", "lots": "flows.kind.sell"}


def test_what_was_used_since_names_what_came_of_it(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        part = split(work, batch, "60")[0]
        split(work, part, "10")
        error = refused(undoing.undo, by_producer(work), batch.operation_id, words=WHY)
        assert error.code == "undoing.used"
        assert error.params == {"lot": "T1", "used": "60", "lots": "T1-1"}
        acts = session.exec(select(Operation).where(Operation.kind == "split").order_by(col(Operation.in_kg))).all()
        assert refused(undoing.undo, by_producer(work), acts[1].id, words=WHY).params["lots"] == "T1-1-1"
        # From the last act back to the first everything can be taken back.
        for one in acts:
            undoing.undo(by_producer(work), one.id, words=WHY)
        undoing.undo(by_producer(work), str(batch.operation_id), words=WHY)
        session.refresh(batch)
        assert batch.withdrawn
        assert reads.differences(session) == []


def test_a_harvest_taken_back_gives_its_season_back(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        season = make.a_capacity(work, place_id=garden, declared=Decimal(120))
        batch = leaf(work, place_id=garden)
        undo(work, "commission")
        session.refresh(season)
        assert season.used == 0
        assert sorted(one.amount for one in session.exec(select(CapacityUse))) == [Decimal(-100), Decimal(100)]
        session.refresh(batch)
        assert (batch.withdrawn, batch.used_kg) == (True, Decimal(100))
        assert refused(split, work, batch, "1").code == "batches.withdrawn"
        assert reads.ready(session, by_producer(work).actor, "cooperative") == []
        # The lot and the season are free for what is true.
        assert leaf(work, place_id=garden, kg="110").lot == "T1"
        assert reads.differences(session) == []


@pytest.mark.parametrize(("kind", "buyer"), [("sell", "示范市场"), ("destroy", ""), ("lose", "")])
def test_what_left_the_books_comes_back(database: Database, kind: str, buyer: str) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        words = "" if buyer else "受潮"
        flows.take_out(
            by_producer(work), "cooperative", kind, Part(batch.id, Decimal(40)), DAY, buyer=buyer, words=words
        )
        undo(work, kind)
        session.refresh(batch)
        assert (batch.used_kg, batch.withdrawn) == (Decimal(0), False)
        assert sum(one.kg for one in session.exec(select(Draw))) == 0
        assert reads.differences(session) == []


def test_a_mixture_and_what_was_processed_come_apart_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        one, other = leaf(work, place_id=garden), leaf(work, lot="T2", kg="50", place_id=garden)
        flows.merge(
            by_producer(work), "cooperative", [Part(one.id, Decimal(40)), Part(other.id, Decimal(50))], "X1", DAY
        )
        undo(work, "merge")
        waiting = flows.transform(by_producer(work), "cooperative", tea(one, "23"))
        assert isinstance(waiting, FlowProposal)
        agreements.agree(by_inspector(work), waiting.id, version=1, words="称重看过")
        made = undo(work, "transform")
        assert (made.in_kg, made.out_kg, made.loss_kg) == (Decimal(-100), Decimal(-23), Decimal(-77))
        for each in (one, other):
            session.refresh(each)
        assert (one.used_kg, other.used_kg) == (0, 0)
        assert reads.differences(session) == []


def test_held_goods_are_not_made_to_vanish(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        holds.place(by_inspector(work), scope="batch", key=batch.id, reason_code="other", words="示范")
        assert refused(undoing.undo, by_producer(work), str(batch.operation_id), words=WHY).code == "holds.held"
        session.refresh(batch)
        assert not batch.withdrawn


def test_others_and_silence(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = leaf(work)
        rival = Work(session, make.actor(session, RIVAL), work.now, "test")
        assert refused(undoing.undo, rival, str(batch.operation_id), words=WHY).code == "access.unknown"
        assert refused(undoing.undo, rival, "nothing", words=WHY).code == "access.unknown"
        assert refused(undoing.undo, by_producer(work), str(batch.operation_id), words=" ").code == "undoing.words"


def test_a_slaughter_taken_back_lets_the_animals_live(database: Database) -> None:
    """The sheet named the wrong weights: the tags are free again, and the true sheet is taken in under the same lot."""
    with database.writing() as session:
        work = make.work(session)
        make.a_licence(work)
        lines = make.carcass_lines(3)
        ids = make_herds.behind(by_producer(work), lines)
        product = make.a_product(session).id
        plan = Plan("abattoir", "cooperative", product, "A1")
        sheet = make.a_small_sheet(lines)
        batch = imports.take(make.by_abattoir(work), sheet, plan)
        assert {session.get_one(Animal, one).state for one in ids} == {"slaughtered"}
        undoing.undo(make.by_abattoir(work), str(batch.operation_id), words=WHY)
        session.expire_all()
        assert {session.get_one(Animal, one).state for one in ids} == {"alive"}
        stays = session.exec(select(Stay).where(col(Stay.animal_id).in_(ids))).all()
        assert {(one.current, one.until, one.left, one.left_event_id) for one in stays} == {(1, None, None, None)}
        assert all(one.withdrawn for one in session.exec(select(Carcass)))
        assert batch_reads.find(session, make.by_abattoir(work).actor, batch.id).kinds == {"withdrawn"}
        error = refused(batches.held, make.by_abattoir(work), batch.id)
        assert error.code == "batches.withdrawn"
        again = batches.register(make.by_abattoir(work), plan, sheet.sheet)
        assert (again.lot, again.withdrawn) == (batch.lot, False)
        assert {session.get_one(Animal, one, populate_existing=True).state for one in ids} == {"slaughtered"}
        assert reads.differences(session) == []


def test_a_packing_taken_back_makes_loose_goods_of_packs(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = make.a_packed_batch(work)
        session.refresh(batch)
        assert batch.used_kg > 0
        undoing.undo(make.by_abattoir(work), the_act(work, "pack"), words=WHY)
        session.refresh(batch)
        assert (batch.used_kg, batch.withdrawn) == (Decimal(0), False)
        assert session.exec(select(PackLine)).all() == []
        assert session.exec(select(PackStock)).all() == []
        kinds = batch_reads.find(session, make.by_abattoir(work).actor, batch.id).kinds
        assert "packing" not in kinds
        assert "slaughtering" in kinds
        assert len(session.exec(select(Event).where(Event.kind == "withdrawn")).all()) >= 2
        assert reads.differences(session) == []


def test_labels_stand_in_the_way(database: Database, tmp_path: Any) -> None:
    with database.writing() as session:
        work = make.work(session)
        order = make.an_order(work, make.a_signer(tmp_path), packs=30)
        error = refused(undoing.undo, make.by_abattoir(work), the_act(work, "pack"), words=WHY)
        assert error.code == "undoing.labelled"
        assert error.params["count"] == 30
        assert {one.code for one in error.faults} == {"undoing.labelled"}
        batch = session.get_one(Batch, order.batch_id)
        whole = refused(undoing.undo, make.by_abattoir(work), str(batch.operation_id), words=WHY)
        assert {"undoing.used", "undoing.tested"} <= {one.code for one in whole.faults}
        session.refresh(batch)
        assert not batch.withdrawn


def test_packs_that_were_sold_come_back_loose_and_are_sold_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = make.a_packed_batch(work)
        own = make.by_abattoir(work)
        line = session.exec(select(PackLine).order_by(PackLine.id)).first()
        assert line is not None
        line_id, holder = line.id, {"buyer": "示范市场"}

        def sell() -> Operation:
            return leaving.packs_out(own, "abattoir", batch.id, "sell", {line_id: 5}, work.today, **holder)

        def state() -> tuple[int, int]:
            mine = select(PackStock.packs).where(PackStock.pack_line_id == line_id, PackStock.holder_id == "abattoir")
            gone = session.get_one(PackLine, line_id, populate_existing=True).gone
            return session.exec(mine).one(), gone

        before = state()
        sale = sell()
        assert state() == (before[0] - 5, 5)
        books = {one.operation.id: one.drawn_kg for one in reads.acts(session, batch)}
        assert books[sale.id] == 5 * session.get_one(PackLine, line_id).net_kg == sale.in_kg
        undoing.undo(own, sale.id, words=WHY)
        assert state() == before
        assert refused(undoing.undo, own, sale.id, words=WHY).code == "undoing.done_already"
        assert reads.differences(session) == []
        sell()
        assert state() == (before[0] - 5, 5)
        rival = Work(session, make.actor(session, RIVAL_ABATTOIR), work.now, "test")
        assert refused(undoing.undo, rival, sale.id, words=WHY).code == "access.unknown"


def test_a_packing_stays_once_its_packs_were_sold_and_came_back(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = make.a_packed_batch(work)
        own = make.by_abattoir(work)
        line = session.exec(select(PackLine.id).order_by(PackLine.id)).first() or ""
        sale = leaving.packs_out(own, "abattoir", batch.id, "destroy", {line: 1}, work.today, words=WHY)
        assert "undoing.packs_gone" in {
            one.code for one in refused(undoing.undo, own, the_act(work, "pack"), words=WHY).faults
        }
        undoing.undo(own, sale.id, words=WHY)
        error = refused(undoing.undo, own, the_act(work, "pack"), words=WHY)
        assert [one.code for one in error.faults] == ["undoing.packs_moved"]
        assert reads.differences(session) == []
