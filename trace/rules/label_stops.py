"""What a stop switch may stop, why, and who may let labels run again.

Source: security notes part 5 («wrong mass approval: stop switch per licence») and T34 (a printer leaks the file).
"""

from __future__ import annotations

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


def check_lift(placed_by: str, person_id: str) -> None:
    """Whoever stopped does not let run again: ``label_stops.four_eyes``."""
    if placed_by == person_id:
        raise refused("label_stops.four_eyes")
