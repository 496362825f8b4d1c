"""Control labels of an order: how many there may be, and how many a stretch of the file holds.

Source: security notes, part 4.5 and threat T34: codes that never go onto a pack, at places nobody can guess in the
files a printing house gets. Whoever scans one holds something made from a file. What is allowed is policy of ours.
"""

from __future__ import annotations

from brand.kernel.errors import Fault, invalid, refused

#: More would cost paper and tell nothing more.
MOST_CONTROLS = 1000


def check_controls(packs: int, controls: int) -> None:
    """Refuse more control labels than ``MOST_CONTROLS`` or than packs: ``labels.controls_too_many``."""
    most = min(MOST_CONTROLS, packs)
    if not 0 <= controls <= most:
        code = "labels.controls_too_many"
        raise invalid(code, faults=[Fault(code, "/controls", {"most": most})], most=most)


def share(first: int, last: int, controls: int, size: int) -> int:
    """How many of the control labels of an order of ``size`` lie at the places ``first``…``last`` of its file.

    Spread evenly, so that no large part of a file is without; shares of neighbouring stretches add up exactly.
    """
    return last * controls // size - (first - 1) * controls // size


def check_by_range(controls: int) -> None:
    """Whoever names a range has not looked at each label, and one among them may not be on a pack.

    Raises ``labels.scan_each``.
    """
    if controls:
        raise refused("labels.scan_each")
