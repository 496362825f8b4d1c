"""Read an abattoir's own lot number and say which carcasses can be one lot.

Source: codes-and-log plan, part 2 (characters a lot may have in an address, GB/T 33993); one slaughter day per lot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from datetime import datetime, timedelta

from brand.kernel.errors import Fault, invalid
from brand.rules.identifiers import half_width

LONGEST = 20
#: Parts of a lot are numbered below this; and so many numbers are looked up at once.
_FURTHEST, _ASKED = 2**16, 16
_LOT = re.compile(r"[A-Z0-9.-]{1,20}")
#: A night shift may cross midnight; more than a day apart is another lot.
LONGEST_SPAN = timedelta(hours=24)


def check_lot(text: str) -> str:
    """The lot number in capitals and half-width; raises ``lots.shape``."""
    lot = half_width(text).upper()
    if not _LOT.fullmatch(lot):
        raise invalid("lots.shape", faults=[Fault("lots.shape", "/lot", {"longest": LONGEST})], longest=LONGEST)
    return lot


def same_lot(written: str, lot: str) -> bool:
    """Whether a sheet's lot column means this lot."""
    return half_width(written).upper() == lot


def one_shift(first: datetime, moment: datetime) -> bool:
    """Whether a carcass can belong to the lot that began at ``first``."""
    return moment - first < LONGEST_SPAN


def next_part(taken: Callable[[Iterable[int]], Container[int]]) -> int:
    """A free number behind a taken one (1 where none is), for the next part of a lot.

    ``taken`` says which of some numbers are; it is asked a few times, however many parts there are.
    """
    last, free = 0, _FURTHEST
    while free - last > 1:
        apart = max((free - last) // _ASKED, 1)
        asked = [last + 2**at for at in range(_ASKED)] if free == _FURTHEST else range(last + apart, free, apart)
        held = taken(asked)
        free = next((one for one in asked if one not in held), free)
        last = max((one for one in asked if one < free), default=last)
    return free


def next_parts(taken: Callable[[Iterable[int]], Container[int]], count: int) -> list[int]:
    """So many of them, upwards; ``taken`` is asked about as often as for one."""
    found = [next_part(taken)]
    further = found[0] + 1
    while len(found) < count:
        asked = range(further, further + count - len(found))
        held = taken(asked)
        found += [one for one in asked if one not in held]
        further = asked.stop
    return found
