"""Keys the registry signs with itself: for the log, for receipts, and for the files by which others trust our keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.work import Work
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.models.log import LogKey
from trace.queries import log as reads
from trace.rules.keys import AHEAD, PREFIXES, SERVICE_DAYS, KeyState

#: Makes and seals a key of the role asked for.
Maker = Callable[[str, datetime, datetime, datetime], PublicKey]


def ensure(work: Work, role: Role, create: Maker) -> LogKey:
    """The key of this role that signs now; made when there is none, and its successor in good time before its end."""
    active = [one for one in reads.keys(work.session, role) if one.state == KeyState.ACTIVE]
    current = [one for one in active if one.not_before <= work.now < one.not_after]
    found = current[-1] if current else make(work, role, create, work.now)
    last = max([found.not_after, *(one.not_after for one in active)])
    if last - work.now < AHEAD:
        make(work, role, create, last)
    return found


def make(work: Work, role: Role, create: Maker, begins: datetime) -> LogKey:
    """A new key under an id of its day, sealed before it is recorded and told of in the log."""
    not_before = begins.astimezone(UTC).replace(microsecond=0)
    not_after = not_before + timedelta(days=SERVICE_DAYS[role])
    kid = _free(work, f"{PREFIXES[role]}{not_before:%Y%m%d}")
    public = create(kid, not_before, not_after, work.now)
    told = {"role": role.value, "kid": kid, "thumbprint": public.thumbprint, "public_key": public.text}
    row = LogKey(**told, created_at=work.now, not_before=not_before, not_after=not_after)  # type: ignore[arg-type]
    work.session.add(row)
    work.session.flush()
    audit.record(work, "keys.create", "key", kid, not_before=not_before, not_after=not_after, **told)
    return row


def _free(work: Work, base: str) -> str:
    """The first id of the day that no key has."""
    taken = set(work.session.exec(select(LogKey.kid).where(col(LogKey.kid).startswith(base))))
    return next(one for one in (base, *(f"{base}-{number}" for number in range(2, 1000))) if one not in taken)
