"""What a stop switch may stop, why, and who may let labels run again.

Source: security notes part 5 («wrong mass approval: stop switch per licence») and T34 (a printer leaks the file).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from brand.kernel.errors import refused


class StopScope(StrEnum):
    LICENCE = "licence"
    ORDER = "order"
    KEY = "key"


class StopReason(StrEnum):
    LEAKED = "leaked"  # files or sheets are in the wrong hands
    STOLEN = "stolen"
    MISTAKE = "mistake"  # issued on wrong figures
    KEY = "key"
    OTHER = "other"


class Bearing(StrEnum):
    """Whether stopped labels are among goods closed up together, the least first."""

    NONE = "none"
    PERHAPS = "perhaps"  # packs that were only counted may bear them
    SURE = "sure"


def among_packs(packs: int, labels: Mapping[str, int], stopped: Collection[str]) -> Bearing:
    """Of so many packs of one line, closed up together: ``labels`` noted with them, by order; ``stopped`` are orders
    for just such packs."""
    if any(labels.get(order) for order in stopped):
        return Bearing.SURE
    return Bearing.PERHAPS if stopped and packs > sum(labels.values()) else Bearing.NONE


def gravest(found: Collection[Bearing]) -> Bearing:
    return max(found, key=list(Bearing).index, default=Bearing.NONE)


def check_lift(placed_by: str, person_id: str) -> None:
    """Whoever stopped does not let run again: ``label_stops.four_eyes``."""
    if placed_by == person_id:
        raise refused("label_stops.four_eyes")
