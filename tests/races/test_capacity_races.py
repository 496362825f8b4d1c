"""One season, many harvests at once, and a naive twin that must take too much in the same race."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.people import CLERK, PRODUCER
from tests.races.harness import one_work, race
from trace.models.capacities import Capacity
from trace.rules.goods import Unit
from trace.services import capacities

HARVESTS, SEASON, EACH = 30, Decimal(100), Decimal("7.5")
FITTING = int(SEASON / EACH)


@pytest.mark.packed
def test_many_harvests_take_exactly_what_there_is(database: Database) -> None:
    with database.writing() as session:
        at = make.a_capacity(make.work(session), declared=SEASON).id
        batch, lamb = make.the_batch(session).id, make.a_product(session).id
        clerk = make.actor(session, PRODUCER)

    need = capacities.Need("cooperative", None, lamb, make.MONDAY.date(), Unit.KG, EACH)

    def harvest(work: Work) -> None:
        capacities.take(work, need, batch)

    outcome = race(HARVESTS, lambda _: one_work(database, harvest, clerk))
    assert (len(outcome.done), outcome.codes) == (FITTING, {"capacities.exceeded"})
    with database.reading() as session:
        assert session.get_one(Capacity, at).used == FITTING * EACH


@pytest.mark.packed
def test_a_figure_lowered_meanwhile_never_falls_below_what_is_used(database: Database) -> None:
    with database.writing() as session:
        at = make.a_capacity(make.work(session), declared=SEASON).id
        batch, lamb = make.the_batch(session).id, make.a_product(session).id
        clerk, grower = make.actor(session, CLERK), make.actor(session, PRODUCER)
    need = capacities.Need("cooperative", None, lamb, make.MONDAY.date(), Unit.KG, EACH)

    def act(position: int) -> object:
        if position == 5:
            lower = {"version": 1, "amount": Decimal(30)}
            return one_work(database, lambda work: capacities.step(work, at, "verify", **lower), clerk)
        return one_work(database, lambda work: capacities.take(work, need, batch), grower)

    race(12, act)
    with database.reading() as session:
        after = session.get_one(Capacity, at)
        assert after.used <= after.allowed


@pytest.mark.packed
def test_the_naive_twin_takes_too_much_in_the_same_race(database: Database) -> None:
    """Read, check, write: everybody sees enough left. If this one keeps the season, the race proves nothing."""
    with database.writing() as session:
        at = make.a_capacity(make.work(session), declared=SEASON).id
    everybody_has_looked = threading.Barrier(HARVESTS)

    def harvest(_: int) -> bool:
        with database.reading() as session:
            used = session.exec(select(Capacity.used).where(Capacity.id == at)).one()
        everybody_has_looked.wait(timeout=60)
        if used + EACH > SEASON:
            return False
        with database.writing() as session:
            session.get_one(Capacity, at).used = used + EACH
        return True

    assert sum(race(HARVESTS, harvest).done) > FITTING
