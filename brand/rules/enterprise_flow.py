"""The life of an enterprise in the register: it joins, the office confirms or refuses, suspends, merges a duplicate.

Source: domain notes A1.14 (open, voluntary joining), A1.26 (every refusal has a reason, no favouring) and B6 end
(suspension with an immediate path). A duplicate is merged by two persons, who are compared as persons.
"""

from __future__ import annotations

from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow


class RefusalReason(StrEnum):
    """Why the office may refuse; each has a text that says what to mend."""

    CREDIT_CODE = "credit_code"
    NOT_THE_SAME = "not_the_same"
    KIND = "kind"
    PLACE = "place"
    CONTACT = "contact"
    DUPLICATE = "duplicate"


class SuspensionReason(StrEnum):
    """Why the office may suspend an enterprise; each has a text."""

    FOOD_SAFETY = "food_safety"
    FALSE_DATA = "false_data"
    LAW = "law"
    NOT_REACHABLE = "not_reachable"
    CLOSED = "closed"


def _reason_given(facts: Facts) -> None:
    _one_of(RefusalReason, facts)


def _suspension_named(facts: Facts) -> None:
    _one_of(SuspensionReason, facts)


def _one_of(reasons: type[StrEnum], facts: Facts) -> None:
    if facts.get("reason_code") not in list(reasons):
        raise invalid("enterprises.reason_needed", faults=[Fault("enterprises.reason_needed", "/reason_code")])


def _explained(facts: Facts) -> None:
    if not str(facts.get("comment", "")).strip():
        raise invalid("enterprises.comment_needed", faults=[Fault("enterprises.comment_needed", "/comment")])


def _another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["proposed_by"]:
        raise refused("merges.four_eyes")


def _both_in_order(facts: Facts) -> None:
    """What is kept stands confirmed; the duplicate is not one that was merged before."""
    if facts["kept_state"] != "confirmed" or facts["duplicate_state"] == "merged":
        raise refused("merges.not_in_order")


def _nothing_runs(facts: Facts) -> None:
    """A right never changes hands by a merge: what the duplicate holds is ended first, by its own rules."""
    if facts["running"]:
        raise refused("merges.something_runs", number=facts["running"])


_SUSPEND = "enterprises.suspend"

FLOW = Workflow(
    "enterprises",
    (
        Step("pending", "confirm", "confirmed", "enterprises.confirm", "enterprises.confirm"),
        Step(
            "pending", "refuse", "refused", "enterprises.confirm", "enterprises.refuse", (_reason_given,), reason=True
        ),
        Step("refused", "resubmit", "pending", "enterprises.edit", "enterprises.resubmit"),
        Step("confirmed", "suspend", "suspended", _SUSPEND, _SUSPEND, (_suspension_named, _explained), reason=True),
        Step("suspended", "resume", "confirmed", _SUSPEND, "enterprises.resume", (_explained,)),
    ),
)

#: A duplicate entry is closed in favour of the one kept; its ids lead there from then on.
MERGE = Workflow(
    "merges",
    (
        Step("new", "propose", "proposed", "enterprises.confirm", "merges.propose", (_both_in_order, _nothing_runs)),
        Step(
            "proposed",
            "approve",
            "merged",
            "enterprises.merge",
            "merges.approve",
            (_another_person, _both_in_order, _nothing_runs),
        ),
        Step("proposed", "drop", "dropped", "enterprises.merge", "merges.drop", (_explained,)),
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
    if state == "merged":
        return frozenset()
    return CONTACT_FIELDS if state in ("confirmed", "suspended") else ENTRY_FIELDS
