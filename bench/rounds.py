"""How a path is measured: ours and its yardstick take turns, so that a noisy machine slows both alike.

Rates are units per second; the ratio is what counts. The exponent says how time grows from a size to ten times that
size: 1 is «as the work does», 2 is a table walked once per row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

GROWTH = 10
ROUNDS, QUICK_ROUNDS = 9, 5


@dataclass(frozen=True)
class Contest:
    """Two ways to do ``n`` units of the same work, and further figures that are worth a line (keys of the result)."""

    ours: Callable[[int], object]
    yardstick: Callable[[int], object]
    further: Callable[[], dict[str, Any]] = field(default=dict)


@dataclass(frozen=True)
class Path:
    """One row of the table of goals: ``enter(quick)`` prepares it and cleans up behind it.

    ``size`` units make one round of ours (and ten times as many another), ``yardstick_size`` one of the yardstick.
    ``goal`` is the least ratio ours / yardstick. A path that must grow a large county first names a ``quick_size``, and
    its yardstick grows less in the same measure.
    """

    name: str
    what: str
    goal: float
    size: int
    yardstick_size: int
    enter: Callable[[bool], AbstractContextManager[Contest]]
    quick_size: int | None = None

    def sizes(self, *, quick: bool) -> tuple[int, int]:
        """Units of a round of ours and of the yardstick."""
        if not quick or self.quick_size is None:
            return self.size, self.yardstick_size
        return self.quick_size, self.yardstick_size * self.quick_size // self.size


def _seconds(work: Callable[[int], object], units: int) -> float:
    start = perf_counter()
    work(units)
    return perf_counter() - start


def measure(path: Path, *, quick: bool) -> dict[str, Any]:
    """Median figures of the rounds after one round of warm-up; ``spread`` is (highest - lowest) / median ratio."""
    size, yardstick_size = path.sizes(quick=quick)
    with path.enter(quick) as contest:
        contest.ours(size)
        contest.yardstick(1)
        rounds = [
            (
                _seconds(contest.ours, size),
                _seconds(contest.yardstick, yardstick_size),
                _seconds(contest.ours, size * GROWTH),
            )
            for _ in range(QUICK_ROUNDS if quick else ROUNDS)
        ]
        further = contest.further()
    ours = [size * GROWTH / large for _, _, large in rounds]
    yardstick = [yardstick_size / slow for _, slow, _ in rounds]
    ratios = [mine / theirs for mine, theirs in zip(ours, yardstick, strict=True)]
    return {
        "path": path.name,
        "ours": round(median(ours), 1),
        "yardstick": round(median(yardstick), 1),
        "ratio": round(median(ratios), 2),
        "goal": path.goal,
        "spread": round((max(ratios) - min(ratios)) / median(ratios), 3),
        "exponent": round(median(math.log(large / small, GROWTH) for small, _, large in rounds), 3),
        **further,
    }
