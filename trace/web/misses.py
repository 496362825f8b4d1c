"""How many codes nobody issued may be tried from one address before it has to wait.

Source: security notes T31 (enumeration) and issue 5: an address may be that of a whole village, so only misses count,
and a code whose signature is good is answered whatever else was tried from there.
"""

from __future__ import annotations

import time

from flask_limiter.util import get_remote_address
from limits import parse

from brand.edge.protection import limiter

#: Nobody comes upon so many unknown codes by shopping: policy of ours.
MOST = parse("60 per 10 minutes")
_SCOPE = "unknown-codes"


def note() -> None:
    """One more code from this address that nobody issued."""
    if limiter.enabled:
        limiter.limiter.hit(MOST, _SCOPE, get_remote_address())


def wait() -> int:
    """Seconds until this address may try again; 0: now."""
    if not limiter.enabled or limiter.limiter.test(MOST, _SCOPE, get_remote_address()):
        return 0
    ends = limiter.limiter.get_window_stats(MOST, _SCOPE, get_remote_address()).reset_time
    return max(1, int(ends - time.time()) + 1)
