"""The life of a mark or certificate in the register: declared until the office or an inspector has compared it.

Source: security notes T41 (a forged certificate is imported: status «declared» until confirmed, duplicates refused)
and domain notes A1.16 (existing marks and certificates are pooled).
"""

from __future__ import annotations

from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow


class AssetRefusal(StrEnum):
    """Why a declaration is not confirmed, or a confirmation taken back; each has a text."""

    NOT_FOUND = "not_found"
    OTHER_HOLDER = "other_holder"
    RUN_OUT = "run_out"
    SCOPE = "scope"
    FORGED = "forged"


#: States in which a number is claimed.
LIVE = ("declared", "confirmed")


def _reason_given(facts: Facts) -> None:
    if facts.get("reason_code") not in list(AssetRefusal):
        raise invalid("assets.reason_needed", faults=[Fault("assets.reason_needed", "/reason_code")])


def _still_runs(facts: Facts) -> None:
    if facts["valid_until"] is not None and facts["valid_until"] < facts["today"] and not facts["history"]:
        raise refused("assets.expired", day=facts["valid_until"].isoformat())


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["declared_by"]:
        raise refused("assets.four_eyes")


FLOW = Workflow(
    "assets",
    (
        Step("new", "declare", "declared", "enterprises.edit", "assets.declare"),
        Step("declared", "confirm", "confirmed", "assets.confirm", "assets.confirm", (_by_another_person, _still_runs)),
        *(
            Step(state, "refuse", "refused", "assets.confirm", "assets.refuse", (_reason_given,), reason=True)
            for state in LIVE
        ),
        *(Step(state, "withdraw", "withdrawn", "enterprises.edit", "assets.withdraw") for state in LIVE),
    ),
)
