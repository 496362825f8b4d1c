"""How keys of the registry end, how long each kind signs, and what a file that lists them is good for.

Source: codes-and-log plan, part 3; threat model, part 4.2 (rotation, compromise, revocation list).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from brand.kernel.errors import conflict, invalid


class KeyState(StrEnum):
    """``retired``: signs no more, what it signed stays good. ``distrusted``: good only before a place in the log."""

    ACTIVE = "active"
    RETIRED = "retired"
    DISTRUSTED = "distrusted"


class EndReason(StrEnum):
    """Why a key ended; a code of ours, told to the log."""

    ROTATED = "rotated"
    LOST = "lost"
    STOLEN = "stolen"
    LEFT_OPEN = "left_open"
    DRILL = "drill"
    OTHER = "other"


#: Keys the registry signs with itself, each for so long; the trust key is what other people hold on to.
SERVICE_DAYS = {"log": 366, "receipt": 366, "trust": 5 * 366}
PREFIXES = {"log": "", "receipt": "r", "trust": "t"}
#: A successor is published so long before it signs: telephones fetch keys at least weekly.
AHEAD = timedelta(days=14)
#: How long the files are good; then a checker says «old» instead of «good».
GOOD_FOR = {"trust-bundle": timedelta(days=30), "revocations": timedelta(days=7)}
#: A backup older than this is late: nightly, and one night may fail. Policy of ours.
BACKUP_EVERY = timedelta(days=2)
#: Roles whose keys are made anew at the keyboard or on the page; a witness keeps its own.
TURNED = ("label", "endorsement", "log", "receipt", "trust")


def may_end(state: str, wanted: KeyState) -> bool:
    """An active key may be retired or distrusted, a retired one distrusted."""
    allowed = {KeyState.ACTIVE: (KeyState.RETIRED, KeyState.DISTRUSTED), KeyState.RETIRED: (KeyState.DISTRUSTED,)}
    return wanted in allowed.get(KeyState(state), ())


def check_end(state: str, wanted: KeyState) -> None:
    """Raises ``keys.ended`` where ``may_end`` says no."""
    if not may_end(state, wanted):
        raise conflict("keys.ended", state=state)


def check_cut(from_index: int, size: int) -> None:
    """A place in the log from which a key is distrusted lies in the log or right behind its end: ``keys.cut``."""
    if not 0 <= from_index <= size:
        raise invalid("keys.cut", size=size)


def trusts(state: str, distrusted_from: int | None, place: int | None) -> bool:
    """Whether something signed with the key counts; ``place`` is where the log tells of it, None while it does not."""
    if state != KeyState.DISTRUSTED:
        return True
    return place is not None and distrusted_from is not None and place < distrusted_from
