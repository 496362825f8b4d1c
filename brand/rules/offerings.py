"""The life of an entry in the product catalogue, and what must be known of goods before the public sees them.

Source: domain notes A1.19 (no goods without producer, origin, date, standard and packaging go online: 三无 cannot reach
the net) and A3.13 (a public library of the county's products, visible and traceable).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from brand.kernel.errors import Fault, invalid
from brand.kernel.workflow import Facts, Step, Workflow

LISTED = "listed"
MOST_PHOTOS = 6
#: What A1.19 asks for; the producer is the enterprise itself, the others are entries of the offering.
GATE = ("producer", "origin", "production_date", "standard", "packaging")


class HoldReason(StrEnum):
    """Why the office takes an entry off the catalogue."""

    FALSE_WORDS = "false_words"
    PICTURE = "picture"
    CERTIFICATE = "certificate"
    QUALITY = "quality"


def missing(entries: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in ``GATE`` that are empty."""
    return tuple(name for name in GATE if not entries[name])


def complete(facts: Facts) -> None:
    """Raises ``offerings.incomplete`` with one fault per thing that is missing."""
    lacking = missing(facts)
    if lacking:
        faults = [Fault(f"offerings.missing.{name}", f"/{name}") for name in lacking]
        raise invalid("offerings.incomplete", faults=faults, count=len(lacking))


def reason_given(facts: Facts) -> None:
    """The enterprise learns why; raises ``offerings.reason_needed``."""
    if facts["reason_code"] not in list(HoldReason):
        raise invalid("offerings.reason_needed", faults=[Fault("offerings.reason_needed", "/reason_code")])


FLOW = Workflow(
    "offerings",
    (
        *(
            Step(state, "list", LISTED, "enterprises.edit", "offerings.list", (complete,))
            for state in ("draft", "withdrawn")
        ),
        Step(LISTED, "withdraw", "withdrawn", "enterprises.edit", "offerings.withdraw"),
        *(
            Step(state, "hold", "held", "catalogue.oversee", "offerings.hold", (reason_given,), reason=True)
            for state in (LISTED, "withdrawn")
        ),
        Step("held", "release", "withdrawn", "catalogue.oversee", "offerings.release"),
    ),
)

#: What the person types with a step is not judged before it is typed.
TYPED = (reason_given,)
