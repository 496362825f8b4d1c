"""One piece of work: the open transaction, who acts, and the moment it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day


@dataclass(frozen=True)
class Work:
    """Handed to every service and query. ``now`` is fixed for the whole transaction."""

    session: Session
    actor: Actor
    now: datetime
    via: str = "system"
    request_id: str = ""

    @property
    def today(self) -> date:
        """The day in China at the moment of this work."""
        return local_day(self.now)
