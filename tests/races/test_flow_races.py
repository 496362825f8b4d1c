"""One batch, many who split it; one ear tag on two sheets at once; each with a naive twin that must fail."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.make_flows import DAY, leaf
from tests.people import ABATTOIR, PRODUCER
from tests.races.harness import one_work, race
from trace.models.batches import Batch, Carcass
from trace.models.flows import Draw
from trace.queries import flows as reads
from trace.services import batches, flows
from trace.services.flow_parts import Output

pytestmark = pytest.mark.licensed

SPLITTERS, EACH = 16, Decimal(10)


def a_leaf(database: Database) -> str:
    with database.writing() as session:
        return leaf(make.work(session)).id


def test_sixteen_who_split_get_exactly_what_is_there(database: Database) -> None:
    batch_id = a_leaf(database)
    with database.reading() as session:
        clerk = make.actor(session, PRODUCER)

    def act(position: int) -> None:
        def split(work: Work) -> None:
            flows.split(work, "cooperative", batch_id, [Output(f"S{position}", EACH)], DAY)

        one_work(database, split, clerk)

    outcome = race(SPLITTERS, act)
    assert len(outcome.done) == 10
    assert outcome.codes == {"flows.more_than_left"}
    with database.reading() as session:
        assert session.get_one(Batch, batch_id).used_kg == Decimal(100)
        assert sum(one.kg for one in session.exec(select(Draw)).all()) == Decimal(100)
        assert reads.differences(session) == []


def test_the_naive_twin_splits_more_in_the_same_race(database: Database) -> None:
    """Read, check, write: if this one keeps the weight, the race proves nothing."""
    batch_id = a_leaf(database)
    everybody_has_looked = threading.Barrier(SPLITTERS)

    def act(_: int) -> bool:
        with database.reading() as session:
            used = session.get_one(Batch, batch_id).used_kg
        everybody_has_looked.wait(timeout=60)
        if used + EACH > Decimal(100):
            return False
        with database.writing() as session:
            session.get_one(Batch, batch_id).used_kg = used + EACH
        return True

    assert sum(race(SPLITTERS, act).done) > 10


def two_plans(database: Database) -> tuple[batches.Plan, batches.Plan]:
    with database.writing() as session:
        make.a_licence(make.work(session))
        product = make.a_product(session).id
    first, second = (batches.Plan("abattoir", "cooperative", product, lot) for lot in ("A1", "A2"))
    return first, second


def test_one_tag_on_two_sheets_at_once_is_named_to_the_later(database: Database) -> None:
    plans = two_plans(database)
    sheet = make.a_small_sheet(make.carcass_lines(2)).sheet
    with database.reading() as session:
        clerk = make.actor(session, ABATTOIR)

    def act(position: int) -> None:
        one_work(database, lambda work: batches.register(work, plans[position], sheet), clerk)

    outcome = race(2, act)
    assert len(outcome.done) == 1
    assert outcome.codes == {"imports.faulty"}
    assert {one.code for one in outcome.refused[0].faults} == {"batches.tag_slaughtered"}
    with database.reading() as session:
        assert len(session.exec(select(Carcass)).all()) == 2
        assert len(session.exec(select(Batch)).all()) == 1


def test_the_naive_twin_names_no_tag(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks only before writing meets the constraint and cannot say which tag it was."""
    plans = two_plans(database)
    sheet = make.a_small_sheet(make.carcass_lines(2)).sheet
    with database.reading() as session:
        clerk = make.actor(session, ABATTOIR)
    one_work(database, lambda work: batches.register(work, plans[0], sheet), clerk)
    monkeypatch.setattr(batches, "_tag_faults", lambda *_: ())
    with pytest.raises(IntegrityError):
        one_work(database, lambda work: batches.register(work, plans[1], sheet), clerk)
