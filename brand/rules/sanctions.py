"""The life of a licence after the grant: who may suspend, revoke or give back, and what must have been found first.

Source: domain notes A5.8 (severity and repeat decide; accidents and forgery at once), A1.26 (every decision has a
reason). What the table of sanctions asks for is ``rules/inspections.py``; expiry is no step and is read from the dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from brand.kernel.errors import refused
from brand.kernel.workflow import Facts, Guard, Step, Workflow
from brand.rules.appeals import an_appeal_changed_it
from brand.rules.licence_flow import a_rulebook_is_in_force, at, one_of


class LicenceState(StrEnum):
    """What the office decided; expiry is not a decision and is computed from the dates."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Sanction(StrEnum):
    """Why a licence may be suspended or revoked."""

    ACCIDENT = "sanction.accident"
    FORGERY = "sanction.forgery"
    FALSE_DATA = "sanction.false_data"
    STANDARD = "sanction.standard"
    BEYOND_SCOPE = "sanction.beyond_scope"
    NOT_RECTIFIED = "sanction.not_rectified"
    REVIEW_MISSED = "sanction.review_missed"


def sanction_is_named(facts: Facts) -> None:
    one_of(Sanction, facts["reason_code"], "licences.reason_unknown")


def sanction_is_explained(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise at("comment", "licences.comment_missing")


@dataclass(frozen=True)
class OpenFinding:
    """A finding not at its end: the measure it asks of the licence now ("" for none), and who wrote it down."""

    id: str
    measure: str
    reason_code: str
    recorded_by: str
    failed: bool = False

    def supports(self, reason_code: str) -> bool:
        """What was found, or that it was not put right in time."""
        return reason_code == self.reason_code or (self.failed and reason_code == Sanction.NOT_RECTIFIED)


def finding_asks_to(action: str) -> Guard:
    """A guard: the table of sanctions asks for this measure, for what somebody else found and the holder was told.

    Severity and repeat decide (A5.8), so nobody suspends or revokes by a word of their own. Accidents and forgery wait
    for no finding, and still not even they are decided by the person who wrote one down for that reason.
    """

    def guard(facts: Facts) -> None:
        asking = [one for one in facts["findings"] if one.supports(facts["reason_code"])]
        if facts["reason_code"] not in facts["immediate"]:
            asking = [one for one in asking if one.measure == action]
            if not asking:
                raise refused("licences.no_finding", measure=f"measure.{action}")
        if asking and all(one.recorded_by == facts["person_id"] for one in asking):
            raise refused("licences.four_eyes")

    guard.__name__ = f"finding_asks_to_{action}"
    return guard


def licence_runs(facts: Facts) -> None:
    if facts["today"] > facts["valid_until"]:
        raise refused("licences.expired", day=facts["valid_until"].isoformat())


def no_other_licence_runs(facts: Facts) -> None:
    """A revoked licence given back would stand beside one granted meanwhile for the same product."""
    if facts["other_licence"]:
        raise refused("licences.other_runs", number=facts["other_licence"])


_SANCTION = (a_rulebook_is_in_force, sanction_is_named, sanction_is_explained)
#: By step: what was found must ask for it.
FINDING = {action: finding_asks_to(action) for action in ("suspend", "revoke")}

#: A licence may be revoked after its term as well: goods made under it are still on shelves.
LICENCE = Workflow(
    "licences",
    [
        Step(
            "valid",
            "suspend",
            "suspended",
            "licences.sanction",
            "licences.suspend",
            (licence_runs, *_SANCTION, FINDING["suspend"]),
            True,
        ),
        Step(
            "suspended",
            "reinstate",
            "valid",
            "licences.sanction",
            "licences.reinstate",
            (licence_runs, sanction_is_explained),
        ),
        Step(
            "revoked",
            "reinstate",
            "valid",
            "licences.sanction",
            "licences.reinstate",
            (an_appeal_changed_it, no_other_licence_runs, sanction_is_explained),
        ),
        *(
            Step(
                state,
                "revoke",
                "revoked",
                "licences.sanction",
                "licences.revoke",
                (*_SANCTION, FINDING["revoke"]),
                True,
            )
            for state in ("valid", "suspended")
        ),
    ],
)
