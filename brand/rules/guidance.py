"""What the office gives besides licences: guidance to anybody, norms and services to the owners of enterprise brands.

Source: domain notes A1.4 (full brand service for the selected enterprises), A1.9 (tiers 1 and 2: apply, guide, inspect;
tier 3: norms and guidance, because the mark is the enterprise's own), A1.13 (services to licensees).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from brand.kernel.errors import Fault, invalid
from brand.rules.presets import Process


class GuidanceKind(StrEnum):
    GUIDANCE = "guidance"
    NORMS = "norms"
    SERVICE = "service"


#: Kinds that belong to a brand the enterprise owns itself.
OF_OWN_BRANDS = frozenset({GuidanceKind.NORMS, GuidanceKind.SERVICE})


def check(kind: GuidanceKind, process: str | None, held_on: date, today: date) -> None:
    """Raise ``guidance.own_brand_needed`` or ``guidance.day_ahead``; ``process`` is that of the named brand's tier."""
    if kind in OF_OWN_BRANDS and process != Process.ADVICE:
        raise invalid("guidance.own_brand_needed", faults=[Fault("guidance.own_brand_needed", "/brand_id")])
    if held_on > today:
        raise invalid("guidance.day_ahead", faults=[Fault("guidance.day_ahead", "/held_on")])
