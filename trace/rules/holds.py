"""What may be held, why, by whom it is lifted, and which holds bear on a batch through everything it was made from.

Source: issue 4 line 7 (hold a batch, a place, a medicine lot, a device, a day); law on the quality and safety of farm
products (2022) art. 34: goods that fail a test are held, not sold (domain notes B5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from brand.kernel.errors import Fault, invalid, refused


class Scope(StrEnum):
    """What a hold names. Everything made from it, of it or on it is held with it."""

    BATCH = "batch"
    DAY = "day"
    PLACE = "place"
    DEVICE = "device"
    MEDICINE = "medicine"


class Origin(StrEnum):
    """On whose word goods stand still: their own enterprise's, the office's, or a failing test's."""

    ENTERPRISE = "enterprise"
    OFFICE = "office"
    AUTOMATIC = "automatic"


class HoldReason(StrEnum):
    TEST_FAILED = "test_failed"
    COLD_CHAIN = "cold_chain"
    PAPERS = "papers"
    ORIGIN = "origin"
    HYGIENE = "hygiene"
    COMPLAINT = "complaint"
    YIELD = "yield"
    OTHER = "other"


class Handle(NamedTuple):
    """One thing goods can be taken hold of by: a scope and the key of a record in it."""

    scope: str
    key: str


class Named(Protocol):
    """Whatever names a scope and a key; a hold does."""

    scope: str
    key: str


def day_key(enterprise_id: str, day: date) -> str:
    """The key of everything an enterprise made on one day."""
    return f"{enterprise_id}:{day.isoformat()}"


def of_day(key: str) -> tuple[str, date]:
    """Enterprise and day of such a key; raises ``holds.subject`` for a text that is none."""
    enterprise_id, _, day = key.rpartition(":")
    try:
        return enterprise_id, date.fromisoformat(day)
    except ValueError as error:
        raise invalid("holds.subject", faults=[Fault("holds.subject", "/key")]) from error


#: Ids have this length; what follows one in a key is the lot, which may hold any sign.
_ID = 20


def lot_key(medicine_id: str, lot: str) -> str:
    """The key of one lot of a medicine."""
    return medicine_id + lot


def of_lot(key: str) -> tuple[str, str]:
    """Medicine and lot of such a key."""
    return key[:_ID], key[_ID:]


def bearing(
    holds: Iterable[Named], handles: Mapping[str, frozenset[Handle]], history: Mapping[str, frozenset[str]]
) -> dict[str, list[Named]]:
    """The holds that bear on each batch, in the order given.

    ``history``: for each batch asked about, itself and everything it was made from; ``handles``: what each of those can
    be taken hold of by.
    """
    grips = {
        batch: frozenset().union(*(handles.get(one, frozenset()) for one in past)) for batch, past in history.items()
    }
    found: dict[str, list[Named]] = {batch: [] for batch in history}
    for hold in holds:
        for batch, held_by in grips.items():
            if (hold.scope, hold.key) in held_by:
                found[batch].append(hold)
    return found


def check_lift(origin: str, reason_code: str, placed_by: str, person_id: str, oversees: bool) -> None:
    """An enterprise lifts its own hold; the office's is lifted by the office, by another person.

    What follows from a failing test ends with its retest or the decision of two persons on it, never by a lift alone;
    an unusual yield ends with the word of a second person of the office.
    Raises ``holds.office_lifts``, ``holds.test_decides`` or ``holds.another_person``.
    """
    if origin == Origin.ENTERPRISE:
        return
    if not oversees:
        raise refused("holds.office_lifts")
    if origin == Origin.AUTOMATIC and reason_code != HoldReason.YIELD:
        raise refused("holds.test_decides")
    if placed_by == person_id:
        raise refused("holds.another_person")
