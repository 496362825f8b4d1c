"""Forgets, once a day, what was kept long enough: answers of calls that may be sent twice, and complainants where the
office set a period.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from brand.kernel import audit, clock
from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.accounts import IdempotencyKey
from brand.models.complaints import Complaint
from brand.rules.complaint_flow import ENDED
from brand.services import erasures

#: A telephone may send a capture again for thirty days (threat model, goal G12); one day more is ours.
KEYS_KEPT = timedelta(days=31)
#: Complainants forgotten in one transaction; the rest follows the next day.
MOST = 500


@dataclass(frozen=True)
class Forgotten:
    """How much was."""

    keys: int
    complainants: int


def purge(work: Work, complainant_days: int) -> Forgotten:
    """Forget what is old; ``complainant_days`` after the last step of an ended complaint, 0 for never.

    No plan states that period, so it is the office's own. Needs no permission: the clock asks for it.
    """
    old = delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < work.now - KEYS_KEPT)
    keys = int(work.session.exec(old).rowcount)
    complainants = _complainants(work, complainant_days) if complainant_days else 0
    if keys:
        audit.record(work, "retention.purge", "retention", work.today.isoformat(), keys=keys)
    return Forgotten(keys, complainants)


def _complainants(work: Work, days: int) -> int:
    ended = (col(Complaint.state).in_(ENDED), col(Complaint.changed_at) < work.now - timedelta(days=days))
    mine = (*ended, col(Complaint.erased_at).is_(None), col(Complaint.origin) == "")
    found = work.session.exec(select(Complaint.id).where(*mine).order_by(col(Complaint.changed_at)).limit(MOST)).all()
    for one in found:
        erasures.erase_complainant(work, one, paper=f"P{days}D")
    return len(found)


class Retention:
    """Purges on behalf of the service, the first time soon after it began and then on each new day."""

    def __init__(self, database: Database, complainant_days: int, now: Callable[[], datetime] = clock.now) -> None:
        self._database, self._days, self._now = database, complainant_days, now
        self._done: date | None = None

    def run_once(self) -> Forgotten | None:
        """What was forgotten, or None when this day's purge is done; what fails is tried again."""
        now = self._now()
        if self._done == clock.local_day(now):
            return None
        with self._database.writing() as session:
            found = purge(Work(session, SYSTEM, now, "retention"), self._days)
        self._done = clock.local_day(now)
        return found
