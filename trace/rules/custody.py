"""The chain of custody: who has goods from when until when, and under which seal they change hands.

Source: issue 4 line 6; domain notes A4.2 (carriers), B2 (GB 31605-2020: checks at every hand-over). Who sends goods
answers for them until the receiver has confirmed them; a carrier that confirmed has them in its hands meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Hold(StrEnum):
    """How somebody has goods: as their holder, or carrying them, confirmed by the carrier or only named."""

    HOLDER = "holder"
    OWN_TRANSPORT = "own_transport"
    CARRIER_NAMED = "carrier_named"
    CARRIER = "carrier"


@dataclass(frozen=True)
class Journey:
    """One way of goods from holder to holder, as its parties stated it; ``arrived``: not lost as a whole on it."""

    number: str
    from_id: str
    to_id: str
    carrier_id: str
    sent_at: datetime
    taken_over_at: datetime | None
    ended_at: datetime | None
    seal: str = ""
    seal_taken: str = ""
    seal_found: str = ""
    arrived: bool = True


@dataclass(frozen=True)
class Link:
    """Somebody has the goods; no end: until now. ``seal`` as it was put on or read when the goods came to them."""

    who_id: str
    how: Hold
    since: datetime
    until: datetime | None
    number: str = ""
    seal: str = ""
    order: int = 0


def links(
    maker_id: str, began: datetime, journeys: Sequence[Journey], left: datetime | None = None
) -> tuple[Link, ...]:
    """From the maker through every journey, in order of time; ``left``: when the goods went into another batch."""
    found: list[Link] = []
    holder, since, number, seal = maker_id, began, "", ""
    for one in journeys:
        if left is not None and one.sent_at >= left:
            break
        found.append(Link(holder, Hold.HOLDER, since, one.sent_at, number, seal))
        found += _carried(one)
        if one.ended_at is None or not one.arrived:
            return _numbered(found)
        holder, since, number, seal = one.to_id, one.ended_at, one.number, one.seal_found
    found.append(Link(holder, Hold.HOLDER, since, left, number, seal))
    return _numbered(found)


def _carried(one: Journey) -> list[Link]:
    if not one.carrier_id:
        return [Link(one.from_id, Hold.OWN_TRANSPORT, one.sent_at, one.ended_at, one.number, one.seal)]
    if one.taken_over_at is None:
        return [Link(one.carrier_id, Hold.CARRIER_NAMED, one.sent_at, one.ended_at, one.number, one.seal)]
    waits = Link(one.from_id, Hold.HOLDER, one.sent_at, one.taken_over_at, one.number, one.seal)
    taken = Link(one.carrier_id, Hold.CARRIER, one.taken_over_at, one.ended_at, one.number, one.seal_taken)
    return [waits, taken]


def _numbered(found: Sequence[Link]) -> tuple[Link, ...]:
    return tuple(
        Link(one.who_id, one.how, one.since, one.until, one.number, one.seal, place) for place, one in enumerate(found)
    )
