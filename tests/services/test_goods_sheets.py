"""Sheets of harvests and of goods that left: an act a row, faults at their cells, all or nothing, undone and redone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make
from tests.make_flows import a_garden, by_producer, leaf, split
from tests.people import RIVAL
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.flows import Operation
from trace.models.imports import SheetKind
from trace.queries import flows as reads
from trace.services import imports

HARVESTS = "批号,地块,产品,货物形态,重量(kg),收获日期"
SALES = "批号,去向,重量(kg),日期,卖给,说明"


def upload(kind: SheetKind, *lines: str) -> imports.Upload:
    heading = HARVESTS if kind is SheetKind.HARVESTS else SALES
    return imports.read(kind, f"{kind}.csv", "\n".join([heading, *lines]).encode())


def refused(act: Any, *args: Any, **options: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*args, **options)
    return caught.value


def prepared(work: Work) -> str:
    """Name of the product; the garden is 示范茶园."""
    a_garden(work)
    return str(make.a_product(work.session).name)


def codes(error: AppError) -> set[tuple[str, int | None, str | None]]:
    return {(one.code, one.row, one.column) for one in error.faults}


def test_harvests_are_taken_in_undone_and_taken_in_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        name, own = prepared(work), by_producer(make.work(session))
        sheet = upload(
            SheetKind.HARVESTS,
            f"H1,示范茶园,{name},鲜茶叶,12.5,2026-09-12",
            f"H2,示范茶园,{name},茶青,30,2026-09-13",
        )
        assert imports.look(own, sheet, "cooperative").counts == {name: (2, Decimal("42.5"))}
        assert session.exec(select(Batch)).all() == []
        row = imports.take_in(own, sheet, "cooperative")
        made = session.exec(select(Batch).order_by(Batch.lot)).all()
        assert [(one.lot, one.form, one.total_kg) for one in made] == [
            ("H1", "fresh_leaf", Decimal("12.5")),
            ("H2", "fresh_leaf", Decimal(30)),
        ]
        assert refused(imports.take_in, own, sheet, "cooperative").code == "imports.file_already_taken"
        rows = (f"H2,示范茶园,{name},茶青,30,2026-09-13", f"H1,示范茶园,{name},鲜茶叶,12.50,2026-09-12")
        resaved = imports.look(own, upload(SheetKind.HARVESTS, *rows), "cooperative")
        assert (resaved.unchanged, resaved.counts) == (2, {})
        heavier = upload(SheetKind.HARVESTS, rows[0], rows[1].replace("12.50", "13"))
        assert codes(refused(imports.look, own, heavier, "cooperative")) == {("batches.lot_taken", 3, "批号")}
        imports.undo(own, row.id, version=row.version)
        assert all(one.withdrawn for one in session.exec(select(Batch).execution_options(populate_existing=True)))
        again = imports.take_in(own, sheet, "cooperative")
        assert (again.id, again.state) == (row.id, "done")
        first = select(Batch).where(Batch.lot == "H1", col(Batch.withdrawn).is_(False))
        split(work, session.exec(first).one(), "1")
        assert refused(imports.undo, own, again.id, version=again.version).code == "undoing.used"
        assert reads.differences(session) == []


def test_each_fault_of_a_harvest_stands_at_its_cell_and_nothing_is_kept(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        name, own = prepared(work), by_producer(make.work(session))
        sheet = upload(
            SheetKind.HARVESTS,
            f"H1,没有的地,{name},鲜茶叶,12.5,2026-09-12",
            "H2,示范茶园,没有的产品,鲜茶叶,30,2026-09-12",
            f"坏批号,示范茶园,{name},鲜茶叶,30,2026-09-12",
            f"H4,示范茶园,{name},胴体,30,2026-09-12",
            f"H5,示范茶园,{name},鲜茶叶,30,2026-09-30",
            f"H5,示范茶园,{name},鲜茶叶,30,2026-09-12",
            f"H7,示范茶园,{name},鲜茶叶,0,2026-09-12",
        )
        error = refused(imports.take_in, own, sheet, "cooperative")
        assert {("flows.place", 2, "地块"), ("batches.product_unknown", 3, "产品"), ("lots.shape", 4, "批号")} <= codes(
            error
        )
        assert {("flows.day_ahead", 6, "收获日期"), ("imports.lot_twice", 7, "批号")} <= codes(error)
        assert {row for _, row, _ in codes(error)} == {2, 3, 4, 5, 6, 7, 8}
        assert session.exec(select(Batch)).all() == []


def test_a_season_that_ends_within_the_sheet_is_named_at_its_row(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        name, own = prepared(work), by_producer(make.work(session))
        make.a_capacity(work, declared=Decimal(40))
        rows = [f"H{at},示范茶园,{name},鲜茶叶,30,2026-09-12" for at in (1, 2)]
        error = refused(imports.take_in, own, upload(SheetKind.HARVESTS, *rows), "cooperative")
        assert {one[:2] for one in codes(error)} == {("capacities.exceeded", 3)}


def test_what_left_is_taken_in_against_what_the_rows_above_left(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch, own = leaf(work), by_producer(make.work(session))
        lines = ["T1,出售,60,2026-09-13,示范市场,", "T1,损失,10,2026-09-13,,受潮"]
        over = upload(SheetKind.SALES, *lines, "T1,出售,30.001,2026-09-13,示范市场,")
        error = refused(imports.look, own, over, "cooperative")
        assert codes(error) == {("flows.more_than_left", 4, "重量(kg)")}
        assert error.faults[0].params["used"] == "70"
        wrong = upload(
            SheetKind.SALES, "T9,出售,1,2026-09-13,甲,", "T1,出售,1,2026-09-13,,", "T1,销毁,1,2026-09-13,,", *lines
        )
        assert codes(refused(imports.look, own, wrong, "cooperative")) == {
            ("flows.not_yours", 2, "批号"),
            ("flows.buyer_needed", 3, "卖给"),
            ("flows.words_needed", 4, "说明"),
        }
        row = imports.take_in(own, upload(SheetKind.SALES, *lines), "cooperative")
        session.refresh(batch)
        assert batch.used_kg == Decimal(70)
        resaved = imports.look(
            own, upload(SheetKind.SALES, *lines[::-1], "T1,出售,1,2026-09-13,示范市场,"), "cooperative"
        )
        assert (resaved.unchanged, resaved.counts) == (2, {"sell": (1, Decimal(1))})
        imports.undo(own, row.id, version=row.version)
        session.refresh(batch)
        assert batch.used_kg == 0
        assert len(session.exec(select(Operation).where(Operation.kind == "undone")).all()) == 2
        assert reads.differences(session) == []


def test_another_s_sheet_is_not_there(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        leaf(work)
        rival = Work(session, make.actor(session, RIVAL), work.now, "test")
        sheet = upload(SheetKind.SALES, "T1,出售,1,2026-09-13,甲,")
        assert refused(imports.preview, rival, sheet, "cooperative").code == "access.unknown"
        assert codes(refused(imports.look, rival, sheet, "rival")) == {("flows.not_yours", 2, "批号")}


def test_a_column_says_at_which_place_goods_left(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        leaf(work)
        own = by_producer(work)
        named = {name: make.a_place(work, kind="warehouse", name=name).id for name in ("示范东库", "示范西库")}
        rows = ("T1,出售,1,2026-09-13,示范市场,,示范西库", "T1,损失,1,2026-09-13,,受潮,")
        sheet = imports.read(SheetKind.SALES, "a.csv", "\n".join([f"{SALES},场所", *rows]).encode())
        imports.take_in(own, sheet, "cooperative")
        gone = select(Event.kind, Event.place_id).where(col(Event.kind).in_(["selling", "losing"]))
        left = dict(session.exec(gone).all())
        assert left == {"selling": named["示范西库"], "losing": None}
        wrong = [f"T1,出售,1,2026-09-13,示范市场,,{name}" for name in ("没有的库", "示范茶园")]
        sheet = imports.read(SheetKind.SALES, "b.csv", "\n".join([f"{SALES},场所", *wrong]).encode())
        assert codes(refused(imports.look, own, sheet, "cooperative")) == {
            ("places.name_unknown", 2, "场所"),
            ("events.place_kind", 3, "场所"),
        }
