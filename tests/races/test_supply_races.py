"""The last kilograms of one contract, many buyers' clerks at once, and a naive twin that must buy too much."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make, make_supply
from tests.people import PRODUCER
from tests.races.harness import one_work, race
from trace.models.batches import Batch
from trace.models.supply import SupplyContract, SupplyUse
from trace.services import supply_goods
from trace.services.supply_goods import Bought

PURCHASES, AGREED, EACH = 24, Decimal(1000), Decimal(300)
FITTING = int(AGREED / EACH)


def _contract(database: Database) -> str:
    with database.writing() as session:
        return make_supply.running(session, kg=AGREED).id


@pytest.mark.packed
def test_many_purchases_take_exactly_what_was_agreed(database: Database) -> None:
    at = _contract(database)
    with database.writing() as session:
        clerk, batch = make.actor(session, PRODUCER), make.the_batch(session).id

    def buy(work: Work) -> None:
        goods = Batch(id=batch, total_kg=EACH)
        supply_goods.take(work, work.session.get_one(SupplyContract, at), goods, None, Bought(at, date(2026, 9, 12)))

    outcome = race(PURCHASES, lambda _: one_work(database, buy, clerk))
    assert (len(outcome.done), outcome.codes) == (FITTING, {"supply.exceeded"})
    with database.reading() as session:
        assert session.get_one(SupplyContract, at).used_kg == FITTING * EACH
        assert sum(session.exec(select(SupplyUse.kg))) == FITTING * EACH


@pytest.mark.packed
def test_the_naive_twin_buys_too_much_in_the_same_race(database: Database) -> None:
    """Read, check, write: everybody sees enough left. If this one keeps the contract, the race proves nothing."""
    at = _contract(database)
    everybody_has_looked = threading.Barrier(PURCHASES)

    def buy(_: int) -> bool:
        with database.reading() as session:
            used = session.exec(select(SupplyContract.used_kg).where(SupplyContract.id == at)).one()
        everybody_has_looked.wait(timeout=60)
        if used + EACH > AGREED:
            return False
        with database.writing() as session:
            session.get_one(SupplyContract, at).used_kg = used + EACH
        return True

    assert sum(race(PURCHASES, buy).done) > FITTING
