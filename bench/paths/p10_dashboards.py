"""P10: the loudest places of some weeks for the office, from the rollup; the yardstick is GROUP BY over the looks.

Twelve weeks of looks lie in the database, from four hundred places (fewer looks from fewer places at quick size, where
the fixed cost of a question weighs more: the goal is that of five million looks). A smaller size asks for the last
weeks only, as many as hold that many looks. Both must give the same table.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from typing import Any

from bench.county import county
from bench.rounds import GROWTH, Contest, Path
from trace.queries import scan_totals as totals

LOOKS, QUICK_LOOKS = 500_000, 100_000
_DAYS = 84
PLACES, QUICK_PLACES = 400, 80  # as many looks per place at either size
_LAST = date(2026, 11, 29)  # a Sunday
_ROW = "INSERT INTO scans VALUES (?, ?, ?, 'AAAAAAAA', ?, 1, 'green', 'verdicts.issued', ?, ?, 1)"
_GROUPED = (
    "SELECT place, count(*), sum(looks) FROM scans WHERE day >= ? GROUP BY place ORDER BY count(*) DESC, place LIMIT 20"
)


def _fill(address: str, looks: int, places: int) -> None:
    chance = random.Random(10)
    per_day = looks // _DAYS
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database, database:
        for back in range(_DAYS):
            day = (_LAST - timedelta(days=back)).isoformat()
            at = f"{day} 03:00:00.000000"
            database.executemany(
                _ROW,
                (
                    (f"{chance.getrandbits(64):016X}", day, f"{one:016x}", f"{110000 + one % places}", at, at)
                    for one in range(per_day)
                ),
            )
        database.execute(
            "INSERT INTO scan_totals SELECT date(day, '-6 days', 'weekday 1'), place, colour, sum(looks), count(*) "
            "FROM scans GROUP BY 1, 2, 3"
        )


@contextmanager
def enter(quick: bool) -> Iterator[Contest]:
    looks = (QUICK_LOOKS if quick else LOOKS) * GROWTH
    with county(1) as found:
        address = found.environment["DATABASE_URL"]
        places = QUICK_PLACES if quick else PLACES
        _fill(address, looks, places)
        plain = sqlite3.connect(address.removeprefix("sqlite:///"))

        def since(count: int) -> date:
            weeks = max(1, round(_DAYS / 7 * count / looks))
            return _LAST - timedelta(days=7 * weeks - 1)

        def ours(count: int) -> int:
            with found.database.reading() as session:
                return sum(one.looks for one in totals.by_place(session, since(count), 20))

        def grouped(count: int) -> int:
            return sum(row[2] for row in plain.execute(_GROUPED, (since(count).isoformat(),)))

        def further() -> dict[str, Any]:
            assert ours(looks) == grouped(looks) > 0
            return {"looks": looks, "places": places}

        yield Contest(ours, grouped, further)
        plain.close()


PATH = Path(
    "P10",
    "the loudest places over five million looks against GROUP BY",
    200,
    LOOKS,
    LOOKS * GROWTH,
    enter,
    QUICK_LOOKS,
)
