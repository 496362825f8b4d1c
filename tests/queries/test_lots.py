"""Lots of a maker that stand, found by their index however many batches the maker has."""

from __future__ import annotations

import pytest

from brand.kernel.db import Database
from tests import make
from tests.make_flows import a_garden, by_producer, leaf, split
from trace.queries import lots
from trace.services import undoing


def test_only_standing_lots_of_that_maker_are_there(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        whole = leaf(work, lot="T1", place_id=a_garden(work))
        (part,) = split(work, whole, "10")
        asked = ["T1", part.lot, "T9"]
        assert lots.standing(session, "cooperative", asked) == {"T1", part.lot}
        assert lots.standing(session, "rival", asked) == set()
        undoing.undo(by_producer(work), part.operation_id or "", words="示范")
        assert lots.standing(session, "cooperative", asked) == {"T1"}


@pytest.mark.bare
def test_sqlite_finds_them_by_their_own_index(database: Database) -> None:
    """Spelled otherwise it would read every batch of the maker, for every batch that is made."""
    if not database.is_sqlite:
        return
    with database.reading() as session:
        asked = lots.LOTS.params(maker="a", lots=["b", "c"])
        words = asked.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}")
        assert "uq_batches_standing_lot (maker_id=? AND lot=?)" in " ".join(str(row) for row in plan)
