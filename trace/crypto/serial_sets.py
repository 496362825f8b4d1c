"""Sets of serials small enough to carry to a market: sorted beginnings, their gaps Rice-coded, exact among their kin.

Source: R. F. Rice, «Some practical universal noiseless coding techniques» (1979); S. W. Golomb (1966). Serials are
uniform random numbers of 80 bits (``crypto/label_codes``), so a list of whole ones takes 61 bits each at a million and
no coding can do better. A list that only has to tell its members from *other serials that were issued* may cut them
short: ``encode`` keeps as many leading bits as no member shares with a stranger it is told of, so about those the set
never errs. A serial neither told of nor a member (issued afterwards, or never) is taken for a member with a chance of
one in a million at most: 20 bits are kept beyond those that count the members. A member is never missed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import numpy as np

from trace.crypto import base64url, crockford

#: Leading characters that may be kept: 50 bits, which every number of JavaScript holds exactly.
KEPT_CHARACTERS: Final = 10
KEPT_BITS: Final = 5 * KEPT_CHARACTERS
SPARE_BITS: Final = 20
#: Members per chunk: what a look-up unpacks at most.
CHUNK: Final = 1024

_TO_DIGITS = str.maketrans(crockford.ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")

SerialSet = dict[str, Any]
"""``bits`` kept of each member; ``chunks`` of [first member, members, Rice parameter, gaps in base64url]; ``exact``:
whole serials whose first 50 bits a stranger shares."""


def encode(members: Collection[str], strangers: Iterable[str]) -> SerialSet:
    """The set of ``members`` that holds none of ``strangers``; both are serials of 16 characters."""
    others = {_beginning(one) for one in strangers}
    exact = sorted(one for one in members if _beginning(one) in others)
    own = sorted({_beginning(one) for one in members} - others)
    bits = min(KEPT_BITS, max(_told_apart(own, sorted(others)), len(own).bit_length() + SPARE_BITS))
    short = sorted({one >> (KEPT_BITS - bits) for one in own})
    chunks = [_chunk(short[place : place + CHUNK]) for place in range(0, len(short), CHUNK)]
    return {"bits": bits, "chunks": chunks, "exact": exact}


def holds(found: SerialSet, serial: str) -> bool:
    """Whether the serial is in the set; the same look-up as the telephone's."""
    if serial in found["exact"]:
        return True
    wanted = _beginning(serial) >> (KEPT_BITS - found["bits"])
    place = bisect_right(found["chunks"], wanted, key=lambda one: one[0]) - 1
    return place >= 0 and wanted in _members(found["chunks"][place])


def _beginning(serial: str) -> int:
    return int(serial[:KEPT_CHARACTERS].translate(_TO_DIGITS), 32)


def _told_apart(own: Sequence[int], others: Sequence[int]) -> int:
    """Leading bits by which no member looks like a stranger: one more than two neighbours of unlike kind share."""
    values = np.concatenate([np.array(own, dtype=np.int64), np.array(others, dtype=np.int64)])
    mine = np.concatenate([np.ones(len(own), dtype=np.bool_), np.zeros(len(others), dtype=np.bool_)])
    order = np.argsort(values, kind="stable")
    values, mine = values[order], mine[order]
    unlike = (values[1:] ^ values[:-1])[mine[1:] != mine[:-1]]
    if not len(unlike):
        return 1
    return KEPT_BITS - int(unlike.min()).bit_length() + 1


def _chunk(members: Sequence[int]) -> list[Any]:
    """First member, how many, the Rice parameter, and the gaps to those that follow: q ones, a zero, the remainder."""
    sorted_members = np.array(members, dtype=np.int64)
    gaps = sorted_members[1:] - sorted_members[:-1] - 1
    mean = float(gaps.mean()) if len(gaps) else 0.0
    rice = max(0, int(mean * 0.69).bit_length() - 1) if mean >= 1 else 0
    quotients, ends = gaps >> rice, np.cumsum((gaps >> rice) + 1 + rice)
    total = int(ends[-1]) if len(ends) else 0
    bits = np.zeros(total, dtype=np.bool_)
    starts = ends - quotients - 1 - rice
    changes = np.zeros(total + 1, dtype=np.int64)
    np.add.at(changes, starts, 1)
    np.add.at(changes, starts + quotients, -1)
    bits |= np.cumsum(changes)[:total].astype(np.bool_)
    for digit in range(rice):
        bits[starts + quotients + 1 + digit] = (gaps >> (rice - 1 - digit)) & 1
    return [int(members[0]), len(members), rice, base64url.encode(np.packbits(bits).tobytes())]


def _members(chunk: Sequence[Any]) -> set[int]:
    first, count, rice, text = chunk
    data = base64url.decode(text, size=len(text) * 3 // 4)
    assert data is not None
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8)).tolist() if data else []
    found, value, place = {first}, first, 0
    for _ in range(count - 1):
        quotient = 0
        while bits[place]:
            quotient, place = quotient + 1, place + 1
        place += 1
        rest = 0
        for _ in range(rice):
            rest, place = rest << 1 | bits[place], place + 1
        value += (quotient << rice | rest) + 1
        found.add(value)
    return found
