"""Loading schemes and taking slots."""

from __future__ import annotations

from brand.kernel.db import Database
from brand.queries import schemes as reading
from tests import make


def test_the_shipped_scheme_loads_with_its_three_tiers(database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
    with database.reading() as session:
        found = reading.whole(session, scheme.id)
        assert [(one.tier.level, one.tier.slots_used, one.tier.slots_max) for one in found.tiers] == [
            (1, 1, 1),
            (2, 3, 3),
            (3, 0, 10),
        ]
        assert reading.policy(session, scheme.id, "notice_working_days") == 5
