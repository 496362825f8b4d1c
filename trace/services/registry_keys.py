"""Keys the registry signs with itself: for the log, for receipts, and for the files by which others trust our keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import AppError, refused
from brand.kernel.work import Work
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.models.log import LogKey
from trace.queries import log as reads
from trace.rules.keys import AHEAD, PREFIXES, SERVICE_DAYS, KeyState

#: Keys of one role made on one day.
MOST_A_DAY = 1000
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
    kid, public = _created(work, role, create, not_before, not_after)
    told = {"role": role.value, "kid": kid, "thumbprint": public.thumbprint, "public_key": public.text}
    row = LogKey(**told, created_at=work.now, not_before=not_before, not_after=not_after)  # type: ignore[arg-type]
    work.session.add(row)
    work.session.flush()
    audit.record(work, "keys.create", "key", kid, not_before=not_before, not_after=not_after, **told)
    return row


def _created(work: Work, role: Role, create: Maker, not_before: datetime, not_after: datetime) -> tuple[str, PublicKey]:
    """A sealed key under the first id of its day that no row and no file has.

    A file without a row is left by a crash between the two; its id is never used again.
    """
    base = f"{PREFIXES[role]}{not_before:%Y%m%d}"
    taken = set(work.session.exec(select(LogKey.kid).where(col(LogKey.kid).startswith(base))))
    for kid in (base, *(f"{base}-{number}" for number in range(2, MOST_A_DAY))):
        if kid in taken:
            continue
        try:
            return kid, create(kid, not_before, not_after, work.now)
        except AppError as error:
            if error.code != "keys.kid_taken":
                raise
    raise refused("keys.no_kid_free")
