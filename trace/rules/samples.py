"""A sample taken of a batch: in which units it is measured, and when it can have been taken.

Source: law of 2022, articles 48–51 (a retest needs a second half under seal); a seal names one sample for ever.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from brand.kernel.errors import Fault, invalid
from trace.rules.events import CHINA, CLOCK_DRIFT


class SampleUnit(StrEnum):
    KG = "kg"
    G = "g"
    ML = "ml"
    HEAD = "head"
    PIECE = "piece"


def check_taken(made_on: date, taken_at: datetime, now: datetime) -> None:
    """Not before the batch was there, not in the future; raises ``samples.too_early`` or ``samples.in_future``."""
    if taken_at > now + CLOCK_DRIFT:
        raise invalid("input.invalid", faults=[Fault("samples.in_future", "/taken_at")])
    if taken_at.astimezone(CHINA).date() < made_on:
        params = {"day": made_on.isoformat()}
        raise invalid("input.invalid", faults=[Fault("samples.too_early", "/taken_at", params)])
