"""What an enterprise may hand to others: which roles it invites to, and how wide and how long a consent may be.

Source: product notes R2 (a station acts on behalf with a consent record); security notes R1 (rights are read at each
use). The longest terms are bounds of the program like those of tokens, not policy of an office.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from brand.kernel.errors import Fault, invalid
from brand.kernel.permissions import PERMISSIONS, Role

LONGEST_CONSENT_DAYS = 366
INVITATION_DAYS = 7

_AGENT = PERMISSIONS[Role.STATION_AGENT]
#: What an agent with a consent may always do, and what a consent may name beyond that.
AGENT_READS = frozenset(one for one in _AGENT if one.endswith(".read"))
AGENT_CHOICES = tuple(sorted(_AGENT - AGENT_READS))


def own_role(kind: str) -> Role:
    """The role an enterprise's own people wear, by the kind of enterprise."""
    return {"abattoir": Role.ABATTOIR_CLERK, "laboratory": Role.LABORATORY_CLERK}.get(kind, Role.PRODUCER_CLERK)


def roles_to_invite(kind: str) -> tuple[Role, ...]:
    """The roles an enterprise may give by itself: its own people's, and a station's agent where it may have one."""
    own = own_role(kind)
    return (own, Role.STATION_AGENT) if own is Role.PRODUCER_CLERK else (own,)


def check_consent(scope: Collection[str], until: date | None, today: date) -> list[str]:
    """The scope in its one order; raises ``consents.scope`` or ``consents.until``."""
    if not scope or not set(scope) <= set(AGENT_CHOICES):
        raise invalid("consents.scope", faults=[Fault("consents.scope", "/scope")])
    last = today + timedelta(days=LONGEST_CONSENT_DAYS)
    if until is None or not today <= until <= last:
        params = {"first": today.isoformat(), "last": last.isoformat()}
        raise invalid("consents.until", faults=[Fault("consents.until", "/until", params)], **params)
    return sorted(set(scope))
