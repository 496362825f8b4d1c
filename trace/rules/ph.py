"""Judge pH readings of carcasses: what can be, and what suggests dark meat once the pH has settled.

Source: ``data/ph.json`` (domain notes B2: ultimate pH normally 5.4–5.8; 6.0 as a sign of dark meat is confidence B).
"""

from __future__ import annotations

import json
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, invalid

DATA = Path(__file__).parent / "data"


class PhVerdict(StrEnum):
    """``early``: not settled yet; ``dark``: a suspicion only, its limit is still to be checked."""

    EARLY = "early"
    USUAL = "usual"
    DARK = "dark"


def check(lowest: Decimal, highest: Decimal, head: int, carcasses: int) -> None:
    """Raise ``ph.out_of_range``, ``ph.order`` or ``ph.too_many`` (more measured than there are)."""
    limits = policy()["possible"]
    for name, value in (("lowest", lowest), ("highest", highest)):
        if not Decimal(limits["least"]) <= value <= Decimal(limits["most"]):
            params = {"value": f"{value:f}", "least": limits["least"], "most": limits["most"]}
            raise invalid("ph.out_of_range", faults=[Fault("ph.out_of_range", f"/{name}", params)], **params)
    if lowest > highest:
        raise invalid("ph.order", faults=[Fault("ph.order", "/highest")])
    if head > carcasses:
        figures = {"head": head, "there": carcasses}
        raise invalid("ph.too_many", faults=[Fault("ph.too_many", "/head", figures)], **figures)


def verdict(highest: Decimal, hours: int) -> PhVerdict:
    """What the highest reading so many hours after slaughter suggests."""
    dark = policy()["dark"]
    if hours < dark["after_hours"]:
        return PhVerdict.EARLY
    return PhVerdict.DARK if highest >= Decimal(dark["from_ph"]) else PhVerdict.USUAL


@cache
def policy() -> Any:
    """The limits with their sources."""
    return json.loads((DATA / "ph.json").read_text(encoding="utf-8"))
