"""Counts withdrawal periods: until which day an animal may not be slaughtered after a medicine.

Source: 农产品质量安全法 (2022) art. 29 and domain notes B5: the withdrawal period runs from the last dose to the day
slaughter is allowed. The number of days is never ours: it stands on the label or the prescription.

The hour of a dose is not recorded. After a dose in the evening of day D, N times 24 hours end in the evening of day
D + N; so day D + N itself is still closed, and D + N + 1 is the first day on which N whole days are certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from brand.kernel.errors import Fault, invalid

#: A bound of the program against slips of the keyboard, no rule of anybody.
MOST_DAYS = 1000


@dataclass(frozen=True)
class Use:
    """A medicine given to an animal: when first, and the last day that is closed (None: the label asks for none)."""

    medicine: str
    lot: str
    given_on: date
    closed_until: date | None


def closed_until(last_dose: date, days: int) -> date | None:
    """The last day on which slaughter is closed; None where the label states a period of none (0 days).

    Raises ``withdrawal.days`` beyond 0…1000.
    """
    if not 0 <= days <= MOST_DAYS:
        params = {"days": days, "most": MOST_DAYS}
        raise invalid("withdrawal.days", faults=[Fault("withdrawal.days", "/withdrawal_days", params)], **params)
    return last_dose + timedelta(days=days) if days else None


def opens(until: date) -> date:
    """The first day slaughter is open again."""
    return until + timedelta(days=1)


def running(uses: Iterable[Use], on: date) -> list[Use]:
    """The uses that close slaughter on that day, the longest first. What is given later closes nothing earlier."""
    found = [one for one in uses if one.closed_until and one.given_on <= on <= one.closed_until]
    return sorted(found, key=lambda one: (one.closed_until or on, one.medicine), reverse=True)
