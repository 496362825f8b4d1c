"""What an inspector hands in from a market: bounds, the chain of a device's findings, and what becomes of one.

Source: issue 5 point 7; security notes T35 (each item signed, sequence and chain per device) and 1.5 (event time and
record time are both kept). A finding under a licence is taken up as an inspection of it; any, above all one about a
forged pack or goods of nobody's licence, can be made a case of the office; the rest is set aside with a reason.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.inspections import Severity

#: What on the pack is compared with the list, and what may be said of it.
COMPARED = ("cut", "weight", "packed_on", "best_before", "grade", "seal")
MOST_PHOTOS = 6
#: A telephone's clock may run ahead by so much before its times are doubted.
LEEWAY = timedelta(minutes=5)


class Comparison(StrEnum):
    SAME = "same"
    DIFFERS = "differs"


class FindingState(StrEnum):
    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    SET_ASIDE = "set_aside"
    REPORTED = "reported"


def check_reason(severity: str, reason_code: str) -> None:
    """Something found has a reason, nothing found has none; as an inspection asks for it."""
    if severity == Severity.NONE and reason_code:
        raise _at("reason_code", "field_findings.reason_unasked")
    if severity != Severity.NONE and not reason_code:
        raise _at("reason_code", "field_findings.reason")


def clock_doubtful(found_at: datetime, received_at: datetime, clock_back: bool) -> bool:
    """Whether the time the telephone states rests on its word alone: its clock ran ahead or was set back."""
    return clock_back or found_at > received_at + LEEWAY


def concerns_a_licence(facts: Facts) -> None:
    if not facts["licence_id"]:
        raise refused("field_findings.no_licence")


def is_explained(facts: Facts) -> None:
    if not facts["words"].strip():
        raise _at("words", "field_findings.words_missing")


_INSPECT = "licences.inspect"

FLOW = Workflow(
    "field_findings",
    [
        Step(
            FindingState.RECEIVED,
            "take_up",
            FindingState.TAKEN_UP,
            _INSPECT,
            "field_findings.take_up",
            (concerns_a_licence, is_explained),
        ),
        Step(
            FindingState.RECEIVED,
            "report",
            FindingState.REPORTED,
            _INSPECT,
            "field_findings.report",
            (is_explained,),
        ),
        Step(
            FindingState.RECEIVED,
            "set_aside",
            FindingState.SET_ASIDE,
            _INSPECT,
            "field_findings.set_aside",
            (is_explained,),
        ),
    ],
)


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
