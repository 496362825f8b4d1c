"""G37: copies among a hundred thousand labels, one in a hundred copied and one flooded; the yardstick only plays them.

What matters are the further figures: the share of copied codes with twenty looks that are flagged (for the office, and
by a warning on the page), and the share of honest labels whose page ever warns. Missing either goal ends the bench.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.rounds import Contest, Path
from tests.scan_world import World, history, packs, run

LABELS, QUICK_LABELS = 100_000, 20_000
FOUND, WRONGLY_AMBER = 0.9, 0.001


def _play(count: int) -> int:
    world = World(random.Random(5))
    return sum(len(history(world, pack).days) for pack in packs(world, count))


@contextmanager
def enter(quick: bool) -> Iterator[Contest]:
    def further() -> dict[str, Any]:
        figures = run(QUICK_LABELS if quick else LABELS)
        assert figures.found >= FOUND, figures
        assert figures.wrongly_amber <= WRONGLY_AMBER, figures
        return {
            "labels": QUICK_LABELS if quick else LABELS,
            "clones": figures.clones,
            "flagged": round(figures.found, 4),
            "flagged_goal": FOUND,
            "warned": round(figures.clones_warned / figures.clones, 4),
            "honest_amber": round(figures.wrongly_amber, 6),
            "honest_amber_goal": WRONGLY_AMBER,
            "honest_watched": figures.sound_watched,
            "flooded": figures.flooded,
            "flooded_amber": figures.flooded_warned,
        }

    yield Contest(run, _play, further)


PATH = Path("G37", "copied codes found in a simulated county against playing it", 0.2, 1000, 10_000, enter)
