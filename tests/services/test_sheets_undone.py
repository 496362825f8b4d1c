"""Sheets of a slaughter day and of moves taken back in whole, and taken in again as if they had never been."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from tests import make, make_herds
from tests.make_flows import by_producer
from trace.models.batches import Batch, PackLine
from trace.models.herds import Animal, Herd, Stay
from trace.models.imports import SheetImport, SheetKind
from trace.queries import batches as reads
from trace.queries import flows
from trace.services import animals, imports
from trace.services.batches import Plan

DAY_SHEETS = ("packing", "chilling")


def refused(act: Any, *args: Any, **options: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*args, **options)
    return caught.value


def test_a_carcass_sheet_is_taken_back_and_in_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_licence(work)
        own, plan = make.by_abattoir(work), Plan("abattoir", "cooperative", make.a_product(session).id, "A1")
        upload = make.a_small_sheet(make.carcass_lines(3))
        row = imports.take_in(own, upload, plan)
        first = str(row.batch_id)
        assert refused(imports.take_in, own, upload, plan).code == "imports.already_taken"
        imports.undo(own, row.id, version=row.version)
        assert session.get_one(Batch, first, populate_existing=True).withdrawn
        again = imports.take_in(own, upload, plan)
        assert (again.id, again.state, again.batch_id != first) == (row.id, "done", True)
        assert flows.differences(session) == []


@pytest.mark.parametrize("name", DAY_SHEETS)
def test_sheets_of_the_day_are_taken_back_and_in_again(database: Database, name: str) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_packed_batch(work)
        own = make.by_abattoir(work)
        row = session.exec(select(SheetImport).where(SheetImport.kind == name)).one()
        batch_id = str(row.batch_id)
        before = reads.find(session, own.actor, batch_id).kinds
        imports.undo(own, row.id, version=row.version)
        assert name not in reads.find(session, own.actor, batch_id).kinds
        assert (session.exec(select(PackLine)).all() == []) == (name == "packing")
        assert refused(imports.undo, own, row.id, version=row.version).code == "imports.stale"
        upload = imports.read(SheetKind(name), row.file_name, make.sample(row.file_name))
        if name == "packing":
            again = imports.take_in(own, upload, batch_id)
            assert again.state == "done"
            assert before <= reads.find(session, own.actor, batch_id).kinds
        assert flows.differences(session) == []


def moves(*lines: str) -> imports.Upload:
    text = "\n".join(["群号,耳标或尾号,去向,转入群号,日期", *lines])
    return imports.read(SheetKind.HERD_MOVES, "moves.csv", text.encode())


def test_moves_deaths_and_sales_are_taken_back_and_in_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        own = by_producer(work)
        lines = make.carcass_lines(3)
        ids = make_herds.behind(own, lines)
        make_herds.a_herd(own, code="B")
        tags = [one.ear_tag for one in lines]
        code = herd_code(session, ids[0])
        upload = moves(
            f"{code},{tags[0]},转群,B,2026-09-11",
            f"{code},{tags[1]},死亡,,2026-09-11",
            f"{code},{tags[2]},丢失,,2026-09-11",
        )
        row = imports.take_in(own, upload, "cooperative")
        assert sorted(states(session, ids)) == ["alive", "dead", "lost"]
        imports.undo(own, row.id, version=row.version)
        assert states(session, ids) == ["alive"] * 3
        current = session.exec(select(Stay).where(col(Stay.animal_id).in_(ids), Stay.current == 1)).all()
        assert len(current) == len(session.exec(select(Stay).where(col(Stay.animal_id).in_(ids))).all()) == 3
        again = imports.take_in(own, upload, "cooperative")
        assert again.state == "done"
        animals.find_again(own, ids[2], current[0].herd_id, make.MONDAY.date())
        assert refused(imports.undo, own, again.id, version=again.version).code == "herds.undo_touched"


def herd_code(session: Any, animal_id: str) -> str:
    stay = session.exec(select(Stay).where(Stay.animal_id == animal_id)).first()
    return str(session.get_one(Herd, stay.herd_id).code)


def states(session: Any, ids: list[str]) -> list[str]:
    return [session.get_one(Animal, one, populate_existing=True).state for one in ids]
