"""The life of an enterprise in the register: it joins by itself, the office confirms or refuses, it may ask again.

Source: domain notes A1.14 (open, voluntary joining) and A1.26 (every refusal has a reason, no favouring).
"""

from __future__ import annotations

from enum import StrEnum

from brand.kernel.errors import Fault, invalid
from brand.kernel.workflow import Facts, Step, Workflow


class RefusalReason(StrEnum):
    """Why the office may refuse; each has a text that says what to mend."""

    CREDIT_CODE = "credit_code"
    NOT_THE_SAME = "not_the_same"
    KIND = "kind"
    PLACE = "place"
    CONTACT = "contact"
    DUPLICATE = "duplicate"


def _reason_given(facts: Facts) -> None:
    if facts.get("reason_code") not in list(RefusalReason):
        raise invalid("enterprises.reason_needed", faults=[Fault("enterprises.reason_needed", "/reason_code")])


FLOW = Workflow(
    "enterprises",
    (
        Step("pending", "confirm", "confirmed", "enterprises.confirm", "enterprises.confirm"),
        Step(
            "pending", "refuse", "refused", "enterprises.confirm", "enterprises.refuse", (_reason_given,), reason=True
        ),
        Step("refused", "resubmit", "pending", "enterprises.edit", "enterprises.resubmit"),
    ),
)

#: What an enterprise may change by itself: everything until it is confirmed, then only how to reach it.
CONTACT_FIELDS = frozenset({"address", "contact_name", "contact_phone"})
ENTRY_FIELDS = CONTACT_FIELDS | {
    "kind",
    "name",
    "name_en",
    "name_mn",
    "credit_code",
    "county_code",
    "township_code",
}


def editable(state: str) -> frozenset[str]:
    """The fields its own people may change in that state."""
    return CONTACT_FIELDS if state == "confirmed" else ENTRY_FIELDS
