"""One weight, one ear tag: many packers and two abattoirs at once, and a naive twin that must fail in the same race."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR
from tests.races.harness import one_work, race
from trace.models.batches import Batch, PackLine
from trace.models.imports import SheetKind
from trace.services import imports, packing

pytestmark = pytest.mark.licensed

PACKERS, EACH = 60, Decimal("2.5")
HEAD = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"


def a_batch(database: Database) -> Batch:
    with database.writing() as session:
        make.a_licence(make.work(session))
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
        batch = imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(3)), plan)
        make.chilled(make.work(session), batch)
        return batch


def fitting(batch: Batch) -> int:
    return int(batch.total_kg / EACH)


def test_sixty_packers_pack_exactly_what_is_there(database: Database) -> None:
    batch = a_batch(database)
    sheets = [
        imports.read(
            SheetKind.PACKING, "p.csv", f"{HEAD}20260912A,羊腿{n},2.5,1,2.5,2026-09-13,365,冷藏".encode()
        ).sheet
        for n in range(PACKERS)
    ]
    with database.reading() as session:
        clerk = make.actor(session, ABATTOIR)

    def pack(position: int) -> None:
        def act(work: Work) -> None:
            packing.record(work, batch.id, sheets[position])  # type: ignore[arg-type]

        one_work(database, act, clerk)

    outcome = race(PACKERS, pack)
    assert 0 < fitting(batch) < PACKERS
    assert len(outcome.done) == fitting(batch)
    assert outcome.codes == {"mass_balance.packs_above_cold"}
    with database.reading() as session:
        assert session.get_one(Batch, batch.id).used_kg == fitting(batch) * EACH
        assert len(session.exec(select(PackLine)).all()) == fitting(batch)


def test_the_naive_twin_packs_more_in_the_same_race(database: Database) -> None:
    """Read, check, write: everybody sees enough left. If this one keeps the weight, the race proves nothing."""
    batch = a_batch(database)
    everybody_has_looked = threading.Barrier(PACKERS)

    def pack(_: int) -> bool:
        with database.reading() as session:
            packed = session.get_one(Batch, batch.id).used_kg
        everybody_has_looked.wait(timeout=60)
        if packed + EACH > batch.total_kg:
            return False
        with database.writing() as session:
            session.get_one(Batch, batch.id).used_kg = packed + EACH
        return True

    assert sum(race(PACKERS, pack).done) > fitting(batch)
