"""The life of a brand: in force, suspended, ended, each move by two persons; licences below it share its state.

Source: domain notes A1.1 (a brand is one place of its tier) and B6 end (state of a licence chained at read time:
enterprise ← industry brand ← regional brand). Persons are compared, never accounts.
"""

from __future__ import annotations

from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow


class BrandState(StrEnum):
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"


class BrandAction(StrEnum):
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


class BrandReason(StrEnum):
    """Why a brand may be suspended or ended; each has a text."""

    TRADEMARK = "trademark"
    QUALITY = "quality"
    LAW = "law"
    REPLACED = "replaced"


def _reason_named(facts: Facts) -> None:
    if facts["reason_code"] not in list(BrandReason):
        raise invalid("brand_moves.reason_needed", faults=[Fault("brand_moves.reason_needed", "/reason_code")])


def explained(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise invalid("brand_moves.comment_needed", faults=[Fault("brand_moves.comment_needed", "/comment")])


def _another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["proposed_by"]:
        raise refused("brand_moves.same_person")


_PROPOSE, _APPROVE = "schemes.propose", "schemes.approve"

#: What a proposal asks for; it is judged when it is made and again when the second person agrees.
BRAND = Workflow(
    "brands",
    (
        Step("in_force", "suspend", "suspended", _PROPOSE, "brands.suspend", (_reason_named, explained), reason=True),
        Step("suspended", "resume", "in_force", _PROPOSE, "brands.resume", (explained,)),
        *(
            Step(state, "end", "ended", _PROPOSE, "brands.end", (_reason_named, explained), reason=True)
            for state in ("in_force", "suspended")
        ),
    ),
)

MOVE = Workflow(
    "brand_moves",
    (
        Step("new", "propose", "open", _PROPOSE, "brands.propose_move"),
        Step("open", "approve", "approved", _APPROVE, "brands.approve_move", (_another_person,)),
        Step("open", "drop", "dropped", _APPROVE, "brands.drop_move", (explained,)),
    ),
)
