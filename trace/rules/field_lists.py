"""How long a list on a telephone serves, when a new one is made, and what changed between two.

Source: issue 5 point 7; security notes 4.2 «Revocation list» (version strictly increasing, seven days, amber after).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

#: What the office signs it as; a telephone signs its own calls under other words.
TOPIC = "inspector-list"
GOOD_FOR = timedelta(days=7)
#: Within this time telephones with the same choice get the same list.
FRESH_FOR = timedelta(minutes=5)
#: After one of these acts the list made before it is fresh no more: what is withdrawn or let go again is told at once.
OVERTAKING = frozenset(
    {
        *("labels.void", "label_stops.place", "label_stops.lift", "holds.place", "holds.lift"),
        *("recalls.open", "recalls.close", "licences.suspend", "licences.reinstate", "licences.revoke"),
        *("brands.suspend", "brands.resume", "brands.end", "keys.distrust"),
    }
)
#: Earlier lists kept per choice, so that a telephone that comes back asks for the difference only.
MOST_KEPT = 8

Entries = Mapping[str, str]
"""Batch code → the entry's one text (canonical JSON)."""


@dataclass(frozen=True)
class Change:
    """What a telephone with an earlier list lacks: entries that are new or other, and codes that are gone."""

    entries: tuple[str, ...]
    gone: tuple[str, ...]


def digest(entries: Entries) -> str:
    """SHA-256 in hex over all entries in the order of their codes, a line feed between two."""
    return hashlib.sha256("\n".join(entries[code] for code in sorted(entries)).encode()).hexdigest()


def change(earlier: Entries, now: Entries) -> Change:
    """The difference; from nothing it is everything."""
    other = [now[code] for code in sorted(now) if earlier.get(code) != now[code]]
    return Change(tuple(other), tuple(sorted(set(earlier) - set(now))))
