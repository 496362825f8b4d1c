"""How many codes nobody issued may be tried from one address before it has to wait.

Source: security notes T31 (enumeration) and issue 5: an address may be that of a whole village, so only misses count,
and a code whose signature is good is answered whatever else was tried from there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask_limiter.util import get_remote_address
from limits import parse

from brand.edge.protection import limiter
from brand.kernel.errors import AppError, Kind

#: Nobody comes upon so many unknown codes by shopping: policy of ours.
MOST = parse("60 per 10 minutes")
_SCOPE = "unknown-codes"


def due(*, known: bool, proven: bool = False) -> int:
    """Seconds this address has to wait for the answer to a code, 0: none; a code nobody issued is counted.

    Whoever has to wait waits for what is ``known`` too: an answer would tell the two apart. ``proven``: the text bears
    a good signature of ours, so nobody guessed it.
    """
    if known and proven:
        return 0
    seconds = _wait()
    if not seconds and not known:
        _note()
    return seconds


@contextmanager
def watched() -> Iterator[None]:
    """Around a look-up by a public code that raises ``access.unknown``: the same, raised as ``refusal``."""
    try:
        yield
    except AppError as error:
        if error.kind is Kind.UNKNOWN:
            _stop(due(known=False))
        raise
    _stop(due(known=True))


def _stop(seconds: int) -> None:
    if seconds:
        raise refusal(seconds)


def refusal(seconds: int) -> AppError:
    """What whoever has to wait is told, with the way out."""
    return AppError(Kind.TOO_MANY, "resolver.too_many", minutes=-(-seconds // 60), seconds=seconds)


def _note() -> None:
    if limiter.enabled:
        limiter.limiter.hit(MOST, _SCOPE, get_remote_address())


def _wait() -> int:
    if not limiter.enabled or limiter.limiter.test(MOST, _SCOPE, get_remote_address()):
        return 0
    ends = limiter.limiter.get_window_stats(MOST, _SCOPE, get_remote_address()).reset_time
    return max(1, int(ends - time.time()) + 1)
